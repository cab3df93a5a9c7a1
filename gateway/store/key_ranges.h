/* key_ranges.h - a set of outbox keys, kept as the ranges of a table with the columns
 * first (its key) and last: they never overlap, and none touches the next.
 * Results are SQLite's own codes.  Thread: the connection's.
 */
#ifndef STORE_KEY_RANGES_H
#define STORE_KEY_RANGES_H

#include <sqlite3.h>

#include <stdint.h>

enum { KEY_RANGES_STATEMENTS = 4 };

/* Zero-initialise. */
struct key_ranges {
    sqlite3_stmt *statements[KEY_RANGES_STATEMENTS];
};

/* key_ranges_open - returns SQLITE_OK or SQLite's code; half-open is fine to close */
int key_ranges_open(struct key_ranges *r, sqlite3 *db, const char *table);
void key_ranges_close(struct key_ranges *r);

/* key_ranges_add - joins [*@first, *@last] with what is there; the two become those of
 * the range that it is part of now.  @ret_added: how many keys were not there. */
int key_ranges_add(struct key_ranges *r, int64_t *first, int64_t *last,
                   uint64_t *ret_added);

/* key_ranges_remove - @ret_removed: how many of [@first, @last] were there. */
int key_ranges_remove(struct key_ranges *r, int64_t first, int64_t last,
                      uint64_t *ret_removed);

#endif
