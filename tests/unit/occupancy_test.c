#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "pipeline_rig.h"

#define MIN_US INT64_C(60000000)
#define HOUR_US (60 * MIN_US)
/* Monday 2026-11-23, 08:00 in the school. */
#define T0 (INT64_C(1795392000) * 1000000)

static int set_up(void **state)
{
    *state = rig_new(RIG_CAMPUS);
    pipeline_start(((struct rig *)*state)->pipeline, T0);
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

static uint32_t id_of(struct rig *rig, const char *point)
{
    const struct point_entry *entry =
        point_table_named(pipeline_points(rig->pipeline), point);
    assert_non_null(entry);
    return entry->id;
}

static void tell(struct rig *rig, const char *point, double total, int64_t time_us)
{
    struct gw_sample sample = {
        .point = id_of(rig, point), .raw = total, .source_us = GW_TIME_NONE};
    pipeline_sample(rig->pipeline, &sample, time_us);
}

static void tell_both(struct rig *rig, double in, double out, int64_t time_us)
{
    tell(rig, "b1-203/people_in", in, time_us);
    tell(rig, "b1-203/people_out", out, time_us);
}

static const struct gw_reading *occupancy(struct rig *rig)
{
    return point_table_get(pipeline_points(rig->pipeline),
                           id_of(rig, "b1-203/occupancy"));
}

static void assert_people(struct rig *rig, double people)
{
    const struct gw_reading *r = occupancy(rig);
    assert_int_equal(r->quality, GW_GOOD);
    assert_true(r->value == people);
    assert_true(r->flags & GW_DERIVED);
}

static void restart(struct rig *rig, int64_t time_us)
{
    assert_int_equal(
        rig_restart(rig, &(struct replay_stop){0}, time_us, &rig->pipeline, NULL), 0);
}

static void people_are_those_who_came_less_those_who_went(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 500, 480, T0);
    assert_people(rig, 0); /* the first totals are the base */
    tell_both(rig, 547, 482, T0 + MIN_US);
    assert_people(rig, 45);
}

static void a_roll_over_of_16_bits_counts(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 65535, 0, T0);
    tell_both(rig, 3, 0, T0 + 1);
    assert_people(rig, 4);
}

static void people_are_never_negative(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 0, 0, T0);
    tell_both(rig, 0, 5, T0 + 1);
    assert_people(rig, 0);
    tell_both(rig, 7, 5, T0 + 2);
    assert_people(rig, 2);
}

static void a_reset_of_the_device_is_tolerated(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 900, 900, T0);
    tell_both(rig, 940, 900, T0 + 1);
    tell_both(rig, 0, 0, T0 + 2);
    assert_people(rig, 40);
    tell_both(rig, 2, 1, T0 + 3);
    assert_people(rig, 41);
}

static void a_bad_input_makes_it_bad(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 10, 0, T0);
    tell_both(rig, 15, 0, T0 + 1);
    tell(rig, "b1-203/people_out", -2, T0 + 2);
    assert_int_equal(occupancy(rig)->quality, GW_BAD);
    assert_int_equal(occupancy(rig)->reason, GW_REASON_INPUT);
    assert_true(isnan(occupancy(rig)->value));
    tell(rig, "b1-203/people_out", 1, T0 + 3);
    assert_people(rig, 4);
}

static void a_silent_input_makes_it_bad_at_that_moment(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 10, 0, T0);
    pipeline_advance(rig->pipeline, T0 + 10 * MIN_US - 1);
    assert_people(rig, 0);
    pipeline_advance(rig->pipeline, T0 + 11 * MIN_US);
    assert_int_equal(occupancy(rig)->quality, GW_BAD);
    assert_true(occupancy(rig)->time_us == T0 + 10 * MIN_US);
}

