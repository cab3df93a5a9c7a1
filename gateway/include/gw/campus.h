/* campus.h - the school as plugins see it: places, classes, phases, lessons, the day
 * book, local time.
 *
 * Read-only.  Immutable between reloads but for the day book: what people enter about
 * one day (a lesson swapped, leave, attendance, an exemption).  Thread: any.
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
    int stage; /* whose bells it follows without a class; GW_STAGES = the school's */
};

struct gw_class {
    const char *id; /* "2024-P-01" */
    enum gw_stage stage;
    uint32_t enrolled;
    uint32_t staff; /* adults usually in the room */
    uint32_t limit; /* pupils the policy allows; from the stage unless stated */
    const char *place_id;
    struct gw_text title; /* "三年级一班"; the id where none is stated */
};

/* Where a subject is taught: in the class's own room, out of doors, or in a special
 * room. */
enum gw_subject_kind { GW_SUBJECT_ROOM, GW_SUBJECT_OUTDOOR, GW_SUBJECT_SPECIAL };

/* gw_lesson - one lesson of a class on one day, [start_us, end_us), UTC.
 *
 * subject     id, or NULL: the class is in school but nobody said what is taught (no
 *             timetable)
 * place_id    where it is taught, or NULL when nobody said
 * number      1.. within the day, as in gw_phase
 * is_changed  not as the week's timetable has it */
struct gw_lesson {
    const char *class_id;
    const char *subject;
    enum gw_subject_kind subject_kind;
    const char *place_id;
    uint32_t number;
    int64_t start_us;
    int64_t end_us;
    bool is_changed;
};

/* gw_class_day - what was entered of a class and a local day, pupils; NAN = nobody said.
 * leave       declared absent
 * entered     present, by the class teacher's count */
struct gw_class_day {
    double leave;
    double entered;
};

/* Bits of gw_campus_exempt(): nobody is asked to be out of doors. */
enum { GW_EXEMPT_RAIN = 1u << 0, GW_EXEMPT_POLLUTION = 1u << 1 };

/* gw_school - figures of the school as a whole.
 *
 * enrolled      pupils, of all classes unless stated
 * pressure_hpa  mean station pressure; from the altitude unless stated, NAN without both
 * first_lesson_s, lights_out_s  the earliest first lesson and the latest lights-out that
 *               the policy permits, seconds since midnight, -1 = none stated
 * exercise_min  minutes of exercise a day to reach
 * smallest_group  figures of fewer pupils than that do not leave the school */
struct gw_school {
    enum gw_stage stage;
    bool is_nine_year;
    bool is_built_after_policy;
    uint32_t enrolled;
    double altitude_m;
    double pressure_hpa;
    int32_t first_lesson_s[GW_STAGES];
    int32_t lights_out_s[GW_STAGES];
    uint32_t exercise_min;
    uint32_t smallest_group;
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

/* gw_place_has_tag - @tag is among its tags. */
bool gw_place_has_tag(const struct gw_place *place, const char *tag);

/* gw_campus_places - all of them, in configuration order; @ret_count. */
const struct gw_place *gw_campus_places(const struct gw_campus *campus,
                                        size_t *ret_count);
const struct gw_class *gw_campus_classes(const struct gw_campus *campus,
                                         size_t *ret_count);

/* gw_campus_phase - the phase of @object (a place or class, NULL = the school) at
 * @time_us (school time, UTC microseconds).  Always answers. */
struct gw_phase gw_campus_phase(const struct gw_campus *campus, const char *object,
                                int64_t time_us);

/* gw_campus_stages - bits 1 << stage of those that have classes; without any class of the
 * school's own.
 * gw_campus_stage_phase - the phase of such a stage. */
uint32_t gw_campus_stages(const struct gw_campus *campus);
struct gw_phase gw_campus_stage_phase(const struct gw_campus *campus, enum gw_stage stage,
                                      int64_t time_us);

/* gw_campus_phases - the phases of @time_us's local day in order, the first from before
 * midnight and the last beyond it where they are so.  Copies at most @max.
 * returns how many there are. */
size_t gw_campus_phases(const struct gw_campus *campus, const char *object,
                        int64_t time_us, struct gw_phase *ret, size_t max);

/* gw_campus_rush - pupils come: for @arrival_us before the first lesson or after-school
 * service of @time_us's local day; or they go: for @departure_us after the last one.  Who
 * stays for evening study lives there. */
bool gw_campus_rush(const struct gw_campus *campus, const char *object, int64_t time_us,
                    int64_t arrival_us, int64_t departure_us);

/* gw_campus_lessons - the lessons of @class_id on @time_us's local day in order, swaps
 * and substitutions applied; none on a day of examinations, nor on a make-up day of no
 * known weekday.  Copies at most @max.  returns how many there are. */
size_t gw_campus_lessons(const struct gw_campus *campus, const char *class_id,
                         int64_t time_us, struct gw_lesson *ret, size_t max);

/* gw_campus_lesson - the one of @class_id going on at @time_us; gw_campus_taught - the
 * one going on in @place_id, of the class at home there or else of a guest.
 * returns false when there is none */
bool gw_campus_lesson(const struct gw_campus *campus, const char *class_id,
                      int64_t time_us, struct gw_lesson *ret);
bool gw_campus_taught(const struct gw_campus *campus, const char *place_id,
                      int64_t time_us, struct gw_lesson *ret);

/* gw_campus_class_day - of @time_us's local day. */
struct gw_class_day gw_campus_class_day(const struct gw_campus *campus,
                                        const char *class_id, int64_t time_us);

/* gw_campus_is_withheld - figures of @class_id alone do not leave the school: it has
 * fewer pupils than the smallest group, or it stands in for one that has, so that no
 * total less the other classes tells of it.  Two classes or more of a smallest group
 * together, or all; none without a small one. */
bool gw_campus_is_withheld(const struct gw_campus *campus, const char *class_id);

/* gw_campus_exempt - the exemptions at @time_us, GW_EXEMPT_*. */
uint32_t gw_campus_exempt(const struct gw_campus *campus, int64_t time_us);

const struct gw_school *gw_campus_school(const struct gw_campus *campus);

enum gw_day_kind gw_campus_day(const struct gw_campus *campus, int64_t time_us);

/* gw_campus_local, gw_campus_midnight - the school's zone; midnight is the start
 * of @time_us's local day. */
struct gw_local gw_campus_local(const struct gw_campus *campus, int64_t time_us);
int64_t gw_campus_midnight(const struct gw_campus *campus, int64_t time_us);

/* gw_campus_crosses_midnight - a clock that showed @before_us and was set to @after_us
 * passed a midnight, forward or back, at most an hour from both: the days change as they
 * do by themselves.  A longer step renames the day that runs. */
bool gw_campus_crosses_midnight(const struct gw_campus *campus, int64_t before_us,
                                int64_t after_us);

const char *gw_phase_name(enum gw_phase_kind kind);
const char *gw_stage_name(enum gw_stage stage);
const char *gw_day_name(enum gw_day_kind kind); /* "school", "make_up", … */
const char *gw_subject_kind_name(enum gw_subject_kind kind);

#endif
