/* archive.h - what the county has: bodies, ranges, dead letters.
 *
 * One transaction per batch, from archive_begin() to archive_commit().  A message counts
 * as received once its (gateway, epoch, seq) lies in a range; only after the commit may
 * it be acknowledged.  Thread: one owner.
 */
#ifndef INGEST_ARCHIVE_H
#define INGEST_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

struct archive;
struct asking;
struct asking_list;
struct range_set;

/* archive_key - one outbox row of one gateway.
 * gateway     "<division>/<school>/<gateway>" as in the topic */
struct archive_key {
    const char *gateway;
    uint64_t epoch; /* 1..2^63-1 */
    uint64_t seq;   /* 1.. without gaps */
};

#define ARCHIVE_NO_TIME INT64_MIN

/* archive_message - a valid message.
 * topic       "alarm", "summary", …
 * time        RFC 3339, or NULL when the gateway did not know it
 * time_us     the same, or ARCHIVE_NO_TIME
 * digest      of type, time and data: the same event under two ids shows */
struct archive_message {
    struct archive_key key;
    const char *topic;
    const char *type;
    const char *time;
    int64_t time_us;
    uint64_t digest;
    const char *body;
    size_t size;
};

/* archive_letter - a message that breaks the contract; key.gateway NULL when even the
 * key could not be read.
 * digest      of topic and payload: a letter is kept once, whoever brings it */
struct archive_letter {
    struct archive_key key;
    uint64_t digest;
    const char *topic; /* whole */
    const char *fault;
    const void *payload;
    size_t size;
};

struct archive_range {
    uint64_t from;
    uint64_t to;
};

/* archive_counts - over the whole database.
 * duplicates  rows whose event was already there under another id; -1 = not counted.
 *             Two equal readings of one time are two: nothing but the id tells them apart
 * gaps        holes in the ranges, missing: the seqs in them, of which asked have been
 *             asked for
 * gone        seqs that will never come: holes that are none any more */
struct archive_counts {
    uint64_t rows;
    int64_t duplicates;
    uint64_t dead_letters;
    uint64_t gaps;
    uint64_t missing;
    uint64_t asked;
    uint64_t gone;
};

/* Dead letters beyond this many make the oldest go. */
enum { ARCHIVE_LETTERS_MAX = 10000 };

/* archive_open - creates what is not there.
 * archive_open_to_read - changes nothing: what is not there, or not a receiver's, is
 *         refused; so are tables of an earlier version
 * name    a path (SQLite), or an address as libpq reads it: postgresql:// or
 *         "host=… dbname=…"; what looks like neither is refused
 * returns 0, -EAGAIN: its server does not answer yet, or gw_fail()
 * Owner:  caller; archive_close() */
int archive_open(const char *name, struct archive **ret, struct gw_error *err);
int archive_open_to_read(const char *name, struct archive **ret, struct gw_error *err);
struct archive *archive_close(struct archive *a);

/* archive_batch - what is about to come.
 * gateways    every one of whose messages some are among it, sorted, each once: other
 *             receivers wait with theirs until the commit
 * is_careful  stored one by one, where a batch as a whole has been refused */
struct archive_batch {
    const char *const *gateways;
    size_t count;
    bool is_careful;
};

int archive_begin(struct archive *a, const struct archive_batch *batch,
                  struct gw_error *err);

/* archive_add, archive_reject - *ret_is_new: false when its key is already there. */
int archive_add(struct archive *a, const struct archive_message *message,
                bool *ret_is_new, struct gw_error *err);
int archive_reject(struct archive *a, const struct archive_letter *letter,
                   bool *ret_is_new, struct gw_error *err);

/* archive_repeat - what came under a key that was already there.
 * digest       as in archive_message; 0 when it breaks the contract
 * letter       as in archive_letter
 * is_conflict  neither the row of its key nor a dead letter says the same */
struct archive_repeat {
    struct archive_key key;
    uint64_t digest;
    uint64_t letter;
    bool is_conflict;
};

/* archive_compare - sets is_conflict of each; last before the commit but for letters
 * without a key. */
