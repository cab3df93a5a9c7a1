#include "facts/fact_book.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "campus/civil.h"
#include "facts/fact_kept.h"

/* rows: of one plan. */
struct rows {
    struct fact_row **items;
    size_t count;
    size_t room;
};

/* orphans: keys of kept states that no plan here stands behind. */
struct fact_book {
    const struct fact_plans *plans;
    void (*emit)(void *ctx, const struct gw_record *record);
    void *ctx;
    struct arena *arena; /* names of objects: few, for life */
    const char **objects;
    size_t object_count;
    struct rows *rows; /* by plan */
    struct fact_told *told;
    size_t told_count;
    size_t told_room;
    struct fact_clock clock;
    char **orphans;
    size_t orphan_count;
};

int fact_book_new(const struct fact_plans *plans,
                  void (*emit)(void *ctx, const struct gw_record *record), void *ctx,
                  struct fact_book **ret)
{
    struct fact_book *b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    *b = (struct fact_book){.plans = plans, .emit = emit, .ctx = ctx};
    b->rows = calloc(plans->count + 1, sizeof(*b->rows));
    if (!b->rows || arena_new(&b->arena) < 0) {
        fact_book_free(b);
        return -ENOMEM;
    }
    *ret = b;
    return 0;
}

struct fact_book *fact_book_free(struct fact_book *b)
{
    if (!b)
        return NULL;
    for (size_t p = 0; b->rows && p < b->plans->count; p++) {
        for (size_t i = 0; i < b->rows[p].count; i++)
            free(b->rows[p].items[i]);
        free(b->rows[p].items);
    }
    for (size_t i = 0; i < b->orphan_count; i++)
        free(b->orphans[i]);
    free(b->orphans);
    free(b->rows);
    free(b->told);
    free(b->objects);
    arena_free(b->arena);
    free(b);
    return NULL;
}

/* One copy of each name, so that pointers compare; NULL = out of memory. */
static const char *intern(struct fact_book *b, const char *object)
{
    for (size_t i = 0; i < b->object_count; i++)
        if (strcmp(b->objects[i], object) == 0)
            return b->objects[i];
    const char **objects =
        reallocarray(b->objects, b->object_count + 1, sizeof(*b->objects));
    if (!objects)
        return NULL;
    b->objects = objects;
    objects[b->object_count] = arena_string(b->arena, object);
    return objects[b->object_count] ? objects[b->object_count++] : NULL;
}

struct fact_row *fact_book_find(const struct fact_book *b, size_t plan,
                                const char *object, int64_t day)
{
    const struct rows *rows = &b->rows[plan];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i]->day == day && strcmp(rows->items[i]->object, object) == 0)
            return rows->items[i];
    return NULL;
}

static bool has_room(struct rows *rows)
{
    if (rows->count < rows->room)
        return true;
    size_t room = rows->room > 0 ? 2 * rows->room : 32;
    struct fact_row **items = reallocarray(rows->items, room, sizeof(struct fact_row *));
    if (!items)
        return false;
    rows->items = items;
    rows->room = room;
    return true;
}

struct fact_row *fact_book_row(struct fact_book *b, size_t plan, const char *object,
                               int64_t day)
{
    struct fact_row *row = fact_book_find(b, plan, object, day);
    if (row)
        return row;
    const char *name = intern(b, object);
    size_t values = b->plans->items[plan].name_count;
    if (!name || !has_room(&b->rows[plan]))
        return NULL;
    row = calloc(1, sizeof(*row) + values * sizeof(row->values[0]));
    if (!row)
        return NULL;
    row->object = name;
    row->day = day;
    for (size_t i = 0; i < values; i++)
        row->values[i] = NAN;
    b->rows[plan].items[b->rows[plan].count++] = row;
    return row;
}

struct fact_row *const *fact_book_rows(const struct fact_book *b, size_t plan,
                                       size_t *ret_count)
{
    *ret_count = b->rows[plan].count;
    return b->rows[plan].items;
}

