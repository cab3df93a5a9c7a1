#include "cli/show.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "cli/show_field.h"
#include "cli/table.h"
#include "cli/words.h"

const char *show_title(const json_t *title)
{
    const char *text =
        json_string_value(json_object_get(title, language_is_chinese() ? "zh" : "en"));
    return text ? text : "-";
}

/* show_list - a table of @answer[key], filled row by row; @none when it is empty. */
static void show_list(const json_t *answer, const char *key, const char *const *heads,
                      void (*row)(struct table *t, const json_t *item, const char *now),
                      const char *none, FILE *out)
{
    const json_t *list = json_object_get(answer, key);
    const char *now = json_string_value(json_object_get(answer, "school_time"));
    struct table *t = NULL;
    if (json_array_size(list) == 0) {
        (void)fprintf(out, "%s\n", none);
        return;
    }
    if (table_new(heads, &t) < 0)
        return;
    for (size_t i = 0; i < json_array_size(list); i++)
        row(t, json_array_get(list, i), now);
    table_print(t, out);
    (void)table_free(t);
}

static void point_row(struct table *t, const json_t *point, const char *now)
{
    char time[FIELD_CLOCK_MAX];
    const json_t *value = json_object_get(point, "value");
    const char *state = json_string_value(json_object_get(point, "state"));
    const char *quality = field_text(point, "q");
    (void)table_cell(t, field_text(point, "name"));
    if (state)
        (void)table_cell(t, state);
    else if (json_is_number(value))
        (void)table_format(t, "%.6g", json_number_value(value));
    else
        (void)table_cell(t, "-");
    (void)table_cell(t, field_text(point, "unit"));
    if (!strcmp(quality, "good"))
        (void)table_cell(t, words_tell(quality));
    else
        (void)table_format(t, words_phrase("%s: %s", "%s：%s"), words_tell(quality),
                           words_tell(field_text(point, "reason")));
    (void)table_cell(t, field_clock(point, "t", now, time));
}

void show_points(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"POINT",   ">VALUE", "UNIT",
                                        "QUALITY", "TIME",   NULL};
    show_list(answer, "points", heads, point_row,
              words_phrase("no such points", "没有这样的测点"), out);
}

static void alarm_row(struct table *t, const json_t *alarm, const char *now)
{
    char time[FIELD_CLOCK_MAX];
    const json_t *where = json_object_get(alarm, "object_title");
    (void)table_cell(t, field_text(alarm, "severity"));
    (void)table_cell(t, field_text(alarm, "id"));
    if (json_is_true(json_object_get(alarm, "test")))
        (void)table_format(t, words_phrase("%s (drill or test)", "%s（演练或测试）"),
                           words_tell(field_text(alarm, "state")));
    else
        (void)table_cell(t, words_tell(field_text(alarm, "state")));
    (void)table_cell(t, show_title(json_object_get(alarm, "title")));
    (void)table_cell(t, show_title(where));
    (void)table_cell(t, field_clock(alarm, "raised_at", now, time));
    (void)table_cell(t, field_text(alarm, "actor"));
    (void)table_cell(t, field_text(alarm, "comment"));
}

static const char *const alarm_heads[] = {"SEV",    "ALARM", "STATE",   "TITLE", "WHERE",
                                          "RAISED", "BY",    "COMMENT", NULL};

void show_alarms(const json_t *answer, FILE *out)
{
    show_list(answer, "alarms", alarm_heads, alarm_row,
              words_phrase("no alarms", "没有报警"), out);
}

void show_alarm(const json_t *answer, FILE *out)
{
    const json_t *alarm = json_object_get(answer, "alarm");
    (void)fprintf(out, words_phrase("%s is %s", "%s：%s"), field_text(alarm, "id"),
                  words_tell(field_text(alarm, "state")));
    if (json_is_string(json_object_get(alarm, "actor")))
        (void)fprintf(out, " (%s)", field_text(alarm, "actor"));
    (void)fputc('\n', out);
}

void show_write(const json_t *answer, FILE *out)
{
    (void)fprintf(out, "%s %s\n", field_text(answer, "point"),
                  field_text(answer, "result"));
}

/* "12/41/55 ms": the shortest, mean and longest answer; "-" of who is not asked. */
static void response_cell(struct table *t, const json_t *device)
{
    const json_t *response = json_object_get(device, "response_ms");
    if (!json_is_object(response)) {
        (void)table_cell(t, "-");
        return;
    }
    (void)table_format(t, "%.0f/%.0f/%.0f ms",
                       json_number_value(json_object_get(response, "min")),
                       json_number_value(json_object_get(response, "mean")),
                       json_number_value(json_object_get(response, "max")));
}