static void it_is_told_on_change_and_every_minute(void **state)
{
    struct rig *rig = *state;
    uint32_t point = id_of(rig, "b1-203/occupancy");
    tell_both(rig, 10, 0, T0);
    tell_both(rig, 10, 0, T0 + 1);
    tell_both(rig, 10, 0, T0 + 2);
    pipeline_advance(rig->pipeline, T0 + 3 * MIN_US);
    size_t told = 0;
    for (size_t i = 0; i < rig->reading_count; i++)
        told += rig->readings[i].reading.point == point;
    assert_int_equal(told, 5); /* bad without out, good, three minutes */
}

static void a_restart_in_between_changes_nothing(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 65500, 7, T0);
    tell_both(rig, 65530, 8, T0 + 1);
    restart(rig, T0 + 2);
    assert_int_equal(occupancy(rig)->quality, GW_BAD); /* nothing seen yet */
    tell_both(rig, 4, 9, T0 + 3);
    assert_people(rig, 38);
}

/* However often it restarts, the count is the same. */
static void restarts_anywhere_change_nothing(void **state)
{
    struct rig *rig = *state;
    uint64_t seed = 5;
    uint64_t in = 65000;
    uint64_t out = 64000;
    tell_both(rig, (double)in, (double)out, T0);
    double people = 0;
    for (int i = 1; i <= 300; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        uint64_t came = (seed >> 40) % 12;
        uint64_t went = (seed >> 50) % ((uint64_t)people + came + 1);
        in = (in + came) % 65536;
        out = (out + went) % 65536;
        people += (double)came - (double)went;
        if ((seed >> 60) % 4 == 0)
            restart(rig, T0 + i * 1000 - 1);
        tell_both(rig, (double)in, (double)out, T0 + i * 1000);
        assert_people(rig, people);
    }
}

static void a_closed_room_begins_at_zero_at_three(void **state)
{
    struct rig *rig = *state;
    int64_t three_us = T0 + 19 * HOUR_US;
    tell_both(rig, 0, 0, T0);
    tell_both(rig, 48, 45, T0 + MIN_US);
    for (int64_t at = T0 + 2 * MIN_US; at < three_us; at += 5 * MIN_US)
        tell_both(rig, 48, 45, at);
    assert_people(rig, 3);
    pipeline_advance(rig->pipeline, three_us);
    assert_people(rig, 0);
    (void)fflush(rig->out);
    assert_non_null(strstr(rig->text,
                           "{\"t\":\"2026-11-24T03:00:00+08:00\","
                           "\"fact\":\"occupancy-drift\",\"object\":\"b1-203\","
                           "\"drift\":3,\"in\":48,\"out\":45,"
                           "\"completeness\":1}"));
    tell_both(rig, 50, 45, three_us + MIN_US);
    assert_people(rig, 2);
    pipeline_advance(rig->pipeline, three_us + HOUR_US);
    (void)fflush(rig->out);
    assert_null(strstr(rig->text, "T03:01")); /* once a night */
}

static void a_gateway_that_was_off_at_three_zeroes_later(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 0, 0, T0);
    tell_both(rig, 40, 38, T0 + MIN_US);
    int64_t later_us = T0 + 19 * HOUR_US + 40 * MIN_US + 1;
    restart(rig, later_us);
    tell_both(rig, 40, 38, later_us);
    assert_people(rig, 2);
    pipeline_advance(rig->pipeline, later_us + MIN_US);
    assert_people(rig, 0);
}

#define BUS "buses: [{name: b, driver: mqtt, broker: \"mqtt://127.0.0.1\"}]\n"
#define DEVICE(name, points)                                                             \
    "  - {name: " name ", bus: b, place: b1-203, topic: " name ", points: [" points "]}" \
    "\n"

