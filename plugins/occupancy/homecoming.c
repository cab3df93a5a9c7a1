#include "homecoming.h"

#include <stdio.h>

#include "lessons_model.h"

/* Beside the class's day and run. */
static void key_of(const struct class_book *book, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "back/%s", book->class->id);
}

static size_t kept_size(uint32_t count)
{
    return offsetof(struct homecoming, lessons)
           + count * sizeof(struct homecoming_lesson);
}

static void save(const struct lessons *ls, const struct class_book *book)
{
    char key[GW_NAME_MAX];
    key_of(book, key);
    gw_state_save(ls->host, key, &book->homecoming, kept_size(book->homecoming.count));
}

void homecoming_load(struct lessons *ls, struct class_book *book)
{
    char key[GW_NAME_MAX];
    struct homecoming kept = {0};
    key_of(book, key);
    size_t size = gw_state_load(ls->host, key, &kept, sizeof(kept));
    if (size < kept_size(0) || kept.count > HOMECOMING_MAX
        || size != kept_size(kept.count))
        return;
    for (uint32_t i = 0; i < kept.count; i++)
        kept.lessons[i].subject[GW_ID_MAX - 1] = '\0';
    book->homecoming = kept;
}

void homecoming_await(struct lessons *ls, struct class_book *book,
                      const struct gw_lesson *lesson)
{
    struct homecoming *h = &book->homecoming;
    if (h->count == HOMECOMING_MAX) {
        adherence_count(&ls->week, lesson->subject, VERDICT_UNDETERMINED);
        return;
    }
    struct homecoming_lesson *awaited = &h->lessons[h->count++];
    *awaited = (struct homecoming_lesson){.end_us = lesson->end_us};
    (void)snprintf(awaited->subject, sizeof(awaited->subject), "%s", lesson->subject);
    save(ls, book);
}

/* When the middle of the class's next lesson in its own room is over; INT64_MAX: today
 * there is none. */
static int64_t back_by(const struct lessons *ls, const struct class_book *book,
                       int64_t end_us)
{
    struct gw_lesson lessons[DAY_LESSONS_MAX];
    size_t count = gw_campus_lessons(ls->campus, book->class->id, book->day.midnight_us,
                                     lessons, DAY_LESSONS_MAX);
    for (size_t i = 0; i < count && i < DAY_LESSONS_MAX; i++)
        if (lessons[i].start_us >= end_us && lesson_is_at_home(book, &lessons[i]))
            return lessons[i].end_us - ls->options->slice_end_us;
    return INT64_MAX;
}

static enum verdict verdict_of(const struct lessons *ls, const struct class_book *book,
                               int64_t end_us, int64_t time_us)
{
    if (room_moved(book->home, end_us - ls->options->slice_end_us))
        return VERDICT_HELD;
    return time_us >= back_by(ls, book, end_us) ? VERDICT_UNDETERMINED : VERDICT_NONE;
}

/* @rest: of what is still open; VERDICT_NONE: it goes on waiting. */
static void settle(struct lessons *ls, struct class_book *book, int64_t time_us,
                   enum verdict rest)
{
    struct homecoming *h = &book->homecoming;
    uint32_t waiting = 0;
    uint32_t count = h->count;
    for (uint32_t i = 0; i < count; i++) {
        enum verdict verdict = verdict_of(ls, book, h->lessons[i].end_us, time_us);
        verdict = verdict == VERDICT_NONE ? rest : verdict;
        if (verdict == VERDICT_NONE)
            h->lessons[waiting++] = h->lessons[i];
        else
            adherence_count(&ls->week, h->lessons[i].subject, verdict);
    }
    if (waiting == count)
        return;
    h->count = waiting;
    adherence_save(&ls->week, ls->host);
    save(ls, book);
}

void homecoming_minute(struct lessons *ls, struct class_book *book, int64_t time_us)
{
    settle(ls, book, time_us, VERDICT_NONE);
}

void homecoming_end_day(struct lessons *ls, struct class_book *book)
{
    settle(ls, book, INT64_MAX - 1, VERDICT_HELD);
}

void homecoming_step(struct lessons *ls, struct class_book *book, int64_t delta_us)
{
    struct homecoming *h = &book->homecoming;
    for (uint32_t i = 0; i < h->count; i++)
        h->lessons[i].end_us += delta_us;
    if (h->count > 0)
        save(ls, book);
}

void homecoming_drop(struct lessons *ls, struct class_book *book)
{
    struct homecoming *h = &book->homecoming;
    for (uint32_t i = 0; i < h->count; i++)
        adherence_count(&ls->week, h->lessons[i].subject, VERDICT_UNDETERMINED);
    if (h->count == 0)
        return;
    h->count = 0;
    adherence_save(&ls->week, ls->host);
    save(ls, book);
}
