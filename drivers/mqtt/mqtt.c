#include "mqtt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gw/host.h"
#include "mqtt_bus.h"

static const char *const formats[] = {
    [PAYLOAD_JSON] = "json",
    [PAYLOAD_TEXT] = "text",
    [PAYLOAD_MILESIGHT] = "lorawan-milesight",
    NULL,
};

#define BUS(field) offsetof(struct mqtt_bus, field)
#define DEVICE(field) offsetof(struct mqtt_device, field)
#define POINT(field) offsetof(struct mqtt_point, field)

static const struct gw_option bus_options[] = {
    {.name = "broker",
     .type = GW_OPT_STRING,
     .offset = BUS(broker),
     .required = true,
     .help = "mqtt://host:port of the school's broker"},
    {.name = "user",
     .type = GW_OPT_STRING,
     .offset = BUS(user),
     .help = "name at the broker; none = anonymous"},
    {.name = "password_file",
     .type = GW_OPT_FILE,
     .offset = BUS(password_file),
     .help = "file with the password on its first line, mode 0600"},
    {.name = "client_id",
     .type = GW_OPT_STRING,
     .offset = BUS(client_id),
     .help = "stable and unique at the broker; campus-gateway-<gateway.id>:<bus> unless "
             "said"},
    {.name = "keepalive",
     .type = GW_OPT_DURATION,
     .offset = BUS(keepalive_us),
     .min = 5e6,
     .max = 3600e6,
     .fallback = "30s",
     .help = "a broker that says nothing is asked after so long and given up after twice "
             "that"},
    {.name = "window",
     .type = GW_OPT_UINT,
     .offset = BUS(window_size),
     .max = 65535,
     .fallback = "20",
     .help = "messages that the broker keeps in flight (max_inflight_messages); 0 = any "
             "number"},
    {.name = "clean",
     .type = GW_OPT_BOOL,
     .offset = BUS(is_clean),
     .fallback = "false",
     .help = "true: the broker keeps nothing for us while we are away"},
    {.name = "silence",
     .type = GW_OPT_DURATION,
     .offset = BUS(silence_us),
     .max = 86400e6,
     .fallback = "30min",
     .help = "connected without any message for so long is a fault; 0s = never"},
    {0},
};

static const struct gw_option device_options[] = {
    {.name = "topic",
     .type = GW_OPT_STRING,
     .offset = DEVICE(topic),
     .required = true,
     .help = "may hold {node}, {place}, {metric}, + and #"},
    {.name = "node",
     .type = GW_OPT_STRING,
     .offset = DEVICE(node),
     .help = "the device's own name on the broker, put in for {node}"},
    {.name = "format",
     .type = GW_OPT_ENUM,
     .offset = DEVICE(format),
     .choices = formats,
     .fallback = "json",
     .help = "json (also a bare number or word), text, or lorawan-milesight"},
    {.name = "id",
     .type = GW_OPT_STRING,
     .offset = DEVICE(id),
     .help = "path of the message's own unique id, e.g. deduplicationId"},
    {.name = "time",
     .type = GW_OPT_STRING,
     .offset = DEVICE(time),
     .help = "path of the message's time: epoch s or ms, or RFC 3339 with offset"},
    {.name = "data",
     .type = GW_OPT_STRING,
     .offset = DEVICE(data),
     .fallback = "data",
     .help = "path of the base64 frame, for lorawan-milesight"},
    {0},
};

static const struct gw_option point_options[] = {
    {.name = "path",
     .type = GW_OPT_STRINGS,
     .offset = POINT(path),
     .help = "a[0].b or [first, second] tried in turn; . = the whole payload; "
             "lorawan-milesight: 04cc:u16:2"},
    {.name = "states",
     .type = GW_OPT_MAP,
     .offset = POINT(states),
     .help = "text to number; true, false, on, off unless said"},
    {.name = "event",
     .type = GW_OPT_BOOL,
     .offset = POINT(is_event),
     .fallback = "false",
     .help = "true: every message counts, none is ever left out (panic buttons)"},
    {0},
};

static int check_path(const char *text, struct gw_error *err)
{
    struct json_path *path;
    int r = text ? json_path_new(text, &path, err) : 0;
    if (text && r == 0)
        json_path_free(path);
    return r;
}

static int check_point(const struct gw_point_ref *point, enum mqtt_payload_format format,
                       struct gw_error *err)
{
    const struct mqtt_point *options = point->options;
    struct mqtt_payload_point place;
    if (format == PAYLOAD_MILESIGHT && !options->path.count)
        return gw_fail(err, -EINVAL, "point '%s': needs a path such as 04cc:u16:2",
                       point->name);
    int r =
        mqtt_payload_point_init(&place, format, &options->path, &options->states, err);
    mqtt_payload_point_done(&place, format);
    return r;
}

static int mqtt_check_bus(const void *bus, struct gw_error *err)
{
    const struct mqtt_bus *b = bus;
    struct gw_broker broker;
    int r = gw_broker_read(b->broker, GW_BROKER_PLAIN, &broker, err);
    return r == 0 ? gw_broker_login(b->user, b->password_file, err) : r;
}

