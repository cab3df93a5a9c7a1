/* metrics.h - /metrics in Prometheus' text format, for a scraper on the same machine.
 * Nothing runs between two turns.  Thread: one owner.
 */
#ifndef INGEST_METRICS_H
#define INGEST_METRICS_H

#include "gw/error.h"
#include "ingest/intake.h"
#include "ingest/requester.h"

struct metrics;

/* metrics_open - listens; all of them are borrowed for life.
 * requester  NULL = nothing is asked for
 * address    "127.0.0.1:PORT" or "[::1]:PORT", loopback only (base/loopback.h)
 * Owner:     caller; metrics_close() */
int metrics_open(const char *address, const struct intake *intake,
                 const struct requester *requester, struct archive *archive,
                 struct metrics **ret, struct gw_error *err);
struct metrics *metrics_close(struct metrics *m);

/* metrics_fd - readable when a turn has something to do. */
int metrics_fd(const struct metrics *m);

/* metrics_turn - @is_broker_up: what to say of it (feed_is_up()). */
void metrics_turn(struct metrics *m, bool is_broker_up);

#endif
