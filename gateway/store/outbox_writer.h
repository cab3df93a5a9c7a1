/* outbox_writer.h - rows for the county: seq without gaps, settled and dropped ranges.
 * Its counts say at any size without a look how much there is (outbox_cap.h).
 * Thread: the writer's. */
#ifndef STORE_OUTBOX_WRITER_H
#define STORE_OUTBOX_WRITER_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "gw/error.h"
#include "gw/record.h"
#include "store/evidence_writer.h"
#include "store/key_ranges.h"
#include "store/store.h"

enum { OUTBOX_STATEMENTS = 11, OUTBOX_RECALL_STATEMENTS = 2 };

/* outbox_range - the county has [from, to] of @epoch. */
struct outbox_range {
    uint64_t epoch;
    uint64_t from;
    uint64_t to;
};

/* outbox_count - what a rolled back transaction must put back; of every epoch but seq.
 * trimmed_to  settled ranges that begin before this key have no rows any more
 * oldest_from all rows before this key are settled */
struct outbox_count {
    uint64_t seq;     /* the last one given */
    uint64_t settled; /* rows that the county has, or was told that it will not get */
    uint64_t untold;  /* rows that were dropped, and the county was not told */
    uint64_t dropped; /* rows that were dropped for life */
    uint64_t rows;    /* there are */
    uint64_t bytes;   /* of their bodies */
    int64_t trimmed_to;
    int64_t oldest_from;
};

/* Zero-initialise. */
struct outbox_writer {
    sqlite3 *db;
    sqlite3_stmt *statements[OUTBOX_STATEMENTS];
    sqlite3_stmt *recall_statements[OUTBOX_RECALL_STATEMENTS]; /* outbox_recall.c's */
    struct key_ranges settled;
    struct key_ranges untold;
    uint64_t epoch;
    int64_t epoch_number;
    uint64_t earlier_rows; /* of the epochs before this one */
    uint32_t cap;          /* rows; 0 = none */
    int64_t oldest_s;      /* when the oldest row that waits was made; 0 = none */
    struct outbox_count count;
    struct evidence_writer evidence;
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

/* outbox_waiting - rows that the county shall have and has not. */
uint64_t outbox_waiting(const struct outbox_writer *o);

/* outbox_keep_count - the counts go into the progress row, if they changed since
 * @before. */
int outbox_keep_count(struct outbox_writer *o, const struct outbox_count *before);

/* outbox_look - finds the oldest row that waits; SQLITE_OK or SQLite's code.
 * outbox_tell - the outbox's part of @ret. */
int outbox_look(struct outbox_writer *o);
void outbox_tell(const struct outbox_writer *o, struct store_status *ret);

#endif
