#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/eras.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define START (INT64_C(1795492800) * SECOND)

/* The era that has @number, and what is to be added to its times. */
static const struct era *find(const struct eras *e, uint32_t number, int64_t *ret_set_us)
{
    for (size_t i = e->count; i > 0; i--)
        if (e->items[i - 1].number == number) {
            *ret_set_us = eras_set_after(e, i - 1);
            return &e->items[i - 1];
        }
    return NULL;
}

static void times_before_steps_become_times_of_todays_clock(void **state)
{
    (void)state;
    struct eras e = {0};
    int64_t set_us = 0;
    eras_begin(&e, START);
    eras_step(&e, HOUR, START + 2 * HOUR);
    eras_step(&e, -10 * MINUTE, START + 2 * HOUR);
    assert_int_equal(eras_number(&e), 2);
    assert_non_null(find(&e, 0, &set_us));
    assert_int_equal(set_us, HOUR - 10 * MINUTE);
    assert_non_null(find(&e, 1, &set_us));
    assert_int_equal(set_us, -10 * MINUTE);
    assert_non_null(find(&e, 2, &set_us));
    assert_int_equal(set_us, 0);
}

static void a_time_of_another_boot_moves_by_that_boots_steps_alone(void **state)
{
    (void)state;
    struct eras e = {0};
    int64_t set_us = 0;
    eras_begin(&e, START);
    eras_step(&e, HOUR, START + HOUR);
    eras_boot(&e, START - DAY);
    eras_step(&e, DAY + 2 * HOUR, START + 2 * HOUR);
    assert_non_null(find(&e, 0, &set_us));
    assert_int_equal(set_us, HOUR);
    assert_non_null(find(&e, 1, &set_us));
    assert_int_equal(set_us, 0);
    assert_non_null(find(&e, 2, &set_us));
    assert_int_equal(set_us, DAY + 2 * HOUR);
}

static void what_was_before_is_taken_as_it_stands(void **state)
{
    (void)state;
    struct eras e = {0};
    int64_t set_us = 1;
    eras_begin(&e, START);
    eras_step(&e, HOUR, START + 2 * HOUR);
    const struct era *before = find(&e, ERA_ANY, &set_us);
    assert_non_null(before);
    assert_int_equal(set_us, 0);
    assert_true(before->from_us == INT64_MIN && before->until_us == START);
}

/* And what was before the first era may bear any other number. */
static void a_clock_set_back_to_before_the_first_era_logs_rows_of_its_own(void **state)
{
    (void)state;
    struct eras e = {0};
    eras_begin(&e, START);
    eras_step(&e, -MINUTE, START - 50 * SECOND);
    eras_step(&e, MINUTE, START + HOUR);
    assert_int_equal(e.items[0].number, ERA_ANY);
    assert_int_equal(eras_numbers(&e, 0), 0xfd);
    for (size_t i = 1; i < e.count; i++)
        assert_int_equal(eras_numbers(&e, i), 1 << (i - 1));
}

static void a_number_that_comes_round_belongs_to_its_times(void **state)
{
    (void)state;
    struct eras e = {0};
    int64_t set_us = 0;
    eras_begin(&e, START);
    for (int i = 1; i <= 20; i++)
        eras_step(&e, MINUTE, START + i * HOUR);
    assert_int_equal(e.count, GW_RECORD_ERAS);
    for (size_t i = 1; i < e.count; i++)
        assert_int_equal(e.items[i].number, (e.items[i - 1].number + 1) % GW_RECORD_ERAS);
    const struct era *last = find(&e, 20 % GW_RECORD_ERAS, &set_us);
    assert_true(last->from_us <= START + 20 * HOUR && last->until_us == INT64_MAX);
    const struct era *before = find(&e, 19 % GW_RECORD_ERAS, &set_us);
    assert_true(before->from_us <= START + 19 * HOUR);
    assert_true(before->from_us > START + 18 * HOUR);
    assert_true(before->until_us >= START + 20 * HOUR - MINUTE);
    assert_true(before->until_us < START + 20 * HOUR);
    assert_null(find(&e, ERA_ANY, &set_us));
}

static void the_minute_moves_by_odd_seconds_until_the_machine_starts_anew(void **state)
{
    (void)state;
    struct eras e = {0};
    eras_begin(&e, START);
    eras_step(&e, -HOUR - 16 * SECOND, START);
    assert_int_equal(e.minute_us, -16 * SECOND);
    eras_step(&e, 7 * DAY + 20 * SECOND, START + 7 * DAY);
    assert_int_equal(e.minute_us, 4 * SECOND);
    eras_boot(&e, START + 8 * DAY);
    assert_int_equal(e.minute_us, 0);
}

static void a_jump_is_remembered_for_a_day(void **state)
{
    (void)state;
    struct eras e = {0};
    eras_begin(&e, START);
    assert_false(eras_have_jumped(&e, START));
    eras_step(&e, 3 * HOUR, START + 4 * HOUR);
    assert_false(eras_have_jumped(&e, START + 4 * HOUR));
    eras_step(&e, 400 * DAY, START + 400 * DAY);
    assert_true(eras_have_jumped(&e, START + 400 * DAY + 23 * HOUR));
    assert_false(eras_have_jumped(&e, START + 401 * DAY + HOUR));
    eras_step(&e, -400 * DAY, START + HOUR);
    eras_step(&e, 5 * SECOND, START + 2 * HOUR);
    assert_true(eras_have_jumped(&e, START + 3 * HOUR));
}

static void what_is_kept_comes_back_and_damage_does_not(void **state)
{
    (void)state;
    struct eras e = {0};
    struct eras back = {0};
    eras_begin(&e, START);
    eras_step(&e, HOUR, START);
    struct gw_state kept = eras_state(&e);
    assert_true(eras_read(&kept, &back));
    assert_memory_equal(&back, &e, sizeof(e));

    struct eras bad[5] = {e, e, e, e, e};
    bad[0].version++;
    bad[1].count = 0;
    bad[2].count = GW_RECORD_ERAS + 1;
    bad[3].items[1].set_us = INT64_MAX;
    bad[4].items[2].number = ERA_ANY;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        kept.bytes = &bad[i];
        assert_false(eras_read(&kept, &back));
    }
    kept = eras_state(&e);
    kept.size--;
    assert_false(eras_read(&kept, &back));
    kept = eras_state(&e);
    kept.owner = "clock";
    assert_false(eras_read(&kept, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_before_steps_become_times_of_todays_clock),
        cmocka_unit_test(a_time_of_another_boot_moves_by_that_boots_steps_alone),
        cmocka_unit_test(what_was_before_is_taken_as_it_stands),
        cmocka_unit_test(a_clock_set_back_to_before_the_first_era_logs_rows_of_its_own),
        cmocka_unit_test(a_number_that_comes_round_belongs_to_its_times),
        cmocka_unit_test(the_minute_moves_by_odd_seconds_until_the_machine_starts_anew),
        cmocka_unit_test(a_jump_is_remembered_for_a_day),
        cmocka_unit_test(what_is_kept_comes_back_and_damage_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
