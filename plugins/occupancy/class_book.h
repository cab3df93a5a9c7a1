/* class_book.h - what is known of one class today: its figures, and the lesson or recess
 * that runs.  Kept, so that a restart in between changes nothing.  Thread: the
 * pipeline's. */
#ifndef OCCUPANCY_CLASS_BOOK_H
#define OCCUPANCY_CLASS_BOOK_H

#include "homecoming.h"
#include "recess.h"
#include "room.h"
#include "slice.h"

/* The derived points of a class; their metrics stand in class_book.c. */
enum class_figure {
    FIGURE_PUPILS,   /* of the last lesson */
    FIGURE_SIZE,     /* of the day */
    FIGURE_ABSENT,   /* from lesson 1 */
    FIGURE_MISMATCH, /* entered attendance against lesson 1 */
    FIGURE_OUTDOOR,  /* enum verdict of the lesson that ends, where it is PE */
    FIGURE_SPECIAL,  /* and where it has a special room */
    FIGURE_RELEASE,  /* of the day's recesses */
    FIGURE_EXERCISE, /* minutes of the day */
    FIGURE_EARLY,    /* share seated before the first lesson is permitted */
    FIGURES
};

enum { DAY_LESSONS_MAX = 20, DAY_PHASES_MAX = 48 };

/* class_day - of the day that began at midnight_us.
 * told        what the points say; NAN = unknown
 * first       pupils in lesson 1, which ends at first_end_us; NAN = not measured
 * present     pupils in the last lesson in the class's own room; NAN = none yet
 * pupils      of the lessons there that are valid, of lessons_home in all
 * recesses    that count; releases: of those that are known */
struct class_day {
    int64_t midnight_us;
    double told[FIGURES];
    double first;
    int64_t first_end_us;
    double present;
    uint32_t lessons_home;
    uint32_t pupils_count;
    double pupils[DAY_LESSONS_MAX];
    uint32_t recesses;
    uint32_t release_count;
    double releases[DAY_LESSONS_MAX];
    uint8_t is_early_judged;
    uint8_t is_told;
    uint8_t has_timetable;
    uint8_t unused[5];
};

/* exercise - minutes out of the room in slots of the timetable for it.  A proxy: an empty
 * room is no proof of exercise.
 * slots       minutes that were to be so; good: of them known; out: of those out */
struct exercise {
    uint32_t slots;
    uint32_t good;
    uint32_t out;
    bool is_exempt;
};

/* class_run - what runs.
 * lesson_us   the lesson's start; 0 = none
 * leaving     people in the room at the end of the lesson at left_us; NAN = unknown */
struct class_run {
    int64_t lesson_us;
    int64_t left_us;
    double leaving;
    bool is_judged;
    struct exercise exercise;
    struct recess recess;
    struct slice home;
    struct slice guest;
};

struct class_book {
    const struct gw_class *class;
    const struct room *home;
    uint32_t points[FIGURES];
    struct class_day day;
    struct class_run run;
    struct homecoming homecoming;
};

/* class_book_start - derives the points.  0 or gw_fail() */
int class_book_start(struct class_book *b, struct gw_host *host, struct gw_error *err);

/* class_book_tell - @value NAN: unknown; nothing when it is so already. */
void class_book_tell(struct class_book *b, struct gw_host *host, enum class_figure figure,
                     double value, int64_t time_us);

/* class_book_new_day - begins the day of @midnight_us; yesterday's figures are unknown
 * now. */
void class_book_new_day(struct class_book *b, struct gw_host *host, int64_t midnight_us,
                        int64_t time_us);

/* class_book_tell_again - after a restart: what the points said. */
void class_book_tell_again(const struct class_book *b, struct gw_host *host,
                           int64_t time_us);

void class_book_save_day(const struct class_book *b, struct gw_host *host);
void class_book_save_run(const struct class_book *b, struct gw_host *host);
void class_book_load(struct class_book *b, struct gw_host *host);

#endif
