/* points.c - the latest reading of every point. */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "http/resource.h"
#include "http/server.h"

/* points_state - the word of a state metric's number, NULL = a number it is. */
static const char *points_state(const struct config_metric *metric, double value)
{
    for (size_t i = 0; i < metric->states.count; i++)
        if (metric->states.values[i] == value)
            return metric->states.keys[i];
    return NULL;
}

static json_t *point_json(const struct point_entry *entry,
                          const struct gw_reading *reading, int offset_s)
{
    const struct config_metric *metric = entry->metric;
    json_t *point = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:o}", "id",
        (json_int_t)entry->id, "name", entry->name, "object", entry->object, "metric",
        metric->name, "unit", metric->unit ? metric->unit : "", "title",
        resource_title(&metric->title), "device", resource_string(entry->device), "value",
        resource_number(reading->quality == GW_BAD ? NAN : reading->value), "q",
        gw_quality_name(reading->quality), "reason", gw_reason_name(reading->reason), "t",
        resource_time(reading->time_us, offset_s));
    if (metric->states.count > 0 && reading->quality != GW_BAD)
        (void)json_object_set_new(point, "state",
                                  resource_string(points_state(metric, reading->value)));
    return point;
}

/* points_write - point by point, so that 5,000 of them are one text and no tree. */
static void points_write(struct strbuf *out, const struct http_sources *sources,
                         const char *glob)
{
    size_t count = point_table_count(sources->points);
    struct gw_reading *readings = calloc(count + 1, sizeof(*readings));
    size_t copied =
        readings ? point_table_snapshot(sources->points, 0, readings, count) : 0;
    out->has_failed = out->has_failed || !readings;
    size_t shown = 0;
    for (size_t i = 0; i < copied; i++) {
        const struct point_entry *entry = point_table_entry(sources->points, i);
        if (*glob && fnmatch(glob, entry->name, 0) != 0)
            continue;
        json_t *point = point_json(entry, &readings[i], sources->offset_s);
        char *text = json_dumps(point, JSON_COMPACT | JSON_REAL_PRECISION(12));
        strbuf_add(out, shown++ ? "," : "");
        strbuf_add(out, text ? text : "null");
        free(text);
        json_decref(point);
    }
    free(readings);
    strbuf_format(out, "],\"shown\":%zu,\"total\":%zu}", shown, copied);
}

void points_answer(struct request *request, struct reply *reply)
{
    char glob[REQUEST_VALUE_MAX] = "";
    (void)request_value(request, "glob", glob);

    struct strbuf out = {0};
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    strbuf_add(&out, "{\"points\":[");
    points_write(&out, &hold.sources, glob);
    sources_done(&request->http->sources, &hold);
    size_t size = out.used;
    reply_text(reply, "application/json", strbuf_take(&out), size);
}
