#include "store/undated_form.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* No record of ours is larger: a summary of every metric of a place, a fact of every
 * figure of a plan. */
enum { PARTS_MAX = 4096 };

/* json borrows its texts to the record until it is freed. */
struct undated_form {
    json_t *json;
    struct gw_record record;
    struct gw_summary_item *items;
    struct gw_fact_value *values;
};

bool undated_form_has(enum gw_record_kind kind)
{
    return kind == GW_RECORD_READING || kind == GW_RECORD_SUMMARY
           || kind == GW_RECORD_FACT;
}

/* --- to text --------------------------------------------------------------- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *reading_json(const struct gw_record *record)
{
    const struct gw_reading *r = &record->reading;
    json_t *source =
        r->source_us == GW_TIME_NONE ? json_null() : json_integer(r->source_us);
    return json_pack("{s:I, s:i, s:i, s:i, s:o, s:I, s:o, s:I}", "point",
                     (json_int_t)r->point, "flags", (int)r->flags, "quality",
                     (int)r->quality, "reason", (int)r->reason, "value", number(r->value),
                     "time", (json_int_t)r->time_us, "source", source, "mono",
                     (json_int_t)r->mono_us);
}

static json_t *item_json(const struct gw_summary_item *item)
{
    return json_pack("[s, o, o, o, o, o, I]", item->metric, number(item->min),
                     number(item->mean), number(item->max), number(item->last),
                     number(item->valid), (json_int_t)item->count);
}

static json_t *summary_json(const struct gw_record *record)
{
    const struct gw_summary *s = &record->summary;
    json_t *items = json_array();
    for (size_t i = 0; i < s->count; i++)
        (void)json_array_append_new(items, item_json(&s->items[i]));
    return json_pack("{s:s, s:I, s:I, s:o}", "object", s->object, "start",
                     (json_int_t)s->start_us, "period", (json_int_t)s->period_us, "items",
                     items);
}

static json_t *fact_json(const struct gw_record *record)
{
    const struct gw_fact *f = &record->fact;
    json_t *values = json_array();
    for (size_t i = 0; i < f->count; i++) {
        const struct gw_fact_value *v = &f->values[i];
        json_t *value = v->text ? json_string(v->text) : number(v->value);
        (void)json_array_append_new(values, json_pack("[s, o]", v->name, value));
    }
    return json_pack("{s:s, s:s*, s:s, s:I, s:I, s:I, s:o, s:o, s:b, s:i, s:i}", "kind",
                     f->kind, "rule", f->rule, "object", f->object, "start",
                     (json_int_t)f->start_us, "end", (json_int_t)f->end_us, "time",
                     (json_int_t)f->time_us, "values", values, "completeness",
                     number(f->completeness), "stays", (int)f->stays, "period",
                     (int)f->period, "revision", (int)f->revision);
}

char *undated_form_write(const struct gw_record *record)
{
    json_t *form = NULL;
    if (record->kind == GW_RECORD_READING)
        form = json_pack("{s:i, s:o}", "flags", (int)record->flags, "reading",
                         reading_json(record));
    else if (record->kind == GW_RECORD_SUMMARY)
        form = json_pack("{s:o}", "summary", summary_json(record));
    else if (record->kind == GW_RECORD_FACT)
        form = json_pack("{s:o}", "fact", fact_json(record));
    char *text = form ? json_dumps(form, JSON_COMPACT) : NULL;
    json_decref(form);
    return text;
}

/* --- from text ------------------------------------------------------------- */

/* null is NAN. */
static bool read_number(const json_t *json, double *ret)
{
    *ret = json_is_number(json) ? json_number_value(json) : NAN;
    return json_is_number(json) || json_is_null(json);
}

/* A time of before the year -30,000 or after 30,000 is none. */
static bool read_time(json_int_t stamp, int64_t shift_us, int64_t *ret)
{
    static const int64_t last_us = INT64_C(1000000000000000000);
    if (stamp > last_us || stamp < -last_us || shift_us > last_us || shift_us < -last_us)
        return false;
    *ret = stamp + shift_us;
    return true;
}

static bool read_id(const char *text, char ret[GW_ID_MAX])
{
    size_t size = text ? strlen(text) : 0;
    if (size == 0 || size >= GW_ID_MAX)
        return false;
    memcpy(ret, text, size + 1);
    return true;
}

static bool read_reading(struct undated_form *form, json_t *json, int64_t shift_us)
{
    struct gw_reading *r = &form->record.reading;
    json_int_t point = 0;
    json_int_t time = 0;
    json_int_t mono = 0;
    int flags = 0;
    int quality = 0;
    int reason = 0;
    json_t *value = NULL;
    json_t *source = NULL;
    if (json_unpack(json, "{s:I, s:i, s:i, s:i, s:o, s:I, s:o, s:I}", "point", &point,
                    "flags", &flags, "quality", &quality, "reason", &reason, "value",
                    &value, "time", &time, "source", &source, "mono", &mono)
        < 0)
        return false;
    r->point = (uint32_t)point;
    r->flags = (uint16_t)flags;
    r->quality = (uint8_t)quality;
    r->reason = (uint8_t)reason;
    r->mono_us = mono;
    r->source_us = json_is_integer(source) ? json_integer_value(source) : GW_TIME_NONE;
    form->record.kind = GW_RECORD_READING;
    return point > 0 && point <= UINT32_MAX && quality >= 0 && quality <= GW_BAD
           && reason >= 0 && reason < GW_REASONS && read_number(value, &r->value)
           && read_time(time, shift_us, &r->time_us);
}

