/* block_fuzz.c - blocks of aggregates, as a damaged database has them.
 *
 *     what (1 byte), bytes: 0..2 = a block of minutes, quarters or days, else a pack
 *
 * What reads is plausible, and written again it reads the same.
 */
#include "fuzz.h"
#include "store/pack.h"

static const struct {
    uint32_t ms;
    unsigned count;
} spans[] = {{60000, 60}, {900000, 4 * PACK_HOURS}, {86400000, 32}};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

static void claim_plausible(const struct aggregate *a, uint32_t span_ms)
{
    fuzz_claim(!aggregate_is_none(a), "something is in it");
    fuzz_claim(a->valid_ms <= span_ms && a->active_ms <= a->valid_ms, "times fit");
    if (aggregate_has_value(a))
        fuzz_claim(a->min <= a->mean && a->mean <= a->max && a->min <= a->last
                       && a->last <= a->max,
                   "values are in order");
}

/* Once more by our own hand; that is read in its turn. */
static void write_again(const uint8_t *bytes, size_t size, uint32_t span_ms,
                        unsigned count, struct block *ret)
{
    struct block_reader r;
    struct aggregate a;
    unsigned index = 0;
    int64_t before = -1;
    block_begin(ret, span_ms);
    block_open(&r, bytes, size, span_ms, count);
    while (block_next(&r, &index, &a)) {
        claim_plausible(&a, span_ms);
        fuzz_claim((int64_t)index > before && index < count, "spans rise");
        before = index;
        block_add(ret, index, &a);
    }
}

static void read_block(const uint8_t *bytes, size_t size, uint32_t span_ms,
                       unsigned count)
{
    static struct block once;
    static struct block twice;
    struct block_reader r;
    struct aggregate a;
    unsigned index = 0;
    write_again(bytes, size, span_ms, count, &once);
    write_again(once.bytes, once.pen.used, span_ms, count, &twice);
    fuzz_claim(once.pen.next == twice.pen.next, "as many spans");
    block_open(&r, once.bytes, once.pen.used, span_ms, count);
    while (block_next(&r, &index, &a))
        ;
    fuzz_claim(!r.is_broken, "what we write reads");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct block quarters;
    struct pack_hour hours[PACK_HOURS];
    if (size == 0)
        return 0;
    uint8_t *copy = (uint8_t *)fuzz_copy(bytes + 1, size - 1);
    if (bytes[0] < sizeof(spans) / sizeof(spans[0])) {
        read_block(copy, size - 1, spans[bytes[0]].ms, spans[bytes[0]].count);
    } else {
        pack_read(copy, size - 1, hours);
        pack_quarters(hours, &quarters);
    }
    free(copy);
    return 0;
}
