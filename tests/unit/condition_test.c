#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "points/condition.h"

enum { LUX = 1, DOOR, PEOPLE, ENERGY, BUTTON };

#define MIN_US INT64_C(60000000)
#define T0 INT64_C(1795000000000000)

static const char *const door_states[] = {"closed", "open"};
static const double door_values[] = {0, 1};
static const double lux_invalid[] = {65535, 32767};

static const struct config_metric metrics[] = {
    {.name = "desk_lux", .min = 0, .max = 200000},
    {.name = "door",
     .kind = METRIC_STATE,
     .min = NAN,
     .max = NAN,
     .states = {door_states, door_values, 2}},
    {.name = "people", .min = 0, .max = NAN},
    {.name = "energy", .kind = METRIC_COUNTER, .min = 0, .max = NAN},
    {.name = "button", .kind = METRIC_EVENT, .min = NAN, .max = NAN},
};
static const struct config_point points[] = {
    {.id = LUX,
     .metric = &metrics[0],
     .scale = 0.5,
     .offset = 10,
     .invalid = {lux_invalid, 2},
     .stale_us = 3 * MIN_US},
    {.id = DOOR, .metric = &metrics[1], .scale = -1, .offset = 1},
    {.id = PEOPLE, .metric = &metrics[2], .scale = 1, .stale_us = 3 * MIN_US},
    {.id = ENERGY, .metric = &metrics[3], .scale = 1, .width = 16},
    {.id = BUTTON, .metric = &metrics[4], .scale = 1},
};
static const char *const names[] = {"r/desk_lux", "r/door", "r/people", "r/energy",
                                    "r/button"};

struct stage {
    struct point_table *table;
    struct condition *condition;
};

static int set_up(void **state)
{
    static struct stage s;
    assert_int_equal(point_table_new(&s.table), 0);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(
            point_table_add(s.table, &(struct point_entry){.id = points[i].id,
                                                           .name = names[i],
                                                           .object = "r",
                                                           .metric = points[i].metric,
                                                           .config = &points[i]}),
            0);
    assert_int_equal(condition_new(s.table, &s.condition), 0);
    condition_start(s.condition, T0);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *s = *state;
    s->condition = condition_free(s->condition);
    s->table = point_table_free(s->table);
    return 0;
}

static struct gw_sample sample_of(uint32_t point, double raw)
{
    return (struct gw_sample){.point = point, .raw = raw, .source_us = GW_TIME_NONE};
}

/* Through the stage and into the table, as the pipeline does. */
static struct gw_reading passed(struct stage *s, struct gw_sample sample, int64_t time_us)
{
    struct gw_reading r = {0};
    assert_true(condition_sample(s->condition, &sample, time_us, &r));
    point_table_set(s->table, &r);
    return r;
}

static void assert_bad(struct gw_reading r, enum gw_reason reason)
{
    assert_int_equal(r.quality, GW_BAD);
    assert_int_equal(r.reason, reason);
    assert_true(isnan(r.value));
}

static void a_sample_is_scaled_and_stamped(void **state)
{
    struct gw_sample sample = sample_of(LUX, 580);
    sample.mono_us = 77;
    sample.source_us = T0 - 5;
    struct gw_reading r = passed(*state, sample, T0);
    assert_true(r.value == 300);
    assert_int_equal(r.quality, GW_GOOD);
    assert_true(r.time_us == T0 && r.source_us == T0 - 5 && r.mono_us == 77);
}

static void nan_infinity_and_sentinels_are_bad_device(void **state)
{
    assert_bad(passed(*state, sample_of(LUX, NAN), T0), GW_REASON_DEVICE);
    assert_bad(passed(*state, sample_of(LUX, INFINITY), T0), GW_REASON_DEVICE);
    assert_bad(passed(*state, sample_of(LUX, 65535), T0), GW_REASON_DEVICE);
    assert_bad(passed(*state, sample_of(LUX, 32767), T0), GW_REASON_DEVICE);
}

static void the_range_holds_in_engineering_units(void **state)
{
    assert_int_equal(passed(*state, sample_of(LUX, -20), T0).quality, GW_GOOD);
    assert_bad(passed(*state, sample_of(LUX, -20.5), T0), GW_REASON_RANGE);
    assert_int_equal(passed(*state, sample_of(LUX, 399980), T0).quality, GW_GOOD);
    assert_bad(passed(*state, sample_of(LUX, 399981), T0), GW_REASON_RANGE);
}

static void a_negative_capacity_count_is_bad(void **state)
{
    assert_bad(passed(*state, sample_of(PEOPLE, -2), T0), GW_REASON_RANGE);
}

