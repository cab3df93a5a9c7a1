/* mqtt_bus.h - the private structs of a bus, a device and a point, and its parts.
 *
 * mqtt.c       options, check, open and close
 * session.c    wait, ready: read, acknowledge, report
 * intake.c     one message: points, values, ticket, samples
 */
#ifndef MQTT_MQTT_BUS_H
#define MQTT_MQTT_BUS_H

#include "gw/driver.h"

#include "connection.h"
#include "delivery.h"
#include "lives.h"
#include "payload.h"
#include "topics.h"
#include "window.h"
#include "witness.h"

struct mqtt_point {
    struct gw_strings path;
    struct gw_map states;
    bool is_event;
};

struct mqtt_device {
    const char *topic;
    const char *node;
    int format; /* enum mqtt_payload_format */
    const char *id;
    const char *time;
    const char *data;
};

/* What open() makes of a device and of a point; indexes are those of the setup. */
struct mqtt_source {
    const struct gw_device_ref *ref;
    enum mqtt_payload_format format;
    struct json_path *id;   /* NULL = none */
    struct json_path *time; /* NULL = none */
    struct json_path *data;
    bool is_faulty;  /* its last message was malformed, or it never held a value: reported
                      */
    bool has_spoken; /* a message once held one of its points */
    bool is_refused; /* the broker does not let us read its topic */
};

struct mqtt_value {
    uint32_t id;
    uint16_t flags;
    struct mqtt_payload_point place;
    const struct gw_strings *paths; /* as configured */
};

/* Samples of a message that the core had no room for. */
struct mqtt_held {
    struct gw_sample *samples; /* room for every point once */
    size_t count;
    struct gw_delivery delivery;
    bool needs_delivery; /* QoS 1 */
    bool is_repeated;    /* a redelivery: no samples */
    bool is_open;        /* waits to be pushed */
};

struct mqtt_bus {
    /* options */
    const char *broker;
    const char *user;
    const char *password_file;
    const char *client_id;
    int64_t keepalive_us;
    int64_t silence_us;
    uint32_t window_size;
    bool is_clean;

    /* lives from connection to connection */
    struct mqtt_delivery delivery;
    struct mqtt_window window;
    unsigned attempts;
    struct mqtt_lives lives;
    struct mqtt_witness witness;

    /* made by open(), ended by close() */
    const struct gw_bus_setup *setup;
    char generated_id[2 * GW_ID_MAX + 16];
    struct mqtt_connection_config config;
    struct mqtt_connection *connection;
    char **filters;
    uint32_t *filter_devices; /* the device of each filter */
    size_t filter_count;
    struct mqtt_topics *topics;
    struct mqtt_source *sources;
    struct mqtt_value *values;
    size_t value_count;
    struct mqtt_held held;
    int64_t tick_us;       /* next keep-alive look */
    int64_t connected_us;  /* 0 = not yet */
    int64_t message_us;    /* last message, or connected */
    int64_t unknown_us;    /* last message on a topic nobody configured */
    bool is_fought;        /* reported */
    bool is_silent;        /* reported */
    bool is_unknown;       /* reported */
    bool has_overrun;      /* a message came while one is held */
    bool is_acknowledging; /* PUBACKs are being written */
};

/* intake.c */
void mqtt_intake_message(struct mqtt_bus *bus, const struct mosquitto_message *message,
                         bool is_dup);

/* mqtt_intake_retry - pushes what is held.  false: still no room */
bool mqtt_intake_retry(struct mqtt_bus *bus);

/* session.c */
int mqtt_session_open(struct mqtt_bus *bus, struct gw_error *err);
void mqtt_session_close(struct mqtt_bus *bus);
void mqtt_session_wait(void *bus, struct gw_wait *wait);
enum gw_fault mqtt_session_ready(void *bus, const struct gw_wait *wait,
                                 const struct gw_sink *sink, struct gw_error *err);
void mqtt_session_committed(void *bus, uint64_t ticket);

#endif
