/* outbox_statements.h - what outbox_writer.c, outbox_cap.c and outbox_recall.c share. Not
 * for others. */
#ifndef STORE_OUTBOX_STATEMENTS_H
#define STORE_OUTBOX_STATEMENTS_H

#include "store/outbox_writer.h"

enum {
    OUTBOX_ADD_ROW,
    OUTBOX_FIND_EPOCH,
    OUTBOX_RANGES_FROM,
    OUTBOX_TRIM_RANGE,
    OUTBOX_RANGE_ROW,
    OUTBOX_FIRST_ROW,
    OUTBOX_RANGE_END,
    OUTBOX_KEEP_COUNT,
    OUTBOX_DROP,
    OUTBOX_UNTOLD_EPOCH,
    OUTBOX_UNTOLD,
    OUTBOX_STATEMENT_COUNT,
};
_Static_assert((int)OUTBOX_STATEMENT_COUNT == (int)OUTBOX_STATEMENTS,
               "the writer has room for each");

/* outbox_insert - the row with the next seq; its body is borrowed. */
int outbox_insert(struct outbox_writer *o, int priority, int kind, const char *body);

/* outbox_find_epoch - its number and its last seq, also what the running one has made and
 * not yet written down.
 * returns  SQLITE_ROW; SQLITE_DONE and zeroes: it is none of this database's; or SQLite's
 *          code */
int outbox_find_epoch(struct outbox_writer *o, uint64_t epoch, int64_t *ret_number,
                      uint64_t *ret_last);

/* outbox_settle - [@first, @last] needs no sending any more. */
int outbox_settle(struct outbox_writer *o, int64_t first, int64_t last);

/* outbox_delete - runs @statement, which is bound and returns key and size of each row
 * that it deletes; @each may be NULL.  Counts them. */
int outbox_delete(struct outbox_writer *o, sqlite3_stmt *statement,
                  int (*each)(void *ctx, int64_t key), void *ctx, int *ret_deleted);

#endif
