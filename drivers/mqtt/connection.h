/* connection.h - one MQTT 3.1.1 session on libmosquitto's external loop.
 *
 * With mosquitto_threaded_set(true) libmosquitto only queues what it has to send:
 * everything, the PUBACKs too, leaves in connection_write() and nowhere else.
 * Behaviour of libmosquitto 2.0.11 to 2.0.21, undocumented, pinned by
 * tests/system/test_puback.py.  Thread: the bus's.
 */
#ifndef MQTT_CONNECTION_H
#define MQTT_CONNECTION_H

#include <mosquitto.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

#include "broker_address.h"

struct connection;

enum connection_phase {
    CONNECTION_CONNECTING,  /* CONNECT is on its way, or CONNACK awaited */
    CONNECTION_SUBSCRIBING, /* SUBSCRIBE must leave before anything more is read */
    CONNECTION_READY,
    CONNECTION_LOST,
};

/* connection_events - called from within connection_read().
 * connected    CONNACK accepted; @has_session: the broker kept our session
 * message      one PUBLISH; borrowed for the call
 * refused      SUBACK: the broker does not let us read filter number @filter
 * settled      everything written before connection_barrier(@ticket) was taken */
struct connection_events {
    void *ctx;
    void (*connected)(void *ctx, bool has_session);
    void (*message)(void *ctx, const struct mosquitto_message *message);
    void (*refused)(void *ctx, size_t filter);
    void (*settled)(void *ctx, uint64_t ticket);
};

struct connection_config {
    struct broker_address broker;
    const char *client_id;
    const char *user;          /* NULL = anonymous */
    const char *password_file; /* NULL = none */
    uint32_t keepalive_s;
    bool is_clean;
    unsigned attempt; /* which of the host's addresses */
    char *const *filters;
    size_t filter_count;
};

/* connection_new - starts to connect; the answer comes by connection_read().
 * @config is borrowed for the life of the connection.
 * returns 0 and *ret, or gw_fail().  Owner: caller. */
int connection_new(const struct connection_config *config,
                   const struct connection_events *events, struct connection **ret,
                   struct gw_error *err);

/* connection_free - @is_settled: nothing unacknowledged is queued, so take leave;
 * else drop what is queued and let the broker deliver it again.  Returns NULL. */
struct connection *connection_free(struct connection *c, bool is_settled);

enum connection_phase connection_phase(const struct connection *c);
int connection_fd(const struct connection *c);

/* connection_read - takes one packet.  returns 1, 0 when there is none, or gw_fail(). */
int connection_read(struct connection *c, struct gw_error *err);

/* connection_write - sends what is queued.  returns 1 when all is out, 0 when the
 * socket is full, or gw_fail(). */
int connection_write(struct connection *c, struct gw_error *err);
bool connection_has_output(const struct connection *c);

/* connection_tick - keep-alive and the deadlines of CONNACK and SUBACK, which rest while
 * we read nothing (@is_paused).  returns 0 or gw_fail() */
int connection_tick(struct connection *c, int64_t now_us, bool is_paused,
                    struct gw_error *err);

/* connection_barrier - queues a question to the broker whose answer means that it has
 * taken everything queued before; the answer calls settled(@ticket). */
void connection_barrier(struct connection *c, uint64_t ticket);

#endif