static void several_lines_and_regions_add_up(void **state)
{
    (void)state;
    struct rig_folder f = rig_folder_new(
        BUS "devices:\n" DEVICE("front", "{metric: people_in, name: front, path: i},"
                                         "{metric: people_out, name: front, path: o}")
            DEVICE("back", "{metric: people_in, name: back, path: i},"
                           "{metric: people_out, name: back, path: o}"));
    struct rig *rig = rig_new(f.path);
    pipeline_start(rig->pipeline, T0);
    static const char *const points[] = {
        "b1-203/people_in.front", "b1-203/people_out.front", "b1-203/people_in.back",
        "b1-203/people_out.back"};
    for (size_t i = 0; i < 4; i++)
        tell(rig, points[i], 100, T0);
    tell(rig, points[0], 120, T0 + 1);
    tell(rig, points[2], 105, T0 + 2);
    tell(rig, points[3], 101, T0 + 3);
    assert_people(rig, 24);
    rig_free(rig);
    rig_folder_remove(&f);
}

static void a_region_sensor_wins_over_lines(void **state)
{
    (void)state;
    struct rig_folder f =
        rig_folder_new(BUS "devices:\n" DEVICE("door", "{metric: people_in, path: i},"
                                                       "{metric: people_out, path: o}")
                           DEVICE("left", "{metric: people, name: left, path: n}")
                               DEVICE("right", "{metric: people, name: right, path: n}"));
    struct rig *rig = rig_new(f.path);
    pipeline_start(rig->pipeline, T0);
    tell_both(rig, 0, 0, T0);
    tell(rig, "b1-203/people.left", 20, T0);
    tell(rig, "b1-203/people.right", 11, T0 + 1);
    tell_both(rig, 99, 0, T0 + 2);
    assert_people(rig, 31);
    tell(rig, "b1-203/people.left", -2, T0 + 3); /* the device does not know */
    assert_int_equal(occupancy(rig)->reason, GW_REASON_INPUT);
    rig_free(rig);
    rig_folder_remove(&f);
}

static void a_region_is_the_median_of_its_minute(void **state)
{
    (void)state;
    struct rig_folder f = rig_folder_new(
        BUS "devices:\n" DEVICE("left", "{metric: people, name: left, path: n}")
            DEVICE("right", "{metric: people, name: right, path: n}"));
    struct rig *rig = rig_new(f.path);
    pipeline_start(rig->pipeline, T0);
    tell(rig, "b1-203/people.left", 20, T0);
    tell(rig, "b1-203/people.right", 10, T0);
    assert_people(rig, 30); /* the first is told at once */
    tell(rig, "b1-203/people.left", 25, T0 + MIN_US / 4);
    tell(rig, "b1-203/people.right", 50, T0 + MIN_US / 3);
    restart(rig, T0 + MIN_US / 3 + 1);
    tell(rig, "b1-203/people.right", 11, T0 + MIN_US / 3 + 2);
    assert_true(occupancy(rig)->value != 36);
    pipeline_advance(rig->pipeline, T0 + MIN_US);
    assert_people(rig, 36); /* 30 and 35 for a third, 75 for a moment, 36 else */
    rig_free(rig);
    rig_folder_remove(&f);
}

static void put_plugin_options(const struct rig_folder *f, const char *options)
{
    char path[96];
    char text[512];
    (void)snprintf(path, sizeof(path), "%s/gateway.yaml", f->path);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(text, sizeof(text),
                   "gateway: {id: gw-replay}\n"
                   "school: {code: \"2153012345\", division: \"530502\", title: a, "
                   "stage: primary}\n"
                   "plugins: {occupancy: {%s}}\n",
                   options);
    rig_put_file(f, "gateway.yaml", text);
}

static const char one_door[] = BUS "devices:\n" DEVICE(
    "door", "{metric: people_in, path: i},{metric: people_out, path: o}");

static void a_counter_that_is_turned_counts_the_other_way(void **state)
{
    (void)state;
    struct rig_folder f = rig_folder_new(one_door);
    put_plugin_options(&f, "turned: [b1-203/people_in]");
    struct rig *rig = rig_new(f.path);
    pipeline_start(rig->pipeline, T0);
    tell_both(rig, 10, 10, T0);
    tell_both(rig, 10, 55, T0 + 1);
    assert_people(rig, 45);
    tell_both(rig, 15, 55, T0 + 2);
    assert_people(rig, 40);
    rig_free(rig);
    rig_folder_remove(&f);
}

