/* answer.h - what the platform says of rows that were sent: the contract's ranges, or
 * what the county's mapping makes of its answer.  Thread: the uplink's. */
#ifndef UPLINK_ANSWER_H
#define UPLINK_ANSWER_H

#include "gw/error.h"
#include "uplink/county.h"
#include "uplink/sender.h"

/* answer_ends - who is told of rows that need not be sent any more.
 * taken    the platform has them
 * refused  it never takes them */
struct answer_ends {
    void *ctx;
    void (*taken)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to);
    void (*refused)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to);
};

/* answer_topic - a filter of what to read; false: the platform does not answer. */
bool answer_topic(const struct county_config *config, char *ret, size_t size);

/* answer_take - ends what @payload names, of rows that were sent.
 * returns 0, -EINVAL: no answer, or -EREMOTEIO: the platform did not take a message */
int answer_take(const struct county_config *config, struct sender *sender,
                const void *payload, size_t size, const struct answer_ends *ends,
                struct gw_error *err);

#endif