static void a_state_is_one_of_its_words(void **state)
{
    assert_true(passed(*state, sample_of(DOOR, 1), T0).value == 0); /* inverted */
    assert_true(passed(*state, sample_of(DOOR, 0), T0).value == 1);
    assert_bad(passed(*state, sample_of(DOOR, 3), T0), GW_REASON_RANGE);
}

static void a_truth_is_a_state_and_no_amount(void **state)
{
    for (uint32_t point = LUX; point <= BUTTON; point++) {
        struct gw_sample sample = sample_of(point, 1);
        sample.flags = GW_TRUTH;
        struct gw_reading r = passed(*state, sample, T0);
        if (point == DOOR || point == BUTTON)
            assert_int_equal(r.quality, GW_GOOD);
        else
            assert_bad(r, GW_REASON_DEVICE);
    }
}

static void a_counter_keeps_the_devices_total(void **state)
{
    assert_true(passed(*state, sample_of(ENERGY, 65535), T0).value == 65535);
    assert_true(passed(*state, sample_of(ENERGY, 3), T0).value == 3);
}

static void a_bad_sample_keeps_its_reason_and_no_number(void **state)
{
    struct gw_sample sample = sample_of(LUX, 500);
    sample.quality = GW_BAD;
    sample.reason = GW_REASON_REJECTED;
    assert_bad(passed(*state, sample, T0), GW_REASON_REJECTED);
}

static void silence_is_stale_at_exactly_its_time(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    passed(s, sample_of(LUX, 500), T0 + 10);
    passed(s, sample_of(PEOPLE, 5), T0 + 20);
    assert_int_equal(condition_next_due(s->condition), T0 + 10 + 3 * MIN_US);

    assert_false(condition_expire(s->condition, T0 + 9 + 3 * MIN_US, &r));
    assert_true(condition_expire(s->condition, T0 + 60 * MIN_US, &r));
    assert_int_equal(r.point, LUX);
    assert_true(r.time_us == T0 + 10 + 3 * MIN_US);
    assert_bad(r, GW_REASON_STALE);
    assert_true(condition_expire(s->condition, T0 + 60 * MIN_US, &r));
    assert_int_equal(r.point, PEOPLE);
    assert_false(condition_expire(s->condition, T0 + 60 * MIN_US, &r));
    assert_int_equal(condition_next_due(s->condition), INT64_MAX);
}

static void a_point_that_never_spoke_becomes_stale_too(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    assert_true(condition_expire(s->condition, T0 + 3 * MIN_US, &r));
    assert_int_equal(r.point, LUX);
    assert_true(r.time_us == T0 + 3 * MIN_US);
}

static void a_stale_point_becomes_stale_once(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    assert_true(condition_expire(s->condition, T0 + 3 * MIN_US, &r));
    point_table_set(s->table, &r);
    condition_start(s->condition, T0 + 60 * MIN_US); /* the clock was set */
    assert_true(condition_expire(s->condition, T0 + 90 * MIN_US, &r));
    assert_int_equal(r.point, PEOPLE);
    assert_true(r.time_us == T0 + 63 * MIN_US);
    assert_false(condition_expire(s->condition, T0 + 90 * MIN_US, &r));
}

static void an_offline_point_keeps_that_reason(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    struct gw_sample sample = sample_of(LUX, 0);
    sample.quality = GW_BAD;
    sample.reason = GW_REASON_OFFLINE;
    passed(s, sample, T0 + MIN_US);
    assert_int_equal(condition_next_due(s->condition), T0 + 3 * MIN_US);
    assert_true(condition_expire(s->condition, T0 + 9 * MIN_US, &r));
    assert_int_equal(r.point, PEOPLE);
}

static struct gw_sample offline_of(uint32_t point, uint16_t flags)
{
    struct gw_sample sample = sample_of(point, 0);
    sample.flags = flags;
    sample.quality = GW_BAD;
    sample.reason = GW_REASON_OFFLINE;
    return sample;
}

static void a_bus_that_resumes_gives_back_what_was(void **state)
{
    struct stage *s = *state;
    double value = passed(s, sample_of(LUX, 300), T0).value;
    passed(s, offline_of(LUX, 0), T0 + MIN_US);
    passed(s, offline_of(LUX, 0), T0 + MIN_US);
    struct gw_reading r =
        passed(s, offline_of(LUX, GW_RESUMED | GW_EVENT), T0 + 2 * MIN_US);
    assert_int_equal(r.quality, GW_GOOD);
    assert_true(r.value == value && r.flags == 0);
    assert_int_equal(condition_next_due(s->condition), T0 + 3 * MIN_US);
}

