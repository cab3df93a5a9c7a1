/* lives.h - how the last connections ended: does somebody else have our client id?
 *
 * A broker ends the older connection when a second one comes with its id.  Both come
 * again after their back-off, so such lives last seconds, and each connects at once.  A
 * broker that is restarted does the same to us, but to a witness, too (witness.h), for
 * which the first such life is the reason.
 *
 * A plain value without I/O.  Thread: the bus's.
 */
#ifndef MQTT_LIVES_H
#define MQTT_LIVES_H

#include <stdbool.h>
#include <stdint.h>

enum mqtt_life_end {
    LIFE_NEVER_BEGAN, /* refused, or no answer */
    LIFE_FAILED,      /* by a timeout or a fault of our own, or with its broker */
    LIFE_CLOSED,      /* the other side closed it; there was no witness */
    LIFE_THROWN_OUT,  /* the other side closed it, and left the witness alone */
};

struct mqtt_lives {
    unsigned short_ones; /* in a row that the other side ended */
};

void mqtt_lives_ended(struct mqtt_lives *l, enum mqtt_life_end end, int64_t life_us);

/* mqtt_lives_lasts - a connection has lasted for @life_us so far. */
void mqtt_lives_lasts(struct mqtt_lives *l, int64_t life_us);

/* mqtt_lives_are_suspect - the next one wants a witness. */
bool mqtt_lives_are_suspect(const struct mqtt_lives *l);

bool mqtt_lives_are_fought(const struct mqtt_lives *l);

#endif
