/* From a record to the body of an outbox row: what leaves the school, and what not.
 *
 * The tables are filled before the store runs and then only read.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "uplink/contract.h"
#include "uplink/encoder_parts.h"

enum {
    POINT_ID_MAX = 1 << 20,
};

/* Metrics that count people. */
static const char *const people_metrics[] = {
    "people",       "people_in",        "people_out",     "occupancy",
    "class_size",   "pupils",           "absent",         "attendance_mismatch",
    "early_seated", "exercise_minutes", "recess_release", NULL,
};

/* The roles of the product; an actor is "guard" or "guard:who". */
static const char *const roles[] = {
    "viewer", "guard", "leader", "engineer", "admin", "county", NULL,
};

struct encoder_point {
    char *name; /* NULL: no such point */
    char *unit;
    bool is_hidden;
};

struct encoder_unit {
    const char *metric;
    const char *unit;
};

static int compare_units(const void *a, const void *b)
{
    const struct encoder_unit *x = a;
    const struct encoder_unit *y = b;
    return strcmp(x->metric, y->metric);
}

/* "desk_lux.window" has the unit of "desk_lux". */
static const char *unit_of(const struct county_encoder *e, const char *metric)
{
    char name[GW_ID_MAX];
    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(metric, "."), metric);
    struct encoder_unit key = {.metric = name};
    const struct encoder_unit *found =
        e->unit_count ? bsearch(&key, e->units, e->unit_count, sizeof(key), compare_units)
                      : NULL;
    return found ? found->unit : "";
}

int county_encoder_new(const struct county_config *config, const struct config *tree,
                       const struct gw_campus *campus, struct county_encoder **ret)
{
    struct county_encoder *e = calloc(1, sizeof(*e));
    if (!e)
        return -ENOMEM;
    e->config = config;
    e->campus = campus;
    e->config_hash = tree ? tree->hash : 0;
    clock_boot(e->boot);
    e->unit_count = tree ? tree->metric_count : 0;
    e->units = calloc(e->unit_count + 1, sizeof(*e->units));
    if (!e->units) {
        county_encoder_free(e);
        return -ENOMEM;
    }
    for (size_t i = 0; i < e->unit_count; i++)
        e->units[i] = (struct encoder_unit){
            tree->metrics[i].name, tree->metrics[i].unit ? tree->metrics[i].unit : ""};
    if (e->unit_count > 1)
        qsort(e->units, e->unit_count, sizeof(*e->units), compare_units);
    *ret = e;
    return 0;
}

static void point_clear(struct encoder_point *p)
{
    free(p->name);
    free(p->unit);
    *p = (struct encoder_point){0};
}

struct county_encoder *county_encoder_free(struct county_encoder *e)
{
    if (!e)
        return NULL;
    for (size_t i = 0; i < e->point_count; i++)
        point_clear(&e->points[i]);
    free(e->points);
    free(e->units);
    free(e);
    return NULL;
}

static bool is_listed(const char *const *list, const char *word, size_t size)
{
    for (size_t i = 0; list[i]; i++)
        if (strlen(list[i]) == size && strncmp(list[i], word, size) == 0)
            return true;
    return false;
}

static bool counts_people(const char *metric)
{
    return is_listed(people_metrics, metric, strcspn(metric, "."));
}

/* Figures of a small class or of a dormitory room would tell of single pupils, and so
 * would those of all classes but the small one. */
static bool is_private(const struct county_encoder *e, const char *object)
{
    if (!e->campus)
        return false;
    const struct gw_place *place = gw_campus_place(e->campus, object);
    if (place && place->kind && strcmp(place->kind, "dormitory") == 0)
        return true;
    const char *class_id = place ? place->class_id : object;
    return class_id && gw_campus_is_withheld(e->campus, class_id);
}

/* What is of a class and not of a room leaves as a fact of days and months only. */
static bool is_class(const struct county_encoder *e, const char *object)
{
    return e->campus && gw_campus_class(e->campus, object);
}

int county_encoder_point(struct county_encoder *e, uint32_t id, const char *name,
                         const char *unit)
{
    const char *metric = strchr(name, '/');
    if (id > POINT_ID_MAX || !metric)
        return -EINVAL;
    if (id >= e->point_count) {
        size_t count = id + 64u;
        struct encoder_point *points = realloc(e->points, count * sizeof(*points));
        if (!points)
            return -ENOMEM;
        memset(points + e->point_count, 0, (count - e->point_count) * sizeof(*points));
        e->points = points;
        e->point_count = count;
    }
    char object[GW_ID_MAX];
    (void)snprintf(object, sizeof(object), "%.*s", (int)(metric - name), name);
    struct encoder_point *p = &e->points[id];
    point_clear(p);
    *p = (struct encoder_point){
        .name = strdup(name),
        .unit = strdup(unit ? unit : ""),
        .is_hidden =
            is_class(e, object) || (counts_people(metric + 1) && is_private(e, object)),
    };
    return p->name && p->unit ? 0 : -ENOMEM;
}

