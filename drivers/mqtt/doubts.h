/* doubts.h - messages whose PUBACK the broker may not have, by packet id and by ticket.
 *
 * A packet id is under way for one message at a time (MQTT 3.1.1, 2.3.1): so there are no
 * more of them than packet ids, however often a broker sends them again, and a newer
 * message with the same id says that the older one is over.
 *
 * A plain value of 1.7 MB, zero-initialised; low places are filled first, so that a
 * school seldom touches more than a few pages.  Thread: the bus's.
 */
#ifndef MQTT_DOUBTS_H
#define MQTT_DOUBTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOUBTS_MAX = 65535 };

struct mqtt_doubt {
    uint64_t ticket;
    uint64_t hash;
    uint16_t message_id;
    uint16_t older; /* places of its neighbours by ticket, 0 = none */
    uint16_t newer;
    bool is_old; /* of the connection before: only such a one can come again */
};

struct mqtt_doubts {
    struct mqtt_doubt
        items[DOUBTS_MAX + 1];       /* [0].newer is the oldest, .older the newest */
    uint16_t places[DOUBTS_MAX + 1]; /* by packet id, 0 = not in doubt */
    uint16_t free;                   /* places given back, chained by .newer */
    uint16_t used;                   /* places that were ever filled */
    size_t count;
};

/* mqtt_doubts_put - the newest, in the place of one with the same packet id. */
void mqtt_doubts_put(struct mqtt_doubts *d, uint64_t ticket, uint64_t hash,
                     uint16_t message_id);

/* mqtt_doubts_oldest, mqtt_doubts_find - NULL when there is none. */
const struct mqtt_doubt *mqtt_doubts_oldest(const struct mqtt_doubts *d);
const struct mqtt_doubt *mqtt_doubts_find(const struct mqtt_doubts *d,
                                          uint16_t message_id);

void mqtt_doubts_drop_oldest(struct mqtt_doubts *d);
void mqtt_doubts_drop_newest(struct mqtt_doubts *d);

/* mqtt_doubts_age - a new connection: all that stand are of the one before. */
void mqtt_doubts_age(struct mqtt_doubts *d);

#endif
