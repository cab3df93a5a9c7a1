/* wal.h - a write-ahead log, judged frame by frame.
 *
 * The stored checksum of a frame continues that of the frame before it (the first, the
 * header's): each frame can be judged by itself, also behind one that is damaged, where
 * SQLite stops and drops the rest without a word.
 * Source: the SQLite file format, https://www.sqlite.org/fileformat2.html, 4.
 * Thread: one user at a time.
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* wal_verdict - what a log holds.
 * frames       up to the end of the last transaction that was committed; 0: none
 * pages_after  how many pages the database has then
 * is_damaged   SQLite would drop transactions that were synced */
struct wal_verdict {
    uint32_t frames;
    uint32_t pages_after;
    bool is_damaged;
};

/* wal_page_size - what the header of the log @fd says; 0: nothing that can be. */
size_t wal_page_size(int fd);

/* wal_page_at - where in the log the page of frame @number stands. */
off_t wal_page_at(uint32_t number, size_t page_size);

/* wal_judge - a log of pages of @page_size bytes.
 * With synchronous=FULL a transaction is synced before the next one is written: a frame
 * that fails is damage once a whole later transaction stands behind it.  Within the last
 * transaction it is what a power cut leaves; there a flipped bit cannot be told from a
 * cut.  returns 0 or -ENOMEM */
int wal_judge(int fd, size_t page_size, struct wal_verdict *ret);

/* wal_each - @take gets every sound frame up to @frames, the oldest first, and its page's
 * number.  returns 0 or -ENOMEM */
int wal_each(int fd, size_t page_size, uint32_t frames,
             void (*take)(void *ctx, uint32_t frame, uint32_t page), void *ctx);

#endif
