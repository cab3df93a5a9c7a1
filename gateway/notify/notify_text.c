#include "notify/notify_text.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    COMMAND_MAX = 4096,  /* bytes */
    SHELVE_MINUTES = 60, /* unless said */
};

static const int64_t minute_us = 60000000;

void notify_text_value(const struct gw_reading *reading, char ret[NOTIFY_PAYLOAD_MAX])
{
    char when[CLOCK_TEXT_MAX];
    char number[32] = "null";
    char reason[48] = "";
    clock_format(reading->time_us, 0, when);
    if (reading->quality != GW_BAD && isfinite(reading->value))
        (void)snprintf(number, sizeof(number), "%.10g", reading->value);
    if (reading->quality != GW_GOOD)
        (void)snprintf(reason, sizeof(reason), ",\"reason\":\"%s\"",
                       gw_reason_name(reading->reason));
    (void)snprintf(ret, NOTIFY_PAYLOAD_MAX, "{\"v\":%s,\"q\":\"%s\"%s,\"t\":\"%s\"}",
                   number, gw_quality_name(reading->quality), reason, when);
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *title_of(const struct gw_text *title)
{
    const char *zh = title->zh ? title->zh : title->en;
    const char *en = title->en ? title->en : title->zh;
    return json_pack("{s:o, s:o}", "zh", text_or_null(zh), "en", text_or_null(en));
}

static json_t *alarm_json(const struct gw_transition *t, const struct gw_text *title)
{
    char when[CLOCK_TEXT_MAX];
    clock_format(t->time_us, 0, when);
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:I, s:b}", "state",
        gw_alarm_state_name(t->to), "severity", gw_severity_name(t->severity), "title",
        title_of(title), "value", isfinite(t->value) ? json_real(t->value) : json_null(),
        "t", when, "rule", t->rule, "object", t->object, "cause", t->cause, "by",
        text_or_null(t->actor), "uid", (json_int_t)t->uid, "test", t->is_test);
}

int notify_text_alarm(const struct gw_transition *t, const struct gw_text *title,
                      char ret[NOTIFY_PAYLOAD_MAX])
{
    json_t *json = alarm_json(t, title);
    if (!json)
        return -ENOMEM;
    size_t size = json_dumpb(json, ret, NOTIFY_PAYLOAD_MAX - 1,
                             JSON_COMPACT | JSON_REAL_PRECISION(10));
    json_decref(json);
    if (!size || size >= NOTIFY_PAYLOAD_MAX)
        return -ENOSPC;
    ret[size] = '\0';
    return 0;
}

void notify_text_status(const char *gateway, bool is_online, char ret[NOTIFY_PAYLOAD_MAX])
{
    (void)snprintf(ret, NOTIFY_PAYLOAD_MAX, "{\"gateway\":\"%s\",\"state\":\"%s\"}",
                   gateway, is_online ? "online" : "offline");
}

/* "<prefix>/cmd/alarm/<rule>/<object>" to "<rule>@<object>". */
static int read_topic(const char *topic, const char *prefix, struct alarm_command *ret,
                      struct gw_error *err)
{
    char start[GW_NAME_MAX];
    int length = snprintf(start, sizeof(start), "%s/cmd/alarm/", prefix);
    if (length < 0 || (size_t)length >= sizeof(start)
        || strncmp(topic, start, (size_t)length) != 0)
        return gw_fail(err, -EINVAL, "'%.100s' is not a topic for commands", topic);
    const char *rule = topic + length;
    const char *slash = strchr(rule, '/');
    const char *object = slash ? slash + 1 : "";
    size_t rule_length = slash ? (size_t)(slash - rule) : 0;
    size_t object_length = strlen(object);
    if (!rule_length || rule_length >= GW_ID_MAX || !object_length
        || object_length >= GW_ID_MAX || strchr(object, '/'))
        return gw_fail(err, -EINVAL, "'%.100s' does not end in a rule and an object",
                       topic);
    (void)snprintf(ret->id, sizeof(ret->id), "%.*s@%s", (int)rule_length, rule, object);
    return 0;
}

static int read_event(const char *text, enum alarm_event *ret, struct gw_error *err)
{
    static const struct {
        const char *name;
        enum alarm_event event;
    } events[] = {{"acknowledge", ALARM_ACKNOWLEDGE},
                  {"reset", ALARM_RESET},
                  {"shelve", ALARM_SHELVE},
                  {"unshelve", ALARM_UNSHELVE}};
    for (size_t i = 0; text && i < sizeof(events) / sizeof(*events); i++)
        if (!strcmp(events[i].name, text)) {
            *ret = events[i].event;
            return 0;
        }
    return gw_fail(err, -EINVAL,
                   "\"do\" is %s%.40s%s (allowed: acknowledge, reset, shelve, unshelve)",
                   text ? "\"" : "", text ? text : "missing", text ? "\"" : "");
}

static int copy_text(const json_t *json, const char *key, bool is_required, char *ret,
                     size_t room, struct gw_error *err)
{
    const json_t *value = json_object_get(json, key);
    if (!value && !is_required)
        return 0;
    const char *text = json_string_value(value);
    if (!text || (is_required && !*text) || strlen(text) >= room)
        return gw_fail(err, -EINVAL, "\"%s\" must be a text of at most %zu bytes", key,
                       room - 1);
    memcpy(ret, text, strlen(text) + 1);
    return 0;
}

static int read_minutes(const json_t *json, int64_t now_us, struct alarm_command *ret,
                        struct gw_error *err)
{
    if (ret->event != ALARM_SHELVE)
        return 0;
    const json_t *value = json_object_get(json, "minutes");
    double minutes = value ? json_number_value(value) : SHELVE_MINUTES;
    if (!(minutes >= 1 && minutes <= ALARM_SHELVE_MINUTES_MAX))
        return gw_fail(err, -EINVAL, "\"minutes\" must be 1..%d",
                       ALARM_SHELVE_MINUTES_MAX);
    ret->until_us = now_us + (int64_t)minutes * minute_us;
    return 0;
}

int notify_text_command(const char *topic, const char *prefix, const void *bytes,
                        size_t size, int64_t now_us, struct alarm_command *ret,
                        struct gw_error *err)
{
    struct alarm_command command = {0};
    if (size > COMMAND_MAX)
        return gw_fail(err, -E2BIG, "a command is at most %d bytes", COMMAND_MAX);
    json_t *json = size ? json_loadb(bytes, size, 0, NULL) : NULL;
    if (!json_is_object(json)) {
        json_decref(json);
        return gw_fail(err, -EINVAL, "a command is a JSON object with \"do\" and \"by\"");
    }
    const char *verb = json_string_value(json_object_get(json, "do"));
    int r = read_topic(topic, prefix, &command, err);
    if (r == 0)
        r = read_event(verb, &command.event, err);
    if (r == 0)
        r = copy_text(json, "by", true, command.actor, sizeof(command.actor), err);
    if (r == 0)
        r = copy_text(json, "comment", false, command.comment, sizeof(command.comment),
                      err);
    if (r == 0)
        r = read_minutes(json, now_us, &command, err);
    json_decref(json);
    if (r == 0)
        *ret = command;
    return r;
}