static void keep(const struct fact_book *b, const char *key, char *text)
{
    if (!text) {
        gw_log(GW_LOG_ERROR, (struct gw_subject){"FACTS", key},
               "out of memory: it is not kept over a restart");
        return;
    }
    const struct gw_state state = {
        .owner = FACT_OWNER, .key = key, .bytes = text, .size = strlen(text)};
    b->emit(b->ctx, &(struct gw_record){.kind = GW_RECORD_STATE, .state = state});
    free(text);
}

static void drop(const struct fact_book *b, const char *key)
{
    const struct gw_state state = {.owner = FACT_OWNER, .key = key};
    b->emit(b->ctx, &(struct gw_record){.kind = GW_RECORD_STATE, .state = state});
}

void fact_book_keep(struct fact_book *b, size_t plan, struct fact_row *row)
{
    char key[FACT_KEY_MAX];
    row->is_dirty = true;
    fact_row_key(&b->plans->items[plan], row, key);
    keep(b, key, fact_row_text(&b->plans->items[plan], row));
}

void fact_book_clean(struct fact_book *b)
{
    for (size_t p = 0; p < b->plans->count; p++)
        for (size_t i = 0; i < b->rows[p].count; i++)
            b->rows[p].items[i]->is_dirty = false;
}

const struct fact_told *fact_book_told(const struct fact_book *b, size_t plan,
                                       const struct fact_span *span, const char *object)
{
    for (size_t i = 0; i < b->told_count; i++) {
        const struct fact_told *t = &b->told[i];
        if (t->plan == plan && t->span.period == span->period
            && t->span.first == span->first && strcmp(t->object, object) == 0)
            return t;
    }
    return NULL;
}

/* Into the list, not into the store. */
static int take_told(struct fact_book *b, const struct fact_told *told)
{
    const struct fact_told *before =
        fact_book_told(b, told->plan, &told->span, told->object);
    size_t index = before ? (size_t)(before - b->told) : b->told_count;
    if (index == b->told_room) {
        size_t room = b->told_room > 0 ? 2 * b->told_room : 64;
        struct fact_told *list = reallocarray(b->told, room, sizeof(*list));
        if (!list)
            return -ENOMEM;
        b->told = list;
        b->told_room = room;
    }
    const char *object = intern(b, told->object);
    if (!object)
        return -ENOMEM;
    b->told[index] = *told;
    b->told[index].object = object;
    b->told_count += !before;
    return 0;
}

int fact_book_tell(struct fact_book *b, const struct fact_told *told)
{
    char key[FACT_KEY_MAX];
    int r = take_told(b, told);
    fact_told_key(&b->plans->items[told->plan], told, key);
    if (r == 0)
        keep(b, key, fact_told_text(&b->plans->items[told->plan], told));
    return r;
}

static void forget_rows(struct fact_book *b, size_t plan, int64_t day)
{
    struct rows *rows = &b->rows[plan];
    size_t left = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct fact_row *row = rows->items[i];
        char key[FACT_KEY_MAX];
        if (row->day >= day) {
            rows->items[left++] = row;
            continue;
        }
        fact_row_key(&b->plans->items[plan], row, key);
        drop(b, key);
        free(row);
    }
    rows->count = left;
}

void fact_book_forget(struct fact_book *b, int64_t day)
{
    size_t left = 0;
    for (size_t p = 0; p < b->plans->count; p++)
        forget_rows(b, p, day);
    for (size_t i = 0; i < b->told_count; i++) {
        char key[FACT_KEY_MAX];
        if (b->told[i].span.first >= day) {
            b->told[left++] = b->told[i];
            continue;
        }
        fact_told_key(&b->plans->items[b->told[i].plan], &b->told[i], key);
        drop(b, key);
    }
    b->told_count = left;
}

struct fact_clock *fact_book_clock(struct fact_book *b)
{
    return &b->clock;
}

