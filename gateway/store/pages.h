/* pages.h - the pages of a database file that SQLite may refuse to open: the file with
 * what its write-ahead log has committed laid over it.
 *
 * Nothing is trusted: a page size that cannot be is ours, of a page whose frame in the
 * log is damaged the older version counts, a page that cannot be read is one that is not
 * there. Source: the SQLite file format, https://www.sqlite.org/fileformat2.html, 1.
 * Thread: one user at a time.
 */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pages;

enum { PAGE_BYTES_MAX = 65536 };

/* pages_open - @path and its -wal, for reading.  returns 0 or -errno.  Owner: caller */
int pages_open(const char *path, struct pages **ret);

/* pages_open_file - the same of the file alone, without its log.  To close it takes the
 * locks from every connection of this process to that file (fcntl(2)): only when there is
 * none, or the file has been moved aside. */
int pages_open_file(const char *path, struct pages **ret);
struct pages *pages_close(struct pages *p);

/* Pages count from 1. */
uint32_t pages_count(const struct pages *p);
size_t pages_size(const struct pages *p);

/* pages_recount - of the file alone: as many as it has now. */
void pages_recount(struct pages *p);

/* pages_forget - what memory holds of @count pages is read from the disk anew. */
void pages_forget(const struct pages *p, uint32_t first, uint32_t count);

/* pages_log_is_damaged - SQLite would drop transactions of the log that were synced. */
bool pages_log_is_damaged(const struct pages *p);

/* pages_read - @ret holds pages_size() bytes; false: there is no such page, or the disk
 * does not give it. */
bool pages_read(const struct pages *p, uint32_t number, unsigned char *ret);

#endif