static bool read_item(json_t *json, struct gw_summary_item *ret)
{
    const char *metric = NULL;
    json_t *numbers[5] = {NULL};
    json_int_t count = 0;
    if (json_unpack(json, "[s, o, o, o, o, o, I]", &metric, &numbers[0], &numbers[1],
                    &numbers[2], &numbers[3], &numbers[4], &count)
        < 0)
        return false;
    if (strlen(metric) >= sizeof(ret->metric))
        return false;
    text_copy(ret->metric, sizeof(ret->metric), metric);
    ret->count = (uint32_t)count;
    return count >= 0 && count <= UINT32_MAX && read_number(numbers[0], &ret->min)
           && read_number(numbers[1], &ret->mean) && read_number(numbers[2], &ret->max)
           && read_number(numbers[3], &ret->last) && read_number(numbers[4], &ret->valid);
}

static bool read_summary(struct undated_form *form, json_t *json, int64_t shift_us)
{
    struct gw_summary *s = &form->record.summary;
    const char *object = NULL;
    json_int_t start = 0;
    json_int_t period = 0;
    json_t *items = NULL;
    if (json_unpack(json, "{s:s, s:I, s:I, s:o}", "object", &object, "start", &start,
                    "period", &period, "items", &items)
        < 0)
        return false;
    size_t count = json_array_size(items);
    form->items = count <= PARTS_MAX ? calloc(count + 1, sizeof(*form->items)) : NULL;
    bool is_good = form->items && read_id(object, s->object) && period > 0
                   && read_time(start, shift_us, &s->start_us)
                   && read_time(period, 0, &s->period_us);
    for (size_t i = 0; i < count && is_good; i++)
        is_good = read_item(json_array_get(items, i), &form->items[i]);
    s->items = form->items;
    s->count = count;
    form->record.kind = GW_RECORD_SUMMARY;
    return is_good;
}

static bool read_value(json_t *json, struct gw_fact_value *ret)
{
    json_t *value = NULL;
    if (json_unpack(json, "[s, o]", &ret->name, &value) < 0)
        return false;
    ret->text = json_string_value(value);
    return ret->text || read_number(value, &ret->value);
}

static bool read_values(struct undated_form *form, const json_t *values)
{
    struct gw_fact *f = &form->record.fact;
    f->count = json_array_size(values);
    form->values =
        f->count <= PARTS_MAX ? calloc(f->count + 1, sizeof(*form->values)) : NULL;
    f->values = form->values;
    bool is_good = form->values;
    for (size_t i = 0; i < f->count && is_good; i++)
        is_good = read_value(json_array_get(values, i), &form->values[i]);
    return is_good;
}

static bool read_fact(struct undated_form *form, json_t *json, int64_t shift_us)
{
    struct gw_fact *f = &form->record.fact;
    json_int_t start = 0;
    json_int_t end = 0;
    json_int_t time = 0;
    int stays = 0;
    int period = 0;
    int revision = 0;
    json_t *values = NULL;
    json_t *completeness = NULL;
    if (json_unpack(json, "{s:s, s?s, s:s, s:I, s:I, s:I, s:o, s:o, s:b, s:i, s:i}",
                    "kind", &f->kind, "rule", &f->rule, "object", &f->object, "start",
                    &start, "end", &end, "time", &time, "values", &values, "completeness",
                    &completeness, "stays", &stays, "period", &period, "revision",
                    &revision)
        < 0)
        return false;
    f->stays = stays != 0;
    f->period = (enum gw_period)period;
    f->revision = (uint32_t)revision;
    form->record.kind = GW_RECORD_FACT;
    return period >= GW_PERIOD_NONE && period <= GW_PERIOD_MONTH && revision >= 0
           && read_time(start, shift_us, &f->start_us)
           && read_time(end, shift_us, &f->end_us)
           && read_time(time, shift_us, &f->time_us)
           && read_number(completeness, &f->completeness) && read_values(form, values);
}

static bool read_form(struct undated_form *form, int64_t shift_us)
{
    json_t *json = json_object_get(form->json, "reading");
    form->record.flags =
        (uint32_t)json_integer_value(json_object_get(form->json, "flags"));
    if (json)
        return read_reading(form, json, shift_us);
    json = json_object_get(form->json, "summary");
    if (json)
        return read_summary(form, json, shift_us);
    json = json_object_get(form->json, "fact");
    return json && read_fact(form, json, shift_us);
}

int undated_form_read(const char *text, int64_t shift_us, struct undated_form **ret)
{
    struct undated_form *form = calloc(1, sizeof(*form));
    if (!form)
        return -ENOMEM;
    form->json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (!form->json || !read_form(form, shift_us)) {
        undated_form_free(form);
        return -EINVAL;
    }
    *ret = form;
    return 0;
}

const struct gw_record *undated_form_record(const struct undated_form *form)
{
    return &form->record;
}

struct undated_form *undated_form_free(struct undated_form *form)
{
    if (!form)
        return NULL;
    json_decref(form->json);
    free(form->items);
    free(form->values);
    free(form);
    return NULL;
}
