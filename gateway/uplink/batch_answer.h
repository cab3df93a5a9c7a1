/* batch_answer.h - what the platform's answer to a batch says.
 *
 * 200 and {"acks": [ack, …]}, each as a message of the topic "ack", is the only one that
 * ends a row.  Thread: any.  Source: county/openapi.yaml,
 * county/schemas/batch-answer.json
 */
#ifndef UPLINK_BATCH_ANSWER_H
#define UPLINK_BATCH_ANSWER_H

#include "uplink/outgoing.h"
#include "uplink/post.h"

/* BATCH_TAKEN      its ranges say of which rows
 * BATCH_TOO_LARGE  less at a time
 * BATCH_REFUSED    all of it again, later */
enum batch_verdict { BATCH_TAKEN, BATCH_TOO_LARGE, BATCH_REFUSED };

/* batch_judge - @why: in words, of what was not taken. */
enum batch_verdict batch_judge(const struct post_reply *reply, char why[POST_WHY_MAX]);

/* batch_read_acks - hands each to @each; or, when one of them breaks the contract, none.
 * returns how many, or -EINVAL */
enum { BATCH_ACKS_MAX = 64, BATCH_RANGES_MAX = 500 };
struct batch_ack {
    uint64_t epoch;
    const struct gw_range *ranges;
    size_t count;
};
int batch_read_acks(const char *body, size_t size,
                    void (*each)(void *ctx, const struct batch_ack *ack), void *ctx);

#endif
