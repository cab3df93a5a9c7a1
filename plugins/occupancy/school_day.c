/* school_day.c - what has its own time in a class's day: attendance after lesson 1, who
 * sat there before school may begin, and in the evening the day's figures. */
#include <math.h>

#include "lessons_model.h"
#include "witness.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)

/* A gateway that was off looks so much later at who sat there early, and no more. */
enum { EARLY_SPAN_S = 300 };

/* class_day.is_told: the class's figures are, and then the school's with them. */
enum { TOLD_NOT, TOLD_CLASS, TOLD_SCHOOL };

static int32_t second_of_day(const struct lessons *ls, int64_t time_us)
{
    struct gw_local local = gw_campus_local(ls->campus, time_us);
    return local.hour * 3600 + local.minute * 60 + local.second;
}

/* The minute that ends at midnight is the old day's, when everything was due. */
bool school_day_due(const struct lessons *ls, int64_t time_us)
{
    return second_of_day(ls, time_us - 1) + 1 >= ls->options->day_at_s;
}

static bool has_lessons(const struct lessons *ls, const struct class_book *book)
{
    return gw_campus_lessons(ls->campus, book->class->id, book->day.midnight_us, NULL, 0)
           > 0;
}

static double absent_of(const struct class_book *book, const struct gw_class_day *said)
{
    double leave = isnan(said->leave) ? 0 : said->leave;
    return fmax(0, book->class->enrolled - leave - book->day.first);
}

/* Also when leave is declared or attendance entered later in the day. */
static void attendance_minute(struct lessons *ls, struct class_book *book,
                              int64_t time_us)
{
    struct class_day *day = &book->day;
    if (day->first_end_us == 0 || isnan(day->first)
        || time_us < day->first_end_us + ls->options->attendance_after_us)
        return;
    enum attendance_word word = witness_attendance(ls, book, time_us);
    if (word == ATTENDANCE_UNKNOWN) {
        day->first = NAN;
        class_book_save_day(book, ls->host);
    }
    if (word != ATTENDANCE_KNOWN)
        return;
    struct gw_class_day said =
        gw_campus_class_day(ls->campus, book->class->id, day->midnight_us);
    double absent = day->told[FIGURE_ABSENT];
    double mismatch = day->told[FIGURE_MISMATCH];
    class_book_tell(book, ls->host, FIGURE_ABSENT, absent_of(book, &said), time_us);
    class_book_tell(book, ls->host, FIGURE_MISMATCH,
                    isnan(said.entered) ? NAN : fabs(said.entered - day->first), time_us);
    if (absent != day->told[FIGURE_ABSENT] || mismatch != day->told[FIGURE_MISMATCH])
        class_book_save_day(book, ls->host);
}

static void early_minute(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    const struct gw_school *school = gw_campus_school(ls->campus);
    int32_t permitted_s = school->first_lesson_s[book->class->stage];
    int32_t at_s = permitted_s - (int32_t)(ls->options->early_by_us / SECOND_US);
    int32_t now_s = second_of_day(ls, time_us);
    const struct room_count *last = &book->home->last;
    if (book->day.is_early_judged || permitted_s < 0 || now_s < at_s
        || now_s >= at_s + EARLY_SPAN_S || book->class->enrolled == 0
        || !has_lessons(ls, book))
        return;
    double seated = fmax(0, last->people - book->class->staff) / book->class->enrolled;
    bool is_seen =
        last->quality == GW_GOOD && room_moved(book->home, book->day.midnight_us);
    class_book_tell(book, ls->host, FIGURE_EARLY, is_seen ? seated : NAN, time_us);
    book->day.is_early_judged = true;
    class_book_save_day(book, ls->host);
}

