/* summary.h - every gauge over each quarter of an hour, one record an object.
 *
 * Quarters are aligned to UTC.  A minute's value is the mean of its good readings, or
 * the good value that held through it; the quarter's mean is that of its minutes, so
 * that a burst of readings weighs no more than a quiet minute.  Minima and maxima are
 * of readings and held values.  A metric without one valid minute is left out, an object
 * without metrics too.  After a restart the share of valid minutes is lower; nothing is
 * invented.  Thread: the pipeline's.
 */
#ifndef POINTS_SUMMARY_H
#define POINTS_SUMMARY_H

#include "gw/record.h"
#include "points/point_table.h"

struct summary;

#define SUMMARY_PERIOD_US INT64_C(900000000)

/* summary_new - of the gauges that @points has now; @emit gets GW_RECORD_SUMMARY. */
int summary_new(const struct point_table *points,
                void (*emit)(void *ctx, const struct gw_record *record), void *ctx,
                struct summary **ret);
struct summary *summary_free(struct summary *s);

/* summary_restart - forgets the running quarter (start, or a stepped clock). */
void summary_restart(struct summary *s);

/* summary_take_over - the running minute and quarter of @old's gauges; @from as
 * condition_take_over() has it. */
void summary_take_over(struct summary *s, const struct summary *old, const size_t *from);

void summary_reading(struct summary *s, const struct gw_reading *reading);

/* summary_minute - the minute that ends at @time_us is complete; at the end of a quarter
 * emits it, objects and metrics in the order of the point table. */
void summary_minute(struct summary *s, int64_t time_us);

#endif
