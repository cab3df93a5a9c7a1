#include "lessons.h"

#include <errno.h>
#include <stdlib.h>

#include "lessons_model.h"
#include "today.h"

static const int64_t hour_us = INT64_C(3600000000);

/* The week's facts are told once Monday has got so far. */
enum { WEEK_AT_HOUR = 6 };

static int add_books(struct lessons *ls, struct gw_error *err)
{
    size_t count = 0;
    int r = 0;
    const struct gw_class *classes = gw_campus_classes(ls->campus, &count);
    ls->books = calloc(count + 1, sizeof(*ls->books));
    if (!ls->books)
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct room *home = rooms_find(ls->rooms, classes[i].place_id);
        if (!home)
            continue;
        struct class_book *book = &ls->books[ls->count++];
        *book = (struct class_book){.class = &classes[i], .home = home};
        r = class_book_start(book, ls->host, err);
    }
    return r;
}

int lessons_new(struct gw_host *host, const struct occupancy_options *options,
                const struct rooms *rooms, struct lessons **ret, struct gw_error *err)
{
    struct lessons *ls = calloc(1, sizeof(*ls));
    if (!ls)
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    ls->host = host;
    ls->campus = gw_host_campus(host);
    ls->options = options;
    ls->rooms = rooms;
    int r = add_books(ls, err);
    if (r == 0)
        r = room_uses_new(host, options, rooms, &ls->uses, err);
    if (r < 0)
        (void)lessons_free(ls);
    else
        *ret = ls;
    return r;
}

struct lessons *lessons_free(struct lessons *ls)
{
    if (!ls)
        return NULL;
    room_uses_free(ls->uses);
    free(ls->books);
    free(ls);
    return NULL;
}

void lessons_load(struct lessons *ls)
{
    for (size_t i = 0; i < ls->count; i++) {
        class_book_load(&ls->books[i], ls->host);
        homecoming_load(ls, &ls->books[i]);
    }
    adherence_load(&ls->week, ls->host);
    room_uses_load(ls->uses);
    ls->is_restored = true;
}

static void tell_again(struct lessons *ls, int64_t time_us)
{
    ls->is_restored = false;
    for (size_t i = 0; i < ls->count; i++)
        class_book_tell_again(&ls->books[i], ls->host, time_us);
}

int64_t lessons_monday(const struct lessons *ls, int64_t time_us)
{
    struct gw_local local = gw_campus_local(ls->campus, time_us);
    int64_t noon_us = gw_campus_midnight(ls->campus, time_us) + 12 * hour_us;
    return gw_campus_midnight(ls->campus,
                              noon_us - INT64_C(24) * (local.weekday - 1) * hour_us);
}

/* Last week's lessons, on Monday morning or as soon after it as the gateway runs. */
static void week_minute(struct lessons *ls, int64_t time_us)
{
    int64_t monday_us = lessons_monday(ls, time_us);
    if (ls->week.start_us == monday_us)
        return;
    if (ls->week.count > 0 && time_us < monday_us + WEEK_AT_HOUR * hour_us)
        return;
    adherence_tell(&ls->week, ls->host, monday_us);
    ls->week.start_us = monday_us;
    adherence_save(&ls->week, ls->host);
}

/* Before the week's facts: what waited for its end is of the day that is over. */
static void begin_days(struct lessons *ls, int64_t midnight_us, int64_t time_us)
{
    for (size_t i = 0; i < ls->count; i++) {
        struct class_book *book = &ls->books[i];
        if (day_has_begun(book->day.midnight_us, midnight_us))
            continue;
        homecoming_end_day(ls, book);
        class_book_new_day(book, ls->host, midnight_us, time_us);
    }
}

void lessons_minute(struct lessons *ls, int64_t time_us)
{
    /* The minute that ends at midnight is the old day's. */
    int64_t midnight_us = gw_campus_midnight(ls->campus, time_us - 1);
    if (ls->is_restored)
        tell_again(ls, time_us);
    if (ls->count == 0)
        return;
    begin_days(ls, midnight_us, time_us);
    week_minute(ls, time_us);
    for (size_t i = 0; i < ls->count; i++) {
        struct class_book *book = &ls->books[i];
        lesson_minute(ls, book, time_us);
        homecoming_minute(ls, book, time_us);
        if (book->day.midnight_us == midnight_us)
            school_day_minute(ls, book, time_us);
    }
    school_day_tell(ls, time_us);
    room_uses_minute(ls->uses, school_day_due(ls, time_us), time_us);
}