/* Days since 1970-01-01 of a civil date (proleptic Gregorian). */
int64_t encoder_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int encoder_offset(const struct county_encoder *e, int64_t time_us)
{
    if (!e->campus || time_us == GW_TIME_NONE)
        return 0;
    struct gw_local local = gw_campus_local(e->campus, time_us);
    int of_day = local.hour * 3600 + local.minute * 60 + local.second;
    int64_t seconds = encoder_days(local.year, local.month, local.day) * 86400 + of_day;
    int64_t utc = time_us / 1000000 - (time_us % 1000000 < 0);
    return (int)(seconds - utc);
}

static json_t *time_json(const struct county_encoder *e, int64_t time_us)
{
    char text[CONTRACT_TIME_MAX];
    contract_time(time_us, encoder_offset(e, time_us), text);
    return json_string(text);
}

/* Names stay in the school: whatever is not a role becomes "operator". */
static const char *role_of(const char *actor)
{
    if (actor[0] == '\0')
        return "gateway";
    size_t size = strcspn(actor, ":");
    for (size_t i = 0; roles[i]; i++)
        if (strlen(roles[i]) == size && strncmp(roles[i], actor, size) == 0)
            return roles[i];
    return "operator";
}

static void add_boot(const char *boot, int64_t mono_us, json_t *data)
{
    (void)json_object_set_new(data, "boot", json_string(boot));
    (void)json_object_set_new(data, "mono_ms", json_integer(mono_us / 1000));
}

/* Of another boot, that ended before anybody knew the time. */
static void leave_undated(const struct county_encoder *e,
                          const struct gw_unknown_time *unknown,
                          struct contract_event *event, json_t *data)
{
    add_boot(unknown->boot, event->time_us - unknown->ahead_us, data);
    (void)json_object_set_new(data, "not_after", time_json(e, unknown->not_after_us));
    event->time_us = GW_TIME_NONE;
}

/* A time of @record as its kind has it, or as a moment of its boot. */
static void add_time(const struct county_encoder *e, const struct gw_record *record,
                     const char *name, const char *mono_name, int64_t time_us,
                     json_t *data)
{
    const struct gw_unknown_time *unknown = record->unknown;
    if (unknown)
        (void)json_object_set_new(data, mono_name,
                                  json_integer((time_us - unknown->ahead_us) / 1000));
    else
        (void)json_object_set_new(data, name, time_json(e, time_us));
}

static json_t *alarm_data(const struct county_encoder *e, const struct gw_record *record,
                          struct contract_event *event)
{
    const struct gw_transition *t = &record->transition;
    bool is_known = t->time_quality == GW_TIME_GOOD;
    event->kind = "alarm";
    event->time_us = is_known ? t->time_us : GW_TIME_NONE;
    json_t *data = json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:b}", "uid",
        (json_int_t)t->uid, "step", (json_int_t)t->seq, "rule", t->rule, "object",
        t->object, "severity", gw_severity_name(t->severity), "from",
        gw_alarm_state_name(t->from), "to", gw_alarm_state_name(t->to), "cause", t->cause,
        "value", is_private(e, t->object) ? json_null() : contract_number(t->value),
        "role", role_of(t->actor), "test", (int)t->is_test);
    if (data && event->time_us == GW_TIME_NONE)
        add_boot(e->boot, t->mono_us, data);
    return data;
}

/* A share of 0..1, whatever rounding or a plugin made of it. */
static double share_of(double value)
{
    if (!(value > 0))
        return 0;
    return value < 1 ? value : 1;
}

static json_t *item_json(const struct county_encoder *e,
                         const struct gw_summary_item *item)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I}", "metric", item->metric,
                     "unit", unit_of(e, item->metric), "min", contract_number(item->min),
                     "mean", contract_number(item->mean), "max",
                     contract_number(item->max), "last", contract_number(item->last),
                     "valid", contract_number(share_of(item->valid)), "count",
                     (json_int_t)item->count);
}

