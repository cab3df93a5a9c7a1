/* entry_list.c - many entries at once: all of them or none. */
#include <errno.h>
#include <stdlib.h>

#include "campus/entry_judge.h"
#include "campus/names.h"
#include "campus/school.h"
#include "campus/timetable.h"

/* batch - a list being entered into a copy of the book.
 * classes   of each entry, UINT32_MAX = none */
struct batch {
    const struct gw_campus *c;
    const struct campus_entry_list *list;
    struct day_book *book;
    int64_t time_us;
    int64_t today;
    uint32_t *classes;
    int64_t *days;
    size_t day_count;
    size_t day_room;
    json_t *slips;
};

static void note_day(struct batch *b, int64_t day)
{
    for (size_t i = 0; i < b->day_count; i++)
        if (b->days[i] == day)
            return;
    if (b->day_count < b->day_room)
        b->days[b->day_count++] = day;
}

/* clear_lessons - of the entry's class on @day, and what was exchanged with them: as the
 * week has them. */
static int clear_lessons(struct batch *b, const struct campus_entry *entry, int64_t day)
{
    uint32_t class = name_get(b->c->class_names, entry->class_id);
    if (class == UINT32_MAX)
        return 0; /* is told when it is judged */
    const char *id = b->c->classes[class].id;
    int r = 0;
    for (uint32_t lesson = 1; r == 0 && lesson <= TIMETABLE_LESSONS_MAX; lesson++) {
        struct day_change ignored;
        struct swap swap = {0};
        if (!day_book_change(b->book, day, id, lesson, &ignored))
            continue;
        r = swap_take_back(b->book, id, (struct day_lesson){day, lesson}, &swap);
        for (size_t i = 0; i < swap.count; i++)
            note_day(b, swap.lessons[i].day);
    }
    return r;
}

static int clear_changes(struct batch *b)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < b->list->count; i++) {
        const struct campus_entry *e = &b->list->items[i];
        int64_t day = e->day == ENTRY_TODAY ? b->today : e->day;
        if (e->kind != ENTRY_SWAP || e->faulty)
            continue;
        r = clear_lessons(b, e, day);
        if (r == 0 && e->with_day != ENTRY_TODAY)
            r = clear_lessons(b, e, e->with_day);
    }
    return r;
}

/* --- judging ---------------------------------------------------------------------- */

/* add_slips - what speaks against entry @index. */
static void add_slips(struct batch *b, size_t index, const struct entry_refusals *r)
{
    for (size_t i = 0; i < r->count && json_array_size(b->slips) < ENTRY_SLIPS_MAX; i++)
        (void)json_array_append_new(
            b->slips, json_pack("{s:i, s:i, s:s}", "entry", (int)index, "key",
                                (int)r->items[i].key, "text", r->items[i].text));
}

static int64_t day_of(const struct batch *b, int64_t said)
{
    return said == ENTRY_TODAY ? b->today : said;
}

/* with_day_of - the day of the lesson that it is exchanged with. */
static int64_t with_day_of(const struct batch *b, const struct campus_entry *e)
{
    return e->with_day == ENTRY_TODAY ? day_of(b, e->day) : e->with_day;
}

static bool is_count(const struct campus_entry *e)
{
    return e->kind == ENTRY_LEAVE || e->kind == ENTRY_ATTENDANCE;
}

/* is_of - both are about the same class and day, each by its id or its title. */
static bool is_of(const struct batch *b, size_t x, size_t y)
{
    const struct campus_entry *first = &b->list->items[x];
    const struct campus_entry *second = &b->list->items[y];
    const unsigned both = 1u << ENTRY_KEY_CLASS | 1u << ENTRY_KEY_DAY;
    return !((first->faulty | second->faulty) & both) && b->classes[x] != UINT32_MAX
           && b->classes[x] == b->classes[y]
           && day_of(b, first->day) == day_of(b, second->day);
}

/* is_twin - the second says again what the first one says, or something else of it: of
 * two numbers nobody knows which one is meant.  Lessons may be swapped on and on. */
static bool is_twin(const struct batch *b, size_t x, size_t y)
{
    const struct campus_entry *first = &b->list->items[x];
    const struct campus_entry *second = &b->list->items[y];
    if (first->kind != second->kind || !is_of(b, x, y))
        return false;
    if (is_count(first))
        return true;
    bool is_same = first->lesson == second->lesson && first->with == second->with
                   && with_day_of(b, first) == with_day_of(b, second);
    return first->kind == ENTRY_SWAP && first->lesson > 0 && is_same;
}