/* What is told of a class's day, as a point and as a fact. */
static void tell_fact(const struct lessons *ls, const struct class_book *book,
                      const char *kind, const struct gw_fact_value *values, size_t count,
                      double completeness, int64_t time_us)
{
    gw_fact(ls->host, &(struct gw_fact){.kind = kind,
                                        .by_calendar = true,
                                        .object = book->class->id,
                                        .start_us = book->day.midnight_us,
                                        .end_us = time_us,
                                        .time_us = time_us,
                                        .values = values,
                                        .count = count,
                                        .completeness = completeness});
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void tell_size(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    struct class_day *day = &book->day;
    double size = day->pupils_count >= ls->options->class_size_lessons
                      ? median_of(day->pupils, day->pupils_count)
                      : NAN;
    const struct gw_fact_value values[] = {
        {.name = "class_size", .value = size},
        {.name = "enrolled", .value = book->class->enrolled},
        {.name = "limit", .value = book->class->limit},
        {.name = "lessons", .value = day->pupils_count},
    };
    class_book_tell(book, ls->host, FIGURE_SIZE, size, time_us);
    tell_fact(ls, book, "class-size-day", values, sizeof(values) / sizeof(values[0]),
              share_of(day->pupils_count, day->lessons_home), time_us);
}

static void tell_recess(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    struct class_day *day = &book->day;
    double known = share_of(day->release_count, day->recesses);
    double release = NAN;
    if (day->recesses == 0)
        return;
    if (known >= ls->options->valid - 1e-9)
        release =
            quantile_of(day->releases, day->release_count, ls->options->recess_share);
    const struct gw_fact_value values[] = {
        {.name = "release", .value = release},
        {.name = "recesses", .value = day->recesses},
    };
    class_book_tell(book, ls->host, FIGURE_RELEASE, release, time_us);
    tell_fact(ls, book, "recess-day", values, sizeof(values) / sizeof(values[0]), known,
              time_us);
}

static double minutes_until(int64_t start_us, int64_t end_us, int64_t time_us)
{
    int64_t until_us = end_us < time_us ? end_us : time_us;
    return until_us > start_us ? (double)(until_us - start_us) / (double)MINUTE_US : 0;
}

/* Minutes of the day until @time_us that the timetable has out of doors.  Whoever began
 * to look at noon has seen the slots of half a day. */
static double exercise_planned(const struct lessons *ls, const struct class_book *book,
                               int64_t time_us)
{
    struct gw_lesson lessons[DAY_LESSONS_MAX];
    struct gw_phase phases[DAY_PHASES_MAX];
    const char *id = book->class->id;
    int64_t day_us = book->day.midnight_us;
    size_t count = gw_campus_lessons(ls->campus, id, day_us, lessons, DAY_LESSONS_MAX);
    double planned = 0;
    for (size_t i = 0; i < count && i < DAY_LESSONS_MAX; i++)
        if (lessons[i].subject && lessons[i].subject_kind == GW_SUBJECT_OUTDOOR)
            planned += minutes_until(lessons[i].start_us, lessons[i].end_us, time_us);
    count = gw_campus_phases(ls->campus, id, day_us, phases, DAY_PHASES_MAX);
    for (size_t i = 0; i < count && i < DAY_PHASES_MAX; i++)
        if (phases[i].kind == GW_PHASE_LONG_RECESS)
            planned += minutes_until(phases[i].start_us, phases[i].end_us, time_us);
    return planned;
}

/* Without a timetable nobody knows which minutes were to be out of doors; in rain nobody
 * is asked to be. */
static void tell_exercise(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    const struct exercise *e = &book->run.exercise;
    double slots = fmax(e->slots, exercise_planned(ls, book, time_us));
    double known = witness_exercise(ls, book) ? share_of(e->good, slots) : 0;
    bool is_fair = book->day.has_timetable && !e->is_exempt && slots > 0
                   && known >= ls->options->valid - 1e-9;
    const struct gw_fact_value values[] = {
        {.name = "exercise_min", .value = is_fair ? (double)e->out : NAN},
        {.name = "slots_min", .value = slots},
        {.name = "target_min", .value = gw_campus_school(ls->campus)->exercise_min},
        {.name = "exempt", .value = e->is_exempt},
    };
    if (!book->day.has_timetable)
        return;
    class_book_tell(book, ls->host, FIGURE_EXERCISE, is_fair ? (double)e->out : NAN,
                    time_us);
    tell_fact(ls, book, "exercise-day", values, sizeof(values) / sizeof(values[0]), known,
              time_us);
}

/* Pupils of the first lesson; what leave was declared is the day book's. */
static void tell_attendance(const struct lessons *ls, const struct class_book *book,
                            int64_t time_us)
{
    bool is_known = !isnan(book->day.first);
    const struct gw_fact_value values[] = {
        {.name = "enrolled", .value = book->class->enrolled},
        {.name = "present", .value = book->day.first},
    };
    if (book->day.has_timetable)
        tell_fact(ls, book, "attendance-class", values,
                  sizeof(values) / sizeof(values[0]), is_known ? 1 : 0, time_us);
}

void school_day_minute(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    attendance_minute(ls, book, time_us);
    early_minute(ls, book, time_us);
    if (book->day.is_told != TOLD_NOT || !school_day_due(ls, time_us))
        return;
    book->day.is_told = TOLD_SCHOOL;
    if (has_lessons(ls, book)) {
        book->day.is_told = TOLD_CLASS;
        tell_size(ls, book, time_us);
        tell_attendance(ls, book, time_us);
        tell_recess(ls, book, time_us);
        tell_exercise(ls, book, time_us);
    }
    class_book_save_day(book, ls->host);
}

void school_day_tell(struct lessons *ls, int64_t time_us)
{
    double classes = 0;
    double known = 0;
    double enrolled = 0;
    double absent = 0;
    for (size_t i = 0; i < ls->count; i++) {
        struct class_book *book = &ls->books[i];
        if (book->day.is_told != TOLD_CLASS)
            continue;
        book->day.is_told = TOLD_SCHOOL;
        class_book_save_day(book, ls->host);
        classes++;
        if (isnan(book->day.told[FIGURE_ABSENT]))
            continue;
        known++;
        enrolled += book->class->enrolled;
        absent += book->day.told[FIGURE_ABSENT];
    }
    if (classes == 0)
        return;
    const struct gw_fact_value values[] = {
        {.name = "classes", .value = known},
        {.name = "enrolled", .value = enrolled},
        {.name = "absent", .value = absent},
    };
    gw_fact(ls->host,
            &(struct gw_fact){.kind = "attendance-day",
                              .by_calendar = true,
                              .object = "school",
                              .start_us = gw_campus_midnight(ls->campus, time_us - 1),
                              .end_us = time_us,
                              .time_us = time_us,
                              .values = values,
                              .count = sizeof(values) / sizeof(values[0]),
                              .completeness = known / classes});
}
