/* backup.h - a copy of the database in one file, while a gateway writes it or none does.
 *
 * Read by a connection of its own in one transaction: the copy is what was committed when
 * it began.  Written beside its name, looked through, synced and renamed: what has the
 * name is whole.  Thread: any; not main, for it takes its time.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include <sqlite3.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gw/error.h"

enum { BACKUP_PATH_MAX = 4096 };

/* backup_order
 * file         an absolute path that nothing has yet; "" = in the folder "backups" beside
 *              the database, by the time
 * is_gentle    a gateway runs, and commits meanwhile
 * should_stop  NULL = nobody stops it */
struct backup_order {
    const char *database;
    const char *file;
    bool is_gentle;
    const atomic_bool *should_stop;
};

struct backup_report {
    char file[BACKUP_PATH_MAX];
    uint64_t bytes;
    uint64_t rows; /* readings, transitions, summaries, facts, messages for the county */
    int64_t took_us;
};

/* backup_make - returns 0; -EEXIST: the file is there; -ENOSPC; -EUCLEAN: what was read
 * is broken; -ECANCELED; or -errno: nothing has the name */
int backup_make(const struct backup_order *order, struct backup_report *ret,
                struct gw_error *err);

/* backup_rows - of a database that nobody writes.  0 or -errno */
int backup_rows(sqlite3 *db, uint64_t *ret, struct gw_error *err);

/* backup_room - @needed bytes and something over for the store have room beside @path.
 * returns 0 or -ENOSPC, or -errno of the folder */
int backup_room(const char *path, int64_t needed, struct gw_error *err);

#endif
