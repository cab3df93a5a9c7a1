#include "uplink/batch_answer.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "uplink/contract.h"

enum { OK = 200, REDIRECTS = 300, REFUSALS = 400, TOO_LARGE = 413 };

/* Of the statuses that an office meets: what to look at. */
static const struct {
    long status;
    const char *words;
} known[] = {
    {401, "the platform knows neither the certificate nor the user"},
    {403, "the platform does not take this gateway's certificate"},
    {404, "the address leads to no platform of the contract"},
    {413, "the platform takes no body as large"},
    {429, "the platform asks for a pause"},
    {503, "the platform asks for a pause"},
};

static void explain(const struct post_reply *reply, char why[POST_WHY_MAX])
{
    const char *words = "the platform took nothing";
    if (reply->status >= REDIRECTS && reply->status < REFUSALS)
        words = "the platform is somewhere else, and no redirect is followed";
    else if (reply->status < REDIRECTS)
        words = "an answer that the contract does not know";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i].status == reply->status)
            words = known[i].words;
    if (reply->status == 0)
        (void)snprintf(why, POST_WHY_MAX, "%s", reply->why);
    else
        (void)snprintf(why, POST_WHY_MAX, "HTTP %ld: %s", reply->status, words);
}

enum batch_verdict batch_judge(const struct post_reply *reply, char why[POST_WHY_MAX])
{
    if (reply->status == OK && batch_read_acks(reply->body, reply->size, NULL, NULL) >= 0)
        return BATCH_TAKEN;
    if (reply->status == OK)
        (void)snprintf(why, POST_WHY_MAX, "the answer breaks the contract: ignored");
    else
        explain(reply, why);
    return reply->status == TOO_LARGE ? BATCH_TOO_LARGE : BATCH_REFUSED;
}

/* Once to see that all are good, and once to hand them out. */
static int read_acks(const json_t *acks,
                     void (*each)(void *ctx, const struct batch_ack *ack), void *ctx)
{
    struct gw_range ranges[BATCH_RANGES_MAX];
    for (size_t i = 0; i < json_array_size(acks); i++) {
        struct batch_ack ack = {.ranges = ranges};
        int count = contract_read_ranges(json_array_get(acks, i), &ack.epoch, ranges,
                                         BATCH_RANGES_MAX);
        if (count < 0)
            return count;
        ack.count = (size_t)count;
        if (each)
            each(ctx, &ack);
    }
    return (int)json_array_size(acks);
}

int batch_read_acks(const char *body, size_t size,
                    void (*each)(void *ctx, const struct batch_ack *ack), void *ctx)
{
    json_t *answer = size <= POST_ANSWER_MAX
                         ? json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL)
                         : NULL;
    const json_t *acks = json_object_get(answer, "acks");
    int r = json_is_array(acks) && json_array_size(acks) <= BATCH_ACKS_MAX
                ? read_acks(acks, NULL, NULL)
                : -EINVAL;
    if (r >= 0 && each)
        r = read_acks(acks, each, ctx);
    json_decref(answer);
    return r;
}