static int mqtt_check(const void *bus, const struct gw_device_ref *device,
                      struct gw_error *err)
{
    const struct mqtt_device *options = device->options;
    (void)bus;
    int r = mqtt_topic_check(options->topic, options->node, err);
    const char *const paths[] = {options->id, options->time, options->data};
    for (size_t i = 0; r == 0 && i < sizeof(paths) / sizeof(*paths); i++)
        r = check_path(paths[i], err);
    for (size_t i = 0; r == 0 && i < device->point_count; i++)
        r = check_point(&device->points[i], (enum mqtt_payload_format)options->format,
                        err);
    return r;
}

/* {node} makes it one sender's, {place} tells the senders apart. */
static bool is_of_many(const char *topic)
{
    return strpbrk(topic, "+#") && !strstr(topic, "{node}") && !strstr(topic, "{place}");
}

static const char *doubt_of(const char *topic)
{
    if (is_of_many(topic))
        return "a topic with + or # takes every sender that fits it, and their readings "
               "mix in one place (wanted: the topic of one sender, {node} or {place} in "
               "it)";
    if (topic[0] == '/')
        return "a topic with / before it is another one than without (wanted: as the "
               "device sends it, mostly without)";
    if (strpbrk(topic, " \t"))
        return "a topic with a space in it is another one than without (wanted: as the "
               "device sends it, mostly without)";
    return NULL;
}

static void mqtt_traits(const void *bus, const void *device, struct gw_traits *ret)
{
    const struct mqtt_device *d = device;
    (void)bus;
    ret->doubted = "topic";
    ret->doubt = doubt_of(d->topic);
}

static void mqtt_source_of(const void *bus, char ret[GW_NAME_MAX])
{
    const struct mqtt_bus *b = bus;
    struct gw_broker broker;
    struct gw_error err;
    if (gw_broker_read(b->broker, GW_BROKER_PLAIN, &broker, &err) == 0)
        (void)snprintf(ret, GW_NAME_MAX, "%.140s:%u",
                       gw_host_is_here(broker.host) ? "localhost" : broker.host,
                       broker.port);
}

static const char *mqtt_called(const void *bus)
{
    const struct mqtt_bus *b = bus;
    return b->client_id;
}

static int open_path(const char *text, struct json_path **ret, struct gw_error *err)
{
    return text ? json_path_new(text, ret, err) : 0;
}

/* The metric with its name: what stands behind the place in the point's name. */
static const char *metric_of(const struct gw_point_ref *point)
{
    const char *slash = strrchr(point->name, '/');
    return slash ? slash + 1 : point->metric;
}

static int open_point(struct mqtt_bus *bus, uint32_t device,
                      const struct gw_point_ref *point, struct gw_error *err)
{
    const struct mqtt_source *source = &bus->sources[device];
    const struct mqtt_device *options = source->ref->options;
    const struct mqtt_point *point_options_of = point->options;
    struct mqtt_value *value = &bus->values[bus->value_count++];
    char topic[TOPIC_MAX];

    value->id = point->id;
    value->flags = point_options_of->is_event ? GW_EVENT : 0;
    value->paths = &point_options_of->path;
    int r =
        mqtt_payload_point_init(&value->place, source->format, &point_options_of->path,
                                &point_options_of->states, err);
    if (r < 0)
        return r;
    if (mqtt_topic_of(options->topic, options->node, point->place, metric_of(point),
                      topic)
        < 0)
        return gw_fail(err, -E2BIG, "device '%s': topic of '%s' is too long",
                       source->ref->name, point->name);
    struct mqtt_topic_entry entry = {device, (uint32_t)(bus->value_count - 1)};
    r = mqtt_topics_add(bus->topics, topic, entry);
    return r < 0 ? gw_fail(err, r, "device '%s': out of memory", source->ref->name) : 0;
}

static int open_device(struct mqtt_bus *bus, uint32_t device, struct gw_error *err)
{
    struct mqtt_source *source = &bus->sources[device];
    const struct gw_device_ref *ref = &bus->setup->devices[device];
    const struct mqtt_device *options = ref->options;

    *source = (struct mqtt_source){.ref = ref,
                                   .format = (enum mqtt_payload_format)options->format};
    int r = open_path(options->id, &source->id, err);
    if (r == 0)
        r = open_path(options->time, &source->time, err);
    if (r == 0)
        r = open_path(options->data, &source->data, err);
    for (size_t i = 0; r == 0 && i < ref->point_count; i++)
        r = open_point(bus, device, &ref->points[i], err);
    return r;
}

/* A filter that another one covers is left out: a broker may deliver twice what two
 * subscriptions match. */
