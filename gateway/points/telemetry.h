/* telemetry.h - which readings the county wants one by one.  Thread: the pipeline's. */
#ifndef POINTS_TELEMETRY_H
#define POINTS_TELEMETRY_H

#include "points/point_table.h"

struct telemetry;

/* telemetry_new - the points whose name matches one of @globs ("b1-*" crosses '/').
 * @every_us: 0 = each reading, else the first of every period of school time. */
int telemetry_new(const struct point_table *points, const char *const *globs,
                  size_t count, int64_t every_us, struct telemetry **ret);
struct telemetry *telemetry_free(struct telemetry *t);

/* telemetry_is_named - a point's name matches @glob. */
bool telemetry_is_named(const struct point_table *points, const char *glob);

/* telemetry_wants - NULL @t wants nothing; nobody wants an event that is given back. */
bool telemetry_wants(struct telemetry *t, const struct gw_reading *reading);

/* telemetry_take_over - the periods that @old has told already; either may be NULL.
 * @from as condition_take_over() has it. */
void telemetry_take_over(struct telemetry *t, const struct telemetry *old,
                         const size_t *from);

#endif
