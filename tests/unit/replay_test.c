#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>

#include "pipeline_rig.h"

#define DAY GW_SOURCE_DIR "/tests/replay/day"
#define T "\"t\":\"2026-11-23T08:00:00+08:00\""

static int set_up(void **state)
{
    *state = rig_new(RIG_CAMPUS);
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

static char *read_all(const char *path)
{
    char *text = calloc(1, 1 << 20);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(text);
    size_t n = fread(text, 1, (1 << 20) - 1, in);
    assert_true(n > 0 && n < (1 << 20) - 1);
    (void)fclose(in);
    return text;
}

/* Every key that is expected is there with that value. */
static void assert_has_keys(const char *line, const char *expected_line)
{
    json_t *got = json_loads(line, 0, NULL);
    json_t *expected = json_loads(expected_line, 0, NULL);
    const char *key = NULL;
    json_t *value = NULL;
    assert_non_null(expected);
    json_object_foreach(expected, key, value)
    {
        if (!json_equal(json_object_get(got, key), value))
            fail_msg("%s\n  is not\n%s\n  in '%s'", line, expected_line, key);
    }
    json_decref(got);
    json_decref(expected);
}

/* The next line that is about an alarm: the day's facts have tables of their own. */
static char *next_transition(char *text, char **at)
{
    char *line = strtok_r(text, "\n", at);
    while (line && strstr(line, "\"fact\":"))
        line = strtok_r(NULL, "\n", at);
    return line;
}

static void a_written_day_gives_exactly_its_transitions(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    char *lines = read_all(DAY ".jsonl");
    char *expected = read_all(DAY ".expected");
    if (rig_replay(rig, lines, &err) < 0)
        fail_msg("%s", err.text);

    char *got_at = NULL;
    char *expected_at = NULL;
    char *got = next_transition(rig->text, &got_at);
    char *want = strtok_r(expected, "\n", &expected_at);
    while (got && want) {
        assert_has_keys(got, want);
        got = next_transition(NULL, &got_at);
        want = strtok_r(NULL, "\n", &expected_at);
    }
    if (got || want)
        fail_msg("%s: %s", got ? "not expected" : "missing", got ? got : want);
    free(lines);
    free(expected);
}

/* @lines fail, and the sentence has @part in it. */
static void assert_refused(void **state, const char *lines, const char *part)
{
    struct gw_error err = {0};
    assert_true(rig_replay(*state, lines, &err) < 0);
    if (!strstr(err.text, part))
        fail_msg("'%s' is not in '%s'", part, err.text);
}

static void a_line_that_is_no_object_is_named(void **state)
{
    assert_refused(state, "\n# a comment\n{", "lines:3: not a JSON object");
    assert_refused(state, "[1]\n", "lines:1: not a JSON object (one object a line)");
    assert_refused(state, "{" T "}", "lines:1: nothing to do");
}

static void an_unknown_do_lists_the_allowed_ones(void **state)
{
    assert_refused(state, "{" T ",\"do\":\"dance\"}",
                   "lines:1: unknown do 'dance' (acknowledge, reset, shelve, unshelve, "
                   "restart, kill, reload, clock-step, end)");
}

static void times_must_be_times_in_order(void **state)
{
    assert_refused(state, "{\"t\":\"yesterday\",\"do\":\"end\"}",
                   "lines:1: t 'yesterday' (a time like 2026-11-23T08:20:00+08:00)");
    assert_refused(state,
                   "{" T ",\"point\":\"b1-203/desk_lux\",\"v\":1}\n"
                   "{\"t\":\"2026-11-23T07:59:59+08:00\",\"do\":\"end\"}",
                   "lines:2: out of order '2026-11-23T07:59:59+08:00'");
}

/* A day of the school costs time, and 2062 is soon typed. */
static void a_gap_of_more_than_half_a_year_is_refused(void **state)
{
    assert_refused(state,
                   "{" T ",\"point\":\"b1-203/desk_lux\",\"v\":1}\n"
                   "{\"t\":\"2062-11-23T08:00:00+08:00\",\"do\":\"end\"}",
                   "lines:2: too long after the line above: '2062-11-23T08:00:00+08:00' "
                   "(at most 183 days; hours that never were are a clock-step)");
}

static void a_point_must_be_known_and_measured(void **state)
{
    assert_refused(state, "{" T ",\"point\":\"nowhere/co2\",\"v\":1}",
                   "lines:1: unknown point 'nowhere/co2'");
    assert_refused(state, "{" T ",\"point\":\"b1-203/occupancy\",\"v\":1}",
                   "lines:1: derived point 'b1-203/occupancy'");
}

static void an_error_is_one_line(void **state)
{
    assert_refused(state, "{" T ",\"point\":\"a\\nb\",\"v\":1}",
                   "lines:1: unknown point 'a?b' (");
}

static void a_value_must_fit_its_point(void **state)
{
    assert_refused(state, "{" T ",\"point\":\"b1-203/desk_lux\"}",
                   "lines:1: v (a number");
    assert_refused(state, "{" T ",\"point\":\"gate-south/panic\",\"v\":\"maybe\"}",
                   "lines:1: no such state 'maybe'");
    assert_refused(state, "{" T ",\"point\":\"b1-203/desk_lux\",\"v\":1,\"q\":\"fine\"}",
                   "lines:1: unknown q 'fine' (good, uncertain, bad)");
    assert_refused(state, "{" T ",\"point\":\"b1-203/desk_lux\",\"v\":1,\"x\":2}",
                   "lines:1: unknown key 'x'");
}

static void an_action_needs_its_alarm_and_its_person(void **state)
{
    assert_refused(state, "{" T ",\"do\":\"acknowledge\",\"by\":\"duty\"}",
                   "lines:1: missing key 'alarm'");
    assert_refused(state, "{" T ",\"do\":\"acknowledge\",\"alarm\":\"EY-01@b1-203\"}",
                   "lines:1: missing key 'by'");
    assert_refused(state,
                   "{" T ",\"do\":\"acknowledge\",\"alarm\":\"X@y\",\"by\":\"duty\"}",
                   "lines:1: ");
    assert_refused(state,
                   "{" T ",\"do\":\"shelve\",\"alarm\":\"EY-01@b1-203\",\"by\":\"d\"}",
                   "lines:1: shelve until '?'");
}

static void nothing_may_follow_the_end(void **state)
{
    assert_refused(state, "{" T ",\"do\":\"end\"}\n{" T ",\"do\":\"end\"}",
                   "lines:2: a line after 'end'");
}

static void both_hands_of_the_clock_follow(void **state)
{
    struct gw_error err = {0};
    int64_t time_us = 0;
    assert_int_equal(clock_parse("2026-11-23T08:00:00+08:00", &time_us), 0);
    assert_int_equal(rig_replay(*state, "{" T ",\"do\":\"end\"}\n\n", &err), 0);
    assert_true(clock_school_us() == time_us);
    assert_true(clock_machine_us() == time_us);
}

static void a_clock_step_needs_its_time(void **state)
{
    assert_refused(state, "{" T ",\"do\":\"clock-step\"}", "lines:1: clock-step to '?'");
    assert_refused(state, "{" T ",\"do\":\"clock-step\",\"to\":\"-2h\"}",
                   "lines:1: clock-step to '-2h' (a time like");
}

/* Back by an hour and on from there: what was at 08:00 is at 07:00. */
static void a_clock_step_moves_one_hand_of_the_clock(void **state)
{
    struct gw_error err = {0};
    int64_t time_us = 0;
    assert_int_equal(clock_parse("2026-11-23T07:01:00+08:00", &time_us), 0);
    int r = rig_replay(*state,
                       "{" T ",\"do\":\"clock-step\","
                       "\"to\":\"2026-11-23T07:00:00+08:00\"}\n"
                       "{\"t\":\"2026-11-23T07:01:00+08:00\",\"do\":\"end\"}",
                       &err);
    if (r < 0)
        fail_msg("%s", err.text);
    assert_true(clock_school_us() == time_us);
    assert_true(clock_machine_us() == time_us + INT64_C(3600000000));
}

static void a_bad_reading_needs_no_number(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    assert_int_equal(rig_replay(rig,
                                "{" T ",\"point\":\"b1-203/desk_lux\",\"q\":\"bad\"}\n"
                                "{" T ",\"point\":\"b1-203/desk_lux\",\"q\":\"bad\","
                                "\"reason\":\"offline\"}",
                                &err),
                     0);
    assert_int_equal(rig->readings[0].reading.reason, GW_REASON_DEVICE);
    assert_int_equal(rig->readings[2].reading.reason, GW_REASON_OFFLINE);
}

int main(void)
{
#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_written_day_gives_exactly_its_transitions),
        RIG_TEST(a_line_that_is_no_object_is_named),
        RIG_TEST(an_unknown_do_lists_the_allowed_ones),
        RIG_TEST(times_must_be_times_in_order),
        RIG_TEST(a_gap_of_more_than_half_a_year_is_refused),
        RIG_TEST(a_clock_step_needs_its_time),
        RIG_TEST(a_clock_step_moves_one_hand_of_the_clock),
        RIG_TEST(a_point_must_be_known_and_measured),
        RIG_TEST(an_error_is_one_line),
        RIG_TEST(a_value_must_fit_its_point),
        RIG_TEST(an_action_needs_its_alarm_and_its_person),
        RIG_TEST(nothing_may_follow_the_end),
        RIG_TEST(both_hands_of_the_clock_follow),
        RIG_TEST(a_bad_reading_needs_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