int archive_compare(struct archive *a, struct archive_repeat *repeats, size_t count,
                    struct gw_error *err);

/* archive_presence - the latest birth or state of a gateway. */
struct archive_presence {
    const char *gateway;
    const char *topic; /* "birth" or "state" */
    const char *body;
    size_t size;
};

int archive_presence(struct archive *a, const struct archive_presence *presence,
                     struct gw_error *err);

/* archive_gone - the rows of @ranges, of a stream of one of the batch's gateways, will
 * never come: no holes from now on.  key.seq is not looked at. */
int archive_gone(struct archive *a, const struct archive_key *key,
                 const struct range_set *ranges, struct gw_error *err);

/* archive_askings - every stream with holes, or with an asking that is kept: of @gateway,
 * or of all (NULL), in order.  @ret: empty; asking_list_clear() in either case */
int archive_askings(struct archive *a, const char *gateway, struct asking_list *ret,
                    struct gw_error *err);

/* archive_keep_asking - noticed, asked and their times; between begin and commit, of one
 * of the batch's gateways, before anything is added. */
int archive_keep_asking(struct archive *a, const struct asking *asking,
                        struct gw_error *err);

/* archive_command - a number above all earlier ones, for a command; between begin and
 * commit.  At least the milliseconds since 1970, so that a database that was put back or
 * begun anew does not give the numbers of old commands again. */
int archive_command(struct archive *a, uint64_t *ret, struct gw_error *err);

/* archive_commit - returns 0; -EBADMSG when it is the content that the database does not
 * take, and the same batch would fail again; or another -errno.  The caller rolls back.
 */
int archive_commit(struct archive *a, struct gw_error *err);
void archive_rollback(struct archive *a);

/* archive_find - the range that holds @key, of a gateway of the last batch.
 * returns 1 and *ret, 0 or -errno */
int archive_find(struct archive *a, const struct archive_key *key,
                 struct archive_range *ret, struct gw_error *err);

/* archive_gaps - names every hole, seq 1 up to the highest seen, in order.
 * @each may be NULL; *ret counts gaps and missing. */
typedef void archive_gap_each(void *ctx, const struct archive_key *key,
                              const struct archive_range *gap);
int archive_gaps(struct archive *a, archive_gap_each *each, void *ctx,
                 struct archive_counts *ret, struct gw_error *err);

int archive_count(struct archive *a, struct archive_counts *ret, struct gw_error *err);

/* archive_stock - whoever compares what counts as received with what is there: reads
 * every row's key.
 * letter  each dead letter that is kept and stands for a row: no conflict
 * stream  then each stream's numbers, all of one moment
 * returns 0, or gw_fail(); either function: 0 or -ENOMEM */
struct archive_stock {
    int (*letter)(void *ctx, const char *topic, const void *payload, size_t size);
    int (*stream)(void *ctx, const struct archive_key *key,
                  const struct range_set *counted, const struct range_set *there);
    void *ctx;
};

int archive_stock(struct archive *a, const struct archive_stock *stock,
                  struct gw_error *err);

/* archive_forget - @rows of the stream @key do not count as received any more, so that
 * they are gaps; between begin and commit, of one of the batch's gateways. */
int archive_forget(struct archive *a, const struct archive_key *key,
                   const struct range_set *rows, struct gw_error *err);

/* archive_query - which rows of a gateway are read back.
 * types    at most these; NULL behind the last
 * since    RFC 3339: none that was received in the months before; NULL = all.  A file
 *          reads all */
enum { ARCHIVE_TYPES = 3 };
struct archive_query {
    const char *gateway;
    const char *types[ARCHIVE_TYPES];
    const char *since;
};

/* archive_read - each body, by epoch and seq, until @each says other than 0.
 * archive_birth - the latest birth, if there is one.
 * returns 0, what @each said, or -errno */
typedef int archive_each(void *ctx, const char *body, size_t size);
int archive_read(struct archive *a, const struct archive_query *query, archive_each *each,
                 void *ctx, struct gw_error *err);
int archive_birth(struct archive *a, const char *gateway, archive_each *each, void *ctx,
                  struct gw_error *err);

#endif