static void a_slip_in_turned_is_named(void **state)
{
    (void)state;
    struct rig_folder f = rig_folder_new(one_door);
    put_plugin_options(&f, "turned: [b1-203/people_out]");
    struct rig *rig = rig_load(f.path, &rig_modules);
    rig_build(rig);
    assert_non_null(strstr(rig_faults(rig), "turned: 'b1-203/people_out' is no line"));
    rig_free(rig);
    rig_folder_remove(&f);
}

static void a_line_needs_both_directions(void **state)
{
    (void)state;
    struct rig_folder f =
        rig_folder_new(BUS "devices:\n" DEVICE("door", "{metric: people_in, path: i}"));
    struct rig *rig = rig_load(f.path, &rig_modules);
    rig_build(rig);
    assert_non_null(strstr(rig_faults(rig), "'b1-203/people_in' has no other direction "
                                            "('b1-203/people_out' is needed)"));
    rig_free(rig);
    rig_folder_remove(&f);
}

/* A day of the room, minute by minute, until three: @most people come and @rest stay. */
static int64_t day_of(struct rig *rig, int64_t start_us, double base_in, double base_out,
                      double came, double went)
{
    int64_t three_us = start_us + 19 * HOUR_US;
    tell_both(rig, base_in, base_out, start_us);
    tell_both(rig, base_in + came, base_out, start_us + MIN_US);
    for (int64_t at = start_us + 2 * MIN_US; at < three_us; at += 5 * MIN_US)
        tell_both(rig, base_in + came, base_out + went, at);
    pipeline_advance(rig->pipeline, three_us);
    tell_both(rig, base_in + came, base_out + went, three_us + 1);
    return three_us;
}

static const struct gw_reading *latest(struct rig *rig, const char *point)
{
    return point_table_get(pipeline_points(rig->pipeline), id_of(rig, point));
}

static void a_drift_of_a_tenth_is_borne(void **state)
{
    struct rig *rig = *state;
    (void)day_of(rig, T0, 0, 0, 50, 45);
    assert_true(fabs(latest(rig, "b1-203/occ_drift")->value - 10) < 1e-9);
    assert_people(rig, 0);
}

static void a_larger_drift_is_bad_until_a_night_closes(void **state)
{
    struct rig *rig = *state;
    int64_t three_us = day_of(rig, T0, 0, 0, 50, 44);
    assert_true(fabs(latest(rig, "b1-203/occ_drift")->value - 12) < 1e-9);
    assert_int_equal(occupancy(rig)->quality, GW_BAD);
    assert_int_equal(occupancy(rig)->reason, GW_REASON_DRIFT);
    restart(rig, three_us + 2);
    tell_both(rig, 50, 44, three_us + 3);
    assert_int_equal(occupancy(rig)->reason, GW_REASON_DRIFT);
    (void)day_of(rig, T0 + 24 * HOUR_US, 50, 44, 50, 50);
    assert_people(rig, 0);
}

static void two_who_were_missed_on_a_quiet_day_are_no_drift(void **state)
{
    struct rig *rig = *state;
    (void)day_of(rig, T0, 0, 0, 3, 1);
    assert_people(rig, 0);
}

static void people_who_left_before_they_came_are_uncertain(void **state)
{
    struct rig *rig = *state;
    tell_both(rig, 0, 0, T0);
    tell_both(rig, 0, 6, T0 + 1);
    assert_int_equal(occupancy(rig)->quality, GW_UNCERTAIN);
    assert_int_equal(occupancy(rig)->reason, GW_REASON_DRIFT);
    assert_true(occupancy(rig)->value == 0);
    tell_both(rig, 1, 6, T0 + 2);
    assert_people(rig, 0);
}

