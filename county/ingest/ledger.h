/* ledger.h - what the county has: bodies, ranges, dead letters; SQLite, WAL, FULL.
 *
 * One transaction per batch: ledger_add(), ledger_reject(), ledger_presence() open it,
 * ledger_commit() ends it.  A message counts as received once its (gateway, epoch, seq)
 * lies in a range; only then may it be acknowledged.  Thread: one owner.
 */
#ifndef INGEST_LEDGER_H
#define INGEST_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

struct ledger;

/* ledger_key - one outbox row of one gateway.
 * gateway     "<division>/<school>/<gateway>" as in the topic */
struct ledger_key {
    const char *gateway;
    uint64_t epoch; /* 1..2^63-1 */
    uint64_t seq;   /* 1.. without gaps */
};

/* ledger_message - a valid message.
 * topic       "alarm", "summary", …
 * time        RFC 3339, or NULL when the gateway did not know it
 * digest      of type, time and data: the same event under two ids shows */
struct ledger_message {
    struct ledger_key key;
    const char *topic;
    const char *type;
    const char *time;
    uint64_t digest;
    const char *body;
    size_t size;
};

/* ledger_letter - a message that breaks the contract; key.gateway NULL when even the
 * key could not be read. */
struct ledger_letter {
    struct ledger_key key;
    const char *topic; /* whole */
    const char *fault;
    const void *payload;
    size_t size;
};

struct ledger_range {
    uint64_t from;
    uint64_t to;
};

/* ledger_counts - over the whole database.
 * duplicates  rows whose event was already there under another id
 * gaps        holes in the ranges, missing: the seqs in them */
struct ledger_counts {
    uint64_t rows;
    uint64_t duplicates;
    uint64_t dead_letters;
    uint64_t gaps;
    uint64_t missing;
};

/* Dead letters beyond this many make the oldest go. */
enum { LEDGER_LETTERS_MAX = 10000 };

/* ledger_open - creates @path when it is not there.  Owner: caller; ledger_close() */
int ledger_open(const char *path, struct ledger **ret, struct gw_error *err);
struct ledger *ledger_close(struct ledger *l);

/* ledger_add - *ret_is_new: false for a copy of what is already there. */
int ledger_add(struct ledger *l, const struct ledger_message *message, bool *ret_is_new,
               struct gw_error *err);
int ledger_reject(struct ledger *l, const struct ledger_letter *letter, bool *ret_is_new,
                  struct gw_error *err);

/* ledger_presence - the latest birth or state of a gateway. */
int ledger_presence(struct ledger *l, const char *gateway, const char *topic,
                    const char *body, size_t size, struct gw_error *err);

int ledger_commit(struct ledger *l, struct gw_error *err);
void ledger_rollback(struct ledger *l);

/* ledger_find - the range that holds @key.  returns 1 and *ret, 0 or -errno */
int ledger_find(struct ledger *l, const struct ledger_key *key, struct ledger_range *ret,
                struct gw_error *err);

/* ledger_gaps - names every hole, seq 1 up to the highest seen, in order.
 * @each may be NULL; *ret counts gaps and missing. */
int ledger_gaps(struct ledger *l,
                void (*each)(void *ctx, const struct ledger_key *key,
                             const struct ledger_range *gap),
                void *ctx, struct ledger_counts *ret, struct gw_error *err);

int ledger_count(struct ledger *l, struct ledger_counts *ret, struct gw_error *err);

#endif
