/* outbox_writer.h - rows for the county: seq without gaps, acknowledged ranges.
 * Thread: the writer's. */
#ifndef STORE_OUTBOX_WRITER_H
#define STORE_OUTBOX_WRITER_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "gw/error.h"
#include "gw/record.h"
#include "store/store.h"

enum { OUTBOX_STATEMENTS = 7, OUTBOX_RECALL_STATEMENTS = 5 };

/* outbox_range - the county has [from, to] of @epoch. */
struct outbox_range {
    uint64_t epoch;
    uint64_t from;
    uint64_t to;
};

/* outbox_count - what a rolled back transaction must put back. */
struct outbox_count {
    uint64_t seq;          /* the last one given */
    uint64_t acknowledged; /* rows of every epoch */
};

/* Zero-initialise. */
struct outbox_writer {
    sqlite3 *db;
    sqlite3_stmt *statements[OUTBOX_STATEMENTS];
    sqlite3_stmt *recall_statements[OUTBOX_RECALL_STATEMENTS]; /* outbox_recall.c's */
    uint64_t epoch;
    int64_t epoch_number;
    uint64_t earlier_rows; /* of the epochs before this one */
    struct outbox_count count;
};

/* outbox_writer_open - makes an epoch when none runs (its last_seq 0); @seq from the
 * progress row.  returns 0, -EUCLEAN when rows and numbers do not fit, or -errno */
int outbox_writer_open(struct outbox_writer *o, sqlite3 *db, uint64_t seq,
                       struct gw_error *err);
void outbox_writer_close(struct outbox_writer *o);

/* outbox_add - one row when ops->encode makes a body of @record.
 * returns SQLITE_OK or SQLite's code */
int outbox_add(struct outbox_writer *o, const struct gw_record *record,
               const struct store_ops *ops);

/* outbox_acknowledge - joins @range, as far as it names rows that were made, with what
 * is acknowledged already.  SQLITE_OK or SQLite's code. */
int outbox_acknowledge(struct outbox_writer *o, const struct outbox_range *range);

/* outbox_trim - deletes at most @max acknowledged rows made before @time_us. */
int outbox_trim(struct outbox_writer *o, int64_t time_us, int max, int *ret_deleted);

#endif
