/* campus.h - the school as plugins see it: places, classes, phases, local time.
 *
 * Read-only and immutable between reloads.  Thread: any.
 */
#ifndef GW_CAMPUS_H
#define GW_CAMPUS_H

#include "gw/schema.h"
#include "gw/types.h"

enum gw_stage { GW_PRIMARY, GW_JUNIOR, GW_SENIOR, GW_STAGES };

struct gw_place {
    const char *id;
    const char *kind; /* classroom, corridor, gate, dormitory, … */
    struct gw_text title;
    struct gw_strings tags;
    uint32_t capacity;    /* persons; 0 = none stated */
    const char *class_id; /* the class at home here, or NULL */
};

struct gw_class {
    const char *id; /* "2024-P-01" */
    enum gw_stage stage;
    uint32_t enrolled;
    uint32_t staff; /* adults usually in the room */
    uint32_t limit; /* pupils the policy allows; from the stage unless stated */
    const char *place_id;
};

/* What kind of day and what kind of moment it is. */
enum gw_day_kind {
    GW_DAY_SCHOOL,
    GW_DAY_WEEKEND,
    GW_DAY_HOLIDAY,
    GW_DAY_MAKE_UP,
    GW_DAY_EXAM
};

enum gw_phase_kind {
    GW_PHASE_CLOSED,
    GW_PHASE_LESSON,
    GW_PHASE_RECESS,
    GW_PHASE_LONG_RECESS,
    GW_PHASE_LUNCH,
    GW_PHASE_AFTER_SCHOOL,
    GW_PHASE_EVENING_STUDY,
    GW_PHASE_BOARDING_NIGHT,
    GW_PHASE_HOLIDAY,
    GW_PHASES
};

/* gw_phase - one stretch of the school day, [start_us, end_us), UTC.
 * lesson      1.. within the day for lessons, else 0 */
struct gw_phase {
    enum gw_phase_kind kind;
    int64_t start_us;
    int64_t end_us;
    uint32_t lesson;
};

/* gw_local - broken-down local time of the school's zone. */
struct gw_local {
    int year, month, day;     /* 2026, 1..12, 1..31 */
    int weekday;              /* 1 Monday .. 7 Sunday */
    int hour, minute, second; /* of the day */
};

struct gw_campus;

/* Lookups; NULL when there is none. */
const struct gw_place *gw_campus_place(const struct gw_campus *campus, const char *id);
const struct gw_class *gw_campus_class(const struct gw_campus *campus, const char *id);

/* gw_campus_places - all of them, in configuration order; @ret_count. */
const struct gw_place *gw_campus_places(const struct gw_campus *campus,
                                        size_t *ret_count);
const struct gw_class *gw_campus_classes(const struct gw_campus *campus,
                                         size_t *ret_count);

/* gw_campus_phase - the phase of @object (a place or class, NULL = the school) at
 * @time_us (school time, UTC microseconds).  Always answers. */
struct gw_phase gw_campus_phase(const struct gw_campus *campus, const char *object,
                                int64_t time_us);

enum gw_day_kind gw_campus_day(const struct gw_campus *campus, int64_t time_us);

/* gw_campus_local, gw_campus_midnight - the school's zone; midnight is the start
 * of @time_us's local day. */
struct gw_local gw_campus_local(const struct gw_campus *campus, int64_t time_us);
int64_t gw_campus_midnight(const struct gw_campus *campus, int64_t time_us);

const char *gw_phase_name(enum gw_phase_kind kind);
const char *gw_stage_name(enum gw_stage stage);

#endif
