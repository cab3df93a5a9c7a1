/* condition.h - raw samples into readings: units, range, quality, staleness.
 *
 * A reading whose quality is bad carries NAN.  Counters keep the device's own total.
 * Thread: the pipeline's.
 */
#ifndef POINTS_CONDITION_H
#define POINTS_CONDITION_H

#include "points/point_table.h"

struct condition;

/* condition_is_failure - the point is silent, or its device or bus says that it cannot
 * be had; a value out of range is another matter. */
bool condition_is_failure(enum gw_reason reason);

/* condition_new - for the entries that @points has now; derived ones pass untouched.
 * Owner: caller; condition_free() before the table */
int condition_new(const struct point_table *points, struct condition **ret);
struct condition *condition_free(struct condition *c);

/* condition_keep - how long each point may still be silent at the stop at @time_us, as
 * bytes; caller frees.  While nobody listens nobody is silent.  returns 0 or -ENOMEM */
int condition_keep(const struct condition *c, int64_t time_us, void **ret,
                   size_t *ret_size);

/* condition_read_log - what comes is the log's: a point that is silent there may have
 * said the same again and again, and longest_silence is allowed beside its stale time. */
void condition_read_log(struct condition *c);

/* condition_restore - what was kept; before condition_start(), which takes it up.
 * returns 0, -EINVAL unknown form, -ENOMEM */
int condition_restore(struct condition *c, const void *bytes, size_t size);

/* condition_heard - what the device of the point at @index said last, under an OFFLINE of
 * its bus too.
 * condition_hear - beside or after condition_restore(): so long it may still be silent,
 * by @old, which ended at @time_us; of one configuration, whose points come first and in
 * its order.  returns 0 or -ENOMEM */
const struct gw_reading *condition_heard(const struct condition *c, size_t index);
int condition_hear(struct condition *c, const struct condition *old, size_t index,
                   int64_t time_us);

/* condition_take_over - instead of condition_start(): the silences of @old run on, longer
 * or shorter by what the configuration says anew; @from: by index of the new table its
 * index in the old one, POINT_NOWHERE = new. */
void condition_take_over(struct condition *c, const struct condition *old,
                         const size_t *from, int64_t time_us);

/* condition_history - an older reading, in order of time, ends a silence; what is silent
 * in between comes out of condition_expire(). */
void condition_history(struct condition *c, const struct gw_reading *reading);

/* condition_start - silence counts from @time_us on. */
void condition_start(struct condition *c, int64_t time_us);

/* condition_clock_step - the clock was set by @delta_us: silences keep their length. */
void condition_clock_step(struct condition *c, int64_t delta_us);

/* condition_sample - @sample received at @time_us (school time).
 * Scale and offset; NaN, infinity and the point's invalid values are BAD DEVICE; outside
 * the metric's range or states is BAD RANGE.  A retained value is no event; without its
 * own time it is UNCERTAIN RETAINED and no sign of life, with one it is as old as that;
 * one that repeats the good value, or is older than it, is nothing new.
 * GW_RESUMED is what the point was before it was OFFLINE, or STALE when its silence has
 * become too long meanwhile; of an event it stays GW_RESUMED: state, not news.
 * returns true and *ret, or false when there is nothing to hand on (also: no such point)
 */
bool condition_sample(struct condition *c, const struct gw_sample *sample,
                      int64_t time_us, struct gw_reading *ret);

/* condition_reading - the same checks for a reading that is already in its unit. */
bool condition_reading(struct condition *c, const struct gw_reading *reading,
                       struct gw_reading *ret);

/* condition_next_due - when the next silent point becomes stale; INT64_MAX = none. */
int64_t condition_next_due(const struct condition *c);

/* condition_expire - the next point that is stale by @time_us, as a BAD STALE reading of
 * exactly the time its silence became too long.  returns false when there is none */
bool condition_expire(struct condition *c, int64_t time_us, struct gw_reading *ret);

#endif
