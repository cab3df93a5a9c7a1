/* entry_list.c - many entries at once: all of them or none. */
#include <errno.h>
#include <stdlib.h>

#include "campus/entry_judge.h"
#include "campus/names.h"
#include "campus/school.h"
#include "campus/timetable.h"

/* batch - a list being entered into a copy of the book. */
struct batch {
    const struct gw_campus *c;
    const struct campus_entry_list *list;
    struct day_book *book;
    int64_t time_us;
    int64_t *days;
    size_t day_count;
    json_t *slips;
};

static void note_day(struct batch *b, int64_t day)
{
    for (size_t i = 0; i < b->day_count; i++)
        if (b->days[i] == day)
            return;
    b->days[b->day_count++] = day;
}

/* clear_lessons - of the entry's class on @day: as the week has them. */
static int clear_lessons(struct batch *b, const struct campus_entry *entry, int64_t day)
{
    uint32_t class = name_get(b->c->class_names, entry->class_id);
    if (class == UINT32_MAX)
        return 0; /* is told when it is judged */
    const char *id = b->c->classes[class].id;
    int r = 0;
    for (uint32_t lesson = 1; r == 0 && lesson <= TIMETABLE_LESSONS_MAX; lesson++) {
        struct day_change ignored;
        if (!day_book_change(b->book, day, id, lesson, &ignored))
            continue;
        r = day_book_set_change(b->book, day, id, lesson, NULL);
        note_day(b, day);
    }
    return r;
}

static int clear_changes(struct batch *b)
{
    int64_t today = school_day(b->c, b->time_us);
    int r = 0;
    for (size_t i = 0; r == 0 && i < b->list->count; i++) {
        const struct campus_entry *e = &b->list->items[i];
        int64_t day = e->day == ENTRY_TODAY ? today : e->day;
        if (e->kind != ENTRY_SWAP)
            continue;
        r = clear_lessons(b, e, day);
        if (r == 0 && e->with_day != ENTRY_TODAY)
            r = clear_lessons(b, e, e->with_day);
    }
    return r;
}

/* judge_all - returns 0 also when some are refused: see slips. */
static int judge_all(struct batch *b, struct gw_error *err)
{
    for (size_t i = 0; i < b->list->count; i++) {
        struct entry_days days = {0};
        const char *key = NULL;
        int r =
            entry_judge(b->c, b->book, &b->list->items[i], b->time_us, &days, &key, err);
        if (r == -ENOSPC || r == -ENOMEM)
            return r;
        if (r < 0 && json_array_size(b->slips) < ENTRY_SLIPS_MAX)
            (void)json_array_append_new(b->slips,
                                        json_pack("{s:i, s:s, s:s}", "entry", (int)i,
                                                  "key", key, "text", err->text));
        for (size_t k = 0; k < days.count; k++)
            note_day(b, days.days[k]);
    }
    return 0;
}

static int enter_all(struct batch *b, struct gw_error *err)
{
    int r = day_book_take_over(b->book, b->c->book);
    if (r == 0)
        r = clear_changes(b);
    if (r < 0)
        return gw_fail(err, r, "out of memory");
    r = judge_all(b, err);
    if (r < 0)
        return r;
    size_t slips = json_array_size(b->slips);
    if (slips > 0)
        return gw_fail(err, -EINVAL, "%zu of %zu entries are refused, none is taken",
                       slips, b->list->count);
    r = day_book_take_over(b->c->book, b->book);
    return r < 0 ? gw_fail(err, r, "out of memory") : 0;
}

int campus_enter_list(const struct gw_campus *c, const struct campus_entry_list *list,
                      int64_t time_us, int64_t **ret_days, size_t *ret_count,
                      char **ret_answer, struct gw_error *err)
{
    enum { DAYS_OF_AN_ENTRY = 4 }; /* two cleared, two written */
    struct batch b = {.c = c,
                      .list = list,
                      .time_us = time_us,
                      .days = calloc(DAYS_OF_AN_ENTRY * list->count + 1, sizeof(*b.days)),
                      .slips = json_array()};
    int r = b.days && b.slips ? day_book_new(&b.book) : -ENOMEM;
    r = r < 0 ? gw_fail(err, r, "out of memory") : enter_all(&b, err);
    if (r == 0) {
        *ret_days = b.days;
        *ret_count = b.day_count;
        b.days = NULL;
    } else if (json_array_size(b.slips) > 0) {
        *ret_answer = json_dumps(b.slips, JSON_COMPACT);
    }
    day_book_free(b.book);
    free(b.days);
    json_decref(b.slips);
    return r;
}
