/* broken.h - a broken database gives way to a new one with what still reads of it.
 *
 * The new file is made whole beside the broken one and takes its name at the end: a cut
 * at any moment leaves the one or the other.  Thread: the committer's.
 */
#ifndef STORE_BROKEN_H
#define STORE_BROKEN_H

#include <stddef.h>

#include "gw/error.h"
#include "store/registry.h"

/* How many broken files stay, the newest; each may be as large as the database was. */
enum { BROKEN_KEPT = 3 };

/* broken_replace - @path, which nobody writes, becomes "<path>.broken-<utc stamp>" with
 * its -wal and -shm; names that run keep their ids.
 * returns 0 and what became of it, for people, which the new one keeps too (notice.h); or
 *         -errno: all is as before */
int broken_replace(const char *path, const struct registry *names, char *ret_told,
                   size_t size, struct gw_error *err);

/* broken_look - what SQLite would pass over without a word: it drops a damaged log from
 * the damage on, and begins anew where the file is empty or gone.  Before the database is
 * opened.  returns 0, -EUCLEAN or -ENOMEM */
int broken_look(const char *path, struct gw_error *err);

/* broken_finish - a replacement that was cut while its files were renamed; else nothing.
 * Before the database is opened.
 * returns 0; -EUCLEAN: cut before that, whoever began it had found the file broken; or
 *         -errno */
int broken_finish(const char *path, struct gw_error *err);

/* broken_discard - a new file that is half made goes.  0 or -errno */
int broken_discard(const char *path);

#endif
