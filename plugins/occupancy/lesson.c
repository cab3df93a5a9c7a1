/* lesson.c - the lesson or recess that runs, minute by minute. */
#include <math.h>
#include <string.h>

#include "lessons_model.h"
#include "standstill.h"
#include "witness.h"

static const int64_t minute_us = 60000000;

static double people_of(const struct room *room)
{
    return room && room->last.quality == GW_GOOD ? room->last.people : NAN;
}

/* The room that the lesson is taught in, if it is not the class's own and is counted. */
static const struct room *guest_room(const struct lessons *ls,
                                     const struct class_book *book,
                                     const struct gw_lesson *lesson)
{
    if (!lesson->place_id || strcmp(lesson->place_id, book->home->place) == 0)
        return NULL;
    return rooms_find(ls->rooms, lesson->place_id);
}

bool lesson_is_at_home(const struct class_book *book, const struct gw_lesson *lesson)
{
    if (lesson->place_id)
        return strcmp(lesson->place_id, book->home->place) == 0;
    return lesson->subject_kind == GW_SUBJECT_ROOM;
}

/* The whole minutes of the lesson's middle. */
struct middle {
    int64_t start_us;
    int64_t end_us;
    uint32_t minutes;
};

static struct middle middle_of(const struct lessons *ls, const struct gw_lesson *lesson)
{
    int64_t start_us = lesson->start_us + ls->options->slice_start_us;
    int64_t end_us = lesson->end_us - ls->options->slice_end_us;
    int64_t first = (start_us + minute_us - 1) / minute_us;
    int64_t last = end_us / minute_us;
    return (struct middle){first * minute_us, last * minute_us,
                           last > first ? (uint32_t)(last - first) : 0};
}

static double present_of(const struct lessons *ls, const struct class_book *book,
                         int64_t time_us)
{
    if (!isnan(book->day.present))
        return book->day.present;
    double leave = gw_campus_class_day(ls->campus, book->class->id, time_us).leave;
    return book->class->enrolled - (isnan(leave) ? 0 : leave);
}

static void tell_lesson(const struct lessons *ls, const struct class_book *book,
                        const struct gw_lesson *lesson, double pupils, double valid,
                        int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "lesson", .value = lesson->number},
        {.name = "subject", .value = NAN, .text = lesson->subject},
        {.name = "pupils", .value = pupils},
        {.name = "enrolled", .value = book->class->enrolled},
    };
    gw_fact(ls->host, &(struct gw_fact){.kind = "lesson",
                                        .by_calendar = true,
                                        .object = book->class->id,
                                        .start_us = lesson->start_us,
                                        .end_us = lesson->end_us,
                                        .time_us = time_us,
                                        .values = values,
                                        .count = sizeof(values) / sizeof(values[0]),
                                        .completeness = valid});
}

static bool is_first(const struct lessons *ls, const struct class_book *book,
                     const struct gw_lesson *lesson)
{
    struct gw_lesson first;
    return gw_campus_lessons(ls->campus, book->class->id, lesson->start_us, &first, 1) > 0
           && first.start_us == lesson->start_us;
}

/* The pupils of a lesson, into the day: NAN when too little of it is known. */
static void enter_pupils(struct lessons *ls, struct class_book *book,
                         const struct gw_lesson *lesson, double pupils)
{
    struct class_day *day = &book->day;
    bool at_home = lesson_is_at_home(book, lesson);
    day->lessons_home += at_home;
    /* Without a timetable nobody knows that the class was to be in its room. */
    if (lesson->subject && is_first(ls, book, lesson)) {
        day->first = pupils;
        day->first_end_us = lesson->end_us;
    }
    if (!at_home || isnan(pupils))
        return;
    day->present = pupils;
    if (day->pupils_count < DAY_LESSONS_MAX)
        day->pupils[day->pupils_count++] = pupils;
}

