#include <stdio.h>
#include <string.h>

#include "mqtt_bus.h"
#include "source_time.h"

enum { FAULT_MAX = 200 }; /* bytes of a sentence about a device */

/* One message on its way through the devices that its topic feeds. */
struct intake {
    struct mqtt_bus *bus;
    const struct mosquitto_message *message;
    struct mqtt_delivery_key key;
    bool is_malformed;
    int64_t mono_us;
};

static uint64_t hash_more(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < size; i++) /* FNV-1a */
        hash = (hash ^ b[i]) * 1099511628211u;
    return hash;
}

static uint64_t hash_message(const char *topic, const void *bytes, size_t size)
{
    uint64_t hash = hash_more(14695981039346656037u, topic, strlen(topic) + 1);
    return hash_more(hash, bytes, size);
}

static void count(const struct mqtt_bus *bus, enum gw_counter counter)
{
    const struct gw_sink *sink = bus->setup->sink;
    sink->count(sink->ctx, counter, 1);
}

/* Tells the core once that a device's messages cannot be read, and once that they can;
 * @text NULL = they can. */
static void report_source(struct mqtt_bus *bus, struct mqtt_source *source,
                          const char *text)
{
    const struct gw_sink *sink = bus->setup->sink;
    if (source->is_faulty == (text != NULL) || source->is_refused)
        return;
    source->is_faulty = text != NULL;
    sink->report(sink->ctx, source->ref, text);
}

static void report_message(struct mqtt_bus *bus, struct mqtt_source *source,
                           const char *topic, const char *fault)
{
    char text[FAULT_MAX];
    (void)snprintf(text, sizeof(text), "message on '%.120s': %s", topic, fault);
    report_source(bus, source, text);
}

/* Appends @path to the list at the end of @text, or "…" when it leaves no room for that.
 * returns false: no more fits */
static bool add_path(char text[FAULT_MAX], const char *path, bool is_first)
{
    size_t used = strlen(text);
    size_t room = FAULT_MAX - used - sizeof(", …");
    const char *comma = is_first ? "" : ", ";
    bool fits = strlen(comma) + strlen(path) <= room;
    (void)snprintf(text + used, FAULT_MAX - used, "%s%s", comma, fits ? path : "…");
    return fits;
}

/* A mistyped path would stay silent for ever: says what was looked for, and where. */
static void report_no_value(struct intake *in, struct mqtt_source *source,
                            const struct mqtt_topic_entry *entries, size_t entry_count)
{
    if (source->is_faulty)
        return;
    char text[FAULT_MAX];
    (void)snprintf(text, sizeof(text),
                   "none of its values found in a message on '%.80s': looked for ",
                   in->message->topic);
    bool is_first = true;
    bool fits = true;
    for (size_t i = 0; fits && i < entry_count; i++) {
        const struct gw_strings *paths = in->bus->values[entries[i].point].paths;
        for (size_t k = 0; fits && k < paths->count; k++, is_first = false)
            fits = add_path(text, paths->items[k], is_first);
    }
    report_source(in->bus, source, text);
}

static void read_own_id(struct intake *in, const struct mqtt_source *source,
                        const struct mqtt_payload *payload)
{
    if (!source->id || in->key.has_own_id)
        return;
    json_t *id = json_path_find(source->id, payload->json);
    char number[32];
    const char *text = json_string_value(id);
    if (json_is_integer(id)) {
        (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(id));
        text = number;
    }
    if (!text)
        return;
    in->key.has_own_id = true;
    in->key.hash = hash_message(in->message->topic, text, strlen(text));
}

static void add_sample(struct intake *in, const struct mqtt_value *value,
                       enum mqtt_payload_value found, double raw, int64_t source_us)
{
    struct mqtt_held *held = &in->bus->held;
    bool is_old = in->message->retain && source_us == GW_TIME_NONE;
    bool is_good = found != PAYLOAD_UNREADABLE;
    unsigned flags = value->flags | (is_old ? (unsigned)GW_RETAINED : 0)
                     | (found == PAYLOAD_TRUTH ? (unsigned)GW_TRUTH : 0);
    held->samples[held->count++] = (struct gw_sample){
        .point = value->id,
        .flags = (uint16_t)flags,
        .quality = is_good ? GW_GOOD : GW_BAD,
        .reason = is_good ? GW_REASON_NONE : GW_REASON_DEVICE,
        .raw = is_good ? raw : 0,
        .source_us = source_us,
        .mono_us = in->mono_us,
    };
}

