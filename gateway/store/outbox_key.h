/* outbox_key.h - one order over the rows of all epochs: epoch number * 2^48 + seq. */
#ifndef STORE_OUTBOX_KEY_H
#define STORE_OUTBOX_KEY_H

#include <stdint.h>

enum { OUTBOX_SEQ_BITS = 48, OUTBOX_EPOCHS_MAX = 32767 };

static inline int64_t outbox_key(int64_t epoch_number, uint64_t seq)
{
    return (epoch_number << OUTBOX_SEQ_BITS) | (int64_t)seq;
}

static inline uint64_t outbox_key_seq(int64_t key)
{
    return (uint64_t)key & ((UINT64_C(1) << OUTBOX_SEQ_BITS) - 1);
}

/* The number of an epoch, and the last seq that was written down for it. */
#define OUTBOX_EPOCH_SQL "SELECT number, last_seq FROM epochs WHERE epoch = ?"

/* What the column "kind" counts: the topics of the county's contract. */
enum outbox_kind {
    OUTBOX_ALARM,
    OUTBOX_SUMMARY,
    OUTBOX_TELEMETRY,
    OUTBOX_EVIDENCE,
    OUTBOX_KINDS
};

#endif
