/* own_ids.h - the ids of their own that messages bore last.
 *
 * An id is known by its hash of 64 bits, whatever connection or broker it came by.  Of
 * the last OWN_IDS, by their first coming, none is forgotten: ten seconds between two
 * saves of the broker at 6,500 messages a second, or a queue of 64 MiB with uplinks of 1
 * KiB.
 *
 * A plain value of 768 KiB, zero-initialised; pages that were never needed cost nothing.
 * Thread: the bus's.
 */
#ifndef MQTT_OWN_IDS_H
#define MQTT_OWN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OWN_IDS =
        65535, /* a place fits into 16 bits; as many messages are kept on the disk */
    OWN_ID_CHAINS = 65536,
};

/* Places 1..OWN_IDS are a ring; 0 = none. */
struct mqtt_own_ids {
    uint64_t hashes[OWN_IDS + 1];
    uint16_t older[OWN_IDS + 1];    /* the place before it in its chain */
    uint16_t newest[OWN_ID_CHAINS]; /* of each chain */
    uint16_t last;                  /* place filled last */
    uint16_t count;
};

/* mqtt_own_ids_take - true when @hash is one of the last, and keeps its place: a broker
 * that sends all again pushes nothing out.  Else it becomes the newest. */
bool mqtt_own_ids_take(struct mqtt_own_ids *ids, uint64_t hash);

void mqtt_own_ids_clear(struct mqtt_own_ids *ids);

/* mqtt_own_ids_untake - forgets the newest again, of which take said false; not twice in
 * a row. */
void mqtt_own_ids_untake(struct mqtt_own_ids *ids);

#endif