/* is_same_exemption - both say it of the same time, for the same reason. */
static bool is_same_exemption(const struct batch *b, size_t x, size_t y)
{
    const struct campus_entry *first = &b->list->items[x];
    const struct campus_entry *second = &b->list->items[y];
    return first->kind == ENTRY_EXEMPT && second->kind == ENTRY_EXEMPT && !first->faulty
           && !second->faulty && first->is_undo == second->is_undo
           && first->bits == second->bits && first->from_s == second->from_s
           && first->until_s == second->until_s
           && day_of(b, first->day) == day_of(b, second->day);
}

/* is_mirror - lesson A with B, and B with A: the second takes the first one back. */
static bool is_mirror(const struct batch *b, size_t x, size_t y)
{
    const struct campus_entry *first = &b->list->items[x];
    const struct campus_entry *second = &b->list->items[y];
    bool are_swaps = first->kind == ENTRY_SWAP && second->kind == ENTRY_SWAP
                     && first->with > 0 && second->with > 0 && !first->faulty
                     && !second->faulty;
    return are_swaps && b->classes[x] != UINT32_MAX && b->classes[x] == b->classes[y]
           && first->lesson == second->with && first->with == second->lesson
           && day_of(b, first->day) == with_day_of(b, second)
           && with_day_of(b, first) == day_of(b, second->day);
}

static void find_twins(struct batch *b)
{
    for (size_t y = 1; y < b->list->count; y++)
        for (size_t x = 0; x < y; x++) {
            bool is_exemption = is_same_exemption(b, x, y);
            if (!is_exemption && !is_twin(b, x, y) && !is_mirror(b, x, y))
                continue;
            enum entry_key key = is_exemption ? ENTRY_KEY_REASON : ENTRY_KEY_CLASS;
            (void)json_array_append_new(b->slips,
                                        json_pack("{s:i, s:i, s:i}", "entry", (int)y,
                                                  "key", (int)key, "twin", (int)x));
            break;
        }
}

/* is_last - no later entry is a number of the same class and day. */
static bool is_last(const struct batch *b, size_t index)
{
    for (size_t y = index + 1; y < b->list->count; y++)
        if (is_count(&b->list->items[y]) && is_of(b, index, y))
            return false;
    return true;
}

/* judge_sums - when all numbers are in the book: their order does not matter. */
static void judge_sums(struct batch *b)
{
    for (size_t i = 0; i < b->list->count; i++) {
        struct entry_refusals refusals = {0};
        const struct campus_entry *e = &b->list->items[i];
        if (!is_count(e) || e->faulty || !is_last(b, i))
            continue;
        entry_judge_sum(b->c, b->book, e, b->time_us, &refusals);
        add_slips(b, i, &refusals);
    }
}

/* judge_all - returns 0 also when some are refused: see slips. */
static int judge_all(struct batch *b, struct gw_error *err)
{
    for (size_t i = 0; i < b->list->count; i++) {
        const struct campus_entry *e = &b->list->items[i];
        struct entry_days days = {0};
        struct entry_refusals refusals = {0};
        b->classes[i] = name_get(b->c->class_names, e->class_id);
        int r = entry_judge(b->c, b->book, e, b->time_us, &days, &refusals, err);
        if (r < 0)
            return r;
        add_slips(b, i, &refusals);
        for (size_t k = 0; k < days.count; k++)
            note_day(b, days.days[k]);
    }
    find_twins(b);
    judge_sums(b);
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
    if (slips > 0 || b->list->is_trial)
        return gw_fail(err, -EINVAL, "%zu slips in %zu entries, none is taken", slips,
                       b->list->count);
    r = day_book_take_over(b->c->book, b->book);
    return r < 0 ? gw_fail(err, r, "out of memory") : 0;
}

int campus_enter_list(const struct gw_campus *c, const struct campus_entry_list *list,
                      int64_t time_us, int64_t **ret_days, size_t *ret_count,
                      char **ret_answer, struct gw_error *err)
{
    /* Two that it says, and what is taken back: of the days that a book has. */
    size_t day_room = 2 * list->count + DAY_BOOK_KEPT_DAYS + DAY_BOOK_AHEAD_DAYS + 1;
    struct batch b = {.c = c,
                      .list = list,
                      .time_us = time_us,
                      .today = school_day(c, time_us),
                      .classes = calloc(list->count + 1, sizeof(*b.classes)),
                      .days = calloc(day_room, sizeof(*b.days)),
                      .day_room = day_room,
                      .slips = json_array()};
    int r = b.days && b.classes && b.slips ? day_book_new(&b.book) : -ENOMEM;
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
    free(b.classes);
    json_decref(b.slips);
    return r;
}
