#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gw/types.h"
#include "three_defense/tour.h"

#define MIN_US INT64_C(60000000)
#define T0 (INT64_C(1795392000) * 1000000)

static struct tour tour;

static int set_up(void **state)
{
    (void)state;
    tour_begin(&tour, 3, 60 * MIN_US);
    return 0;
}

static bool read_at(size_t index, int64_t minutes)
{
    return tour_read(&tour, index, T0 + minutes * MIN_US);
}

static void a_round_is_every_point_within_the_hour(void **state)
{
    (void)state;
    assert_false(read_at(0, 0));
    assert_false(read_at(1, 30));
    assert_true(read_at(2, 60));
    assert_int_equal(tour.rounds, 1);
    assert_int_equal(tour.last_us, T0 + 60 * MIN_US);
    assert_int_equal(tour.disordered, 0);
}

static void a_microsecond_more_is_none(void **state)
{
    (void)state;
    (void)read_at(0, 0);
    (void)read_at(1, 30);
    assert_false(tour_read(&tour, 2, T0 + 60 * MIN_US + 1));
    assert_int_equal(tour.rounds, 0);
    assert_int_equal(tour.broken, 1);
}

static void a_stray_read_before_a_round_does_not_spoil_it(void **state)
{
    (void)state;
    (void)read_at(0, 0);
    (void)read_at(0, 50);
    (void)read_at(1, 70);
    assert_true(read_at(2, 100));
    assert_int_equal(tour.rounds, 1);
    assert_int_equal(tour.broken, 0);
}

static void a_round_breaks_once(void **state)
{
    (void)state;
    (void)read_at(0, 0);
    (void)read_at(1, 10);
    assert_false(tour_expire(&tour, T0 + 60 * MIN_US));
    assert_true(tour_expire(&tour, T0 + 61 * MIN_US));
    assert_false(tour_expire(&tour, T0 + 80 * MIN_US));
    assert_int_equal(tour.broken, 1);
    (void)read_at(0, 200);
    assert_true(tour_expire(&tour, T0 + 300 * MIN_US));
    assert_int_equal(tour.broken, 2);
}

static void another_order_is_counted_and_where_it_matters_no_round(void **state)
{
    (void)state;
    (void)read_at(2, 0);
    (void)read_at(1, 1);
    assert_true(read_at(0, 2));
    assert_int_equal(tour.disordered, 1);
    tour.is_ordered = true;
    (void)read_at(2, 10);
    (void)read_at(1, 11);
    assert_false(read_at(0, 12));
    assert_int_equal(tour.rounds, 1);
    assert_int_equal(tour.disordered, 2);
    assert_int_equal(tour.last_us, T0 + 2 * MIN_US);
}

static void the_same_reads_make_no_second_round(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        (void)read_at(i, (int64_t)i);
    assert_false(read_at(0, 3));
    assert_int_equal(tour.rounds, 1);
}

static void a_clock_that_is_set_moves_a_round_under_way(void **state)
{
    (void)state;
    (void)read_at(0, 0);
    (void)read_at(1, 10);
    tour_step(&tour, 24 * 60 * MIN_US);
    assert_true(read_at(2, 24 * 60 + 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_round_is_every_point_within_the_hour, set_up),
        cmocka_unit_test_setup(a_microsecond_more_is_none, set_up),
        cmocka_unit_test_setup(a_stray_read_before_a_round_does_not_spoil_it, set_up),
        cmocka_unit_test_setup(a_round_breaks_once, set_up),
        cmocka_unit_test_setup(another_order_is_counted_and_where_it_matters_no_round,
                               set_up),
        cmocka_unit_test_setup(the_same_reads_make_no_second_round, set_up),
        cmocka_unit_test_setup(a_clock_that_is_set_moves_a_round_under_way, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