/* The entries of one device, @count of them. */
static void read_device(struct intake *in, const struct mqtt_topic_entry *entries,
                        size_t entry_count)
{
    struct mqtt_bus *bus = in->bus;
    struct mqtt_source *source = &bus->sources[entries->device];
    struct mqtt_payload payload;
    mqtt_payload_open(&payload, source->format, in->message->payload,
                      (size_t)in->message->payloadlen, source->data);
    int64_t source_us = source->time
                            ? source_time_read(json_path_find(source->time, payload.json))
                            : GW_TIME_NONE;
    read_own_id(in, source, &payload);

    const char *fault = payload.fault;
    size_t before = bus->held.count;
    for (size_t i = 0; i < entry_count && bus->held.count < bus->value_count; i++) {
        const struct mqtt_value *value = &bus->values[entries[i].point];
        double raw = 0;
        enum mqtt_payload_value found =
            mqtt_payload_read(&payload, source->format, &value->place, &raw);
        if (found == PAYLOAD_MISSING)
            continue;
        if (found == PAYLOAD_UNREADABLE && !fault)
            fault = payload.json || source->format == PAYLOAD_TEXT
                        ? "a value is neither a number nor one of its states"
                        : "neither JSON nor a number nor one of its states";
        add_sample(in, value, found, raw, source_us);
    }
    /* Later a message without them is one of the device's other messages. */
    source->has_spoken |= bus->held.count > before;
    in->is_malformed |= fault || !source->has_spoken;
    if (fault)
        report_message(bus, source, in->message->topic, fault);
    else if (!source->has_spoken)
        report_no_value(in, source, entries, entry_count);
    else
        report_source(bus, source, NULL);
    mqtt_payload_close(&payload);
}

static void visit_entries(void *ctx, const struct mqtt_topic_entry *entries, size_t total)
{
    size_t first = 0;
    for (size_t i = 1; i <= total; i++)
        if (i == total || entries[i].device != entries[first].device) {
            read_device(ctx, entries + first, i - first);
            first = i;
        }
}

static void report_unknown(struct mqtt_bus *bus, const char *topic)
{
    const struct gw_sink *sink = bus->setup->sink;
    bus->unknown_us = gw_machine_us();
    if (bus->is_unknown || bus->is_silent || bus->is_fought)
        return;
    bus->is_unknown = true;
    char text[200];
    (void)snprintf(text, sizeof(text),
                   "messages on topics that no device has, such as '%.100s'", topic);
    sink->report(sink->ctx, NULL, text);
}

static void visit_oversize(void *ctx, const struct mqtt_topic_entry *entries,
                           size_t total)
{
    struct intake *in = ctx;
    for (size_t i = 0; i < total; i++)
        report_message(in->bus, &in->bus->sources[entries[i].device], in->message->topic,
                       "larger than 64 KiB");
}

static void read_message(struct intake *in)
{
    struct mqtt_bus *bus = in->bus;
    const struct mosquitto_message *m = in->message;
    bool is_oversize = m->payloadlen > PAYLOAD_MAX || strlen(m->topic) >= TOPIC_MAX;
    size_t found = mqtt_topics_match(bus->topics, m->topic,
                                     is_oversize ? visit_oversize : visit_entries, in);
    if (is_oversize)
        count(bus, GW_COUNT_OVERSIZE);
    if (!found) {
        count(bus, GW_COUNT_UNKNOWN);
        report_unknown(bus, m->topic);
    }
    if (in->is_malformed)
        count(bus, GW_COUNT_MALFORMED);
}

/* Only the disk knows whether an earlier run took them. */
static void mark_maybe_again(struct mqtt_held *held)
{
    for (size_t i = 0; i < held->count; i++)
        held->samples[i].flags |= GW_MAYBE_AGAIN;
}

/* Every QoS 1 message takes a ticket, also one that says nothing: it too is
 * acknowledged, and in its turn. */
static void take_ticket(struct intake *in)
{
    struct mqtt_bus *bus = in->bus;
    struct mqtt_held *held = &bus->held;
    held->needs_delivery = in->message->qos > 0;
    held->is_repeated =
        held->needs_delivery
            ? mqtt_delivery_take(&bus->delivery, in->key, &held->delivery)
            : in->key.has_own_id && mqtt_delivery_saw_id(&bus->delivery, in->key.hash);
    if (held->is_repeated) {
        held->count = 0;
        count(bus, GW_COUNT_DUPLICATE);
    }
    if (held->needs_delivery && held->delivery.may_be_again)
        mark_maybe_again(held);
    if (held->needs_delivery)
        mqtt_window_taken(&bus->window, bus->delivery.last, in->mono_us);
}

static void note_arrival(struct mqtt_bus *bus, int64_t now_us)
{
    const struct gw_sink *sink = bus->setup->sink;
    bus->message_us = now_us;
    count(bus, GW_COUNT_MESSAGES);
    if (bus->is_silent)
        sink->report(sink->ctx, NULL, NULL);
    bus->is_silent = false;
}

void mqtt_intake_message(struct mqtt_bus *bus, const struct mosquitto_message *message,
                         bool is_dup)
{
    if (bus->held.is_open) {
        bus->has_overrun = true; /* not acknowledged: the broker sends it again */
        return;
    }
    struct intake in = {
        .bus = bus,
        .message = message,
        .key = {.hash = hash_message(message->topic, message->payload,
                                     (size_t)message->payloadlen),
                .message_id = (uint16_t)message->mid,
                .is_dup = is_dup},
        .mono_us = gw_machine_us(),
    };
    bus->held.count = 0;
    note_arrival(bus, in.mono_us);
    read_message(&in);
    take_ticket(&in);
    bus->held.is_open = bus->held.count || bus->held.needs_delivery;
    (void)mqtt_intake_retry(bus);
}

bool mqtt_intake_retry(struct mqtt_bus *bus)
{
    struct mqtt_held *held = &bus->held;
    const struct gw_sink *sink = bus->setup->sink;
    if (held->is_open)
        held->is_open = !sink->push(sink->ctx, held->samples, held->count,
                                    held->needs_delivery ? &held->delivery : NULL);
    return !held->is_open;
}
