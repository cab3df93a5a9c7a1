/* eye.h - the plugin's instance, and the parts that work on it.  Thread: the
 * pipeline's. */
#ifndef EYE_HEALTH_EYE_H
#define EYE_HEALTH_EYE_H

#include "options.h"
#include "eye_room.h"
#include "screen.h"

/* route - where a point's readings go; sorted by point. */
struct route {
    uint32_t point;
    uint32_t room;
    uint32_t input;
};

/* screen_minutes - of lessons: all, those of which it is known whether a panel was on,
 * and those with one on. */
struct screen_minutes {
    uint32_t lessons;
    uint32_t known;
    uint32_t on;
};

/* class_screen - kept but for what the start knows.
 * told_day, told_week  shares; NAN: not known */
struct class_screen_kept {
    int64_t midnight_us;
    int64_t monday_us;
    struct screen_minutes day;
    struct screen_minutes week;
    double told_day;
    double told_week;
    uint32_t is_told;
    uint32_t unused;
};
struct class_screen {
    const struct gw_class *class;
    struct figure day;
    struct figure week;
    struct class_screen_kept kept;
    bool is_changed;
};

/* school_kept - what was told of the school last.
 * month       100 * year + month that runs */
struct school_kept {
    int64_t told_midnight_us;
    uint32_t month;
    uint32_t unused;
    double told[LESSON_QUANTITIES];
    double lamps_told;
};

/* eye - options first: the core fills them.
 * heard_us    the last minute before this one; GW_TIME_NONE: none yet
 * is_restored the first minute after a start is still to come */
struct eye {
    struct eye_options options;
    struct gw_rows calibrations;
    struct gw_rows co2_sensors;
    struct gw_rows screens;
    struct gw_host *host;
    const struct gw_campus *campus;
    struct eye_room *rooms;
    size_t room_count;
    struct input *inputs;
    struct route *routes;
    size_t route_count;
    struct class_screen *classes;
    size_t class_count;
    struct figure school[LESSON_QUANTITIES];
    struct figure lamps;
    struct school_kept kept;
    uint32_t hours; /* bits of enum gw_phase_kind: school_hours */
    struct gw_local today;
    int64_t today_us; /* its midnight */
    int64_t heard_us;
    bool is_restored;
};

/* The key under which heard_us is kept. */
extern const char eye_heard_key[];

/* eye_today - the date of @time_us. */
const struct gw_local *eye_today(struct eye *e, int64_t time_us);

/* eye_minute - when the minute that runs at @time_us began, or that ends then; the first
 * one after the clock was set has 30 to 90 s. */
int64_t eye_minute(const struct eye *e, int64_t time_us);

/* eye_clock_step - the clock was set by @delta_us and is now @time_us.  Minutes, tests
 * and means go on, under the day's right name; of the lesson that runs, what was seen
 * under other bells is unknown. */
void eye_clock_step(struct eye *e, int64_t delta_us, int64_t time_us);

/* eye_has_begun - a day (its midnight) that is today's, or tomorrow's that has begun once
 * before the clock was set back. */
bool eye_has_begun(int64_t day_us, int64_t midnight_us);

/* eye_next_midnight - the end of the day that begins at @midnight_us. */
int64_t eye_next_midnight(const struct eye *e, int64_t midnight_us);

/* eye_rename_day - the clock was set from @before_us to @after_us: a day (its midnight)
 * that is today's, or yesterday's that the first minute has yet to close, under its
 * right name. */
void eye_rename_day(const struct eye *e, int64_t *day_us, int64_t before_us,
                    int64_t after_us);

/* eye_find - rooms, inputs, routes; derives and watches.  0 or gw_fail(); eye_done()
 * releases them, also half found. */
int eye_find(struct eye *e, struct gw_error *err);
void eye_done(struct eye *e);

/* eye_check - what the option lists name is there.  0 or gw_fail() */
int eye_check(const struct eye *e, struct gw_error *err);

/* eye_room_at - at @place, or NULL; eye_route - of @point, or NULL. */
struct eye_room *eye_room_at(const struct eye *e, const char *place);
const struct route *eye_route(const struct eye *e, uint32_t point);

/* eye_take - a reading of an input: derives from it, and holds it. */
void eye_take(struct eye *e, struct eye_room *room, struct input *input,
              const struct gw_reading *reading);

/* What a full minute that ends at @time_us gives in @room. */
void air_minute(struct eye *e, struct eye_room *room, int64_t time_us);
void lesson_minute_end(struct eye *e, struct eye_room *room, int64_t time_us);
void lamp_room_minute(struct eye *e, struct eye_room *room, int64_t time_us);

/* The clock was set by @delta_us and is now @time_us. */
void lesson_clock_step(const struct eye *e, struct eye_room *room, int64_t delta_us);
void lamp_room_clock_step(struct eye *e, struct eye_room *room, int64_t delta_us,
                          int64_t time_us);
void screens_rename(struct eye *e, int64_t before_us, int64_t after_us);
void day_rename(struct eye *e, int64_t before_us, int64_t after_us);

/* The test that runs, and the last one's result. */
void lamp_room_save(struct eye *e, const struct eye_room *room);
void lamp_room_load(struct eye *e, struct eye_room *room);
void lamp_room_tell_again(struct eye *e, struct eye_room *room, int64_t time_us);

/* The shares of screens, by class. */
int screens_find(struct eye *e, struct gw_error *err);
void screens_load(struct eye *e);
void screens_tell_again(struct eye *e, int64_t time_us);
void screens_minute(struct eye *e, int64_t time_us);
void screens_save(struct eye *e);

/* The day's figures of rooms and school, and the month's of its lamps. */
int day_find(struct eye *e, struct gw_error *err);
void day_load(struct eye *e);
void day_tell_again(struct eye *e, int64_t time_us);
void day_begin(struct eye *e, int64_t time_us);
void day_minute(struct eye *e, int64_t time_us);

/* eye_day_is_due - day_at is past in the day of the minute that ends at @time_us. */
bool eye_day_is_due(const struct eye *e, int64_t time_us);

#endif
