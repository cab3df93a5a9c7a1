#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "store/block.h"
#include "store/pack.h"

enum { MINUTE_MS = 60000, MINUTES = 60 };

static struct aggregate flat(uint32_t count, double value)
{
    return (struct aggregate){.count = count,
                              .valid_ms = MINUTE_MS,
                              .active_ms = value != 0 ? MINUTE_MS : 0,
                              .min = value,
                              .max = value,
                              .mean = value,
                              .last = value};
}

static bool near(double a, double b)
{
    return fabs(a - b) <= fabs(a) * 1e-13;
}

static void assert_same(const struct aggregate *a, const struct aggregate *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->valid_ms, b->valid_ms);
    assert_int_equal(a->active_ms, b->active_ms);
    assert_true(aggregate_has_value(a) == aggregate_has_value(b));
    if (!aggregate_has_value(a))
        return;
    assert_true(near(a->min, b->min) && near(a->max, b->max) && near(a->last, b->last));
    assert_true(fabs(a->mean - b->mean) <= (a->max - a->min) / 500);
    assert_true(fabs(a->fall - b->fall) < 1e-9 || isnan(b->fall));
}

/* Every span of @spans comes back, and no other. */
static void check(const struct block *b, const struct aggregate *spans, unsigned count)
{
    struct block_reader r;
    struct aggregate a;
    unsigned index = 0;
    unsigned expected = 0;
    block_open(&r, b->bytes, b->pen.used, MINUTE_MS, count);
    while (block_next(&r, &index, &a)) {
        while (aggregate_is_none(&spans[expected]))
            expected++;
        assert_int_equal(index, expected);
        assert_same(&spans[expected++], &a);
    }
    assert_false(r.is_broken);
    while (expected < count)
        assert_true(aggregate_is_none(&spans[expected++]));
}

static void write_spans(struct block *b, const struct aggregate *spans, unsigned count)
{
    block_begin(b, MINUTE_MS);
    for (unsigned i = 0; i < count; i++)
        block_add(b, i, &spans[i]);
}

static void a_quiet_hour_is_a_few_bytes(void **state)
{
    struct aggregate spans[MINUTES];
    struct block b;
    (void)state;
    for (unsigned i = 0; i < MINUTES; i++)
        spans[i] = flat(i == 0, 21.5);
    write_spans(&b, spans, MINUTES);
    check(&b, spans, MINUTES);
    assert_true(b.pen.used <= 6);
}

static void a_held_value_goes_on_behind_a_row_of_64(void **state)
{
    struct aggregate spans[96];
    struct block b;
    (void)state;
    for (unsigned i = 0; i < 96; i++)
        spans[i] = flat(i == 0, 1);
    write_spans(&b, spans, 96);
    check(&b, spans, 96);
    assert_int_equal(b.pen.used, 2 + 2 + 1);
}

static void a_value_of_more_places_moves_all_to_a_wider_form(void **state)
{
    static const double values[] = {20, 20.5, 20.25, 230.1f, M_PI, 1e300, -7, 1e-9};
    struct aggregate spans[8];
    struct block b;
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        spans[i] = flat(i, values[i]);
        spans[i].min = values[i] - (i == 1);
        write_spans(&b, spans, i + 1);
        check(&b, spans, i + 1);
    }
}

static void gaps_and_bad_minutes_have_no_value(void **state)
{
    struct aggregate spans[MINUTES];
    struct block b;
    (void)state;
    for (unsigned i = 0; i < MINUTES; i++)
        spans[i] = aggregate_none();
    spans[3] = flat(2, 7);
    spans[3].valid_ms = 1500;
    spans[3].active_ms = 20;
    spans[50].count = 9; /* bad ones */
    spans[59] = flat(1, 7);
    write_spans(&b, spans, MINUTES);
    check(&b, spans, MINUTES);
}

static double any(unsigned kind)
{
    long number = random() % 4000 - 1000;
    return kind == 0   ? (double)number
           : kind == 1 ? (double)number / 10
           : kind == 2 ? (double)((float)number / 7)
                       : (double)number / 7;
}

static void fill(struct aggregate *a, unsigned kind)
{
    double x = any(kind);
    double y = any(kind);
    *a = aggregate_none();
    if (random() % 4 == 0)
        return;
    a->count = (uint32_t)(random() % 300);
    a->valid_ms = (uint32_t)(random() % (MINUTE_MS + 1));
    a->active_ms = a->valid_ms / (1 + (uint32_t)(random() % 3));
    a->min = x < y ? x : y;
    a->max = x < y ? y : x;
    a->last = random() % 2 ? x : y;
    a->mean = a->min + (a->max - a->min) / 3;
    a->fall = random() % 5 == 0 ? 3 : 0;
}

