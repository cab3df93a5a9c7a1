/* foreign.h - a file that the store never made, which it neither writes nor moves.
 *
 * Only what is certain counts: a database whose tables are another program's, or a file
 * that is no database and does not stand where one of ours has been.  Whatever may be
 * ours and broken is left to broken.h.  Thread: one a path.
 */
#ifndef STORE_FOREIGN_H
#define STORE_FOREIGN_H

#include <sqlite3.h>

#include <stdbool.h>

/* What a file is that lies at @path.  OURS: or may be, or nothing that can be read. */
enum foreign { FOREIGN_OURS, FOREIGN_FILE, FOREIGN_DATABASE };

/* foreign_look - opens @path for reading alone and leaves nothing beside it.  To close it
 * takes the locks from every connection of this process to that file (fcntl(2)): only
 * when there is none. foreign_has_log - a program may have it open right now. */
enum foreign foreign_look(const char *path);
bool foreign_has_log(const char *path);

/* foreign_open - the file alone as foreign_look() reads it.  returns SQLite's code; *ret
 * is to be closed in any case */
int foreign_open(const char *path, sqlite3 **ret);

#endif
