/* query.h - history for the pages: own connection, query_only, row limits.
 * Thread: one user at a time. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "gw/error.h"
#include "gw/record.h"

struct query;

int query_open(const char *path, struct query **ret, struct gw_error *err);
struct query *query_close(struct query *q);

/* query_is_current - false: a broken database gave way to a new one; open it anew. */
bool query_is_current(const struct query *q);

/* query_history - logged readings of @point in [from_us, to_us), oldest first, at most
 * @max (1..10000).  returns 0 or -errno; *ret_more: there were more */
int query_history(struct query *q, uint32_t point, int64_t from_us, int64_t to_us,
                  struct gw_reading *ret, size_t max, size_t *ret_count, bool *ret_more,
                  struct gw_error *err);

/* query_log_begin - the time of the oldest reading, GW_TIME_NONE: there is none. */
int query_log_begin(struct query *q, int64_t *ret_us, struct gw_error *err);

/* query_span - [from_us, until_us) by the clocks of @eras, a bit for the number of each.
 */
enum { QUERY_EVERY_ERA = (1 << GW_RECORD_ERAS) - 1 };

struct query_span {
    int64_t from_us;
    int64_t until_us;
    uint32_t eras;
};

/* query_each_reading - every logged reading of @span, in order of time; for a start, not
 * for pages: it takes as long as it takes. */
int query_each_reading(struct query *q, const struct query_span *span,
                       void (*each)(void *ctx, const struct gw_reading *reading),
                       void *ctx, struct gw_error *err);

/* query_state - the kept state @owner, @key; @each gets it, if there is one. */
int query_state(struct query *q, const char *owner, const char *key,
                void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                struct gw_error *err);

/* query_transitions - the journal of alarms, newest first, before @before_us. */
int query_transitions(struct query *q, const char *alarm_id, int64_t before_us,
                      struct gw_transition *ret, size_t max, size_t *ret_count,
                      struct gw_error *err);

/* query_cursor - how far an export is, of [from, until_us): zero-initialise but for
 * these. at, number  the rows that come next stand behind them; query_page() moves them
 * is_done     there are no more */
struct query_cursor {
    int64_t from_us;
    int64_t until_us;
    int64_t at;
    int64_t number;
    bool is_begun;
    bool is_done;
};

/* query_row - one of them: what the kind of page has, the rest NULL.
 * name  of the reading's point, also when the configuration has it no more */
struct query_row {
    const struct gw_reading *reading;
    const char *name;
    const struct gw_transition *transition;
    const struct gw_fact *fact;
};

/* query_page - at most @max (1..10000) rows behind @cursor, the oldest first: readings of
 * every point, transitions of alarms, or facts by when they were told.  Each call is a
 * transaction of its own, so that a long export holds up no checkpoint. */
enum query_kind { QUERY_READINGS, QUERY_TRANSITIONS, QUERY_FACTS };
int query_page(struct query *q, enum query_kind kind, struct query_cursor *cursor,
               size_t max, void (*each)(void *ctx, const struct query_row *row),
               void *ctx, struct gw_error *err);

/* query_fact_filter - NULL = any.
 * kind        "daily.attendance" as told to the county, "lesson" as a plugin saw it
 * before_us   told before that */
struct query_fact_filter {
    const char *kind;
    const char *object;
    int64_t before_us;
    size_t max; /* 1..10000 */
};

/* query_facts - newest first; @each gets what lives until it returns.  A told fact's
 * revision stands among its values. */
int query_facts(struct query *q, const struct query_fact_filter *filter,
                void (*each)(void *ctx, const struct gw_fact *fact), void *ctx,
                struct gw_error *err);

#endif
