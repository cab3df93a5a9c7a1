/* trend.h - what a point was over any span, in at most so many values.
 *
 * From the finest level that has so few: minutes, quarters of an hour or days, merged to
 * steps where they are still too many.  Least and most of a step are those of all that is
 * in it, so that no peak is lost.  Thread: the query's.
 */
#ifndef STORE_TREND_H
#define STORE_TREND_H

#include "store/block.h"
#include "store/query.h"

enum trend_level { TREND_MINUTES, TREND_QUARTERS, TREND_DAYS, TREND_LEVELS };

/* trend_level_name - "minutes", "quarters", "days". */
const char *trend_level_name(enum trend_level level);

/* trend_ask
 * max         values, 2..10000
 * level       no finer one
 * offset_us   of the school's zone: steps begin at its full hours and midnights
 * running     the hour that runs (store_peek()), from hour_us on; NULL = not known */
struct trend_ask {
    uint32_t point;
    int64_t from_us;
    int64_t to_us;
    size_t max;
    enum trend_level level;
    int64_t offset_us;
    const struct block *running;
    int64_t hour_us;
};

/* trend_value - a step that has anything; its part within [from_us, to_us). */
struct trend_value {
    int64_t start_us;
    struct aggregate aggregate;
};

/* trend - values: in the order of time.  Owner: caller; free(values)
 * rows     of the log that are in it */
struct trend {
    enum trend_level level;
    int64_t step_us;
    struct trend_value *values;
    size_t count;
    uint64_t rows;
};

/* query_trend - returns 0 or -errno */
int query_trend(struct query *q, const struct trend_ask *ask, struct trend *ret,
                struct gw_error *err);

#endif