static json_t *environment_data(const struct county_encoder *e,
                                const struct gw_record *record,
                                struct contract_event *event)
{
    const struct gw_summary *s = &record->summary;
    event->kind = "environment";
    event->time_us = s->start_us + s->period_us;
    bool hides_people = is_private(e, s->object);
    if (is_class(e, s->object))
        return NULL;
    json_t *items = json_array();
    for (size_t i = 0; i < s->count; i++)
        if (!hides_people || !counts_people(s->items[i].metric))
            (void)json_array_append_new(items, item_json(e, &s->items[i]));
    if (json_array_size(items) == 0) {
        json_decref(items);
        return NULL;
    }
    json_t *data = json_pack("{s:s, s:I, s:o}", "object", s->object, "period_s",
                             (json_int_t)(s->period_us / 1000000), "items", items);
    add_time(e, record, "start", "start_mono_ms", s->start_us, data);
    return data;
}

/* A word of a fact leaves only when it has the form of an id: free text does not. */
static json_t *fact_value(const struct gw_fact_value *value)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-";
    if (!value->text)
        return contract_number(value->value);
    size_t size = strspn(value->text, letters);
    bool is_word = size > 0 && size < GW_ID_MAX && value->text[size] == '\0';
    return is_word ? json_string(value->text) : json_null();
}

/* "daily/attendance/school/2026-11-23": one for all revisions. */
static json_t *told_key(const struct county_encoder *e, const struct gw_fact *f)
{
    struct gw_local at = gw_campus_local(e->campus, f->start_us);
    return json_sprintf("%s/%s/%s/%04d-%02d-%02d", gw_period_name(f->period), f->kind,
                        f->object, at.year, at.month, at.day);
}

/* A day's, week's or month's, which is of a calendar: never of unknown time. */
static json_t *told_data(const struct county_encoder *e, const struct gw_fact *f,
                         struct contract_event *event)
{
    static const char prefix[] = "missing.";
    const size_t size = sizeof(prefix) - 1;
    json_t *values = json_object();
    json_t *missing = json_object();
    event->kind = gw_period_name(f->period);
    event->time_us = f->time_us;
    for (size_t i = 0; i < f->count; i++) {
        const struct gw_fact_value *v = &f->values[i];
        bool is_missing = strncmp(v->name, prefix, size) == 0;
        (void)json_object_set_new(is_missing ? missing : values,
                                  v->name + (is_missing ? size : 0), fact_value(v));
    }
    return json_pack(
        "{s:o, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o}", "key", told_key(e, f), "fact",
        f->kind, "object", f->object, "start", time_json(e, f->start_us), "end",
        time_json(e, f->end_us), "revision", (json_int_t)f->revision, "values", values,
        "completeness", contract_number(share_of(f->completeness)), "missing", missing);
}

static json_t *fact_data(const struct county_encoder *e, const struct gw_record *record,
                         struct contract_event *event)
{
    const struct gw_fact *f = &record->fact;
    if (f->stays || is_private(e, f->object))
        return NULL;
    if (f->period != GW_PERIOD_NONE)
        return e->campus ? told_data(e, f, event) : NULL;
    event->kind = "fact";
    event->time_us = f->time_us;
    json_t *values = json_object();
    for (size_t i = 0; i < f->count; i++)
        (void)json_object_set_new(values, f->values[i].name, fact_value(&f->values[i]));
    json_t *data = json_pack("{s:s, s:s*, s:s, s:o, s:o}", "kind", f->kind, "rule",
                             f->rule, "object", f->object, "values", values,
                             "completeness", contract_number(share_of(f->completeness)));
    add_time(e, record, "start", "start_mono_ms", f->start_us, data);
    add_time(e, record, "end", "end_mono_ms", f->end_us, data);
    return data;
}

/* Names the messages by boot and machine time: all that had no time say both. */
static json_t *correction_data(const struct county_encoder *e,
                               const struct gw_record *record,
                               struct contract_event *event)
{
    const struct gw_time_correction *c = &record->correction;
    event->kind = "time-correction";
    event->time_us = c->until_us + c->not_after_us;
    if (c->zero_us == GW_TIME_NONE)
        return json_pack("{s:s, s:o}", "boot", c->boot, "not_after",
                         time_json(e, c->not_after_us));
    return json_pack("{s:s, s:I, s:o}", "boot", c->boot, "until_ms",
                     (json_int_t)(c->until_us / 1000), "zero", time_json(e, c->zero_us));
}

