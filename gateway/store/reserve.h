/* reserve.h - room on the disk that is given up when an alarm would find none.
 *
 * A file beside the database, allocated block by block.  Thread: the committer's.
 */
#ifndef STORE_RESERVE_H
#define STORE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

/* Whole: some hundred commits with an alarm.  A small disk keeps less; below the least it
 * would not even let SQLite open its file. */
enum { RESERVE_BYTES = 8 << 20, RESERVE_LEAST_BYTES = 32 << 10 };

/* reserve_keep - makes it, as large as leaves as much free again, but not smaller than
 * @least bytes.  returns false: the disk has no room for one */
bool reserve_keep(const char *database, int64_t least);

/* reserve_spend - gives it up; returns how many bytes, 0: there was none. */
int64_t reserve_spend(const char *database);

bool reserve_is_kept(const char *database);

/* reserve_is_known - kept or given up, its file is there: a store has run here. */
bool reserve_is_known(const char *database);

#endif
