/* school.h - what is behind struct gw_campus; for this folder only.
 * Immutable once loaded, but for the day book.  Thread: any. */
#ifndef CAMPUS_SCHOOL_H
#define CAMPUS_SCHOOL_H

#include "base/hash.h"
#include "campus/bells.h"
#include "campus/calendar.h"
#include "campus/day_book.h"
#include "campus/subjects.h"
#include "campus/timetable.h"
#include "campus/zone.h"
#include "config/config.h"
#include "gw/campus.h"

/* school_stage - primary, junior, senior: what its classes share.
 * limit       pupils a class, by the policy; 0 = none stated
 * first_lesson_s, lights_out_s  that the policy permits; 0 = none stated
 * service_from_s, service_until_s  when after-school service may end; 0 = none stated
 * node        what is said of it under `stages`, NULL = nothing
 * seasons     by season: bells instead of these, empty = these */
struct school_stage {
    uint32_t limit;
    int32_t first_lesson_s;
    int32_t lights_out_s;
    int32_t service_from_s;
    int32_t service_until_s;
    const struct config_node *node;
    struct bells bells;
    struct bells *seasons;
    bool is_limit_told; /* that it lacks one, or has a wrong one */
    bool are_bells_told;
    bool is_first_lesson_told;
    bool is_lights_out_told;
    bool is_service_told;
};

/* Strings and lists live in the configuration's arena. */
struct gw_campus {
    struct zone *zone;
    struct school_stage stages[GW_STAGES];
    enum gw_stage stage; /* of the school */
    bool has_bells;      /* else every moment is closed */
    struct seasons seasons;
    struct calendar calendar;
    struct gw_school school;
    struct subjects subjects;
    struct timetable timetable;
    struct day_book *book;
    struct gw_place *places;
    size_t place_count;
    struct text_map *place_ids;
    struct gw_class *classes;
    size_t class_count;
    bool *withheld; /* by class */
    struct text_map *class_ids;
    struct text_map *place_names; /* folded: ids and titles */
    struct text_map *class_names;
};

extern const char *const stage_names[]; /* NULL-terminated, for GW_OPT_ENUM */
extern const struct gw_option place_options[];
extern const struct gw_option class_options[];
extern const struct gw_option season_options[];
extern const struct gw_option school_options[];
extern const struct gw_option by_stage_options[]; /* a node a stage, by enum gw_stage */

/* Each reads its section of campus.yaml; faults are added.  Classes after stages.
 * 0 or -ENOMEM. */
int places_load(struct gw_campus *c, struct config_source *src,
                const struct config *config);
int classes_load(struct gw_campus *c, struct config_source *src,
                 const struct config *config);

/* stages_doubt - warns of figures of a stage that are not in order with the next one's;
 * after classes. */
void stages_doubt(const struct gw_campus *c, struct config_source *src);

/* seasons_load - the list @list; after the stages' bells and the calendar. */
void seasons_load(struct gw_campus *c, struct config_source *src,
                  const struct config_node *list);

/* school_load - the figures of section school @node, NULL = there is none; after
 * classes. */
void school_load(struct gw_campus *c, struct config_source *src,
                 const struct config *config, const struct config_node *node);

/* small_classes_load - whose figures do not leave; after the school's.  0 or -ENOMEM. */
int small_classes_load(struct gw_campus *c, struct config_source *src);

/* subjects_place - their places must be places; faults are added. */
void subjects_place(struct gw_campus *c, struct config_source *src,
                    const struct config *config, const struct config_node *list);

/* subject_is_taught - class @class (an index) has @subject (an index) in its week.
 * subject_is_near - another class of the stage has, whose grade is at most @reach beside
 * that of @class; nobody knows of one whose title says no grade, so it counts as near. */
bool subject_is_taught(const struct gw_campus *c, size_t class, uint32_t subject);
bool subject_is_near(const struct gw_campus *c, size_t class, uint32_t subject,
                     int reach);

/* campus_class_index - or UINT32_MAX. */
uint32_t campus_class_index(const struct gw_campus *c, const char *id);

/* place_has_lessons - classes are taught in such a place, by the catalogue; and what is
 * said of a lesson where none are: the place and its kind; and of a room that is too
 * small for a class: the room, its seats, the class, its pupils. */
#define PLACE_WITHOUT_LESSONS \
    "a lesson in '%s', a %s (wanted: a room where lessons are taught)"
#define ROOM_TOO_SMALL                                                                 \
    "'%s' holds %u, and class '%s' has %u enrolled (wanted: a room for the class, or " \
    "the capacity put right)"
bool place_has_lessons(const struct config *config, const struct gw_place *place);

/* place_is_single - a lesson of a subject of @kind has @place to itself: a sports ground
 * takes several classes at a time, and so does what is taught out of doors. */
bool place_is_single(const struct config *config, const struct gw_place *place,
                     enum gw_subject_kind kind);

/* school_bells - of @stage on local @day; NULL when none ring. */
const struct bells *school_bells(const struct gw_campus *c, enum gw_stage stage,
                                 int64_t day);

/* school_season - the id of the season that @day is in, NULL = none. */
const char *school_season(const struct gw_campus *c, int64_t day);

/* school_lessons - how many lessons a day of @stage has, in the season of the terms (or
 * of the year) that has the fewest: *@ret_season, NULL = the ordinary bells. */
uint32_t school_lessons(const struct gw_campus *c, enum gw_stage stage,
                        const char **ret_season);

/* lessons_of_week - what the week's timetable has for lesson @number of @day.
 * returns false: nobody knows */
bool lessons_of_week(const struct gw_campus *c, const char *class_id, int64_t day,
                     uint32_t number, struct day_change *ret);

/* school_day, school_second - the local day of @time_us, and the second of it;
 * school_time - when second @second_s of @day is. */
int64_t school_day(const struct gw_campus *c, int64_t time_us);
int64_t school_second(const struct gw_campus *c, int64_t time_us, int32_t *ret_second_s);
int64_t school_time(const struct gw_campus *c, int64_t day, int32_t second_s);

#endif
