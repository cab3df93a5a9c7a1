/* fact_cover.h - which rows of a period a fact is made of, what was expected, and why
 * some of it is missing.  Thread: the pipeline's. */
#ifndef FACTS_FACT_COVER_H
#define FACTS_FACT_COVER_H

#include "gw/campus.h"
#include "facts/fact_book.h"
#include "points/point_table.h"

/* Why something is missing: the class has no sensor; the gateway was off; the evidence
 * is there and unknown, or in part; it never came; it is of too few pupils. */
enum fact_reason {
    FACT_NO_SENSOR,
    FACT_GATEWAY_OFF,
    FACT_UNKNOWN,
    FACT_NO_EVIDENCE,
    FACT_SMALL_GROUP,
    FACT_REASONS
};

extern const char *const fact_reason_names[FACT_REASONS]; /* "missing.no-sensor", … */

/* fact_school - what the expectation is made of.
 * equipped    by class; NULL: all are
 * online      by day from @online_first: share of its minutes that the gateway ran, NAN =
 *             nobody counted */
struct fact_school {
    const struct gw_campus *campus;
    const struct fact_book *book;
    const bool *equipped;
    const double *online;
    int64_t online_first;
    size_t online_count;
};

/* fact_cover - rows: those that are known, in no order.  Owner: caller; free(rows) */
struct fact_cover {
    const struct fact_row **rows;
    size_t count;
    double expected;
    double good;
    double missing[FACT_REASONS];
};

/* fact_cover_make - of @object's rows of @plan in @span; @object "school": of all, and
 * FACT_OTHERS: of the classes that may not stand alone.  0 or -ENOMEM */
#define FACT_ALL "school"
#define FACT_OTHERS "others"
int fact_cover_make(const struct fact_school *s, const struct fact_plan *plan,
                    size_t index, const struct fact_span *span, const char *object,
                    struct fact_cover *ret);

/* fact_day_noon - of a local day. */
int64_t fact_day_noon(const struct gw_campus *campus, int64_t day);

#endif