static void judge_adherence(struct lessons *ls, struct class_book *book,
                            const struct gw_lesson *lesson, const struct middle *middle,
                            int64_t time_us)
{
    const struct room *guest = guest_room(ls, book, lesson);
    const struct lesson_seen seen = {
        .kind = lesson->subject_kind,
        .is_changed = lesson->is_changed,
        /* A shower in the middle of PE sends them in for good. */
        .is_exempt = standstill_is_exempt(ls->campus, lesson->start_us, time_us),
        .present = present_of(ls, book, time_us),
        .minutes = middle->minutes,
        .home = witness_left(ls, book, lesson) ? &book->run.home : NULL,
        .has_come = witness_came(ls, book, lesson),
        .has_guest = guest && witness_guest(ls, book, guest, lesson),
        .guest = guest ? &book->run.guest : NULL,
    };
    enum verdict verdict = adherence_judge(&seen, ls->options);
    if (verdict == VERDICT_HELD && !adherence_sees_guest(&seen, ls->options))
        homecoming_await(ls, book, lesson);
    else
        adherence_count(&ls->week, lesson->subject, verdict);
    adherence_save(&ls->week, ls->host);
    if (lesson->subject_kind == GW_SUBJECT_OUTDOOR)
        class_book_tell(book, ls->host, FIGURE_OUTDOOR, verdict, time_us);
    if (lesson->subject_kind == GW_SUBJECT_SPECIAL)
        class_book_tell(book, ls->host, FIGURE_SPECIAL, verdict, time_us);
    if (guest && lesson->subject_kind == GW_SUBJECT_SPECIAL)
        room_uses_lesson(ls->uses, guest->place, &seen);
}

/* NAN: the counter that says so stands still. */
static double believed(const struct lessons *ls, const struct class_book *book,
                       const struct gw_lesson *lesson, double pupils)
{
    const struct room *guest = guest_room(ls, book, lesson);
    bool is_seen = guest ? witness_guest(ls, book, guest, lesson)
                         : witness_pupils(ls, book, lesson, pupils);
    return is_seen ? pupils : (double)NAN;
}

static void judge_lesson(struct lessons *ls, struct class_book *book,
                         const struct gw_lesson *lesson, int64_t time_us)
{
    struct middle middle = middle_of(ls, lesson);
    const struct slice *slice = lesson_is_at_home(book, lesson) ? &book->run.home
                                : guest_room(ls, book, lesson)  ? &book->run.guest
                                                                : NULL;
    double valid =
        slice && middle.minutes > 0 ? slice->count / (double)middle.minutes : 0;
    double pupils = NAN;
    if (slice && valid >= ls->options->valid - 1e-9)
        pupils =
            believed(ls, book, lesson, fmax(0, slice_median(slice) - book->class->staff));
    book->run.is_judged = true;
    if (lesson->subject)
        book->day.has_timetable = true;
    if (lesson->subject)
        judge_adherence(ls, book, lesson, &middle, time_us);
    enter_pupils(ls, book, lesson, pupils);
    class_book_tell(book, ls->host, FIGURE_PUPILS, pupils, time_us);
    if (slice)
        tell_lesson(ls, book, lesson, pupils, valid, time_us);
    class_book_save_day(book, ls->host);
}

/* A verdict stands until its lesson ends. */
static void end_verdict(struct lessons *ls, struct class_book *book,
                        enum class_figure figure, int64_t time_us)
{
    if (!(book->day.told[figure] > VERDICT_NONE))
        return;
    class_book_tell(book, ls->host, figure, VERDICT_NONE, time_us);
    class_book_save_day(book, ls->host);
}

/* The lesson is over, also when the gateway was off at its end. */
static void end_lesson(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    struct class_run *run = &book->run;
    struct gw_lesson lesson;
    if (gw_campus_lesson(ls->campus, book->class->id, run->lesson_us, &lesson)) {
        if (!run->is_judged)
            judge_lesson(ls, book, &lesson, time_us);
        run->left_us = lesson.end_us;
        run->leaving = time_us == lesson.end_us ? people_of(book->home) : NAN;
    }
    end_verdict(ls, book, FIGURE_OUTDOOR, time_us);
    end_verdict(ls, book, FIGURE_SPECIAL, time_us);
    run->lesson_us = 0;
    run->is_judged = false;
    run->home.count = 0;
    run->guest.count = 0;
}

