/* aside.h - a database that gives way to another one is kept: its file and what SQLite
 * keeps beside it get a name of their own, "<path><mark><utc stamp>".  Nobody has it
 * open. All return 0 or -errno, and may be called again after a cut.  Thread: one a path.
 */
#ifndef STORE_ASIDE_H
#define STORE_ASIDE_H

#include <stdbool.h>
#include <stddef.h>

enum { ASIDE_PATH_MAX = 4096 };

/* aside_join - @path with @suffix; -ENAMETOOLONG */
int aside_join(char ret[ASIDE_PATH_MAX], const char *path, const char *suffix);

/* aside_is_part - @name ends as one does that SQLite keeps beside a database. */
bool aside_is_part(const char *name);

/* aside_name - one that nothing has yet, with a number behind the stamp where it must. */
int aside_name(const char *path, const char *mark, char ret[ASIDE_PATH_MAX]);

/* aside_move - the file first: as long as it has its name nothing has happened. */
int aside_move(const char *from, const char *to);

/* aside_move_rest - the log of a file that is moved already, to where that is: SQLite
 * would replay it into the next one. */
int aside_move_rest(const char *path, const char *mark);

/* aside_remove - the file and what is beside it; what is not there is no error. */
int aside_remove(const char *path);

/* aside_prune - the newest @kept of @mark stay.  What cannot be removed stays; the next
 * time tries again. */
void aside_prune(const char *path, const char *mark, size_t kept);

#endif
