#include "config/exchange.h"

#include <string.h>

static const char *text_at(const struct exchange *e, size_t row, size_t column)
{
    return csv_cell_at(&e->csv->rows[row], e->at[column]).text;
}

static bool is_once(const struct exchange *e, size_t row, size_t column)
{
    const char *text = text_at(e, row, column);
    for (size_t i = 1; i < e->csv->count; i++)
        if (i != row && strcmp(text_at(e, i, column), text) == 0)
            return false;
    return true;
}

/* fits - what stands in @row below @column could stand in the column @as. */
static bool fits(const struct exchange *e, size_t row, size_t column, size_t as)
{
    const char *text = text_at(e, row, column);
    const struct column_trait *trait = &e->traits[as];
    return !text[0]
           || ((!trait->fits || trait->fits(e->ctx, text))
               && (!trait->is_unique || is_once(e, row, column)));
}

/* is_either - the same stands in both. */
static bool is_either(const struct exchange *e, size_t row, size_t a, size_t b)
{
    return text_at(e, row, a)[0] && strcmp(text_at(e, row, a), text_at(e, row, b)) == 0;
}

/* says - something stands below both columns, or below one where the other is sparse. */
static bool says(const struct exchange *e, size_t row, size_t a, size_t b)
{
    const struct column_trait *left = &e->traits[a];
    const struct column_trait *right = &e->traits[b];
    const bool has_left = text_at(e, row, a)[0] != '\0';
    const bool has_right = text_at(e, row, b)[0] != '\0';
    const bool is_sparse =
        (left->is_sparse || right->is_sparse) && left->fits && right->fits;
    return is_sparse ? has_left || has_right : has_left && has_right;
}

static bool are_exchanged(const struct exchange *e, size_t a, size_t b)
{
    enum { ROWS_MIN = 2 };
    size_t rows = 0;
    size_t odd = 0;
    for (size_t i = 1; i < e->csv->count; i++) {
        if (is_either(e, i, a, b))
            continue;
        if (!fits(e, i, a, b) || !fits(e, i, b, a))
            return false;
        rows += says(e, i, a, b);
        odd += !fits(e, i, a, a) || !fits(e, i, b, b);
    }
    return rows >= ROWS_MIN && odd >= ROWS_MIN && 2 * odd > e->csv->count - 1;
}

bool exchange_find(const struct exchange *e, size_t *ret_a, size_t *ret_b)
{
    for (size_t a = 0; a < e->count; a++)
        for (size_t b = a + 1; b < e->count; b++) {
            if (e->at[a] == SIZE_MAX || e->at[b] == SIZE_MAX || !are_exchanged(e, a, b))
                continue;
            bool is_left = e->at[a] < e->at[b];
            *ret_a = is_left ? a : b;
            *ret_b = is_left ? b : a;
            return true;
        }
    return false;
}
