/* notify_client.h - notify's connection to the school's broker.
 *
 * Own poll loop on libmosquitto; never publishes while disconnected, because
 * libmosquitto would keep and double it.  Thread: notify's worker only.
 */
#ifndef NOTIFY_NOTIFY_CLIENT_H
#define NOTIFY_NOTIFY_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/broker.h"
#include "gw/error.h"

struct notify_client;

/* connected   the broker took us in; message: one on the subscribed topics */
struct notify_client_events {
    void *ctx;
    void (*connected)(void *ctx);
    void (*message)(void *ctx, const char *topic, const void *bytes, size_t size);
};

struct notify_client_config {
    struct gw_broker broker;
    const char *client_id;
    const char *user;
    const char *password_file;
    const char *subscribe;  /* filter */
    const char *will_topic; /* retained */
    const char *will;
    unsigned attempt;
};

int notify_client_open(const struct notify_client_config *config,
                       const struct notify_client_events *events,
                       struct notify_client **ret, struct gw_error *err);

/* notify_client_close - takes leave when @is_orderly.  NULL is fine; returns NULL. */
struct notify_client *notify_client_close(struct notify_client *c, bool is_orderly);

int notify_client_fd(const struct notify_client *c);
bool notify_client_wants_write(const struct notify_client *c);
bool notify_client_is_connected(const struct notify_client *c);

/* notify_client_can_take - one more message may be published now. */
bool notify_client_can_take(const struct notify_client *c);

/* notify_client_publish - retained.  returns 0 or gw_fail() */
int notify_client_publish(struct notify_client *c, const char *topic, const char *payload,
                          int qos, struct gw_error *err);

/* notify_client_turn - reads, writes, keeps alive.  returns 0 or gw_fail(): lost */
int notify_client_turn(struct notify_client *c, bool can_read, struct gw_error *err);

#endif
