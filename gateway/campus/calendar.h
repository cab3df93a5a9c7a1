/* calendar.h - holidays, make-up days and examinations by date.
 * Immutable once loaded.  Thread: any. */
#ifndef CAMPUS_CALENDAR_H
#define CAMPUS_CALENDAR_H

#include "config/schema.h"
#include "gw/campus.h"

/* calendar_span - days since 1970-01-01, both ends included. */
struct calendar_span {
    int64_t from;
    int64_t to;
    enum gw_day_kind kind;
    struct config_mark mark;
};

/* calendar - spans in order, none over another. */
struct calendar {
    struct calendar_span *spans;
    size_t count;
};

extern const struct gw_option calendar_options[];

/* calendar_load - the section; faults are added.  Lives in the arena. */
void calendar_load(struct config_source *src, const struct config_node *node,
                   struct calendar *ret);

enum gw_day_kind calendar_day(const struct calendar *c, int64_t day);

/* calendar_run - the first and last day of the span that @day is in; without one, @day
 * itself. */
struct calendar_run {
    int64_t first;
    int64_t last;
};
struct calendar_run calendar_run(const struct calendar *c, int64_t day);

#endif