static int add_filter(struct mqtt_bus *bus, uint32_t device, struct gw_error *err)
{
    const struct mqtt_device *options = bus->setup->devices[device].options;
    char filter[TOPIC_MAX];
    if (mqtt_topic_filter(options->topic, options->node, filter) < 0)
        return gw_fail(err, -E2BIG, "topic '%s' is too long", options->topic);
    size_t kept = 0;
    for (size_t i = 0; i < bus->filter_count; i++) {
        if (mqtt_topic_covers(bus->filters[i], filter))
            return 0;
        if (mqtt_topic_covers(filter, bus->filters[i])) {
            free(bus->filters[i]);
            continue;
        }
        bus->filters[kept] = bus->filters[i];
        bus->filter_devices[kept++] = bus->filter_devices[i];
    }
    bus->filter_count = kept;
    bus->filters[kept] = strdup(filter);
    if (!bus->filters[kept])
        return gw_fail(err, -ENOMEM, "topics: out of memory");
    bus->filter_devices[kept] = device;
    bus->filter_count++;
    return 0;
}

static int allocate(struct mqtt_bus *bus, struct gw_error *err)
{
    size_t points = 0;
    size_t devices = bus->setup->device_count;
    for (size_t i = 0; i < devices; i++)
        points += bus->setup->devices[i].point_count;
    bus->sources = calloc(devices + 1, sizeof(*bus->sources));
    bus->filters = calloc(devices + 1, sizeof(*bus->filters));
    bus->filter_devices = calloc(devices + 1, sizeof(*bus->filter_devices));
    bus->values = calloc(points + 1, sizeof(*bus->values));
    bus->held.samples = calloc(points + 1, sizeof(*bus->held.samples));
    bool has_all = bus->sources && bus->filters && bus->filter_devices && bus->values
                   && bus->held.samples;
    if (!has_all || mqtt_topics_new(&bus->topics) < 0)
        return gw_fail(err, -ENOMEM, "bus '%s': out of memory", bus->setup->name);
    return 0;
}

static int configure(struct mqtt_bus *bus, struct gw_error *err)
{
    (void)snprintf(bus->generated_id, sizeof(bus->generated_id), "campus-gateway-%s:%s",
                   bus->setup->gateway ? bus->setup->gateway : "", bus->setup->name);
    bus->config = (struct mqtt_connection_config){
        .client_id = bus->client_id ? bus->client_id : bus->generated_id,
        .user = bus->user,
        .password_file = bus->password_file,
        .keepalive_s = (uint32_t)((bus->keepalive_us + 999999) / 1000000),
        .is_clean = bus->is_clean,
        .filters = bus->filters,
        .filter_count = bus->filter_count,
    };
    return gw_broker_read(bus->broker, GW_BROKER_PLAIN, &bus->config.broker, err);
}

static int mqtt_open(void *ctx, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct mqtt_bus *bus = ctx;
    bus->setup = setup;
    mqtt_delivery_start(&bus->delivery, setup);
    int r = allocate(bus, err);
    for (uint32_t i = 0; r == 0 && i < setup->device_count; i++) {
        r = open_device(bus, i, err);
        if (r == 0)
            r = add_filter(bus, i, err);
    }
    if (r == 0)
        r = configure(bus, err);
    return r == 0 ? mqtt_session_open(bus, err) : r;
}

static void close_sources(struct mqtt_bus *bus)
{
    size_t value = 0;
    for (size_t i = 0; bus->sources && i < bus->setup->device_count; i++) {
        struct mqtt_source *source = &bus->sources[i];
        if (!source->ref)
            break; /* open() did not get here */
        size_t end = value + source->ref->point_count;
        for (; value < end && value < bus->value_count; value++)
            mqtt_payload_point_done(&bus->values[value].place, source->format);
        json_path_free(source->id);
        json_path_free(source->time);
        json_path_free(source->data);
    }
    free(bus->sources);
    free(bus->values);
    bus->sources = NULL;
    bus->values = NULL;
    bus->value_count = 0;
}

static void mqtt_close(void *ctx)
{
    struct mqtt_bus *bus = ctx;
    if (!bus->setup)
        return;
    mqtt_session_close(bus);
    close_sources(bus);
    for (size_t i = 0; bus->filters && i < bus->filter_count; i++)
        free(bus->filters[i]);
    free(bus->filters);
    free(bus->filter_devices);
    free(bus->held.samples);
    bus->filters = NULL;
    bus->filter_devices = NULL;
    bus->filter_count = 0;
    bus->held.samples = NULL;
    bus->topics = mqtt_topics_free(bus->topics);
    bus->setup = NULL;
}

const struct gw_driver mqtt_driver = {
    .struct_size = sizeof(struct gw_driver),
    .name = "mqtt",
    .summary = "MQTT 3.1.1, QoS 1, acknowledged after the commit",
    .bus_options = bus_options,
    .device_options = device_options,
    .point_options = point_options,
    .bus_size = sizeof(struct mqtt_bus),
    .device_size = sizeof(struct mqtt_device),
    .point_size = sizeof(struct mqtt_point),
    .check = mqtt_check,
    .check_bus = mqtt_check_bus,
    .source = mqtt_source_of,
    .called = mqtt_called,
    .traits = mqtt_traits,
    .open = mqtt_open,
    .close = mqtt_close,
    .wait = mqtt_session_wait,
    .ready = mqtt_session_ready,
    .committed = mqtt_session_committed,
};
