/* carrier.h - one MQTT connection, shared by some gateways of the fleet.
 *
 * It connects again by itself.  Callbacks run inside carrier_exchange().  Thread: one
 * owner.
 */
#ifndef FLEET_CARRIER_H
#define FLEET_CARRIER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct carrier;

/* carrier_handler
 * ready      subscribed to all topics: rows may flow
 * lost       what the broker has not acknowledged will not be
 * published  the broker has the message that was published with @tag
 * message    something came on a subscribed topic */
struct carrier_handler {
    void *ctx;
    void (*ready)(void *ctx);
    void (*lost)(void *ctx);
    void (*published)(void *ctx, uint64_t tag);
    void (*message)(void *ctx, const char *topic, const void *payload, size_t size);
};

/* carrier_setup - its texts are borrowed for life; @host is an address, no name. */
struct carrier_setup {
    const char *host;
    int port;
    const char *id;
    char *const *topics;
    size_t topic_count;
    uint64_t chance; /* the seed of its waits */
    struct carrier_handler handler;
};

/* carrier_new - no connection yet.  Owner: caller; carrier_free() */
int carrier_new(const struct carrier_setup *setup, struct carrier **ret);
struct carrier *carrier_free(struct carrier *c);

/* carrier_wait - connects when it is time; what to poll for, fd -1 = nothing.
 * carrier_exchange - after it */
void carrier_wait(struct carrier *c, int64_t now_us, struct pollfd *ret);
void carrier_exchange(struct carrier *c, int64_t now_us, short revents);

/* carrier_publish - QoS 1, only between ready and lost; @tag 0 = nobody asks.
 * returns false when the connection is lost */
bool carrier_publish(struct carrier *c, const char *topic, const char *body,
                     bool is_retained, uint64_t tag);

/* carrier_cut - the connection breaks without a word. */
void carrier_cut(struct carrier *c, int64_t now_us);

#endif