/* A day through a counter that hangs the wrong way round: whoever comes is counted out.
 */
static int64_t reversed_day(struct rig *rig, int day)
{
    int64_t start_us = T0 + day * 24 * HOUR_US;
    double base = 45.0 * day;
    tell_both(rig, base, base, start_us);
    tell_both(rig, base, base + 45, start_us + MIN_US);
    int64_t three_us = start_us + 19 * HOUR_US;
    for (int64_t at = start_us + 2 * MIN_US; at < three_us; at += 5 * MIN_US)
        tell_both(rig, base + 45, base + 45, at);
    pipeline_advance(rig->pipeline, three_us);
    tell_both(rig, base + 45, base + 45, three_us + 1);
    return three_us;
}

static void
a_counter_that_hangs_the_wrong_way_round_is_named_on_the_third_day(void **state)
{
    struct rig *rig = *state;
    (void)reversed_day(rig, 0);
    restart(rig, T0 + 20 * HOUR_US);
    int64_t second_us = reversed_day(rig, 1);
    assert_null(strstr(rig_text(rig), "counter-reversed"));
    assert_people(rig, 0);
    restart(rig, second_us + 1);
    (void)reversed_day(rig, 2);
    assert_non_null(strstr(
        rig_text(rig), "\"fact\":\"counter-reversed\",\"object\":\"b1-203\","
                       "\"line\":\"b1-203/people_in\",\"days\":3,\"below_zero\":-45"));
    assert_true(latest(rig, "b1-203/counter_direction")->value == 1);
    assert_int_equal(occupancy(rig)->quality, GW_UNCERTAIN);
    assert_int_equal(occupancy(rig)->reason, GW_REASON_DRIFT);
}

static void a_day_as_it_should_be_ends_the_suspicion(void **state)
{
    struct rig *rig = *state;
    (void)reversed_day(rig, 0);
    (void)reversed_day(rig, 1);
    (void)day_of(rig, T0 + 2 * 24 * HOUR_US, 90, 90, 45, 45);
    assert_people(rig, 0);
    for (int day = 3; day < 5; day++)
        (void)reversed_day(rig, day);
    assert_null(strstr(rig_text(rig), "counter-reversed"));
}

int main(void)
{
#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RIG_TEST(people_are_those_who_came_less_those_who_went),
        RIG_TEST(a_roll_over_of_16_bits_counts),
        RIG_TEST(people_are_never_negative),
        RIG_TEST(a_reset_of_the_device_is_tolerated),
        RIG_TEST(a_bad_input_makes_it_bad),
        RIG_TEST(a_silent_input_makes_it_bad_at_that_moment),
        RIG_TEST(it_is_told_on_change_and_every_minute),
        RIG_TEST(a_restart_in_between_changes_nothing),
        RIG_TEST(restarts_anywhere_change_nothing),
        RIG_TEST(a_closed_room_begins_at_zero_at_three),
        RIG_TEST(a_gateway_that_was_off_at_three_zeroes_later),
        RIG_TEST(a_drift_of_a_tenth_is_borne),
        RIG_TEST(a_larger_drift_is_bad_until_a_night_closes),
        RIG_TEST(two_who_were_missed_on_a_quiet_day_are_no_drift),
        RIG_TEST(people_who_left_before_they_came_are_uncertain),
        RIG_TEST(a_counter_that_hangs_the_wrong_way_round_is_named_on_the_third_day),
        RIG_TEST(a_day_as_it_should_be_ends_the_suspicion),
        cmocka_unit_test(several_lines_and_regions_add_up),
        cmocka_unit_test(a_region_sensor_wins_over_lines),
        cmocka_unit_test(a_region_is_the_median_of_its_minute),
        cmocka_unit_test(a_counter_that_is_turned_counts_the_other_way),
        cmocka_unit_test(a_slip_in_turned_is_named),
        cmocka_unit_test(a_line_needs_both_directions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
