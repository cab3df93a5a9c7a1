/* salvage.h - what still reads of a broken database, into a new one.
 *
 * Page by page and not table by table: a broken header, schema or root hides nothing.
 * A row is known by the form of its columns; deleted rows are zeroed (secure_delete), so
 * none comes back.  Thread: the writer's, or main before it runs.
 */
#ifndef STORE_SALVAGE_H
#define STORE_SALVAGE_H

#include <sqlite3.h>

#include <stdint.h>

#include "gw/error.h"
#include "store/salvage_report.h"

/* salvage_limits - machine times: the pages are walked through until the first, the log
 * is taken until the second, and damage is counted in what is left until the first. */
struct salvage_limits {
    int64_t pages_us;
    int64_t log_us;
};

/* salvage - from @broken (closed) into @db, migrated and without rows but its names,
 * which stay as they are.  The log comes last, newest first.  Epochs that were are
 * closed; the new one is left to be made. returns 0 or -errno of @db; a source that reads
 * badly is no error */
int salvage(const char *broken, sqlite3 *db, const struct salvage_limits *limits,
            struct salvage_report *ret, struct gw_error *err);

#endif