static void whatever_is_written_is_read(void **state)
{
    struct aggregate spans[BLOCK_SPANS_MAX];
    struct block b;
    (void)state;
    srandom(7);
    for (int turn = 0; turn < 500; turn++) {
        for (unsigned i = 0; i < BLOCK_SPANS_MAX; i++)
            fill(&spans[i], (unsigned)turn % 4);
        write_spans(&b, spans, BLOCK_SPANS_MAX);
        check(&b, spans, BLOCK_SPANS_MAX);
    }
}

static void what_is_cut_or_changed_reads_as_far_as_it_goes(void **state)
{
    struct aggregate spans[MINUTES];
    struct block_reader r;
    struct aggregate a;
    struct block b;
    unsigned index = 0;
    (void)state;
    srandom(8);
    for (int turn = 0; turn < 5000; turn++) {
        for (unsigned i = 0; i < MINUTES; i++)
            fill(&spans[i], (unsigned)turn % 4);
        write_spans(&b, spans, MINUTES);
        b.bytes[(size_t)random() % b.pen.used] ^= (uint8_t)(1 << random() % 8);
        unsigned last = 0;
        block_open(&r, b.bytes, (size_t)random() % (b.pen.used + 1u), MINUTE_MS, MINUTES);
        for (bool is_first = true; block_next(&r, &index, &a); is_first = false) {
            assert_true(index < MINUTES && (is_first || index > last));
            assert_true(!(a.min > a.mean || a.mean > a.max || a.valid_ms > MINUTE_MS));
            last = index;
        }
    }
}

static void falls_are_forgotten_for_all_of_it(void **state)
{
    struct aggregate spans[2] = {flat(1, 9), flat(2, 4)};
    struct block_reader r;
    struct aggregate a;
    struct block b;
    unsigned index = 0;
    (void)state;
    spans[1].fall = 5;
    write_spans(&b, spans, 2);
    check(&b, spans, 2);
    block_forget_falls(&b);
    block_open(&r, b.bytes, b.pen.used, MINUTE_MS, 2);
    assert_true(block_next(&r, &index, &a) && isnan(a.fall) && a.last == 9);
    assert_true(block_next(&r, &index, &a) && isnan(a.fall) && a.last == 4);
}

static void the_newer_of_two_blocks_wins_where_it_has_something(void **state)
{
    struct aggregate older[3] = {flat(1, 1), flat(1, 2), aggregate_none()};
    struct aggregate newer[3] = {aggregate_none(), flat(4, 5), flat(1, 6)};
    struct aggregate both[3] = {older[0], newer[1], newer[2]};
    struct block a, b, merged;
    struct block_reader ra, rb;
    (void)state;
    write_spans(&a, older, 3);
    write_spans(&b, newer, 3);
    block_open(&ra, a.bytes, a.pen.used, MINUTE_MS, MINUTES);
    block_open(&rb, b.bytes, b.pen.used, MINUTE_MS, MINUTES);
    block_merge(&ra, &rb, &merged);
    check(&merged, both, 3);
}

static void a_pack_has_its_hours_and_their_quarters(void **state)
{
    static uint8_t bytes[PACK_BYTES_MAX];
    struct pack_hour hours[PACK_HOURS] = {0};
    struct pack_hour read[PACK_HOURS];
    struct aggregate spans[MINUTES];
    struct block_reader r;
    struct aggregate a;
    struct block hour, quarters;
    unsigned index = 0;
    (void)state;
    for (unsigned i = 0; i < MINUTES; i++)
        spans[i] = flat(1, i);
    write_spans(&hour, spans, MINUTES);
    hours[23] = (struct pack_hour){hour.bytes, hour.pen.used};
    size_t size = pack_write(hours, bytes);
    pack_read(bytes, size, read);
    assert_int_equal(read[22].size, 0);
    assert_int_equal(read[23].size, hour.pen.used);
    assert_memory_equal(read[23].bytes, hour.bytes, hour.pen.used);
    pack_quarters(read, &quarters);
    block_open(&r, quarters.bytes, quarters.pen.used, 15 * MINUTE_MS, BLOCK_SPANS_MAX);
    assert_true(block_next(&r, &index, &a));
    assert_int_equal(index, 92);
    assert_true(a.min == 0 && a.max == 14 && fabs(a.mean - 7) < 0.001 && a.last == 14);
    assert_int_equal(a.count, 15);
    assert_int_equal(a.valid_ms, 15 * MINUTE_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_hour_is_a_few_bytes),
        cmocka_unit_test(a_held_value_goes_on_behind_a_row_of_64),
        cmocka_unit_test(a_value_of_more_places_moves_all_to_a_wider_form),
        cmocka_unit_test(gaps_and_bad_minutes_have_no_value),
        cmocka_unit_test(whatever_is_written_is_read),
        cmocka_unit_test(what_is_cut_or_changed_reads_as_far_as_it_goes),
        cmocka_unit_test(falls_are_forgotten_for_all_of_it),
        cmocka_unit_test(the_newer_of_two_blocks_wins_where_it_has_something),
        cmocka_unit_test(a_pack_has_its_hours_and_their_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
