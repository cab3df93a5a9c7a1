/* intake.h - a batch, from what a broker delivered to what the archive has committed.
 *
 * Whoever brings the messages adds them, stores the batch, publishes the answers and only
 * then tells its broker that they have arrived.  Thread: one owner.
 */
#ifndef INGEST_INTAKE_H
#define INGEST_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "ingest/archive.h"
#include "ingest/schema_set.h"

struct intake;

/* Messages of one batch; a broker need not send more ahead. */
enum { INTAKE_BATCH_MAX = 4000 };

/* The limits of what lags are counted by; one more place for what is beyond. */
enum { INTAKE_LAGS = 8 };
extern const int intake_lag_limits_s[INTAKE_LAGS];

/* intake_counts - since the start.
 * stored      rows
 * repeated    copies of what was already there, answered again
 * conflicts   other bodies under a key that is there, now dead letters
 * invalid     messages against the contract, now dead letters
 * returned    batches that were not committed
 * lags        rows by the seconds from their time to their storing; without a time: none
 */
struct intake_counts {
    uint64_t messages;
    uint64_t repeated;
    uint64_t conflicts;
    uint64_t invalid;
    uint64_t stored;
    uint64_t batches;
    uint64_t returned;
    uint64_t lags[INTAKE_LAGS + 1];
    double lag_sum_s;
};

/* intake_new - @archive and @schemas are borrowed for life.
 * Owner: caller; intake_free() */
int intake_new(struct archive *archive, const struct schema_set *schemas,
               struct intake **ret);
struct intake *intake_free(struct intake *in);

/* intake_add - one message, copied.  returns 0 or -ENOMEM */
int intake_add(struct intake *in, const char *topic, const void *payload, size_t size);

/* intake_is_full - time to store: as many messages, or 16 MB. */
bool intake_is_full(const struct intake *in);
size_t intake_count(const struct intake *in);

/* intake_drop - forgets what was added: the broker will deliver it again. */
void intake_drop(struct intake *in);

/* intake_store - judges and commits all that was added, what breaks the contract as dead
 * letters.  Nothing is left to store afterwards, whatever the result.
 * returns 0, or -errno: the broker has to deliver all of it again */
int intake_store(struct intake *in, struct gw_error *err);

/* intake_answer - after intake_store(): one acknowledgement and more for every gateway
 * and epoch, as receipts_answer(). */
int intake_answer(struct intake *in,
                  int (*publish)(void *ctx, const char *gateway, const char *body,
                                 struct gw_error *err),
                  void *ctx, struct gw_error *err);

struct intake_counts intake_counts(const struct intake *in);

#endif
