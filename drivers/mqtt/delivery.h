/* delivery.h - tickets of messages, and which of them may come again.
 *
 * A QoS 1 message comes again when its PUBACK did not arrive.  A message stays in
 * doubt from the moment it is read until the broker is known to have taken its
 * PUBACK; after a new connection only messages in doubt of the connection before can
 * be redeliveries.  The broker sends those before anything else, and marks them (DUP:
 * MQTT 3.1.1, 3.3.1.1): unmarked, a message is new, though it be the very same; the
 * broker may have forgotten the one before.  One that falls back to its last save sends
 * older ones too: settled.h.  With an id of its own a message needs none of this:
 * own_ids.h.
 *
 * A plain value, zero-initialised; it outlives connections.  Thread: the bus's.
 */
#ifndef MQTT_DELIVERY_H
#define MQTT_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/driver.h"

#include "doubts.h"
#include "own_ids.h"
#include "settled.h"

/* mqtt_delivery_key - what a message is recognised by.
 * hash         of topic and payload, or of topic and the message's own id
 * message_id   the MQTT packet id
 * is_dup       the broker marked it as sent before
 * has_own_id   @hash is of an own id */
struct mqtt_delivery_key {
    uint64_t hash;
    uint16_t message_id;
    bool is_dup;
    bool has_own_id;
};

struct mqtt_delivery {
    bool is_started;
    bool is_store_away; /* what earlier runs took nobody knows ... */
    bool is_older_open; /* ... and of that more may come again */
    uint64_t last;      /* ticket given last */
    struct mqtt_doubts doubts;
    bool is_last_own; /* the ticket given last is of a message with an own id */
    struct mqtt_settled settled;
    struct mqtt_own_ids own_ids;
};

/* mqtt_delivery_start - what the last run kept; does nothing when already started, unless
 * the store has come that was away: then what the disk has counts, and nothing else. */
void mqtt_delivery_start(struct mqtt_delivery *d, const struct gw_bus_setup *setup);

/* mqtt_delivery_asked - our CONNECT has left: from here on the broker may have sent. */
void mqtt_delivery_asked(struct mqtt_delivery *d);

/* mqtt_delivery_connected - a new connection: all that was in doubt is now old.
 * @has_session false: the broker forgot us and sends nothing again. */
void mqtt_delivery_connected(struct mqtt_delivery *d, bool has_session);

/* mqtt_delivery_take - gives a QoS 1 message its ticket and fills what goes with its
 * samples. returns  true when it is a redelivery: no samples, but acknowledge it all the
 * same */
bool mqtt_delivery_take(struct mqtt_delivery *d, struct mqtt_delivery_key key,
                        struct gw_delivery *ret);

/* mqtt_delivery_untake - takes the last ticket back: its message never left the driver.
 */
void mqtt_delivery_untake(struct mqtt_delivery *d);

/* mqtt_delivery_saw_id - a QoS 0 message with an own id: true when it was seen before. */
bool mqtt_delivery_saw_id(struct mqtt_delivery *d, uint64_t hash);

/* mqtt_delivery_sure - the broker has taken the PUBACKs of every ticket up to @ticket. */
void mqtt_delivery_sure(struct mqtt_delivery *d, uint64_t ticket);

#endif
