/* month_tables.h - the partitions of "messages", one a month, made before they are
 * needed. Thread: one owner.
 */
#ifndef INGEST_MONTH_TABLES_H
#define INGEST_MONTH_TABLES_H

#include <stdint.h>

#include "ingest/postgres.h"

/* month_tables_make - this month's, in UTC, and the next one's, so that nobody waits for
 * a table at midnight. made  the month whose tables are known to be there, 0 before the
 * first call; kept */
int month_tables_make(struct postgres *p, int64_t time_us, int *made,
                      struct gw_error *err);

#endif