static void an_event_is_given_back_as_no_news(void **state)
{
    struct stage *s = *state;
    passed(s, sample_of(BUTTON, 2), T0);
    passed(s, offline_of(BUTTON, 0), T0 + MIN_US);
    struct gw_reading r =
        passed(s, offline_of(BUTTON, GW_RESUMED | GW_EVENT), T0 + 2 * MIN_US);
    assert_int_equal(r.quality, GW_GOOD);
    assert_true(r.value == 2 && r.flags == GW_RESUMED);
}

static void what_became_silent_meanwhile_is_stale(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    passed(s, sample_of(LUX, 300), T0);
    passed(s, offline_of(LUX, 0), T0 + MIN_US);
    while (condition_expire(s->condition, T0 + 9 * MIN_US, &r))
        assert_int_equal(r.point, PEOPLE);
    r = passed(s, offline_of(LUX, GW_RESUMED | GW_EVENT), T0 + 9 * MIN_US);
    assert_bad(r, GW_REASON_STALE);
}

static void one_that_spoke_before_the_bus_resumed_is_as_it_says(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    struct gw_sample resumed = offline_of(LUX, GW_RESUMED | GW_EVENT);
    passed(s, sample_of(LUX, 300), T0);
    passed(s, offline_of(LUX, 0), T0 + MIN_US);
    passed(s, sample_of(LUX, 400), T0 + 2 * MIN_US);
    assert_false(condition_sample(s->condition, &resumed, T0 + 2 * MIN_US, &r));
}

static void a_retained_value_is_neither_news_nor_life(void **state)
{
    struct stage *s = *state;
    struct gw_sample sample = sample_of(LUX, 580);
    sample.flags = GW_RETAINED | GW_EVENT;
    struct gw_reading r = passed(s, sample, T0 + MIN_US);
    assert_int_equal(r.quality, GW_UNCERTAIN);
    assert_int_equal(r.reason, GW_REASON_RETAINED);
    assert_int_equal(r.flags, GW_RETAINED);
    assert_true(r.value == 300);
    assert_int_equal(condition_next_due(s->condition), T0 + 3 * MIN_US);
}

static void a_retained_value_with_its_own_time_is_as_old_as_that(void **state)
{
    struct stage *s = *state;
    struct gw_sample sample = sample_of(LUX, 580);
    sample.flags = GW_RETAINED;
    sample.source_us = T0 - 3 * MIN_US;
    assert_bad(passed(s, sample, T0), GW_REASON_STALE);
    sample.source_us = T0 - MIN_US;
    assert_int_equal(passed(s, sample, T0).quality, GW_GOOD);
    assert_int_equal(condition_next_due(s->condition), T0 + 2 * MIN_US);
}

static void a_retained_value_adds_nothing_to_a_good_one(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    passed(s, sample_of(LUX, 580), T0);
    struct gw_sample sample = sample_of(LUX, 580);
    sample.flags = GW_RETAINED;
    assert_false(condition_sample(s->condition, &sample, T0 + 5, &r));
    sample.raw = 600;
    sample.source_us = T0 - 1;
    assert_false(condition_sample(s->condition, &sample, T0 + 5, &r));
    sample.source_us = T0 + 1;
    assert_true(condition_sample(s->condition, &sample, T0 + 5, &r));
}

static void a_repeated_level_is_life_but_no_news(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    struct gw_sample again = sample_of(PEOPLE, 5);
    again.flags = GW_REPEAT;
    passed(s, sample_of(LUX, 500), T0 + 9 * MIN_US);
    passed(s, sample_of(PEOPLE, 5), T0);
    assert_false(condition_sample(s->condition, &again, T0 + 2 * MIN_US, &r));
    assert_false(condition_expire(s->condition, T0 + 4 * MIN_US, &r));
    assert_true(condition_expire(s->condition, T0 + 5 * MIN_US, &r));
    assert_bad(r, GW_REASON_STALE);
    point_table_set(s->table, &r);
    assert_int_equal(passed(s, again, T0 + 6 * MIN_US).quality, GW_GOOD);
}

static void a_bad_level_that_repeats_is_told_once(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    struct gw_sample again = sample_of(DOOR, 7);
    again.flags = GW_REPEAT;
    assert_bad(passed(s, sample_of(DOOR, 7), T0), GW_REASON_RANGE);
    assert_false(condition_sample(s->condition, &again, T0 + MIN_US, &r));
    again.raw = NAN;
    assert_bad(passed(s, again, T0 + 2 * MIN_US), GW_REASON_DEVICE);
}

static void a_reading_is_judged_without_scale(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    struct gw_reading in = {.point = LUX, .value = 300, .time_us = T0 + 7};
    assert_true(condition_reading(s->condition, &in, &r));
    assert_true(r.value == 300);
    in.value = -1;
    assert_true(condition_reading(s->condition, &in, &r));
    assert_bad(r, GW_REASON_RANGE);
    in.point = 99;
    assert_false(condition_reading(s->condition, &in, &r));
}

