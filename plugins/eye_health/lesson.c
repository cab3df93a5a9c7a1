/* lesson.c - the lesson that runs in a room, and what of it complied. */
#include <math.h>

#include "eye.h"

static const int64_t minute_us = 60000000;

/* The whole minutes of a lesson's middle. */
struct middle {
    int64_t start_us;
    int64_t end_us;
    uint32_t minutes;
};

static struct middle middle_of(const struct eye *e, const struct gw_lesson *lesson)
{
    int64_t start_us = lesson->start_us + e->options.slice_start_us;
    int64_t end_us = lesson->end_us - e->options.slice_end_us;
    int64_t first = (start_us + minute_us - 1) / minute_us;
    int64_t last = end_us / minute_us;
    return (struct middle){first * minute_us, last * minute_us,
                           last > first ? (uint32_t)(last - first) : 0};
}

static struct lesson_minute minute_of(struct eye *e, const struct eye_room *room,
                                      int64_t time_us)
{
    const struct eye_options *o = &e->options;
    bool has_light = room->figures[ROOM_LIGHT_COMPLIANCE].is_derived;
    return (struct lesson_minute){
        .is_in_use = eye_room_is_in_use(room, o->present),
        .is_projecting = eye_room_is_projecting(room),
        .is_indicative = has_light
                         && eye_room_is_indicative(room, eye_today(e, time_us - 1),
                                                   o->calibration_months),
        .values = {[LESSON_LIGHT] = eye_room_mean(room, INPUT_DESK),
                   [LESSON_CO2] = eye_room_mean(room, INPUT_CO2),
                   [LESSON_TEMPERATURE] = eye_room_mean(room, INPUT_TEMPERATURE)},
        .has = {[LESSON_LIGHT] = has_light,
                [LESSON_CO2] = room->figures[ROOM_CO2_COMPLIANCE].is_derived,
                [LESSON_TEMPERATURE] =
                    room->figures[ROOM_TEMPERATURE_COMPLIANCE].is_derived},
    };
}

static bool is_judged(const struct eye_room *room)
{
    return room->figures[ROOM_LIGHT_COMPLIANCE].is_derived
           || room->figures[ROOM_CO2_COMPLIANCE].is_derived
           || room->figures[ROOM_TEMPERATURE_COMPLIANCE].is_derived;
}

/* A quantity that the room has no sensor for is unknown, not zero. */
static double minutes_of(const struct lesson_run *run, const uint32_t *minutes, int q)
{
    return run->has[q] ? (double)minutes[q] : (double)NAN;
}

static void tell(struct eye *e, const struct eye_room *room,
                 const struct gw_lesson *lesson, uint32_t minutes, int64_t time_us)
{
    const struct lesson_run *run = &room->lesson;
    const struct gw_fact_value values[] = {
        {.name = "lesson", .value = lesson->number},
        {.name = "class", .value = NAN, .text = lesson->class_id},
        {.name = "minutes", .value = lesson_run_due(run, minutes)},
        {.name = "light_min", .value = minutes_of(run, run->compliant, LESSON_LIGHT)},
        {.name = "light_known", .value = minutes_of(run, run->known, LESSON_LIGHT)},
        {.name = "projecting_min", .value = run->projecting},
        {.name = "co2_min", .value = minutes_of(run, run->compliant, LESSON_CO2)},
        {.name = "co2_known", .value = minutes_of(run, run->known, LESSON_CO2)},
        {.name = "temperature_min",
         .value = minutes_of(run, run->compliant, LESSON_TEMPERATURE)},
        {.name = "temperature_known",
         .value = minutes_of(run, run->known, LESSON_TEMPERATURE)},
        {.name = "indicative", .value = run->is_indicative},
    };
    gw_fact(e->host, &(struct gw_fact){
                         .kind = "lesson-environment",
                         .by_calendar = true,
                         .object = room->place->id,
                         .start_us = lesson->start_us,
                         .end_us = lesson->end_us,
                         .time_us = time_us,
                         .values = values,
                         .count = sizeof(values) / sizeof(values[0]),
                         .completeness = lesson_run_completeness(run, minutes),
                     });
}

static void judge(struct eye *e, struct eye_room *room, const struct gw_lesson *lesson,
                  uint32_t minutes, int64_t time_us)
{
    room->lesson.is_told = 1;
    lesson_run_count(&room->lesson, &e->options, minutes, &room->day.lessons);
    if (room->lesson.used > 0)
        tell(e, room, lesson, minutes, time_us);
}

/* One that the gateway did not see to its end. */
static void end(struct eye *e, struct eye_room *room, int64_t time_us)
{
    struct gw_lesson lesson;
    if (!room->lesson.is_told
        && gw_campus_taught(e->campus, room->place->id, room->lesson.start_us, &lesson))
        judge(e, room, &lesson, middle_of(e, &lesson).minutes, time_us);
    room->lesson = (struct lesson_run){0};
    room->is_changed = true;
}

void lesson_minute_end(struct eye *e, struct eye_room *room, int64_t time_us)
{
    struct gw_lesson lesson;
    if (!is_judged(room))
        return;
    bool is_taught = gw_campus_taught(e->campus, room->place->id, time_us - 1, &lesson);
    if (room->lesson.start_us != 0
        && (!is_taught || lesson.start_us != room->lesson.start_us))
        end(e, room, time_us);
    if (!is_taught)
        return;
    struct middle middle = middle_of(e, &lesson);
    room->lesson.start_us = lesson.start_us;
    if (time_us > middle.start_us && time_us <= middle.end_us) {
        struct lesson_minute minute = minute_of(e, room, time_us);
        lesson_run_add(&room->lesson, &e->options, &minute);
        room->is_changed = true;
    }
    if (time_us >= middle.end_us && !room->lesson.is_told)
        judge(e, room, &lesson, middle.minutes, time_us);
}

/* Under the same bells it is the same lesson; by no more than a few minutes it is nearly
 * so. */
void lesson_clock_step(const struct eye *e, struct eye_room *room, int64_t delta_us)
{
    static const int64_t slight_us = 3 * INT64_C(60000000);
    struct lesson_run *run = &room->lesson;
    struct gw_lesson lesson;
    if (run->start_us == 0)
        return;
    int64_t start_us = run->start_us + delta_us;
    if (gw_campus_taught(e->campus, room->place->id, start_us, &lesson)
        && lesson.start_us == start_us)
        run->start_us = start_us;
    else if (delta_us > slight_us || delta_us < -slight_us)
        *run = (struct lesson_run){0};
}
