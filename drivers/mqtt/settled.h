/* settled.h - messages whose PUBACK the broker has, should it forget that.
 *
 * A broker that is killed falls back to its last save.  What was then under way it
 * delivers again, first of all and with the DUP flag, although it had our PUBACK since.
 * A message is known by packet id and hash, but only where a new one cannot look alike:
 *
 * - it bears DUP, and no CONNECT but this connection's left since its like was settled:
 *   so it was sent before the broker can have given a forgotten id anew;
 * - the broker was seen to number ever upwards while lower ids were free: so an id does
 *   not return among the messages that are remembered.
 *
 * In doubt it is taken as new.  A plain value, zero-initialised; it ends with the
 * process.  Thread: the bus's.
 */
#ifndef MQTT_SETTLED_H
#define MQTT_SETTLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SETTLED_MAX = 16384, /* 10 s between two saves at 1,000 messages/s, and more */
    SETTLED_PROOF = 16,  /* so many numbered upwards: more than chance */
};

struct mqtt_settled_message {
    uint64_t hash;
    uint16_t message_id;
};

struct mqtt_settled {
    struct mqtt_settled_message messages[SETTLED_MAX]; /* a ring, as they were read */
    size_t first;
    size_t count;
    size_t old;       /* the first so many are of the connection before */
    unsigned upwards; /* messages numbered upwards since one was not */
    uint16_t last_id; /* on this connection, 0 = none yet */
};

/* mqtt_settled_add - the broker has the PUBACK of this message; it was read after those
 * that were added before. */
void mqtt_settled_add(struct mqtt_settled *s, uint64_t hash, uint16_t message_id);

/* mqtt_settled_asked - a CONNECT has left: what was settled before the last one is over.
 */
void mqtt_settled_asked(struct mqtt_settled *s);

/* mqtt_settled_saw - a message with this packet id was read. */
void mqtt_settled_saw(struct mqtt_settled *s, uint16_t message_id);

/* mqtt_settled_knows - whether a message with the DUP flag is one of the connection
 * before.  They come in order: those before it will not come any more. */
bool mqtt_settled_knows(struct mqtt_settled *s, uint64_t hash, uint16_t message_id);

/* mqtt_settled_end - no more of the connection before will come. */
void mqtt_settled_end(struct mqtt_settled *s);

#endif
