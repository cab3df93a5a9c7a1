/* connection.h - one MQTT 3.1.1 session on libmosquitto's external loop.
 *
 * With mosquitto_threaded_set(true) libmosquitto only queues what it has to send:
 * everything, the PUBACKs too, leaves in mqtt_connection_write() and nowhere else, but
 * for a PINGREQ of mqtt_connection_tick().  The DUP flag it tells in its debug log alone.
 * Behaviour of libmosquitto 2.0.11 to 2.0.21, undocumented, pinned by
 * tests/system/test_puback.py.  Thread: the bus's.
 */
#ifndef MQTT_CONNECTION_H
#define MQTT_CONNECTION_H

#include <mosquitto.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/broker.h"
#include "gw/error.h"

struct mqtt_connection;

enum mqtt_connection_phase {
    CONNECTION_CONNECTING,  /* CONNECT is on its way, or CONNACK awaited */
    CONNECTION_SUBSCRIBING, /* SUBSCRIBE must leave before anything more is read */
    CONNECTION_READY,
    CONNECTION_LOST,
};

/* mqtt_connection_events - called from within mqtt_connection_read().
 * connected    CONNACK accepted; @has_session: the broker kept our session
 * message      one PUBLISH; borrowed for the call; @is_dup: the broker sent it before
 * refused      SUBACK: the broker does not let us read filter number @filter
 * settled      everything written before mqtt_connection_barrier(@ticket) was taken */
struct mqtt_connection_events {
    void *ctx;
    void (*connected)(void *ctx, bool has_session);
    void (*message)(void *ctx, const struct mosquitto_message *message, bool is_dup);
    void (*refused)(void *ctx, size_t filter);
    void (*settled)(void *ctx, uint64_t ticket);
};

struct mqtt_connection_config {
    struct gw_broker broker;
    const char *client_id;
    const char *user;          /* NULL = anonymous */
    const char *password_file; /* NULL = none */
    uint32_t keepalive_s;
    bool is_clean;
    unsigned attempt; /* which of the host's addresses */
    char *const *filters;
    size_t filter_count;
};

/* mqtt_connection_new - starts to connect; the answer comes by mqtt_connection_read().
 * @config is borrowed for the life of the connection.
 * returns 0 and *ret, or gw_fail().  Owner: caller. */
int mqtt_connection_new(const struct mqtt_connection_config *config,
                        const struct mqtt_connection_events *events,
                        struct mqtt_connection **ret, struct gw_error *err);

/* mqtt_connection_free - @is_settled: nothing unacknowledged is queued, so take leave;
 * else drop what is queued and let the broker deliver it again.  Returns NULL. */
struct mqtt_connection *mqtt_connection_free(struct mqtt_connection *c, bool is_settled);

enum mqtt_connection_phase mqtt_connection_phase(const struct mqtt_connection *c);
int mqtt_connection_fd(const struct mqtt_connection *c);

/* mqtt_connection_read - takes one packet.  returns 1, 0 when there is none, or
 * gw_fail(), -ECONNRESET: the other side closed. */
int mqtt_connection_read(struct mqtt_connection *c, struct gw_error *err);

/* mqtt_connection_write - sends what is queued.  returns 1 when all is out, 0 when the
 * socket is full, or gw_fail(). */
int mqtt_connection_write(struct mqtt_connection *c, struct gw_error *err);
bool mqtt_connection_has_output(const struct mqtt_connection *c);

/* mqtt_connection_tick - keep-alive and the deadlines of CONNACK and SUBACK, which rest
 * while we read nothing (@is_paused).  returns 0 or gw_fail() */
int mqtt_connection_tick(struct mqtt_connection *c, int64_t now_us, bool is_paused,
                         struct gw_error *err);

/* mqtt_connection_barrier - queues a question to the broker whose answer means that it
 * has taken everything queued before; the answer calls settled(@ticket). */
void mqtt_connection_barrier(struct mqtt_connection *c, uint64_t ticket);

#endif
