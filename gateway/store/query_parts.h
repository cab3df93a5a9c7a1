/* query_parts.h - what query.c and trend.c share.  Not for others. */
#ifndef STORE_QUERY_PARTS_H
#define STORE_QUERY_PARTS_H

#include <sqlite3.h>

#include "store/query.h"

enum {
    QUERY_HISTORY,
    QUERY_EVERY_READING,
    QUERY_STATE,
    QUERY_EVERY_ALARM,
    QUERY_ONE_ALARM,
    QUERY_SOME_FACTS,
    QUERY_FACT_VALUES,
    QUERY_FIRST_READING,
    QUERY_PAGE, /* of each kind */
    QUERY_STATEMENTS = QUERY_PAGE + QUERY_FACTS + 1
};
enum { TREND_STATEMENTS = 8 };

/* query - until_us: machine time at which whoever waits has waited too long.
 * trend  prepared when the first is asked for */
struct query {
    sqlite3 *db;
    sqlite3_stmt *statements[QUERY_STATEMENTS];
    sqlite3_stmt *trend[TREND_STATEMENTS];
    int64_t until_us;
};

/* query_begin - from now on the patience counts; query_end - it does no more.
 * returns 0, -ETIME, or what @rc stands for */
void query_begin(struct query *q);
int query_end(struct query *q, int rc, struct gw_error *err);

#endif