static void add_lesson_minute(struct lessons *ls, struct class_book *book,
                              const struct gw_lesson *lesson, int64_t time_us)
{
    struct class_run *run = &book->run;
    struct middle middle = middle_of(ls, lesson);
    double home = people_of(book->home);
    double guest = people_of(guest_room(ls, book, lesson));
    run->lesson_us = lesson->start_us;
    if (time_us > middle.start_us && time_us <= middle.end_us) {
        if (!isnan(home))
            slice_add(&run->home, home);
        if (!isnan(guest))
            slice_add(&run->guest, guest);
    }
    if (!run->is_judged && time_us >= middle.end_us)
        judge_lesson(ls, book, lesson, time_us);
    if (time_us >= lesson->end_us)
        end_lesson(ls, book, time_us);
}

static void add_exercise(const struct lessons *ls, struct class_book *book,
                         bool is_exempt, int64_t time_us)
{
    struct exercise *e = &book->run.exercise;
    double people = people_of(book->home);
    double away = ls->options->away_people * present_of(ls, book, time_us - 1);
    e->slots++;
    e->is_exempt = e->is_exempt || is_exempt;
    e->good += !isnan(people);
    e->out += !isnan(people) && people <= away;
}

static void end_recess(struct lessons *ls, struct class_book *book)
{
    struct class_day *day = &book->day;
    const struct recess *recess = &book->run.recess;
    double release = room_moved(book->home, recess->start_us)
                         ? recess_release(recess, ls->options->valid)
                         : (double)NAN;
    if (recess_counts(recess, ls->options->recess_people)) {
        day->recesses++;
        if (!isnan(release) && day->release_count < DAY_LESSONS_MAX)
            day->releases[day->release_count++] = release;
        class_book_save_day(book, ls->host);
    }
    book->run.recess = (struct recess){0};
}

static void add_recess_minute(struct lessons *ls, struct class_book *book,
                              const struct gw_phase *phase, bool is_exempt,
                              int64_t time_us)
{
    struct class_run *run = &book->run;
    if (run->recess.start_us != phase->start_us) {
        double before = run->left_us == phase->start_us ? run->leaving : NAN;
        recess_begin(&run->recess, before, phase->start_us);
    }
    recess_minute(&run->recess, people_of(book->home), is_exempt);
    if (time_us >= phase->end_us)
        end_recess(ls, book);
}

static bool is_recess(const struct gw_phase *phase)
{
    return phase->kind == GW_PHASE_RECESS || phase->kind == GW_PHASE_LONG_RECESS;
}

void lesson_minute(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    struct class_run *run = &book->run;
    const char *id = book->class->id;
    struct gw_lesson lesson;
    struct gw_phase phase = gw_campus_phase(ls->campus, id, time_us - 1);
    bool has_lesson = gw_campus_lesson(ls->campus, id, time_us - 1, &lesson);
    bool is_exempt = gw_campus_exempt(ls->campus, time_us - 1) != 0;
    if (run->lesson_us != 0 && (!has_lesson || lesson.start_us != run->lesson_us))
        end_lesson(ls, book, time_us);
    if (run->recess.start_us != 0
        && (!is_recess(&phase) || phase.start_us != run->recess.start_us))
        end_recess(ls, book);
    if (has_lesson)
        add_lesson_minute(ls, book, &lesson, time_us);
    if (is_recess(&phase))
        add_recess_minute(ls, book, &phase, is_exempt, time_us);
    if ((has_lesson && lesson.subject && lesson.subject_kind == GW_SUBJECT_OUTDOOR)
        || phase.kind == GW_PHASE_LONG_RECESS)
        add_exercise(ls, book, is_exempt, time_us);
    if (has_lesson || is_recess(&phase))
        class_book_save_run(book, ls->host);
}
