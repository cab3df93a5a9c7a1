/* app_outputs.c - each output: what it should be, and what its device says that it is,
 * for the status and for output_states. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "app.h"
#include "http/resource.h"
#include "points/condition.h"

/* The device's own word, read back. */
static struct gw_reading latest(struct point_table *points, uint32_t point)
{
    struct gw_reading reading = {.quality = GW_BAD, .reason = GW_REASON_UNSEEN};
    size_t index = point_table_index(points, point);
    if (index != POINT_NOWHERE)
        (void)point_table_snapshot(points, index, &reading, 1);
    return reading;
}

/* What was taken is in doubt while its device is silent. */
static json_t *fault_json(const struct output_row *row, const struct gw_reading *reading)
{
    enum gw_reason reason = (enum gw_reason)reading->reason;
    if (row->fault[0] || !condition_is_failure(reason))
        return json_string(row->fault);
    return json_sprintf("its device is silent or failed (bad: %s)",
                        gw_reason_name(reason));
}

static json_t *output_json(const struct live *live, const struct output_row *row)
{
    struct point_table *points = pipeline_points(live->pipeline);
    const struct gw_campus *campus = live->settings->campus;
    const struct point_entry *entry = point_table_find(points, row->point);
    const struct gw_place *place = entry ? gw_campus_place(campus, entry->object) : NULL;
    const struct gw_reading reading = latest(points, row->point);
    double value = reading.quality == GW_GOOD ? reading.value : (double)NAN;
    return json_pack("{s:s, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "point", row->name,
                     "device", resource_string(entry ? entry->device : NULL),
                     "place_title", place ? resource_title(&place->title) : json_null(),
                     "on", row->is_on, "taken", row->is_taken, "value",
                     resource_number(value), "since",
                     resource_time(row->since_us, campus_offset_s(campus, row->since_us)),
                     "fault", fault_json(row, &reading));
}

json_t *app_outputs(struct app *app)
{
    const struct live live = live_now(app);
    json_t *list = json_array();
    struct output_row *rows = calloc(OUTPUT_STATES_MAX, sizeof(*rows));
    size_t count = rows ? output_states_rows(app->outputs, rows, OUTPUT_STATES_MAX) : 0;
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, output_json(&live, &rows[i]));
    free(rows);
    return list;
}

/* A longest time that is over is no relay that forgets: whoever ended it has the last
 * word. */
static bool ends_by_itself(const struct live *live, uint32_t point)
{
    const struct point_entry *entry =
        point_table_find(pipeline_points(live->pipeline), point);
    return entry && entry->config
           && config_longest_on(live->settings->config, entry->config) > 0;
}

static void read_output(struct app *app, const struct live *live,
                        const struct output_row *row)
{
    const struct gw_reading reading = latest(pipeline_points(live->pipeline), row->point);
    bool is_on = reading.value != 0;
    if (reading.quality != GW_GOOD)
        return;
    if (row->is_on && !is_on && ends_by_itself(live, row->point))
        return;
    output_states_read(app->outputs, row->point, is_on, reading.mono_us);
}

void app_read_outputs(struct app *app)
{
    const struct live live = live_now(app);
    struct output_row *rows = calloc(OUTPUT_STATES_MAX, sizeof(*rows));
    size_t count = rows ? output_states_rows(app->outputs, rows, OUTPUT_STATES_MAX) : 0;
    for (size_t i = 0; i < count; i++)
        read_output(app, &live, &rows[i]);
    free(rows);
}