/* Stops at @stop_us, begins again at @start_us with what was kept. */
static void restart(struct stage *s, int64_t stop_us, int64_t start_us)
{
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(condition_keep(s->condition, stop_us, &bytes, &size), 0);
    condition_free(s->condition);
    assert_int_equal(condition_new(s->table, &s->condition), 0);
    assert_int_equal(condition_restore(s->condition, bytes, size), 0);
    condition_start(s->condition, start_us);
    free(bytes);
}

static void silence_goes_on_where_a_stop_left_it(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    passed(s, sample_of(LUX, 500), T0 + MIN_US);
    restart(s, T0 + 2 * MIN_US, T0 + 100 * MIN_US);
    assert_true(condition_expire(s->condition, T0 + 200 * MIN_US, &r));
    assert_int_equal(r.point, PEOPLE);
    assert_true(r.time_us == T0 + 101 * MIN_US);
    assert_true(condition_expire(s->condition, T0 + 200 * MIN_US, &r));
    assert_int_equal(r.point, LUX);
    assert_true(r.time_us == T0 + 102 * MIN_US);
}

static void a_point_that_was_stale_at_the_stop_is_so_at_the_start(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    passed(s, sample_of(PEOPLE, 5), T0 + 4 * MIN_US);
    assert_true(condition_expire(s->condition, T0 + 4 * MIN_US, &r));
    restart(s, T0 + 4 * MIN_US, T0 + 100 * MIN_US);
    assert_true(condition_expire(s->condition, T0 + 100 * MIN_US, &r));
    assert_int_equal(r.point, LUX);
    assert_bad(r, GW_REASON_STALE);
    assert_false(condition_expire(s->condition, T0 + 100 * MIN_US, &r));
}

static void kept_silence_of_a_strange_form_is_refused(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {0};
    const uint32_t strange[4] = {9, LUX, 0, 0};
    assert_int_equal(condition_restore(s->condition, strange, 7), -EINVAL);
    assert_int_equal(condition_restore(s->condition, strange, sizeof(strange)), -EINVAL);
    condition_start(s->condition, T0);
    assert_false(condition_expire(s->condition, T0 + 3 * MIN_US - 1, &r));
}

static void history_ends_silences_in_its_own_time(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {.point = LUX, .value = 300, .time_us = T0 + MIN_US};
    condition_history(s->condition, &r);
    assert_true(condition_expire(s->condition, T0 + 3 * MIN_US, &r));
    assert_int_equal(r.point, PEOPLE);
    assert_true(condition_expire(s->condition, T0 + 9 * MIN_US, &r));
    assert_true(r.point == LUX && r.time_us == T0 + 4 * MIN_US);
    condition_history(s->condition, &r); /* the log tells of silence too */
    assert_int_equal(condition_next_due(s->condition), INT64_MAX);
}

int main(void)
{
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_sample_is_scaled_and_stamped),
        STAGE_TEST(nan_infinity_and_sentinels_are_bad_device),
        STAGE_TEST(the_range_holds_in_engineering_units),
        STAGE_TEST(a_negative_capacity_count_is_bad),
        STAGE_TEST(a_state_is_one_of_its_words),
        STAGE_TEST(a_truth_is_a_state_and_no_amount),
        STAGE_TEST(a_counter_keeps_the_devices_total),
        STAGE_TEST(a_bad_sample_keeps_its_reason_and_no_number),
        STAGE_TEST(silence_is_stale_at_exactly_its_time),
        STAGE_TEST(a_point_that_never_spoke_becomes_stale_too),
        STAGE_TEST(a_stale_point_becomes_stale_once),
        STAGE_TEST(an_offline_point_keeps_that_reason),
        STAGE_TEST(a_bus_that_resumes_gives_back_what_was),
        STAGE_TEST(an_event_is_given_back_as_no_news),
        STAGE_TEST(what_became_silent_meanwhile_is_stale),
        STAGE_TEST(one_that_spoke_before_the_bus_resumed_is_as_it_says),
        STAGE_TEST(a_retained_value_is_neither_news_nor_life),
        STAGE_TEST(a_retained_value_with_its_own_time_is_as_old_as_that),
        STAGE_TEST(a_retained_value_adds_nothing_to_a_good_one),
        STAGE_TEST(a_repeated_level_is_life_but_no_news),
        STAGE_TEST(a_bad_level_that_repeats_is_told_once),
        STAGE_TEST(a_reading_is_judged_without_scale),
        STAGE_TEST(silence_goes_on_where_a_stop_left_it),
        STAGE_TEST(a_point_that_was_stale_at_the_stop_is_so_at_the_start),
        STAGE_TEST(kept_silence_of_a_strange_form_is_refused),
        STAGE_TEST(history_ends_silences_in_its_own_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
