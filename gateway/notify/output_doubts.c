/* output_doubts.c - rows that are well formed, and mostly not what was meant. */
#include <string.h>

#include "config/quantity.h"
#include "notify/output_rows.h"

enum { PLACES_MAX = 16, DURATION_TEXT = 32 };

/* doubts - one look at the rows; of the rule in work its places without an output.
 * word   the first of its words that some row has */
struct doubts {
    const struct outputs_setup *setup;
    struct config_faults *faults;
    const struct output_rows *rows;
    const char *rule;
    const struct output_row *word;
    const char *places[PLACES_MAX];
    size_t place_count;
};

/* --- places that hear nothing --------------------------------------------------------
 */

static bool has_word(const struct gw_strings *words, const char *word)
{
    bool is_found = false;
    for (size_t i = 0; i < words->count && !is_found; i++)
        is_found = strcmp(words->items[i], word) == 0;
    return is_found;
}

static void tell_places(struct doubts *d)
{
    for (size_t i = 0; i < d->place_count; i++)
        config_warning(d->faults, d->word->mark, d->word->name,
                       "does not come on for %s (P1) at '%s', and nothing else does "
                       "(wanted: a row for this place, or one without places)",
                       d->rule, d->places[i]);
    d->place_count = 0;
}

static void add_place(struct doubts *d, const char *place)
{
    bool is_there = false;
    for (size_t i = 0; i < d->place_count && !is_there; i++)
        is_there = strcmp(d->places[i], place) == 0;
    if (!is_there && d->place_count < PLACES_MAX)
        d->places[d->place_count++] = place;
}

/* What a rule tells people alone, or what is mapped nowhere at all, is no matter here. */
static void look_at_object(void *ctx, const struct rule_object *o)
{
    struct doubts *d = ctx;
    const struct gw_place *place = output_place(d->setup, o->object);
    const struct output_row *word = NULL;
    bool is_heard = false;
    if (d->rule && strcmp(d->rule, o->rule) != 0)
        tell_places(d);
    for (size_t i = 0; i < d->rows->count; i++) {
        const struct output_row *row = &d->rows->items[i];
        if (!has_word(o->outputs, row->name))
            continue;
        word = word ? word : row;
        is_heard |= output_row_fits(row, GW_P1, place);
    }
    d->rule = o->rule;
    d->word = word;
    if (word && !is_heard)
        add_place(d, place ? place->id : o->object);
}

/* --- outputs that end by themselves --------------------------------------------------
 */

static void look_at_row(const struct doubts *d, const struct output_row *row)
{
    for (size_t i = 0; i < row->point_count; i++) {
        int64_t longest_us = config_longest_on(d->setup->config, row->points[i]->config);
        char end[DURATION_TEXT];
        char wanted[DURATION_TEXT];
        if (longest_us == 0 || (row->on_for_us > 0 && row->on_for_us <= longest_us))
            continue;
        quantity_duration_text(longest_us, end, sizeof(end));
        quantity_duration_text(row->on_for_us, wanted, sizeof(wanted));
        config_warning(d->faults, row->mark, row->name,
                       "on_for is %s, and '%s' goes off by itself after %s, its max_on "
                       "(wanted: on_for no longer than that)",
                       wanted, row->points[i]->name, end);
    }
}

void output_rows_doubt(const struct outputs_setup *setup, struct config_faults *faults,
                       const struct output_rows *rows)
{
    struct doubts d = {.setup = setup, .faults = faults, .rows = rows};
    for (size_t i = 0; i < rows->count; i++)
        look_at_row(&d, &rows->items[i]);
    rules_each_object(setup->rules, GW_P1, look_at_object, &d);
    tell_places(&d);
}
