#include "uplink/answer.h"

#include <errno.h>
#include <inttypes.h>

#include "gw/driver.h"
#include "uplink/contract.h"
#include "uplink/mapping.h"

enum { RANGES = 1000 };

bool answer_topic(const struct county_config *config, char *ret, size_t size)
{
    char ack[CONTRACT_TOPIC_MAX];
    const char *topic = ack;
    contract_topic(config, "ack", ack);
    if (config->mapping)
        topic = config->acknowledge == COUNTY_BY_PLATFORM
                    ? mapping_answer_topic(config->mapping)
                    : NULL;
    return topic && snprintf(ret, size, "%s", topic) < (int)size;
}

static int take_ranges(struct sender *sender, bool is_end, const void *payload,
                       size_t size, const struct answer_ends *ends, struct gw_error *err)
{
    struct gw_range ranges[RANGES];
    uint64_t epoch;
    int count = contract_read_ack(payload, size, &epoch, ranges, RANGES);
    if (count < 0)
        return gw_fail(err, -EINVAL, "an acknowledgement breaks the contract: ignored");
    sender_heard(sender, gw_machine_us());
    for (int i = 0; is_end && i < count; i++)
        sender_answer(sender, epoch, ranges[i].from, ranges[i].to, ends->taken,
                      ends->ctx);
    return 0;
}

static bool is_of(void *ctx, uint64_t epoch, uint64_t seq)
{
    return mapping_answer_is_of(ctx, epoch, seq);
}

/* An answer to a row that is not on its way is one that came twice, or late. */
static int take_mapped(const struct mapping *mapping, struct sender *sender,
                       const void *payload, size_t size, const struct answer_ends *ends,
                       struct gw_error *err)
{
    struct mapping_answer answer;
    uint64_t epoch;
    uint64_t seq;
    if (mapping_answer_read(mapping, payload, size, &answer) < 0)
        return gw_fail(err, -EINVAL, "an answer is none that the mapping knows: ignored");
    sender_heard(sender, gw_machine_us());
    if (!sender_find(sender, is_of, &answer, &epoch, &seq))
        return 0;
    if (answer.verdict == MAPPING_NOT_TAKEN)
        return gw_fail(err, -EREMOTEIO,
                       "the platform did not take message %" PRIu64 ": it is sent again",
                       seq);
    if (answer.verdict == MAPPING_TAKEN) {
        sender_answer(sender, epoch, seq, seq, ends->taken, ends->ctx);
        return 0;
    }
    sender_answer(sender, epoch, seq, seq, ends->refused, ends->ctx);
    return gw_fail(err, -EREMOTEIO,
                   "the platform refuses message %" PRIu64 ": it is not sent again", seq);
}

int answer_take(const struct county_config *config, struct sender *sender,
                const void *payload, size_t size, const struct answer_ends *ends,
                struct gw_error *err)
{
    if (config->mapping)
        return take_mapped(config->mapping, sender, payload, size, ends, err);
    return take_ranges(sender, config->acknowledge == COUNTY_BY_PLATFORM, payload, size,
                       ends, err);
}
