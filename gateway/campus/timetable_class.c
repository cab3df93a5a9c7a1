/* timetable_class.c - the names of classes in a timetable. */
#include <string.h>

#include "base/text.h"
#include "campus/names.h"
#include "campus/namesakes.h"
#include "campus/timetable_read.h"
#include "config/naming.h"
#include "config/node.h"
#include "config/sheet.h"
#include "config/suggest.h"

/* is_lost - a row that was told says the class @text. */
static bool is_lost(const struct config *c, const char *text)
{
    char folded[NAME_MAX_BYTES];
    char other[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    for (size_t i = 0; i < c->lost_class_count; i++) {
        text_fold(c->lost_classes[i], other, sizeof(other));
        if (strcmp(folded, other) == 0)
            return true;
    }
    return false;
}

/* told_several - @text is the title of two, which the message names. */
static bool told_several(const struct week_reader *w, const struct csv_row *row,
                         size_t column, const char *text)
{
    struct namesakes two;
    if (namesakes_class(w->c, text, &two))
        week_fault(w, row, column,
                   "several classes are called '%s', such as '%s' and '%s' (allowed: the "
                   "id)",
                   text, two.first, two.second);
    return two.second != NULL;
}

/* told_parted - the whole row is one cell: of one that is too long that was told. */
static bool told_parted(const struct week_reader *w, const struct csv_row *row,
                        size_t column, const char *text)
{
    char folded[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    if (!strpbrk(folded, ",;\t"))
        return false;
    if (strlen(text) <= CSV_CELL_MAX)
        week_fault(w, row, column, CSV_OTHER_SIGN, text);
    return true;
}

static void unnamed_class(struct week_reader *w, const struct csv_row *row, size_t column)
{
    if (week_is_news(w, row, column, ""))
        week_fault(w, row, column,
                   "no class stands here (allowed: id or title of a class; of merged "
                   "cells only the first keeps its text)");
}

/* has_row - a class that stands elsewhere in the table was hardly meant here. */
static bool has_row(const struct week_reader *w, size_t column, uint32_t class)
{
    for (size_t i = 1; i < w->csv->count; i++)
        if (name_get(w->c->class_names, csv_cell_at(&w->csv->rows[i], column).text)
            == class)
            return true;
    return false;
}

/* word_of - of @class, the one of its words that is such as @word of @other is: id or
 * title. */
static const char *word_of(const struct gw_class *class, const struct gw_class *other,
                           const char *word)
{
    if (word == other->id)
        return class->id;
    return word == other->title.en ? class->title.en : class->title.zh;
}

/* alike - of how many classes but @of the id or title is like @text, as @word is. */
static size_t alike(const struct gw_campus *c, size_t of, const char *word,
                    const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < c->class_count; i++) {
        const char *its = word_of(&c->classes[i], &c->classes[of], word);
        count += i != of && its && naming_is_alike(its, text);
    }
    return count;
}

/* node_of - what is said of class @id, an item of the list, which is @ret_at. */
static const struct config_node *node_of(const struct week_reader *w, const char *id,
                                         size_t *ret_at)
{
    const struct config_node *list = config_child(w->config->campus, "classes");
    for (*ret_at = 0; *ret_at < config_count(list); ++*ret_at) {
        const struct config_node *item = config_item(list, *ret_at);
        const char *its = config_scalar(config_child(item, "id"));
        if (its && strcmp(its, id) == 0)
            return item;
    }
    return NULL;
}

/* told_other - of the name here and @word, that of class @class, one is mistyped, and it
 * is not clear that it is this one: where the others are named as it is, the class is
 * told and taken, else both places.  returns false: nothing was told */
static bool told_other(const struct week_reader *w, const struct csv_row *row,
                       size_t column, uint32_t class, const char *word, bool *ret_is_it)
{
    enum { OTHERS_MIN = 2 };
    const char *text = csv_cell_at(row, column).text;
    const struct gw_class *of = &w->c->classes[class];
    const size_t here = alike(w->c, class, word, text);
    const size_t there = alike(w->c, class, word, word);
    size_t at = 0;
    const struct config_node *item = node_of(w, of->id, &at);
    const struct config_node *node =
        item ? config_child(item, word == of->id ? "id" : "title") : NULL;
    *ret_is_it = here >= OTHERS_MIN && there == 0;
    if (!node || (here == 0 && there > 0))
        return false;
    const struct config_mark mark = config_where(node);
    const struct config_mark own = csv_cell_at(row, column).mark;
    if (!*ret_is_it)
        week_fault(w, row, column, "unknown class '%s' (did you mean '%s' of %s:%d:%d?)",
                   text, word, mark.file, mark.line, mark.column);
    else if (!w->has_rows[class])
        config_fault(w->src->faults, mark, config_path_item(w->src, "classes", item, at),
                     "'%s' is '%s' at %s:%d:%d, and the others are named so (allowed: "
                     "the same in both)",
                     word, text, own.file, own.line, own.column);
    return true;
}

/* unknown_class - a fault; the class that is named otherwise where it is defined, or
 * UINT32_MAX. */
static uint32_t unknown_class(const struct week_reader *w, const struct csv_row *row,
                              size_t column)
{
    const char *text = csv_cell_at(row, column).text;
    struct suggest near = {.wanted = text};
    uint32_t nearest = UINT32_MAX;
    bool is_it = false;
    for (uint32_t i = 0; i < w->c->class_count; i++) {
        const char *before = near.best;
        if (has_row(w, column, i))
            continue;
        suggest_offer(&near, w->c->classes[i].id);
        week_suggest(&near, &w->c->classes[i].title);
        nearest = near.best == before ? nearest : i;
    }
    if (near.best && told_other(w, row, column, nearest, near.best, &is_it))
        return is_it ? nearest : UINT32_MAX;
    if (near.best)
        week_fault(w, row, column, "unknown class '%s' (did you mean '%s'?)", text,
                   near.best);
    else
        week_fault(w, row, column,
                   "unknown class '%s' (allowed: id of a class, or a title of one only)",
                   text);
    return UINT32_MAX;
}

uint32_t week_class(struct week_reader *w, const struct csv_row *row, size_t column)
{
    const char *text = csv_cell_at(row, column).text;
    uint32_t index = name_get(w->c->class_names, text);
    if (is_lost(w->config, text))
        return UINT32_MAX; /* also where another class has the name: which is meant? */
    if (index != UINT32_MAX || w->config->has_lost_classes)
        return index;
    if (!text[0]) {
        unnamed_class(w, row, column);
        return index;
    }
    if (w->c->class_count == 0) {
        if (w->word_count == 0 && week_is_news(w, row, column, text))
            week_fault(w, row, column,
                       "unknown class '%s', as there are no classes: classes.csv is not "
                       "there (allowed: a class of classes.csv or campus.yaml)",
                       text);
        return index;
    }
    if (told_parted(w, row, column, text) || told_several(w, row, column, text)
        || sheet_told_date(w->src, w->csv, row, column))
        return index;
    if (w->lost_titles < w->config->lost_title_count) {
        w->lost_titles++; /* it is hardly another one */
        return index;
    }
    return unknown_class(w, row, column);
}
