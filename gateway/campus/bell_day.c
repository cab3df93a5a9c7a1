#include "campus/bell_day.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { LENGTHS_MAX = 32 };

int32_t bell_row_length(const struct bell_row *row)
{
    return row->end_s - row->start_s;
}

bool bell_row_is_lesson(const struct bell_row *row)
{
    return row->lesson > 0;
}

bool bell_row_is_recess(const struct bell_row *row)
{
    return row->kind == GW_PHASE_RECESS || row->kind == GW_PHASE_LONG_RECESS;
}

static bool row_read(const struct config_node *item, struct bell_row *ret)
{
    const char *phase = config_scalar(config_child(item, "phase"));
    *ret = (struct bell_row){.item = item};
    for (int kind = 0; phase && bell_kinds[kind]; kind++)
        if (strcmp(phase, bell_kinds[kind]) == 0) {
            ret->kind = (enum gw_phase_kind)kind;
            return bells_times(item, &ret->start_s, &ret->end_s);
        }
    return false;
}

static int by_length(const void *a, const void *b)
{
    const int32_t *x = a;
    const int32_t *y = b;
    return (*x > *y) - (*x < *y);
}

static int32_t lesson_length(const struct bell_day *d)
{
    int32_t lengths[LENGTHS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < d->count && count < LENGTHS_MAX; i++)
        if (bell_row_is_lesson(&d->rows[i]))
            lengths[count++] = bell_row_length(&d->rows[i]);
    qsort(lengths, count, sizeof(lengths[0]), by_length);
    return count > 0 ? lengths[count / 2] : 0;
}

int32_t bell_day_recess(const struct bell_day *d, size_t index, bool *ret_is_long)
{
    size_t i = index + 1;
    *ret_is_long = false;
    for (; i < d->count && bell_row_is_recess(&d->rows[i]); i++)
        *ret_is_long |= d->rows[i].kind == GW_PHASE_LONG_RECESS;
    return bell_row_is_lesson(&d->rows[index]) && i < d->count
                   && bell_row_is_lesson(&d->rows[i])
               ? d->rows[i].start_s - d->rows[index].end_s
               : -1;
}

static int32_t recess_length(const struct bell_day *d, size_t *ret_count)
{
    int32_t lengths[LENGTHS_MAX];
    size_t count = 0;
    bool is_long = false;
    for (size_t i = 0; i < d->count && count < LENGTHS_MAX; i++) {
        int32_t length_s = bell_day_recess(d, i, &is_long);
        if (length_s > 0 && !is_long)
            lengths[count++] = length_s;
    }
    qsort(lengths, count, sizeof(lengths[0]), by_length);
    *ret_count = count;
    return count > 0 ? lengths[(count - 1) / 2] : 0;
}

bool bell_day_read(struct config_source *src, const struct config_node *node,
                   const char *path, struct bell_day *ret)
{
    struct bell_day d = {.src = src, .path = path, .count = config_count(node)};
    uint32_t lesson = 0;
    d.rows = arena_alloc(src->arena, (d.count + 1) * sizeof(*d.rows));
    for (size_t i = 0; d.rows && i < d.count; i++) {
        if (!row_read(config_item(node, i), &d.rows[i]))
            return false;
        d.rows[i].lesson = d.rows[i].kind == GW_PHASE_LESSON ? ++lesson : 0;
        d.has_long_recess |= d.rows[i].kind == GW_PHASE_LONG_RECESS;
    }
    if (!d.rows)
        return false;
    d.lesson_s = lesson_length(&d);
    d.recess_s = recess_length(&d, &d.recesses);
    *ret = d;
    return true;
}
