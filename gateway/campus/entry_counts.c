#include "campus/entry_counts.h"

#include <string.h>

#include "campus/civil.h"
#include "campus/entry_columns.h"
#include "campus/names.h"

/* pair - leave and attendance of one row. */
struct pair {
    const struct entry_origin *origin;
    const struct gw_class *class;
    uint32_t leave;
    uint32_t present;
};

static bool pair_at(const struct entry_table *t, const struct gw_campus *c, size_t index,
                    struct pair *ret)
{
    const struct campus_entry *e = &t->list->items[index];
    const struct entry_origin *origin = &t->origins[index];
    if (index + 1 >= t->list->count || origin->row != origin[1].row || e->faulty
        || e[1].faulty)
        return false;
    uint32_t class = name_get(c->class_names, e->class_id);
    if (class == UINT32_MAX)
        return false;
    *ret = (struct pair){origin, &c->classes[class], e->count, e[1].count};
    return true;
}

/* is_exchanged - most of the class is on leave, and the rest present. */
static bool is_exchanged(const struct pair *p)
{
    return p->leave > p->present && 2 * p->leave > p->class->enrolled;
}

static void tell_pair(const struct entry_table *t, const struct pair *p)
{
    if (is_exchanged(p))
        sheet_warning(&t->sheet, p->origin->row, COLUMN_LEAVE,
                      "%u on leave and %u present of class '%s' (wanted: are the two "
                      "exchanged?)",
                      (unsigned)p->leave, (unsigned)p->present, p->class->id);
    else if (2 * (p->leave + p->present) < p->class->enrolled)
        sheet_warning(&t->sheet, p->origin->row, COLUMN_ATTENDANCE,
                      "%u on leave and %u present are not half of class '%s', which has "
                      "%u (wanted: is a digit missing?)",
                      (unsigned)p->leave, (unsigned)p->present, p->class->id,
                      (unsigned)p->class->enrolled);
}

/* doubt_pairs - of rows with both numbers; where most are exchanged, the headings are. */
static void doubt_pairs(const struct entry_table *t, const struct gw_campus *c)
{
    enum { ROWS_MIN = 3 };
    struct pair p;
    size_t exchanged = 0;
    size_t count = 0;
    for (size_t i = 0; i < t->list->count; i++)
        if (pair_at(t, c, i, &p)) {
            exchanged += is_exchanged(&p);
            count++;
        }
    bool is_heading = exchanged >= ROWS_MIN && 2 * exchanged > count;
    if (is_heading)
        sheet_warning(&t->sheet, &t->sheet.csv->rows[0], COLUMN_LEAVE,
                      "in %zu of %zu rows most of the class is on leave (wanted: are the "
                      "headings of leave and attendance exchanged?)",
                      exchanged, count);
    for (size_t i = 0; i < t->list->count; i++)
        if (pair_at(t, c, i, &p) && !(is_heading && is_exchanged(&p)))
            tell_pair(t, &p);
}

/* count_of - the entries of @day and, unless it is NULL, of @class. */
static size_t count_of(const struct entry_table *t, int64_t day, const char *class)
{
    size_t count = 0;
    for (size_t i = 0; i < t->list->count; i++) {
        const struct campus_entry *e = &t->list->items[i];
        count += e->day == day && (!class || strcmp(e->class_id, class) == 0);
    }
    return count;
}

/* doubt_day - one row alone is of another day than all others, and its class has none of
 * theirs. */
static void doubt_day(const struct entry_table *t)
{
    enum { ROWS_MIN = 5 };
    const struct campus_entry *items = t->list->items;
    size_t odd = 0;
    if (t->rows < ROWS_MIN || t->sheet.at[COLUMN_DO] != SIZE_MAX)
        return;
    while (odd < t->list->count && count_of(t, items[odd].day, NULL) > ENTRIES_OF_A_ROW)
        odd++;
    if (odd == t->list->count)
        return;
    const struct csv_row *row = t->origins[odd].row;
    const struct campus_entry *other = &items[odd > 0 ? 0 : t->list->count - 1];
    const size_t its = count_of(t, items[odd].day, NULL);
    const size_t others = count_of(t, other->day, NULL);
    bool is_one = its == 1 || t->origins[odd + 1].row == row;
    const struct civil_date date = civil_date(other->day);
    if (is_one && its + others == t->list->count
        && count_of(t, other->day, items[odd].class_id) == 0)
        sheet_warning(&t->sheet, row, COLUMN_DAY,
                      "this row alone is of another day, all others of %04d-%02d-%02d "
                      "(wanted: is the day right?)",
                      date.year, date.month, date.day);
}

void entry_counts_doubt(const struct entry_table *t, const struct gw_campus *c)
{
    doubt_day(t);
    doubt_pairs(t, c);
}
