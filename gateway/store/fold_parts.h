/* fold_parts.h - what fold.c and fold_days.c share.  Not for others. */
#ifndef STORE_FOLD_PARTS_H
#define STORE_FOLD_PARTS_H

#include "store/fold.h"
#include "store/pack.h"

enum {
    DUE_HOUR,
    IS_DUE,
    DUE_PACK,
    DUE_DAYS,
    SET_NEXT,
    FOLDED,
    MARK,
    READ_LOG,
    GET_HOUR,
    PUT_HOUR,
    DROP_HOUR,
    GET_MINUTES,
    PUT_MINUTES,
    PUT_QUARTERS,
    FORGET_HOURS,
};

#define DAY_MS INT64_C(86400000)

/* fold_rows - a transaction around @write.  returns SQLITE_OK or SQLite's code */
int fold_rows(struct fold *f, int (*write)(struct fold *f, void *ctx), void *ctx);

/* fold_days_step - when no hour is: packs of before @now_ms, the newest time that is
 * known, and then their 32 days. */
int fold_days_step(struct fold *f, int64_t now_ms, bool *ret_more);

#endif
