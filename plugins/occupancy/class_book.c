#include "class_book.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const metrics[FIGURES] = {
    [FIGURE_PUPILS] = "pupils",           [FIGURE_SIZE] = "class_size",
    [FIGURE_ABSENT] = "absent",           [FIGURE_MISMATCH] = "attendance_mismatch",
    [FIGURE_OUTDOOR] = "outdoor_verdict", [FIGURE_SPECIAL] = "special_verdict",
    [FIGURE_RELEASE] = "recess_release",  [FIGURE_EXERCISE] = "exercise_minutes",
    [FIGURE_EARLY] = "early_seated",
};

static void clear(struct class_book *b, int64_t midnight_us)
{
    b->day = (struct class_day){
        .midnight_us = midnight_us, .first = NAN, .present = NAN, .first_end_us = 0};
    for (int i = 0; i < FIGURES; i++)
        b->day.told[i] = NAN;
    b->run = (struct class_run){.leaving = NAN};
}

int class_book_start(struct class_book *b, struct gw_host *host, struct gw_error *err)
{
    int r = 0;
    clear(b, 0);
    for (int i = 0; r == 0 && i < FIGURES; i++)
        r = gw_derive(host, b->class->id, metrics[i], &b->points[i], err);
    return r;
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void publish(const struct class_book *b, struct gw_host *host, int figure,
                    int64_t time_us)
{
    double value = b->day.told[figure];
    bool is_known = !isnan(value);
    gw_publish(host, b->points[figure], value, is_known ? GW_GOOD : GW_BAD,
               is_known ? GW_REASON_NONE : GW_REASON_INPUT, time_us);
}

void class_book_tell(struct class_book *b, struct gw_host *host, enum class_figure figure,
                     double value, int64_t time_us)
{
    if (is_same(b->day.told[figure], value))
        return;
    b->day.told[figure] = value;
    publish(b, host, (int)figure, time_us);
}

void class_book_new_day(struct class_book *b, struct gw_host *host, int64_t midnight_us,
                        int64_t time_us)
{
    for (int i = 0; i < FIGURES; i++)
        class_book_tell(b, host, (enum class_figure)i, NAN, time_us);
    clear(b, midnight_us);
    class_book_save_day(b, host);
    class_book_save_run(b, host);
}

void class_book_tell_again(const struct class_book *b, struct gw_host *host,
                           int64_t time_us)
{
    for (int i = 0; i < FIGURES; i++)
        if (!isnan(b->day.told[i]))
            publish(b, host, i, time_us);
}

/* A class's id is no place's, so its day may lie beside the rooms' states. */
struct kept_day {
    uint32_t version;
    uint32_t unused;
    struct class_day day;
};

/* The minutes of both slices stand behind one another, as many as there are. */
struct kept_run {
    uint32_t version;
    uint16_t home_count;
    uint16_t guest_count;
    int64_t lesson_us;
    int64_t left_us;
    double leaving;
    struct exercise exercise;
    struct recess recess;
    uint8_t is_judged;
    uint8_t unused[7];
    uint16_t minutes[2 * SLICE_MINUTES_MAX];
};

enum { KEPT_VERSION = 1 };

static size_t kept_run_size(size_t minutes)
{
    return offsetof(struct kept_run, minutes) + minutes * sizeof(uint16_t);
}

static void key_of(const struct class_book *b, const char *what, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "%s/%s", what, b->class->id);
}

void class_book_save_day(const struct class_book *b, struct gw_host *host)
{
    char key[GW_NAME_MAX];
    struct kept_day kept = {.version = KEPT_VERSION, .day = b->day};
    key_of(b, "day", key);
    gw_state_save(host, key, &kept, sizeof(kept));
}

void class_book_save_run(const struct class_book *b, struct gw_host *host)
{
    char key[GW_NAME_MAX];
    const struct class_run *run = &b->run;
    struct kept_run kept = {
        .version = KEPT_VERSION,
        .home_count = (uint16_t)run->home.count,
        .guest_count = (uint16_t)run->guest.count,
        .lesson_us = run->lesson_us,
        .left_us = run->left_us,
        .leaving = run->leaving,
        .exercise = run->exercise,
        .recess = run->recess,
        .is_judged = run->is_judged,
    };
    memcpy(kept.minutes, run->home.people, run->home.count * sizeof(uint16_t));
    memcpy(kept.minutes + run->home.count, run->guest.people,
           run->guest.count * sizeof(uint16_t));
    key_of(b, "run", key);
    gw_state_save(host, key, &kept, kept_run_size(run->home.count + run->guest.count));
}

static void load_day(struct class_book *b, struct gw_host *host)
{
    char key[GW_NAME_MAX];
    struct kept_day kept = {0};
    key_of(b, "day", key);
    if (gw_state_load(host, key, &kept, sizeof(kept)) != sizeof(kept)
        || kept.version != KEPT_VERSION || kept.day.pupils_count > DAY_LESSONS_MAX
        || kept.day.release_count > DAY_LESSONS_MAX)
        return;
    b->day = kept.day;
}

static void load_run(struct class_book *b, struct gw_host *host)
{
    char key[GW_NAME_MAX];
    struct kept_run kept = {0};
    key_of(b, "run", key);
    size_t size = gw_state_load(host, key, &kept, sizeof(kept));
    if (size < kept_run_size(0) || kept.version != KEPT_VERSION
        || kept.home_count > SLICE_MINUTES_MAX || kept.guest_count > SLICE_MINUTES_MAX
        || size != kept_run_size((size_t)kept.home_count + kept.guest_count))
        return;
    struct class_run *run = &b->run;
    *run = (struct class_run){.lesson_us = kept.lesson_us,
                              .left_us = kept.left_us,
                              .leaving = kept.leaving,
                              .is_judged = kept.is_judged != 0,
                              .exercise = kept.exercise,
                              .recess = kept.recess};
    run->home.count = kept.home_count;
    run->guest.count = kept.guest_count;
    memcpy(run->home.people, kept.minutes, kept.home_count * sizeof(uint16_t));
    memcpy(run->guest.people, kept.minutes + kept.home_count,
           kept.guest_count * sizeof(uint16_t));
}

void class_book_load(struct class_book *b, struct gw_host *host)
{
    load_day(b, host);
    load_run(b, host);
}
