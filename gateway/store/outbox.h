/* outbox.h - the uplink's read-only view of committed, unacknowledged rows.
 * Own connection, query_only.  When a broken database gave way to a new one, the next
 * call says -ESTALE once, and the calls after it read the new one: positions among its
 * rows have to be found anew.  Thread: the uplink's. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include <stddef.h>

#include "gw/error.h"
#include "gw/types.h"

struct outbox;

/* outbox_row - body is valid until the next call on this reader. */
struct outbox_row {
    uint64_t epoch;
    uint64_t seq;
    int priority;     /* enum store_priority */
    const char *kind; /* topic: "alarm", "summary", "telemetry", "evidence" */
    const char *body;
    size_t size;
};

/* outbox_open - reads nothing yet: a disk that fails is told by the calls below, each of
 * which tries anew.  returns 0 or -ENOMEM.  Owner: caller */
int outbox_open(const char *path, struct outbox **ret, struct gw_error *err);
struct outbox *outbox_close(struct outbox *o);

/* outbox_next - the first row to send of @priority (-1 any, 0 alarms, else all others)
 * after (@epoch,
 * @seq) in the order of their making; epoch 0 = from the oldest.
 * returns 1 and *ret, 0 when there is none, or -errno */
int outbox_next(struct outbox *o, int priority, uint64_t epoch, uint64_t seq,
                struct outbox_row *ret, struct gw_error *err);

/* outbox_last - the newest row ever made: what comes after it is new, what lies before
 * it and is unacknowledged is backlog.  (0, 0) in an empty outbox. */
int outbox_last(struct outbox *o, uint64_t *ret_epoch, uint64_t *ret_seq,
                struct gw_error *err);

/* outbox_get - one row by key; 1, 0 or -errno. */
int outbox_get(struct outbox *o, uint64_t epoch, uint64_t seq, struct outbox_row *ret,
               struct gw_error *err);

#endif