void fact_book_keep_clock(struct fact_book *b)
{
    keep(b, FACT_CLOCK_KEY, fact_clock_text(&b->clock));
}

static size_t plan_named(const struct fact_book *b, const char *id)
{
    for (size_t i = 0; i < b->plans->count; i++)
        if (strcmp(b->plans->items[i].id, id) == 0)
            return i;
    return FACT_NONE;
}

static int add_orphan(struct fact_book *b, const char *key)
{
    char **orphans = reallocarray(b->orphans, b->orphan_count + 1, sizeof(char *));
    if (!orphans)
        return -ENOMEM;
    b->orphans = orphans;
    orphans[b->orphan_count] = strdup(key);
    if (!orphans[b->orphan_count])
        return -ENOMEM;
    b->orphan_count++;
    return 0;
}

static int restore_row(struct fact_book *b, size_t plan, const json_t *kept)
{
    const char *object = NULL;
    int64_t day = 0;
    if (fact_row_head(kept, &object, &day) < 0)
        return -EINVAL;
    struct fact_row *row = fact_book_row(b, plan, object, day);
    if (!row)
        return -ENOMEM;
    row->is_dirty = true; /* nobody knows; what was told the same is not told again */
    return fact_row_read(&b->plans->items[plan], kept, row);
}

static int restore_told(struct fact_book *b, size_t plan, const json_t *kept)
{
    struct fact_told told = {.plan = plan};
    int r = fact_told_read(kept, &told);
    return r < 0 ? r : take_told(b, &told);
}

static int restore(struct fact_book *b, const char *key, const json_t *kept)
{
    if (strcmp(key, FACT_CLOCK_KEY) == 0)
        return fact_clock_read(kept, &b->clock);
    const char *id = json_string_value(json_object_get(kept, "fact"));
    if (!id)
        return -EINVAL;
    size_t plan = plan_named(b, id);
    if (plan == FACT_NONE)
        return add_orphan(b, key);
    return json_object_get(kept, "values") ? restore_row(b, plan, kept)
                                           : restore_told(b, plan, kept);
}

int fact_book_restore(struct fact_book *b, const char *key, const void *bytes,
                      size_t size)
{
    json_t *kept = json_loadb(bytes, size, 0, NULL);
    int r = kept ? restore(b, key, kept) : -EINVAL;
    json_decref(kept);
    return r;
}

void fact_book_restored(struct fact_book *b)
{
    for (size_t i = 0; i < b->orphan_count; i++) {
        drop(b, b->orphans[i]);
        free(b->orphans[i]);
    }
    b->orphan_count = 0;
}

static int take_row(struct fact_book *b, size_t plan, const struct fact_plan *from,
                    const struct fact_row *old)
{
    const struct fact_plan *to = &b->plans->items[plan];
    struct fact_row *row = fact_book_row(b, plan, old->object, old->day);
    if (!row)
        return -ENOMEM;
    row->share = old->share;
    row->is_dirty = true; /* the plan may have other figures now */
    for (size_t i = 0; i < to->name_count; i++) {
        size_t at = fact_plan_name(from, to->names[i]);
        row->values[i] = at == FACT_NONE ? (double)NAN : old->values[at];
    }
    return 0;
}

int fact_book_take_over(struct fact_book *b, const struct fact_book *old)
{
    int r = 0;
    b->clock = old->clock;
    for (size_t p = 0; p < old->plans->count && r == 0; p++) {
        const struct fact_plan *from = &old->plans->items[p];
        size_t plan = plan_named(b, from->id);
        if (plan == FACT_NONE)
            continue; /* its states go at the next start */
        for (size_t i = 0; i < old->rows[p].count && r == 0; i++)
            r = take_row(b, plan, from, old->rows[p].items[i]);
        for (size_t i = 0; i < old->told_count && r == 0; i++) {
            struct fact_told told = old->told[i];
            told.plan = plan;
            if (old->told[i].plan == p)
                r = take_told(b, &told);
        }
    }
    return r;
}
