/* past.h - what the store keeps of a span, for a backtest beside a running daemon.
 *
 * A connection of its own, query_only; readings come in slices, so that no read holds
 * back the log's checkpoint for long.  Thread: one user.
 */
#ifndef STORE_PAST_H
#define STORE_PAST_H

#include "gw/error.h"
#include "gw/record.h"

struct past;

/* past_open - @path is never made.  returns 0, -ENOENT or -errno.
 * Owner: caller; past_close() */
int past_open(const char *path, struct past **ret, struct gw_error *err);
struct past *past_close(struct past *p);

/* past_point - the id of @name; -ENOENT: nothing was ever stored of it. */
int past_point(struct past *p, const char *name, uint32_t *ret, struct gw_error *err);

/* past_span - the first and the last reading of the log; -ENOENT: it is empty. */
int past_span(struct past *p, int64_t *ret_first_us, int64_t *ret_last_us,
              struct gw_error *err);

/* past_each_reading - of the log, in [from_us, to_us), in order of time. */
int past_each_reading(struct past *p, int64_t from_us, int64_t to_us,
                      void (*each)(void *ctx, const struct gw_reading *reading),
                      void *ctx, struct gw_error *err);

/* past_each_transition, past_each_fact - of @rule before @to_us, in order of time; a
 * fact's object and time only. */
int past_each_transition(struct past *p, const char *rule, int64_t to_us,
                         void (*each)(void *ctx, const struct gw_transition *t),
                         void *ctx, struct gw_error *err);
int past_each_fact(struct past *p, const char *rule, int64_t to_us,
                   void (*each)(void *ctx, const char *object, int64_t time_us),
                   void *ctx, struct gw_error *err);

/* past_each_state - kept states of @owner. */
int past_each_state(struct past *p, const char *owner,
                    void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                    struct gw_error *err);

/* past_has_summary - a summary of @metric ("desk_lux.window") of @object begins in
 * [from_us, to_us).  returns 1, 0 or -errno */
int past_has_summary(struct past *p, const char *object, const char *metric,
                     int64_t from_us, int64_t to_us, struct gw_error *err);

#endif
