/* place.h - an open database's log still bears its name.
 *
 * SQLite asks that of the database alone (database_has_moved()).  A log without its name
 * is written and read on, and gone at the next start.  Thread: the committer's.
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <sqlite3.h>

#include <stdbool.h>
#include <sys/types.h>

/* place - which file the log of a connection is; SQLite keeps it until the last one
 * closes. */
struct place {
    dev_t device;
    ino_t log;
};

/* place_note - right after @db has opened its log. */
void place_note(struct place *p, sqlite3 *db);

/* place_has_log - false: deleted, moved or replaced. */
bool place_has_log(const struct place *p, sqlite3 *db);

/* place_free_log - away with what has the name of @db's log. */
void place_free_log(sqlite3 *db);

#endif
