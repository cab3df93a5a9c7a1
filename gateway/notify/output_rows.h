/* output_rows.h - the section `outputs:` as read and checked.  Thread: main. */
#ifndef NOTIFY_OUTPUT_ROWS_H
#define NOTIFY_OUTPUT_ROWS_H

#include "notify/outputs.h"

enum { OUTPUT_ROWS_MAX = 64 }; /* bits of a mask */

/* Until when an unacknowledged alarm asks for its output. */
enum output_until { OUTPUT_UNTIL_ACKNOWLEDGED, OUTPUT_UNTIL_RETURNED };

/* output_row - one word on its way to points.
 * places, kinds, tags   of the alarm's object; none given = of any object
 * severities            bits of enum gw_severity
 * on_for_us             0 = without an end */
struct output_row {
    const char *name;
    struct gw_strings point_names;
    struct gw_strings places;
    struct gw_strings kinds;
    struct gw_strings tags;
    struct gw_strings severity_names;
    int until;
    int64_t on_for_us;
    uint32_t severities;
    const struct point_entry **points;
    size_t point_count;
    struct config_mark mark;
};

struct output_rows {
    struct output_row *items;
    size_t count;
};

/* output_rows_read - everything in @arena; faulty rows are left out.
 * returns 0 or -ENOMEM */
int output_rows_read(const struct outputs_setup *setup, struct arena *arena,
                     struct config_faults *faults, struct output_rows *ret);

/* output_place - where the alarms about @object are: itself, its class's room, its
 * device's place; NULL = nowhere. */
const struct gw_place *output_place(const struct outputs_setup *setup,
                                    const char *object);

/* output_rows_doubt - warns of rows that leave a place without what it is to hear, or
 * stay on for less than they say. */
void output_rows_doubt(const struct outputs_setup *setup, struct config_faults *faults,
                       const struct output_rows *rows);

/* output_row_fits - @row is meant for an alarm of @severity about an object in @place
 * (NULL: about none). */
bool output_row_fits(const struct output_row *row, enum gw_severity severity,
                     const struct gw_place *place);

#endif