static void device_row(struct table *t, const json_t *device, const char *now)
{
    (void)now;
    char span[FIELD_CLOCK_MAX];
    const json_t *seen = json_object_get(device, "last_seen_s");
    (void)table_cell(t, field_text(device, "name"));
    (void)table_cell(t, field_text(device, "bus"));
    (void)table_cell(t, words_tell(field_text(device, "health")));
    if (json_is_number(seen) && json_number_value(seen) >= 0)
        (void)table_format(t, words_phrase("%s ago", "%s 前"),
                           field_span((json_int_t)json_number_value(seen), span));
    else
        (void)table_cell(t, words_tell("never"));
    (void)table_format(t, "%lld", (long long)field_count(device, "polls"));
    (void)table_format(t, "%lld", (long long)field_count(device, "failures"));
    const json_t *counters = json_object_get(device, "counters");
    (void)table_format(t, "%lld", (long long)field_count(counters, "timeout"));
    (void)table_format(
        t, "%lld",
        (long long)(field_count(counters, "crc") + field_count(counters, "malformed")));
    (void)table_format(t, "%lld", (long long)field_count(counters, "exception"));
    response_cell(t, device);
    (void)table_cell(t, field_text(device, "fault"));
}

void show_devices(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"DEVICE",      "BUS",       "HEALTH",  "SEEN",
                                        ">POLLS",      ">FAILURES", ">SILENT", ">GARBLED",
                                        ">EXCEPTIONS", ">ANSWERS",  "FAULT",   NULL};
    show_list(answer, "devices", heads, device_row,
              words_phrase("no devices", "没有设备"), out);
}

/* bus_counters - those that are not zero: "messages 12, timeout 3". */
static void bus_counters(struct table *t, const json_t *counters)
{
    char text[256] = "";
    size_t used = 0;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)counters, key, value)
    {
        if (json_number_value(value) == 0 || used >= sizeof(text))
            continue;
        int n = snprintf(text + used, sizeof(text) - used, "%s%s %.0f", used ? ", " : "",
                         words_tell(key), json_number_value(value));
        used += n > 0 ? (size_t)n : 0;
    }
    (void)table_cell(t, *text ? text : "-");
}

/* bus_missed - "; 3 of 5 devices silent or failed: a, b, c" after a fault of its own. */
static void bus_missed(const json_t *bus, const char *separator, FILE *out)
{
    enum { NAMES = 5 };
    const json_t *failed = json_object_get(bus, "failed");
    const size_t count = json_array_size(failed);
    const size_t devices = (size_t)field_count(bus, "devices");
    const bool is_chinese = language_is_chinese();
    if (is_chinese)
        (void)fprintf(out, "%s%zu 台设备中 %zu 台失联或故障", separator, devices, count);
    else
        (void)fprintf(out, "%s%zu of %zu devices silent or failed", separator, count,
                      devices);
    separator = is_chinese ? "：" : ": ";
    for (size_t i = 0; i < count && i < NAMES; i++) {
        (void)fprintf(out, "%s%s", separator,
                      json_string_value(json_array_get(failed, i)));
        separator = is_chinese ? "、" : ", ";
    }
    if (count > NAMES)
        (void)fprintf(out, is_chinese ? "等" : " and %zu more", count - NAMES);
}

/* bus_fault - its own, and who is missed; of a bus that is away that says nothing new. */
static void bus_fault(struct table *t, const json_t *bus)
{
    const char *fault = field_text(bus, "fault");
    bool has_fault = strcmp(fault, "-") != 0;
    bool is_heard = strcmp(field_text(bus, "health"), "online") == 0
                    || strcmp(field_text(bus, "health"), "starting") == 0;
    char *text = NULL;
    size_t size = 0;
    FILE *out = is_heard && json_array_size(json_object_get(bus, "failed")) > 0
                    ? open_memstream(&text, &size)
                    : NULL;
    if (out) {
        bus_missed(bus, has_fault ? "; " : "", out);
        (void)fclose(out);
    }
    (void)table_format(t, "%s%s", has_fault || !text ? fault : "", text ? text : "");
    free(text);
}

static void bus_row(struct table *t, const json_t *bus, const char *now)
{
    (void)now;
    (void)table_cell(t, field_text(bus, "name"));
    (void)table_cell(t, field_text(bus, "driver"));
    (void)table_cell(t, words_tell(field_text(bus, "health")));
    (void)table_format(t, "%lld", (long long)field_count(bus, "samples"));
    (void)table_format(t, "%lld", (long long)field_count(bus, "overwritten"));
    bus_counters(t, json_object_get(bus, "counters"));
    bus_fault(t, bus);
}

