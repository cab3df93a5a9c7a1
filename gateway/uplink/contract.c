#include "uplink/contract.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "gw/driver.h"

enum { ACK_SIZE_MAX = 64 * 1024 };

void contract_topic(const struct county_config *config, const char *kind,
                    char ret[CONTRACT_TOPIC_MAX])
{
    (void)snprintf(ret, CONTRACT_TOPIC_MAX, "campus/v1/%s/%s/%s/%s", config->division,
                   config->school, config->gateway, kind);
}

json_t *contract_number(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == trunc(value) && fabs(value) < 9007199254740992.0)
        return json_integer((json_int_t)value);
    return json_real(value);
}

void contract_time(int64_t time_us, int offset_s, char ret[CONTRACT_TIME_MAX])
{
    int64_t part_us = time_us % 1000000;
    if (part_us < 0)
        part_us += 1000000;
    char whole[CLOCK_TEXT_MAX];
    clock_format(time_us - part_us, offset_s, whole);
    size_t date = strcspn(whole, "T");
    size_t seconds = date + strcspn(whole + date, "Z+-");
    if (part_us == 0)
        (void)snprintf(ret, CONTRACT_TIME_MAX, "%s", whole);
    else
        (void)snprintf(ret, CONTRACT_TIME_MAX, "%.*s.%06d%s", (int)seconds, whole,
                       (int)part_us, whole + seconds);
}

static json_t *event_id(const struct county_config *config, const char *boot,
                        const struct contract_event *event)
{
    if (event->seq != 0)
        return json_sprintf("%s/%" PRIu64 "/%" PRIu64, config->gateway, event->epoch,
                            event->seq);
    return json_sprintf("%s/%s/%s-%" PRId64, config->gateway, boot, event->kind,
                        gw_machine_us());
}

char *contract_encode(const struct county_config *config, const char *boot,
                      const struct contract_event *event, json_t *data)
{
    bool is_known = event->time_us != GW_TIME_NONE;
    char time[CONTRACT_TIME_MAX] = "";
    if (is_known)
        contract_time(event->time_us, event->offset_s, time);

    json_t *body = json_pack(
        "{s:s, s:o, s:o, s:o, s:s*, s:s, s:s, s:o, s:o*, s:s, s:o}", "specversion", "1.0",
        "id", event_id(config, boot, event), "source",
        json_sprintf("campus/%s/%s/%s", config->division, config->school,
                     config->gateway),
        "type", json_sprintf("campus.%s.v1", event->kind), "time", is_known ? time : NULL,
        "datacontenttype", "application/json", "gateway", config->gateway, "epoch",
        json_sprintf("%" PRIu64, event->epoch), "seq",
        event->seq ? json_integer((json_int_t)event->seq) : NULL, "timequality",
        is_known ? "good" : "unknown", "data", data);
    char *text = body ? json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(body);
    return text;
}

char *contract_state(const struct county_config *config, const char *boot, uint64_t epoch,
                     const struct contract_state *state)
{
    bool has_time = clock_school_is_known() && (state->is_online || state->cause);
    bool is_will = state->cause && strcmp(state->cause, "lost") == 0;
    struct contract_event event = {
        .kind = "state",
        .epoch = epoch,
        .time_us = has_time && !is_will ? clock_school_us() : GW_TIME_NONE,
    };
    json_t *data =
        json_pack("{s:s, s:s*}", "status", state->is_online ? "online" : "offline",
                  "cause", state->cause);
    if (data && state->is_online) {
        (void)json_object_set_new(data, "last_seq",
                                  json_integer((json_int_t)state->last_seq));
        (void)json_object_set_new(data, "waiting",
                                  json_integer((json_int_t)state->waiting));
    }
    return contract_encode(config, boot, &event, data);
}

char *contract_birth(const struct county_config *config, const char *boot, uint64_t epoch,
                     const char *birth)
{
    struct contract_event event = {
        .kind = "birth",
        .epoch = epoch,
        .time_us = clock_school_is_known() ? clock_school_us() : GW_TIME_NONE,
    };
    json_t *data = json_loads(birth, JSON_REJECT_DUPLICATES, NULL);
    if (!data)
        return NULL;
    (void)json_object_set_new(data, "boot", json_string(boot));
    return contract_encode(config, boot, &event, data);
}

bool contract_read_range(const json_t *pair, struct gw_range *ret)
{
    json_int_t from = json_integer_value(json_array_get(pair, 0));
    json_int_t to = json_integer_value(json_array_get(pair, 1));
    if (json_array_size(pair) != 2 || from < 1 || to < from
        || to >> CONTRACT_SEQ_MAX_BITS != 0)
        return false;
    *ret = (struct gw_range){(uint64_t)from, (uint64_t)to};
    return true;
}

int contract_read_ranges(const json_t *ack, uint64_t *ret_epoch, struct gw_range *ret,
                         size_t max)
{
    const json_t *ranges = json_object_get(ack, "ranges");
    size_t count = json_array_size(ranges);
    bool is_good =
        count > 0 && count <= max
        && text_to_positive(json_string_value(json_object_get(ack, "epoch")), ret_epoch);
    for (size_t i = 0; is_good && i < count; i++)
        is_good = contract_read_range(json_array_get(ranges, i), &ret[i]);
    return is_good ? (int)count : -EINVAL;
}

int contract_read_ack(const void *payload, size_t size, uint64_t *ret_epoch,
                      struct gw_range *ret, size_t max)
{
    if (size > ACK_SIZE_MAX)
        return -EINVAL;
    json_t *ack = json_loadb(payload, size, JSON_REJECT_DUPLICATES, NULL);
    int r = contract_read_ranges(ack, ret_epoch, ret, max);
    json_decref(ack);
    return r;
}
