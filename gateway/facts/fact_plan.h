/* fact_plan.h - facts.yaml: which facts the county gets of a day, a week, a month, and
 * how they come of the plugins' evidence.  Immutable once loaded.
 *
 * Evidence of one object and local day is a row of numbers; a figure folds the rows of a
 * period into one number.
 */
#ifndef FACTS_FACT_PLAN_H
#define FACTS_FACT_PLAN_H

#include "config/config.h"
#include "gw/record.h"

enum { FACT_NAMES_MAX = 32, FACT_FIGURES_MAX = 32, FACT_LESS_MAX = 2 };

enum fact_about { FACT_ABOUT_SCHOOL, FACT_ABOUT_CLASSES, FACT_ABOUT_PLACES };

/* On which days a row is expected of an object: where there is one, every day, where it
 * has lessons, where the school has after-school service. */
enum fact_days { FACT_DAYS_SEEN, FACT_DAYS_ALL, FACT_DAYS_LESSONS, FACT_DAYS_SERVICE };

enum fact_fold {
    FACT_SUM,
    FACT_MEAN,
    FACT_MEDIAN,
    FACT_MIN,
    FACT_MAX,
    FACT_LAST,
    FACT_COUNT,
    FACT_WORD, /* the last row's word as it stands */
    FACT_FOLDS
};

enum fact_test { FACT_ABOVE, FACT_BELOW, FACT_AT_LEAST, FACT_IS, FACT_TESTS };

/* FACT_NONE - where an index into the plan's names stands: there is none. */
#define FACT_NONE SIZE_MAX

/* fact_figure - one number of a fact.
 *
 * of          the value that is folded; names are indexes into the plan's
 * less        taken from it first, never below zero
 * per         folded as a sum and divided by this one's sum
 * test        COUNT: only rows whose value is so against @than or @number, with @by
 *             added to that
 * periods     bits 1 << enum gw_period that have it */
struct fact_figure {
    const char *id;
    enum fact_fold fold;
    size_t of;
    size_t less[FACT_LESS_MAX];
    size_t less_count;
    size_t per;
    enum fact_test test;
    size_t than;
    double number;
    double by;
    unsigned periods;
};

/* fact_plan - one entry.
 *
 * from        kind of the evidence; "gateway" and "alarms" are the pipeline's own
 * by          a word of the evidence that is the object; NULL = its object
 * is_listed   one fact an object; else all of them in one, about the school
 * is_pupils   figures of pupils: small groups do not leave
 * is_morning  a day's fact is due the next morning, not in the evening
 * needs       a metric: without a point of it in the class's or the school's places the
 *             school has no such thing
 * known       the value without which a row counts as missing; FACT_NONE = its share
 *             says all
 * exempt      a row with this one above zero was not to be expected
 * words       that evidence may say; a row has their index */
struct fact_plan {
    const char *id;
    struct gw_text title;
    const char *from;
    const char *by;
    enum fact_about about;
    enum fact_days days;
    bool is_listed;
    bool is_pupils;
    bool is_morning;
    const char *needs;
    size_t known;
    size_t exempt;
    struct gw_strings words;
    unsigned periods;
    const char *names[FACT_NAMES_MAX];
    size_t name_count;
    struct fact_figure *figures;
    size_t figure_count;
};

/* fact_plans - the file.
 * evening_s, morning_s, period_s  seconds since midnight: a day's facts are told, told
 *             again where they changed, weeks and months are told
 * leave       kinds of a plugin's evidence that leave the school as they are */
struct fact_plans {
    int32_t evening_s;
    int32_t morning_s;
    int32_t period_s;
    struct gw_strings leave;
    struct fact_plan *items;
    size_t count;
};

/* fact_plans_load - config->facts; faults are added.  Lives in the arena.
 * returns 0 or -ENOMEM */
int fact_plans_load(const struct config *config, struct config_faults *faults,
                    struct fact_plans *ret);

/* fact_plan_name - the index of @name, or FACT_NONE. */
size_t fact_plan_name(const struct fact_plan *plan, const char *name);

void facts_print_options(FILE *out);

#endif
