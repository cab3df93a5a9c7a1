#include "http/history_values.h"

#include "base/clock.h"
#include "http/csv_line.h"
#include "http/resource.h"

json_t *history_readings_json(const struct gw_reading *readings, size_t count,
                              int offset_s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct gw_reading *reading = &readings[i];
        json_t *row = json_pack(
            "{s:o, s:o, s:s}", "t", resource_time(reading->time_us, offset_s), "v",
            resource_number(reading->value), "q", gw_quality_name(reading->quality));
        if (reading->quality != GW_GOOD)
            (void)json_object_set_new(row, "reason",
                                      json_string(gw_reason_name(reading->reason)));
        (void)json_array_append_new(list, row);
    }
    return list;
}

/* By how much a counter rose in value @i, NAN = not known. */
static double increase_of(const struct trend *trend, size_t i)
{
    const struct aggregate *a = &trend->values[i].aggregate;
    while (i > 0 && !aggregate_has_value(&trend->values[i - 1].aggregate))
        i--;
    return i > 0 ? a->last - trend->values[i - 1].aggregate.last + a->fall : (double)NAN;
}

/* How much of the time that it was known it was not zero. */
static double active_of(const struct aggregate *a)
{
    return a->valid_ms > 0 ? (double)a->active_ms / a->valid_ms : (double)NAN;
}

static double valid_of(const struct trend *trend, size_t i)
{
    return (double)trend->values[i].aggregate.valid_ms * 1000 / (double)trend->step_us;
}

json_t *history_values_json(const struct trend *trend, enum config_metric_kind kind,
                            int offset_s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < trend->count; i++) {
        const struct aggregate *a = &trend->values[i].aggregate;
        json_t *row = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "t",
                                resource_time(trend->values[i].start_us, offset_s), "n",
                                (json_int_t)a->count, "min", resource_number(a->min),
                                "mean", resource_number(a->mean), "max",
                                resource_number(a->max), "last", resource_number(a->last),
                                "valid", resource_number(valid_of(trend, i)));
        if (kind == METRIC_COUNTER)
            (void)json_object_set_new(row, "increase",
                                      resource_number(increase_of(trend, i)));
        if (kind == METRIC_STATE)
            (void)json_object_set_new(row, "active", resource_number(active_of(a)));
        (void)json_array_append_new(list, row);
    }
    return list;
}

static void csv_time(struct csv_line *row, int64_t time_us, int offset_s)
{
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, offset_s, text);
    csv_line_text(row, text);
}

void history_readings_csv(const struct gw_reading *readings, size_t count, int offset_s,
                          struct strbuf *out)
{
    strbuf_add(out, "time,value,quality\r\n");
    for (size_t i = 0; i < count; i++) {
        struct csv_line row = {.out = out};
        csv_time(&row, readings[i].time_us, offset_s);
        csv_line_number(&row,
                        readings[i].quality == GW_BAD ? (double)NAN : readings[i].value);
        csv_line_text(&row, gw_quality_name(readings[i].quality));
        csv_line_end(&row);
    }
}

void history_values_csv(const struct trend *trend, enum config_metric_kind kind,
                        int offset_s, struct strbuf *out)
{
    strbuf_add(out, "time,readings,min,mean,max,last,valid");
    strbuf_add(out, kind == METRIC_COUNTER ? ",increase\r\n"
                    : kind == METRIC_STATE ? ",active\r\n"
                                           : "\r\n");
    for (size_t i = 0; i < trend->count; i++) {
        const struct aggregate *a = &trend->values[i].aggregate;
        const double cells[] = {a->count, a->min,  a->mean,
                                a->max,   a->last, valid_of(trend, i)};
        struct csv_line row = {.out = out};
        csv_time(&row, trend->values[i].start_us, offset_s);
        for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); k++)
            csv_line_number(&row, cells[k]);
        if (kind == METRIC_COUNTER)
            csv_line_number(&row, increase_of(trend, i));
        if (kind == METRIC_STATE)
            csv_line_number(&row, active_of(a));
        csv_line_end(&row);
    }
}
