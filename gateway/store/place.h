/* place.h - an open database and its log are on the disk what the connection takes them
 * for: the log still bears its name, and neither was cut short.
 *
 * SQLite asks for the name of the database alone (database_has_moved()).  A log without
 * its name is written and read on, and gone at the next start; of a file that was cut the
 * pages that memory has are read on.  Thread: the committer's.
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <sqlite3.h>

#include <stdbool.h>
#include <sys/types.h>

/* place
 * log   which file the log of the connection is; SQLite keeps it until the last closes
 * size  of the database, which only grows: its free pages stay in it */
struct place {
    dev_t device;
    ino_t log;
    off_t size;
};

/* place_note - right after @db has opened its log. */
void place_note(struct place *p, sqlite3 *db);

/* place_has_log - false: deleted, moved or replaced. */
bool place_has_log(const struct place *p, sqlite3 *db);

/* place_is_cut - the database is smaller than it was, or the log than its last @frames
 * frames, which are not in the database yet. */
bool place_is_cut(struct place *p, sqlite3 *db, int frames);

/* place_free_log - away with what has the name of @db's log. */
void place_free_log(sqlite3 *db);

#endif
