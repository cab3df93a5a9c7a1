/* ack_fuzz.c - acknowledgements of the county, one a line, and the ranges they leave. */
#include "fuzz.h"
#include "uplink/contract.h"
#include "uplink/ranges.h"

enum { ACK_RANGES = 4 };

/* sum - what ranges_add() told of one range. */
struct sum {
    const struct ranges *ranges;
    uint64_t epoch;
    uint64_t from;
    uint64_t to;
    uint64_t last;
    uint64_t count;
};

static void each(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    struct sum *s = ctx;
    fuzz_claim(epoch == s->epoch, "a piece is of its epoch");
    fuzz_claim(from >= s->from && from <= to && to <= s->to, "a piece is within");
    fuzz_claim(s->count == 0 || from > s->last, "pieces rise and do not meet");
    s->last = to;
    s->count++;
}

static void count_piece(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    (void)epoch, (void)from, (void)to;
    ++*(size_t *)ctx;
}

static void add(struct ranges *ranges, uint64_t epoch, const struct gw_range *r)
{
    struct sum sum = {.ranges = ranges, .epoch = epoch, .from = r->from, .to = r->to};
    size_t pieces = 0;
    fuzz_claim(r->from >= 1 && r->from <= r->to, "a range is upright");
    fuzz_claim(r->to >> CONTRACT_SEQ_MAX_BITS == 0, "a seq is what JSON keeps exact");
    ranges_add(ranges, epoch, r->from, r->to, each, &sum);
    fuzz_claim(ranges_holds(ranges, epoch, r->from) && ranges_holds(ranges, epoch, r->to),
               "what was added is held");
    ranges_add(ranges, epoch, r->from, r->to, count_piece, &pieces);
    fuzz_claim(pieces == 0, "nothing is new twice");
    fuzz_claim(ranges_count(ranges) <= RANGES_MAX, "the set is bounded");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    struct ranges *ranges = NULL;
    fuzz_claim(ranges_new(&ranges) == 0, "there is memory");
    while (in.left > 0) {
        char *line = fuzz_line(&in);
        struct gw_range *got = calloc(ACK_RANGES, sizeof(*got));
        uint64_t epoch = 0;
        fuzz_claim(got, "there is memory");
        int n = contract_read_ack(line, strlen(line), &epoch, got, ACK_RANGES);
        fuzz_claim(n <= ACK_RANGES, "no more ranges than there is room for");
        for (int i = 0; i < n; i++)
            add(ranges, epoch, &got[i]);
        free(got);
        free(line);
    }
    ranges = ranges_free(ranges);
    return 0;
}
