#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latency.h"

static void quantiles_of_a_hundred_values_are_their_ranks(void **state)
{
    (void)state;
    struct latency l;
    uint64_t count;
    latency_init(&l);
    for (int64_t us = 100; us >= 1; us--)
        latency_add(&l, us);

    assert_int_equal(latency_quantile(&l, 0.5, &count), 51);
    assert_int_equal(latency_quantile(&l, 0.99, &count), 100);
    assert_int_equal(count, 100);
    latency_done(&l);
}

static void only_the_newest_are_kept(void **state)
{
    (void)state;
    struct latency l;
    uint64_t count;
    latency_init(&l);
    latency_add(&l, 999999);
    for (int i = 0; i < LATENCY_KEPT; i++)
        latency_add(&l, 7);

    assert_int_equal(latency_quantile(&l, 1, &count), 7);
    assert_int_equal(count, LATENCY_KEPT + 1);
    latency_done(&l);
}

static void nothing_measured_is_zero(void **state)
{
    (void)state;
    struct latency l;
    uint64_t count;
    latency_init(&l);
    assert_int_equal(latency_quantile(&l, 0.99, &count), 0);
    assert_int_equal(count, 0);
    latency_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_of_a_hundred_values_are_their_ranks),
        cmocka_unit_test(only_the_newest_are_kept),
        cmocka_unit_test(nothing_measured_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
