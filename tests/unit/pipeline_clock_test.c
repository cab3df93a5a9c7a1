/* A clock that is set over a bell, over a midnight, in the middle of a minute: what
 * plugins hear of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline_notes.h"

static void set_clock(struct rig *rig, int64_t before_us, int64_t after_us)
{
    pipeline_advance(rig->pipeline, before_us);
    note_count = 0;
    pipeline_clock_set(rig->pipeline, after_us - before_us, after_us);
}

/* The bell at 8:20 and the one at 9:00; phases between them are left out. */
static void a_bell_that_was_jumped_over_is_told_once(void **state)
{
    struct rig *rig = *state;
    set_clock(rig, T0 + 10 * MIN_US, T0 + 30 * MIN_US);
    assert_int_equal(note_count, 2);
    assert_true(notes[0].what == 'p' && notes[0].time_us == T0 + 20 * MIN_US);
    assert_string_equal(notes[0].object, "school");
    assert_string_equal(notes[1].object, "2024-P-01");
    set_clock(rig, T0 + 31 * MIN_US, T0 + 35 * MIN_US);
    assert_int_equal(note_count, 0); /* within the lesson */
    set_clock(rig, T0 + 36 * MIN_US, T0 + 10 * MIN_US);
    assert_int_equal(count_of('p'), 2);
    pipeline_advance(rig->pipeline, T0 + 20 * MIN_US);
    assert_int_equal(count_of('p'), 4); /* the bell rings by the right time */
    set_clock(rig, T0 + 30 * MIN_US, T0 + 30 * MIN_US + 7 * 24 * HOUR_US);
    assert_int_equal(note_count, 0); /* the same lesson of another week */
}

static void a_midnight_that_was_jumped_over_is_told_once(void **state)
{
    struct rig *rig = *state;
    const int64_t midnight_us = T0 + 16 * HOUR_US;
    set_clock(rig, midnight_us - 20 * MIN_US, midnight_us + 10 * MIN_US);
    assert_int_equal(count_of('d'), 1);
    for (size_t i = 0; i < note_count; i++)
        assert_true(notes[i].what != 'd' || notes[i].time_us == midnight_us);
    set_clock(rig, midnight_us + 15 * MIN_US, midnight_us - 5 * MIN_US);
    pipeline_advance(rig->pipeline, midnight_us + MIN_US);
    assert_int_equal(count_of('d'), 0);
    set_clock(rig, midnight_us + 2 * MIN_US, midnight_us + 24 * HOUR_US + 2 * HOUR_US);
    assert_int_equal(count_of('d'), 0); /* the day that runs has another name */
    note_count = 0;
    pipeline_advance(rig->pipeline, midnight_us + 48 * HOUR_US - MIN_US);
    note_count = 0;
    pipeline_advance(rig->pipeline, midnight_us + 48 * HOUR_US);
    assert_int_equal(count_of('d'), 1);
}

static int64_t minute_after(struct rig *rig, int64_t before_us, int64_t after_us)
{
    set_clock(rig, before_us, after_us);
    note_count = 0;
    pipeline_advance(rig->pipeline, after_us + 2 * MIN_US);
    assert_true(count_of('m') >= 1);
    return notes[0].time_us - after_us;
}

/* 20 s of it have passed: 5 s more are none, 40 s more are one. */
static void the_minute_in_which_the_clock_is_set_is_whole(void **state)
{
    struct rig *rig = *state;
    const int64_t second_us = MIN_US / 60;
    int64_t at_us = T0 + MIN_US + 20 * second_us;
    assert_int_equal(minute_after(rig, at_us, at_us + 35 * second_us), 65 * second_us);
    at_us = T0 + 10 * MIN_US + 20 * second_us;
    assert_int_equal(minute_after(rig, at_us, at_us - 20 * second_us), 60 * second_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_bell_that_was_jumped_over_is_told_once),
        RIG_TEST(a_midnight_that_was_jumped_over_is_told_once),
        RIG_TEST(the_minute_in_which_the_clock_is_set_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
