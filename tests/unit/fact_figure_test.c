/* Rows folded into one number: what is unknown is left out, not counted as nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "facts/fact_figure.h"

enum { A, B, C, NAMES, ROWS = 4 };

/* rows of four days, the last one first, each with three values */
static struct fact_row *row_of(int64_t day, double a, double b, double c)
{
    struct fact_row *row = calloc(1, sizeof(*row) + NAMES * sizeof(double));
    assert_non_null(row);
    row->day = day;
    row->values[A] = a;
    row->values[B] = b;
    row->values[C] = c;
    return row;
}

static double fold(struct fact_figure f)
{
    struct fact_row *rows[ROWS] = {
        row_of(4, 46, 50, 2),
        row_of(1, 40, 38, 1),
        row_of(2, NAN, 41, 0),
        row_of(3, 51, NAN, 0),
    };
    double value = fact_figure_of(&f, (const struct fact_row *const *)(void *)rows, ROWS);
    for (int i = 0; i < ROWS; i++)
        free(rows[i]);
    return value;
}

static struct fact_figure of(enum fact_fold fold_by)
{
    return (struct fact_figure){
        .fold = fold_by, .of = A, .per = FACT_NONE, .than = FACT_NONE};
}

static struct fact_figure count(enum fact_test test, size_t than, double number,
                                double by)
{
    struct fact_figure f = of(FACT_COUNT);
    f.test = test;
    f.than = than;
    f.number = number;
    f.by = by;
    return f;
}

static void each_fold_is_of_what_is_known(void **state)
{
    (void)state;
    assert_float_equal(fold(of(FACT_SUM)), 137, 0);
    assert_float_equal(fold(of(FACT_MEAN)), 45.6667, 0);
    assert_float_equal(fold(of(FACT_MEDIAN)), 46, 0);
    assert_float_equal(fold(of(FACT_MIN)), 40, 0);
    assert_float_equal(fold(of(FACT_MAX)), 51, 0);
    assert_float_equal(fold(of(FACT_LAST)), 46, 0);
}

static void a_median_of_two_is_between_them(void **state)
{
    (void)state;
    struct fact_row *low = row_of(1, 4, 0, 0);
    struct fact_row *high = row_of(2, 9, 0, 0);
    const struct fact_row *const rows[] = {high, low};
    struct fact_figure f = of(FACT_MEDIAN);
    assert_float_equal(fact_figure_of(&f, rows, 2), 6.5, 0);
    free(low);
    free(high);
}

static void what_is_taken_off_leaves_nothing_below_zero(void **state)
{
    (void)state;
    struct fact_figure f = of(FACT_SUM);
    f.less[0] = B;
    f.less[1] = C;
    f.less_count = 2;
    assert_float_equal(fold(f), 1, 0); /* 46 - 50 - 2 is none, 40 - 38 - 1 is one */
}

static void a_ratio_is_of_rows_that_know_both(void **state)
{
    (void)state;
    struct fact_figure f = of(FACT_SUM);
    f.per = B;
    assert_float_equal(fold(f), 0.9773, 0); /* 86 of 88 */
}

static void counts_are_strict_where_they_say_so(void **state)
{
    (void)state;
    assert_float_equal(fold(count(FACT_ABOVE, FACT_NONE, 46, 0)), 1, 0);
    assert_float_equal(fold(count(FACT_AT_LEAST, FACT_NONE, 46, 0)), 2, 0);
    assert_float_equal(fold(count(FACT_BELOW, FACT_NONE, 46, 0)), 1, 0);
    assert_float_equal(fold(count(FACT_IS, FACT_NONE, 46, 0)), 1, 0);
    assert_float_equal(fold(count(FACT_ABOVE, FACT_NONE, 43, 3)), 1, 0);
    assert_float_equal(fold(count(FACT_ABOVE, B, 0, 1)), 1, 0); /* 40 over 38 + 1 */
    assert_float_equal(fold(count(FACT_ABOVE, B, 0, 2)), 0, 0);
}

static void nothing_known_is_no_number(void **state)
{
    (void)state;
    struct fact_row *row = row_of(1, NAN, NAN, NAN);
    const struct fact_row *const rows[] = {row};
    for (unsigned f = 0; f < FACT_FOLDS; f++) {
        struct fact_figure figure = of((enum fact_fold)f);
        assert_true(isnan(fact_figure_of(&figure, rows, 1)));
        assert_true(isnan(fact_figure_of(&figure, rows, 0)));
    }
    free(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fold_is_of_what_is_known),
        cmocka_unit_test(a_median_of_two_is_between_them),
        cmocka_unit_test(what_is_taken_off_leaves_nothing_below_zero),
        cmocka_unit_test(a_ratio_is_of_rows_that_know_both),
        cmocka_unit_test(counts_are_strict_where_they_say_so),
        cmocka_unit_test(nothing_known_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
