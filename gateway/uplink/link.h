/* link.h - one connection to the county's broker, from CONNECT to its end.
 *
 * libmosquitto's external loop; a link is never used again after it failed, so that
 * nothing of an old connection is sent on a new one.  Callbacks run inside
 * link_exchange().  Thread: one owner.
 */
#ifndef UPLINK_LINK_H
#define UPLINK_LINK_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "gw/error.h"
#include "uplink/county.h"
#include "uplink/credentials.h"
#include "uplink/letter.h"

struct link;

/* link_handler
 * ready       CONNACK and, where answers are read, SUBACK came: rows may flow
 * published   the broker has @mid
 * message     an acknowledgement came
 * command     an order came
 * commands    orders may be read, or they may not */
struct link_handler {
    void *ctx;
    void (*ready)(void *ctx);
    void (*published)(void *ctx, int mid);
    void (*message)(void *ctx, const void *payload, size_t size);
    void (*command)(void *ctx, const void *payload, size_t size);
    void (*commands)(void *ctx, bool is_granted);
};

/* link_contest - what to say when somebody else has the same client id: a broker keeps
 * the newer of two connections. */
void link_contest(const struct county_config *config, size_t size, char ret[]);

/* link_open - begins to connect; resolves the name (blocks).
 * will       published by the broker when the link is lost; NULL = nothing
 * ack_topic  subscribed; NULL = no answers are read
 * cmd_topic  subscribed once that is; NULL = not
 * credentials        needed with mqtts
 * attempt    0, 1, ... since the last connection: goes round the name's addresses
 * Owner: caller; link_close() */
struct link_setup {
    const struct county_config *config;
    const struct credentials *credentials;
    const struct letter *will;
    const char *ack_topic;
    const char *cmd_topic;
    unsigned attempt;
    struct link_handler handler;
};
int link_open(const struct link_setup *setup, struct link **ret, struct gw_error *err);

/* link_wait - what to poll for; link_exchange - after it, or at least every
 * LINK_TURN_US.  returns 0, or -errno with why the link is lost: -ECONNRESET, the broker
 * has closed it */
#define LINK_TURN_US INT64_C(2000000)
int64_t link_wait(const struct link *l, struct pollfd *ret);
int link_exchange(struct link *l, short revents, struct gw_error *err);

/* link_awaits_commands - it asked for orders and heard nothing yet: some brokers end a
 * connection for that. */
bool link_awaits_commands(const struct link *l);

/* link_is_refused - the broker answered, and did not let us in. */
bool link_is_refused(const struct link *l);

/* link_publish - QoS 1, only after ready().  *ret_mid 1..65535 */
int link_publish(struct link *l, const struct letter *letter, int *ret_mid,
                 struct gw_error *err);

/* link_close - @in_order: with DISCONNECT, so that the will stays away; NULL is a no-op;
 * always returns NULL. */
struct link *link_close(struct link *l, bool in_order);

#endif