static json_t *unavailable_data(const struct county_encoder *e,
                                const struct gw_record *record,
                                struct contract_event *event)
{
    const struct gw_recall *r = &record->recall;
    (void)e;
    event->kind = "unavailable";
    event->time_us = r->time_us;
    json_t *ranges = json_array();
    for (size_t i = 0; i < r->count; i++)
        (void)json_array_append_new(ranges,
                                    json_pack("[I, I]", (json_int_t)r->ranges[i].from,
                                              (json_int_t)r->ranges[i].to));
    return json_pack("{s:o, s:o}", "epoch", json_sprintf("%" PRIu64, r->epoch), "ranges",
                     ranges);
}

static json_t *telemetry_data(const struct county_encoder *e,
                              const struct gw_record *record,
                              struct contract_event *event)
{
    const struct gw_reading *r = &record->reading;
    if (!(record->flags & GW_RECORD_TELEMETRY) || r->point >= e->point_count)
        return NULL;
    const struct encoder_point *p = &e->points[r->point];
    if (!p->name || !p->unit || p->is_hidden)
        return NULL;
    event->kind = "telemetry";
    event->time_us = r->time_us;
    json_t *data = json_pack("{s:s, s:o, s:s, s:s}", "point", p->name, "value",
                             contract_number(r->value), "unit", p->unit, "quality",
                             gw_quality_name(r->quality));
    if (data && r->reason != GW_REASON_NONE)
        (void)json_object_set_new(data, "reason", json_string(gw_reason_name(r->reason)));
    if (data && r->source_us != GW_TIME_NONE)
        (void)json_object_set_new(data, "sourcetime", time_json(e, r->source_us));
    return data;
}

/* The kinds that leave; all others are the school's own. */
static json_t *(*const kinds[GW_RECORD_COMMIT + 1])(const struct county_encoder *e,
                                                    const struct gw_record *record,
                                                    struct contract_event *event) = {
    [GW_RECORD_READING] = telemetry_data,
    [GW_RECORD_TRANSITION] = alarm_data,
    [GW_RECORD_SUMMARY] = environment_data,
    [GW_RECORD_FACT] = fact_data,
    [GW_RECORD_TIME_CORRECTION] = correction_data,
    [GW_RECORD_UNAVAILABLE] = unavailable_data,
};

static enum store_priority priority_of(const struct gw_record *record)
{
    static const enum store_priority priorities[GW_RECORD_COMMIT + 1] = {
        [GW_RECORD_READING] = STORE_TELEMETRY,
        [GW_RECORD_TRANSITION] = STORE_ALARM,
        [GW_RECORD_SUMMARY] = STORE_ENVIRONMENT,
        [GW_RECORD_FACT] = STORE_FACT,
        [GW_RECORD_TIME_CORRECTION] = STORE_ALARM,
        [GW_RECORD_UNAVAILABLE] = STORE_DROPPED,
    };
    bool is_period =
        record->kind == GW_RECORD_FACT && record->fact.period != GW_PERIOD_NONE;
    return is_period ? STORE_PERIOD : priorities[record->kind];
}

char *county_encode(void *encoder, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    const struct county_encoder *e = encoder;
    struct contract_event event = {.epoch = epoch, .seq = seq};
    json_t *data = kinds[record->kind] ? kinds[record->kind](e, record, &event) : NULL;
    if (!data)
        return NULL;
    if (record->unknown)
        leave_undated(e, record->unknown, &event, data);
    event.offset_s = encoder_offset(e, event.time_us);
    char *body = contract_encode(e->config, e->boot, &event, data);
    if (body)
        *ret_priority = priority_of(record);
    return body;
}

char *county_encode_dropped(void *encoder, const struct store_dropped *dropped,
                            uint64_t epoch, uint64_t seq)
{
    const struct county_encoder *e = encoder;
    struct contract_event event = {
        .kind = "dropped", .epoch = epoch, .seq = seq, .time_us = clock_school_us()};
    if (!clock_school_is_known())
        return NULL;
    json_t *ranges = json_array();
    for (size_t i = 0; i < dropped->count; i++)
        (void)json_array_append_new(ranges, json_pack("[I, I]",
                                                      (json_int_t)dropped->ranges[i].from,
                                                      (json_int_t)dropped->ranges[i].to));
    json_t *data =
        json_pack("{s:o, s:o, s:I}", "epoch", json_sprintf("%" PRIu64, dropped->epoch),
                  "ranges", ranges, "count", (json_int_t)dropped->rows);
    event.offset_s = encoder_offset(e, event.time_us);
    return data ? contract_encode(e->config, e->boot, &event, data) : NULL;
}
