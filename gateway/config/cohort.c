#include "config/cohort.h"

#include <stdlib.h>
#include <string.h>

#include "config/grade.h"
#include "config/naming.h"

enum {
    SCHOOL_YEARS_MAX = 4,
    AUTUMN = 7, /* the month from which on a term is of the school year that begins */
    LAST_PRIMARY = 6,
};

/* cohorts - what all rows are held against.
 * years     that the terms are of, each by the calendar year that it begins in
 * is_early  grade 6 belongs to the junior stage here (五四制) */
struct cohorts {
    int years[SCHOOL_YEARS_MAX];
    size_t year_count;
    bool is_early;
};

/* entry_of - the year in which the class entered its stage; 0: the id says none, or of
 * another stage than the grade's. */
static int entry_of(const struct cohort_class *class)
{
    const char *stage = naming_stage(class->id);
    bool is_early = stage && class->grade == LAST_PRIMARY && strcmp(stage, "junior") == 0;
    if (!stage || class->grade == 0
        || (strcmp(stage, grade_stage(class->grade)) != 0 && !is_early))
        return 0;
    return (int)strtol(class->id, NULL, 10);
}

static int first_grade(const struct cohorts *c, const char *stage)
{
    if (strcmp(stage, "primary") == 0)
        return 1;
    if (strcmp(stage, "junior") == 0)
        return c->is_early ? LAST_PRIMARY : LAST_PRIMARY + 1;
    return 10;
}

static int wanted_entry(const struct cohorts *c, const struct cohort_class *class,
                        int year)
{
    return year - (class->grade - first_grade(c, naming_stage(class->id)));
}

static bool is_off(const struct cohorts *c, const struct cohort_class *class)
{
    int entry = entry_of(class);
    for (size_t i = 0; entry > 0 && i < c->year_count; i++)
        if (entry == wanted_entry(c, class, c->years[i]))
            return false;
    return entry > 0;
}

/* school_year - of a day, or of the first one of a span; 0 = @node is none. */
static int school_year(const struct config_node *node)
{
    const char *text = config_is_map(node) ? config_key(node, 0) : config_scalar(node);
    char *rest = NULL;
    long year = text ? strtol(text, &rest, 10) : 0;
    if (year < 1 || year > 9999 || *rest != '-')
        return 0;
    return (int)year - (strtol(rest + 1, NULL, 10) < AUTUMN);
}

static bool has_year(const struct cohorts *c, int year)
{
    for (size_t i = 0; i < c->year_count; i++)
        if (c->years[i] == year)
            return true;
    return false;
}

static void read_years(struct cohorts *c, const struct config_node *calendar)
{
    static const char *const lists[] = {"holidays", "make_up", "exams"};
    const struct config_node *terms = config_child(calendar, "terms");
    for (size_t i = 0; config_is_list(terms) && i < config_count(terms); i++) {
        int year = school_year(config_item(terms, i));
        if (year > 0 && c->year_count < SCHOOL_YEARS_MAX && !has_year(c, year))
            c->years[c->year_count++] = year;
    }
    size_t inside = 0;
    size_t outside = 0;
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        const struct config_node *list = config_child(calendar, lists[k]);
        for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
            bool is_inside = has_year(c, school_year(config_item(list, i)));
            inside += is_inside;
            outside += !is_inside;
        }
    }
    if (outside > inside)
        c->year_count = 0; /* the terms are those of another year, and told so */
}

/* told_exchanged - the ids of two rows, the only ones that are off, are those of each
 * other.  returns false: it is not so */
static bool told_exchanged(const struct sheet *s, size_t column, const struct cohorts *c,
                           const struct cohort_class *a, const struct cohort_class *b)
{
    const int year = c->years[c->year_count - 1];
    if (strcmp(naming_stage(a->id), naming_stage(b->id)) != 0
        || entry_of(a) != wanted_entry(c, b, year)
        || entry_of(b) != wanted_entry(c, a, year))
        return false;
    sheet_warning(
        s, a->row, column,
        "'%s' is of grade %d and '%s' in row %u of grade %d, and by the terms of "
        "campus.yaml they are the other way round (wanted: each in the other's "
        "row)",
        a->id, a->grade, b->id, (unsigned)b->row->number, b->grade);
    return true;
}

