/* screens.c - how much of a class's lessons a panel or projector was on: an upper bound
 * of what its pupils watched. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "eye.h"

static const int64_t day_us = INT64_C(86400000000);

/* A class takes part when its own room has a screen. */
int screens_find(struct eye *e, struct gw_error *err)
{
    size_t count = 0;
    int r = 0;
    const struct gw_class *classes = gw_campus_classes(e->campus, &count);
    e->classes = calloc(count + 1, sizeof(*e->classes));
    if (!e->classes)
        return gw_fail(err, -ENOMEM, "eye_health: out of memory");
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct eye_room *home = eye_room_at(e, classes[i].place_id);
        struct class_screen *c = &e->classes[e->class_count];
        if (!home || home->counts[INPUT_PANEL] + home->counts[INPUT_PROJECTING] == 0)
            continue;
        *c = (struct class_screen){.class = &classes[i],
                                   .kept = {.told_day = NAN, .told_week = NAN}};
        e->class_count++;
        r = figure_derive(&c->day, e->host, c->class->id, "screen_share", err);
        if (r == 0)
            r = figure_derive(&c->week, e->host, c->class->id, "screen_share_week", err);
    }
    return r;
}

static void save(struct eye *e, struct class_screen *c)
{
    gw_state_save(e->host, c->class->id, &c->kept, sizeof(c->kept));
    c->is_changed = false;
}

void screens_save(struct eye *e)
{
    for (size_t i = 0; i < e->class_count; i++)
        if (e->classes[i].is_changed)
            save(e, &e->classes[i]);
}

void screens_load(struct eye *e)
{
    for (size_t i = 0; i < e->class_count; i++) {
        struct class_screen *c = &e->classes[i];
        struct class_screen_kept kept;
        if (gw_state_load(e->host, c->class->id, &kept, sizeof(kept)) == sizeof(kept))
            c->kept = kept;
    }
}

void screens_tell_again(struct eye *e, int64_t time_us)
{
    for (size_t i = 0; i < e->class_count; i++) {
        struct class_screen *c = &e->classes[i];
        figure_tell_again(&c->day, e->host, c->kept.told_day, time_us);
        figure_tell_again(&c->week, e->host, c->kept.told_week, time_us);
    }
}

/* Is a panel on where the lesson is?  Out of doors there is none. */
static double panel_of(const struct eye *e, const struct gw_lesson *lesson)
{
    const struct eye_room *room = eye_room_at(e, lesson->place_id);
    if (lesson->subject_kind == GW_SUBJECT_OUTDOOR)
        return 0;
    if (!room || isnan(room->projected.mean))
        return NAN;
    return eye_room_is_projecting(room);
}

static void add_minute(struct screen_minutes *m, double on)
{
    m->lessons++;
    m->known += !isnan(on);
    m->on += on > 0;
}

static double share_of(const struct eye *e, const struct screen_minutes *m)
{
    static const double slack = 1e-9; /* of a share of minutes */
    bool is_valid = m->known > 0 && m->known >= e->options.valid * m->lessons - slack;
    return is_valid ? m->on / (double)m->known : NAN;
}

static void tell_fact(struct eye *e, const struct class_screen *c, const char *kind,
                      const struct screen_minutes *m, int64_t start_us, int64_t end_us,
                      int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "share", .value = share_of(e, m)},
        {.name = "on_min", .value = m->on},
        {.name = "lesson_min", .value = m->lessons},
    };
    gw_fact(e->host, &(struct gw_fact){.kind = kind,
                                       .by_calendar = true,
                                       .object = c->class->id,
                                       .start_us = start_us,
                                       .end_us = end_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = sizeof(values) / sizeof(values[0]),
                                       .completeness = m->known / (double)m->lessons});
}

static int64_t monday_of(const struct eye *e, int64_t midnight_us)
{
    struct gw_local local = gw_campus_local(e->campus, midnight_us);
    int64_t noon_us = midnight_us + day_us / 2;
    return gw_campus_midnight(e->campus, noon_us - (local.weekday - 1) * day_us);
}

/* Last week's share stands until the next. */
static void new_week(struct eye *e, struct class_screen *c, int64_t monday_us,
                     int64_t time_us)
{
    if (c->kept.week.lessons > 0) {
        c->kept.told_week = share_of(e, &c->kept.week);
        figure_tell(&c->week, e->host, c->kept.told_week, time_us);
        tell_fact(e, c, "screen-week", &c->kept.week, c->kept.monday_us,
                  c->kept.monday_us + 7 * day_us, time_us);
    }
    c->kept.monday_us = monday_us;
    c->kept.week = (struct screen_minutes){0};
}

static void new_day(struct eye *e, struct class_screen *c, int64_t midnight_us,
                    int64_t time_us)
{
    int64_t monday_us = monday_of(e, midnight_us);
    if (c->kept.monday_us != monday_us)
        new_week(e, c, monday_us, time_us);
    c->kept.midnight_us = midnight_us;
    c->kept.day = (struct screen_minutes){0};
    c->kept.is_told = 0;
    c->kept.told_day = NAN;
    figure_tell(&c->day, e->host, NAN, time_us);
    c->is_changed = true;
}

static void tell_day(struct eye *e, struct class_screen *c, int64_t time_us)
{
    c->kept.is_told = 1;
    c->is_changed = true;
    if (c->kept.day.lessons == 0)
        return;
    c->kept.told_day = share_of(e, &c->kept.day);
    figure_tell(&c->day, e->host, c->kept.told_day, time_us);
    tell_fact(e, c, "screen-day", &c->kept.day, c->kept.midnight_us, time_us, time_us);
}

static void class_minute(struct eye *e, struct class_screen *c, int64_t time_us)
{
    struct gw_lesson lesson;
    if (gw_campus_lesson(e->campus, c->class->id, time_us - 1, &lesson)) {
        double on = panel_of(e, &lesson);
        add_minute(&c->kept.day, on);
        add_minute(&c->kept.week, on);
        c->is_changed = true;
    }
    if (!c->kept.is_told && eye_day_is_due(e, time_us) && time_us > c->kept.midnight_us)
        tell_day(e, c, time_us);
}

void screens_minute(struct eye *e, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(e->campus, time_us - 1);
    for (size_t i = 0; i < e->class_count; i++) {
        struct class_screen *c = &e->classes[i];
        if (!eye_has_begun(c->kept.midnight_us, midnight_us))
            new_day(e, c, midnight_us, time_us);
        class_minute(e, c, time_us);
    }
    screens_save(e);
}

void screens_rename(struct eye *e, int64_t before_us, int64_t after_us)
{
    for (size_t i = 0; i < e->class_count; i++) {
        struct class_screen *c = &e->classes[i];
        bool is_of_week = c->kept.monday_us == monday_of(e, c->kept.midnight_us);
        eye_rename_day(e, &c->kept.midnight_us, before_us, after_us);
        if (is_of_week)
            c->kept.monday_us = monday_of(e, c->kept.midnight_us);
        c->is_changed = true;
    }
    screens_save(e);
}