void show_buses(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"BUS",          "DRIVER",   "HEALTH", ">SAMPLES",
                                        ">OVERWRITTEN", "COUNTERS", "FAULT",  NULL};
    show_list(answer, "buses", heads, bus_row, words_phrase("no buses", "没有总线"), out);
}

static void rule_row(struct table *t, const json_t *rule, const char *now)
{
    (void)now;
    (void)table_cell(t, field_text(rule, "id"));
    (void)table_cell(t, field_text(rule, "severity"));
    (void)table_format(t, "%lld", (long long)field_count(rule, "instances"));
    (void)table_format(t, "%lld", (long long)field_count(rule, "evaluations"));
    (void)table_cell(t, show_title(json_object_get(rule, "title")));
    (void)table_cell(t, field_text(rule, "when"));
}

void show_rules(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"RULE",  "SEV",  ">OBJECTS", ">JUDGED",
                                        "TITLE", "WHEN", NULL};
    show_list(answer, "rules", heads, rule_row, words_phrase("no rules", "没有规则"),
              out);
}

/* fact_values - "absent 4, enrolled 842, …" but for the revision. */
static void fact_values(struct table *t, const json_t *values)
{
    char text[512] = "";
    size_t used = 0;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)values, key, value)
    {
        if (used >= sizeof(text) || strcmp(key, "revision") == 0)
            continue;
        const char *sep = used ? ", " : "";
        int n = json_is_string(value)
                    ? snprintf(text + used, sizeof(text) - used, "%s%s %s", sep, key,
                               json_string_value(value))
                : json_is_number(value)
                    ? snprintf(text + used, sizeof(text) - used, "%s%s %.6g", sep, key,
                               json_number_value(value))
                    : snprintf(text + used, sizeof(text) - used, "%s%s -", sep, key);
        used += n > 0 ? (size_t)n : 0;
    }
    (void)table_cell(t, *text ? text : "-");
}

static void fact_row(struct table *t, const json_t *fact, const char *now)
{
    const json_t *values = json_object_get(fact, "values");
    const json_t *revision = json_object_get(values, "revision");
    (void)now;
    (void)table_format(t, "%.10s", field_text(fact, "start"));
    (void)table_cell(t, field_text(fact, "kind"));
    (void)table_cell(t, field_text(fact, "object"));
    if (revision)
        (void)table_format(t, "%.0f", json_number_value(revision));
    else
        (void)table_cell(t, "-");
    (void)table_format(t, "%.0f%%",
                       100 * json_number_value(json_object_get(fact, "completeness")));
    fact_values(t, values);
}

void show_facts(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"FROM",      "FACT",    "OBJECT", ">REVISION",
                                        ">COMPLETE", "FIGURES", NULL};
    show_list(answer, "facts", heads, fact_row, words_phrase("no facts", "没有事实"),
              out);
}

void show_outbox(const json_t *answer, FILE *out)
{
    (void)fprintf(out,
                  words_phrase("%lld messages, %lld acknowledged, %lld waiting (epoch "
                               "%s)\n",
                               "消息 %lld 条，已回执 %lld，待回执 %lld（epoch %s）\n"),
                  (long long)field_count(answer, "total"),
                  (long long)field_count(answer, "acknowledged"),
                  (long long)field_count(answer, "waiting"), field_text(answer, "epoch"));
    (void)fprintf(out,
                  words_phrase("%lld of at most %lld rows kept, %.1f MB; %lld dropped\n",
                               "保留 %lld 行（上限 %lld），%.1f MB；满后让出 %lld\n"),
                  (long long)field_count(answer, "rows"),
                  (long long)field_count(answer, "cap"),
                  (double)field_count(answer, "bytes") / 1e6,
                  (long long)field_count(answer, "dropped"));
}

void show_event(const char *type, const char *data, FILE *out)
{
    char time[FIELD_CLOCK_MAX];
    json_t *event = strcmp(type, "alarm") != 0 ? NULL : json_loads(data, 0, NULL);
    if (event) {
        (void)fprintf(out, "%s  %s  %s  %s -> %s", field_clock(event, "time", NULL, time),
                      field_text(event, "severity"), field_text(event, "id"),
                      words_tell(field_text(event, "from")),
                      words_tell(field_text(event, "to")));
        if (json_is_string(json_object_get(event, "actor")))
            (void)fprintf(out, words_phrase("  by %s", "  操作：%s"),
                          field_text(event, "actor"));
        (void)fputc('\n', out);
        (void)fflush(out);
    }
    json_decref(event);
}
