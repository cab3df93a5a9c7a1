#include "body.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum {
    ROOMS = 64,
    ALARM_EVERY = 97,  /* rows */
    DAILY_EVERY = 997, /* rows */
    OFFSET_S = 8 * 3600,
    PERIOD_S = 900,
};

/* The school's code: 21 a primary school, 53 Yunnan, and the number in the fleet. */
static const char school_format[] = "2153%06" PRIu32;
static const char division[] = "530502";
const char body_gateway_id[] = "gw-01";

struct metric {
    const char *name;
    const char *unit;
    double low;
    double high;
};
static const struct metric metrics[] = {
    {"temperature", "°C", 12, 28}, {"humidity", "%", 40, 80},
    {"co2", "ppm", 420, 1500},     {"pm25", "µg/m³", 5, 60},
    {"desk_lux", "lx", 250, 700},  {"people", "", 0, 45},
};
enum { METRICS = sizeof(metrics) / sizeof(metrics[0]) };

/* identity - a county_config of one gateway, and the text it points to. */
struct identity {
    struct county_config config;
    char school[16];
};

static void identify(const struct body_identity *who, struct identity *ret)
{
    (void)snprintf(ret->school, sizeof(ret->school), school_format, who->number);
    ret->config = (struct county_config){
        .gateway = body_gateway_id,
        .school = ret->school,
        .division = division,
    };
}

/* A boot's id in the form of the kernel's: of the epoch, so that it is the same again. */
static void boot_of(uint64_t epoch, char ret[40])
{
    (void)snprintf(ret, 40, "%08" PRIx32 "-0000-4000-8000-%012" PRIx64,
                   (uint32_t)(epoch >> 32), epoch & UINT64_C(0xffffffffffff));
}

void body_topic(const struct body_identity *who, const char *kind,
                char ret[CONTRACT_TOPIC_MAX])
{
    struct identity identity;
    identify(who, &identity);
    contract_topic(&identity.config, kind, ret);
}

uint32_t body_number(const char *topic)
{
    static const char before[] = "campus/v1/530502/2153";
    if (strncmp(topic, before, sizeof(before) - 1) != 0)
        return BODY_NUMBERS;
    char *end;
    unsigned long number = strtoul(topic + sizeof(before) - 1, &end, 10);
    return *end == '/' && number < BODY_NUMBERS ? (uint32_t)number : BODY_NUMBERS;
}

static json_t *time_json(int64_t time_us)
{
    char text[CONTRACT_TIME_MAX];
    contract_time(time_us, OFFSET_S, text);
    return json_string(text);
}

static json_t *item_json(const struct metric *metric, uint64_t *state)
{
    double span = metric->high - metric->low;
    double min = metric->low + span * 0.4 * chance_share(state);
    double max = min + span * 0.6 * chance_share(state);
    return json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:f, s:i}", "metric", metric->name,
                     "unit", metric->unit, "min", min, "mean", (min + max) / 2, "max",
                     max, "last", min, "valid", 1.0, "count", 180);
}

static json_t *environment_json(const struct body_row *row, uint64_t state)
{
    json_t *items = json_array();
    for (size_t i = 0; i < METRICS; i++)
        (void)json_array_append_new(items, item_json(&metrics[i], &state));
    return json_pack("{s:o, s:o, s:i, s:o}", "object",
                     json_sprintf("room-%02d", (int)(row->seq % ROOMS) + 1), "start",
                     time_json(row->time_us - PERIOD_S * INT64_C(1000000)), "period_s",
                     PERIOD_S, "items", items);
}

static json_t *alarm_json(const struct body_row *row, bool is_blind)
{
    json_t *data = json_pack("{s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:b}",
                             "uid", (json_int_t)row->seq, "step", 1, "rule", "TF-01",
                             "object", "panic-gate", "severity", "P1", "from", "normal",
                             "to", "unacknowledged", "cause", "rule", "value", 1, "role",
                             "gateway", "test", 0);
    if (!is_blind)
        return data;
    char boot[40];
    boot_of(row->epoch, boot);
    (void)json_object_set_new(data, "boot", json_string(boot));
    (void)json_object_set_new(data, "mono_ms",
                              json_integer((row->time_us - row->began_us) / 1000));
    return data;
}

static json_t *correction_json(const struct body_row *row)
{
    char boot[40];
    boot_of(row->epoch, boot);
    return json_pack("{s:s, s:I, s:o}", "boot", boot, "until_ms",
                     (json_int_t)((row->time_us - row->began_us) / 1000), "zero",
                     time_json(row->began_us));
}

