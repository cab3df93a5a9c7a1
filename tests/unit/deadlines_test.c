#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "points/deadlines.h"

enum { ITEMS = 200 };

static void without_a_deadline_nothing_comes(void **state)
{
    (void)state;
    struct deadlines *d = NULL;
    assert_int_equal(deadlines_new(3, &d), 0);
    assert_int_equal(deadlines_first(d), DEADLINE_NEVER);
    assert_int_equal(deadlines_pop(d), SIZE_MAX);
    deadlines_set(d, 1, DEADLINE_NEVER);
    assert_int_equal(deadlines_first(d), DEADLINE_NEVER);
    assert_null(deadlines_free(d));
    assert_null(deadlines_free(NULL));
}

static void equal_times_come_by_index(void **state)
{
    (void)state;
    struct deadlines *d = NULL;
    assert_int_equal(deadlines_new(5, &d), 0);
    for (size_t i = 5; i-- > 0;)
        deadlines_set(d, i, 70);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(deadlines_pop(d), i);
    deadlines_free(d);
}

/* Any order of sets, moves and removals gives what a plain search would. */
static void the_earliest_always_comes_first(void **state)
{
    (void)state;
    struct deadlines *d = NULL;
    int64_t model[ITEMS];
    uint64_t seed = 2026;
    assert_int_equal(deadlines_new(ITEMS, &d), 0);
    for (size_t i = 0; i < ITEMS; i++)
        model[i] = DEADLINE_NEVER;
    for (int step = 0; step < 20000; step++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        size_t item = (seed >> 33) % ITEMS;
        int64_t time_us = (seed >> 20) % 7 == 0 ? DEADLINE_NEVER : (seed >> 40) % 500;
        deadlines_set(d, item, time_us);
        model[item] = time_us;
        assert_int_equal(deadlines_get(d, item), time_us);
        size_t first = 0;
        for (size_t i = 1; i < ITEMS; i++)
            if (model[i] < model[first])
                first = i;
        assert_int_equal(deadlines_first(d), model[first]);
        if (step % 3 == 0 && model[first] != DEADLINE_NEVER) {
            assert_int_equal(deadlines_pop(d), first);
            model[first] = DEADLINE_NEVER;
            assert_int_equal(deadlines_get(d, first), DEADLINE_NEVER);
        }
    }
    deadlines_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_deadline_nothing_comes),
        cmocka_unit_test(equal_times_come_by_index),
        cmocka_unit_test(the_earliest_always_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
