/* batch_fuzz.c - both ends of a batch: how the receiver divides its array, and what the
 * gateway reads in the answer. */
#include "fuzz.h"
#include "ingest/batch_split.h"
#include "uplink/batch_answer.h"
#include "uplink/contract.h"

enum { PARTS = 8 };

/* Each part, in brackets of its own, is one part. */
static void divide(const char *text, size_t size)
{
    struct batch_part parts[PARTS];
    int count = batch_split(text, size, parts, PARTS);
    fuzz_claim(count <= PARTS, "no more parts than there is room for");
    const char *after = text;
    for (int i = 0; i < count; i++) {
        const char *end = parts[i].text + parts[i].size;
        fuzz_claim(parts[i].size > 0 && parts[i].text > after && end < text + size,
                   "parts follow each other within the array");
        fuzz_claim(*end == ',' || *end == ']', "a part ends where another begins");
        struct batch_part again[2];
        char *alone = fuzz_copy(parts[i].text - 1, parts[i].size + 2);
        alone[0] = '[';
        alone[parts[i].size + 1] = ']';
        fuzz_claim(batch_split(alone, parts[i].size + 2, again, 2) == 1
                       && again[0].size == parts[i].size,
                   "a part alone is one part");
        free(alone);
        after = end;
    }
}

struct heard {
    int acks;
};

static void hear(void *ctx, const struct batch_ack *ack)
{
    struct heard *heard = ctx;
    heard->acks++;
    fuzz_claim(ack->epoch >= 1 && ack->count >= 1 && ack->count <= BATCH_RANGES_MAX,
               "an acknowledgement is of something");
    for (size_t i = 0; i < ack->count; i++)
        fuzz_claim(ack->ranges[i].from >= 1 && ack->ranges[i].from <= ack->ranges[i].to
                       && ack->ranges[i].to >> CONTRACT_SEQ_MAX_BITS == 0,
                   "a range is upright");
}

static void answer(const char *text, size_t size)
{
    struct heard heard = {0};
    char why[POST_WHY_MAX] = "";
    const struct post_reply reply = {.status = 200, .body = text, .size = size};
    int count = batch_read_acks(text, size, hear, &heard);
    bool is_taken = batch_judge(&reply, why) == BATCH_TAKEN;
    fuzz_claim(count <= BATCH_ACKS_MAX, "acknowledgements are bounded");
    fuzz_claim(heard.acks == (count > 0 ? count : 0), "all of them, or none");
    fuzz_claim(is_taken == (count >= 0), "both readings agree");
    fuzz_claim(is_taken || why[0], "a refusal says why");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_copy((const char *)bytes, size);
    divide(text, size);
    answer(text, size);
    free(text);
    return 0;
}