static json_t *daily_json(const struct body_row *row)
{
    static const int64_t day_us = INT64_C(86400000000);
    static const int64_t offset_us = OFFSET_S * INT64_C(1000000);
    int64_t start_us = (row->time_us + offset_us) / day_us * day_us - offset_us;
    char start[CONTRACT_TIME_MAX];
    contract_time(start_us, OFFSET_S, start);
    return json_pack(
        "{s:o, s:s, s:s, s:s, s:o, s:I, s:{s:i, s:i, s:i, s:i}, s:f, s:{s:f}}", "key",
        json_sprintf("daily/attendance/school/%.10s", start), "fact", "attendance",
        "object", "school", "start", start, "end", time_json(start_us + day_us),
        "revision", (json_int_t)row->seq, "values", "enrolled", 842, "present", 829,
        "leave", 9, "absent", 4, "completeness", 0.9583, "missing", "no-sensor", 0.0417);
}

static json_t *unavailable_json(const struct body_row *row)
{
    json_t *ranges = json_array();
    for (size_t i = 0; i < row->gone->count; i++)
        (void)json_array_append_new(
            ranges, json_pack("[I, I]", (json_int_t)row->gone->items[i].from,
                              (json_int_t)row->gone->items[i].to));
    return json_pack("{s:o, s:o}", "epoch", json_sprintf("%" PRIu64, row->epoch),
                     "ranges", ranges);
}

char *body_encode(const struct body_identity *who, const struct body_row *row,
                  const char **ret_topic)
{
    struct identity identity;
    identify(who, &identity);
    struct contract_event event = {
        .epoch = row->epoch,
        .seq = row->seq,
        .time_us = row->time_us,
        .offset_s = OFFSET_S,
    };
    json_t *data;
    *ret_topic = "alarm";
    if (row->gone) {
        *ret_topic = "summary";
        event.kind = "unavailable";
        data = unavailable_json(row);
    } else if (row->seq <= row->blind) {
        event.kind = "alarm";
        event.time_us = GW_TIME_NONE;
        data = alarm_json(row, true);
    } else if (row->blind > 0 && row->seq == row->blind + 1) {
        event.kind = "time-correction";
        data = correction_json(row);
    } else if (row->seq % ALARM_EVERY == 0) {
        event.kind = "alarm";
        data = alarm_json(row, false);
    } else if (row->seq % DAILY_EVERY == 0) {
        *ret_topic = "summary";
        event.kind = "daily";
        data = daily_json(row);
    } else {
        *ret_topic = "summary";
        event.kind = "environment";
        data = environment_json(
            row, chance_mix(who->seed ^ who->number, row->epoch ^ row->seq));
    }
    char boot[40];
    boot_of(row->epoch, boot);
    return contract_encode(&identity.config, boot, &event, data);
}

static json_t *devices_json(void)
{
    json_t *devices = json_array();
    for (int room = 1; room <= ROOMS; room++)
        (void)json_array_append_new(devices, json_pack("{s:o, s:s, s:s, s:s}", "name",
                                                       json_sprintf("air-%02d", room),
                                                       "bus", "rs485-1", "driver",
                                                       "modbus-rtu", "template", "air"));
    return devices;
}

static json_t *points_json(void)
{
    json_t *points = json_object();
    for (int room = 1; room <= ROOMS; room++)
        for (size_t i = 0; i < METRICS; i++) {
            char name[64];
            (void)snprintf(name, sizeof(name), "room-%02d/%s", room, metrics[i].name);
            (void)json_object_set_new(points, name, json_string(metrics[i].unit));
        }
    return points;
}

char *body_birth(const struct body_identity *who, uint64_t epoch)
{
    struct identity identity;
    identify(who, &identity);
    char boot[40];
    boot_of(epoch, boot);
    json_t *birth =
        json_pack("{s:s, s:o, s:s, s:s, s:o, s:o}", "software", GW_VERSION, "config",
                  json_sprintf("%016" PRIx64, chance_mix(who->seed, who->number)),
                  "title", "模拟学校", "stage", "primary", "devices", devices_json(),
                  "points", points_json());
    char *data = birth ? json_dumps(birth, JSON_COMPACT) : NULL;
    json_decref(birth);
    char *text = data ? contract_birth(&identity.config, boot, epoch, data) : NULL;
    free(data);
    return text;
}

char *body_state(const struct body_identity *who, uint64_t epoch, uint64_t last_seq,
                 uint64_t waiting)
{
    struct identity identity;
    identify(who, &identity);
    char boot[40];
    boot_of(epoch, boot);
    struct contract_state state = {
        .is_online = true, .last_seq = last_seq, .waiting = waiting};
    return contract_state(&identity.config, boot, epoch, &state);
}