/* is_taken - another row has the id that @class should have, of year @wanted. */
static bool is_taken(const struct cohort_class *class, int wanted,
                     const struct cohort_class *classes, size_t count)
{
    enum { YEAR_SIZE = 4 };
    for (size_t i = 0; i < count; i++)
        if (strcmp(classes[i].id + strnlen(classes[i].id, YEAR_SIZE),
                   class->id + YEAR_SIZE)
                == 0
            && strtol(classes[i].id, NULL, 10) == wanted)
            return true;
    return false;
}

/* check_terms - a table of last year has it wrong in every row: that is one slip. */
static void check_terms(const struct sheet *s, size_t column, const struct cohorts *c,
                        const struct cohort_class *classes, size_t count)
{
    const struct cohort_class *first = NULL;
    const struct cohort_class *last = NULL;
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_off(c, &classes[i]))
            continue;
        others += first != NULL;
        first = first ? first : &classes[i];
        last = &classes[i];
    }
    if (!first || (others == 1 && told_exchanged(s, column, c, first, last)))
        return;
    int wanted = wanted_entry(c, first, c->years[c->year_count - 1]);
    if (others == 0 && is_taken(first, wanted, classes, count))
        sheet_warning(s, first->row, column,
                      "'%s' is of grade %d, which by the terms of campus.yaml entered in "
                      "%d, and '%d%s' is another row's (wanted: the right year and "
                      "number)",
                      first->id, first->grade, wanted, wanted, first->id + 4);
    else if (others == 0)
        sheet_warning(s, first->row, column,
                      "'%s' is of grade %d, which by the terms of campus.yaml entered in "
                      "%d (wanted: %d%s)",
                      first->id, first->grade, wanted, wanted, first->id + 4);
    else
        sheet_warning(s, first->row, column,
                      "'%s' is of grade %d, which by the terms of campus.yaml entered in "
                      "%d, and %zu more rows are likewise (wanted: %d%s; is it last "
                      "year's table, or are the terms?)",
                      first->id, first->grade, wanted, others, wanted, first->id + 4);
}

/* check_others - ids that begin with the same year of entry and stage are of one grade.
 */
static void check_others(const struct sheet *s, size_t column,
                         const struct cohort_class *classes, size_t index)
{
    enum { COHORT_SIZE = 7 }; /* "2024-P-" */
    const struct cohort_class *class = &classes[index];
    for (size_t i = 0; i < index && entry_of(class) > 0; i++) {
        const struct cohort_class *other = &classes[i];
        if (strncmp(other->id, class->id, COHORT_SIZE) != 0 || entry_of(other) == 0
            || other->grade == class->grade)
            continue;
        sheet_warning(s, class->row, column,
                      "'%s' is of another grade than '%s' in row %u, of the same year "
                      "of entry (wanted: the same, or another id)",
                      class->id, other->id, (unsigned)other->row->number);
        return;
    }
}

void cohort_check(const struct sheet *s, size_t column,
                  const struct cohort_class *classes, size_t count,
                  const struct config_node *calendar)
{
    struct cohorts c = {0};
    read_years(&c, calendar);
    for (size_t i = 0; i < count; i++)
        c.is_early |= classes[i].grade == LAST_PRIMARY && entry_of(&classes[i]) > 0
                      && strcmp(naming_stage(classes[i].id), "junior") == 0;
    if (c.year_count > 0)
        check_terms(s, column, &c, classes, count);
    for (size_t i = 0; c.year_count == 0 && i < count; i++)
        check_others(s, column, classes, i);
}
