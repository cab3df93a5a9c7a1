#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "occupancy/recess.h"

/* Ten minutes after a lesson that ended with @before people. */
static struct recess recess_of(double before, double least, unsigned good)
{
    struct recess r = {0};
    recess_begin(&r, before, 1);
    for (unsigned i = 0; i < 10; i++)
        recess_minute(&r, i >= good ? NAN : i == 3 ? least : before, false);
    return r;
}

static void the_release_is_who_left_at_the_emptiest_minute(void **state)
{
    (void)state;
    struct recess r = recess_of(40, 28, 10);
    assert_true(fabs(recess_release(&r, 0.8) - 0.3) < 1e-12);
    r = recess_of(40, 0, 10);
    assert_true(recess_release(&r, 0.8) == 1);
    r = recess_of(40, 44, 10);
    assert_true(recess_release(&r, 0.8) == 0);
}

static void it_wants_eighty_hundredths_of_its_minutes(void **state)
{
    (void)state;
    struct recess r = recess_of(40, 10, 8);
    assert_true(recess_release(&r, 0.8) == 0.75);
    r = recess_of(40, 10, 7);
    assert_true(isnan(recess_release(&r, 0.8)));
}

static void a_room_without_a_class_has_no_recess(void **state)
{
    (void)state;
    struct recess r = recess_of(5, 0, 10);
    assert_true(recess_counts(&r, 5));
    r = recess_of(4, 0, 10);
    assert_false(recess_counts(&r, 5));
    r = recess_of(NAN, 0, 10);
    assert_false(recess_counts(&r, 5));
}

static void in_rain_nobody_is_let_out(void **state)
{
    (void)state;
    struct recess r = recess_of(40, 40, 10);
    recess_minute(&r, 40, true);
    assert_false(recess_counts(&r, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_release_is_who_left_at_the_emptiest_minute),
        cmocka_unit_test(it_wants_eighty_hundredths_of_its_minutes),
        cmocka_unit_test(a_room_without_a_class_has_no_recess),
        cmocka_unit_test(in_rain_nobody_is_let_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
