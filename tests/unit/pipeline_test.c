#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "pipeline_notes.h"

/* The records of one point, in order; returns how many. */
static size_t records_of(struct rig *rig, const char *point, struct gw_record *ret,
                         size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < rig->reading_count; i++)
        if (rig->readings[i].reading.point == id_of(rig, point) && n < max)
            ret[n++] = rig->readings[i];
    return n;
}

static void a_derived_reading_follows_its_cause_at_once(void **state)
{
    struct rig *rig = *state;
    tell(rig, "b1-203/people_in", 10, T0 + 1);
    tell(rig, "b1-203/people_out", 0, T0 + 2);
    tell(rig, "b1-203/people_in", 13, T0 + 3);
    static const char *const order[] = {"b1-203/people_in",  "b1-203/occupancy",
                                        "b1-203/people_out", "b1-203/occupancy",
                                        "b1-203/people_in",  "b1-203/occupancy"};
    assert_int_equal(rig->reading_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(rig->readings[i].reading.point, id_of(rig, order[i]));
    assert_true(rig->readings[5].reading.value == 3);
    assert_true(rig->readings[5].reading.time_us == T0 + 3);
}

/* A point of a rule's window is logged whole, another by its metric's dead band. */
static void the_log_flag_follows_the_storage_rule(void **state)
{
    struct rig *rig = *state;
    struct gw_record told[4];
    for (int i = 0; i < 3; i++) {
        tell(rig, "b1-203/desk_lux", 400, T0 + i);
        tell(rig, "b1-203/people_in", 7, T0 + i);
    }
    assert_int_equal(records_of(rig, "b1-203/desk_light", told, 4), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(told[i].flags & GW_RECORD_LOG);
    assert_int_equal(records_of(rig, "b1-203/people_in", told, 4), 3);
    assert_true(told[0].flags & GW_RECORD_LOG);
    assert_false(told[1].flags & GW_RECORD_LOG);
    assert_false(told[2].flags & GW_RECORD_LOG);
}

static void telemetry_is_flagged_where_it_is_wanted(void **state)
{
    static const char *const globs[] = {"*/desk_lux"};
    struct rig *rig = *state;
    struct gw_record told[4];
    tell(rig, "b1-203/desk_lux", 400, T0);
    assert_int_equal(pipeline_set_telemetry(rig->pipeline, globs, 1, 0), 0);
    tell(rig, "b1-203/desk_lux", NAN, T0 + 1);
    tell(rig, "b1-203/people_in", 7, T0 + 1);
    assert_int_equal(pipeline_set_telemetry(rig->pipeline, NULL, 0, 0), 0);
    tell(rig, "b1-203/desk_lux", 400, T0 + 2);
    assert_int_equal(records_of(rig, "b1-203/desk_lux", told, 4), 3);
    assert_false(told[0].flags & GW_RECORD_TELEMETRY);
    assert_true(told[1].flags & GW_RECORD_TELEMETRY);
    assert_false(told[2].flags & GW_RECORD_TELEMETRY);
    assert_int_equal(records_of(rig, "b1-203/people_in", told, 4), 1);
    assert_false(told[0].flags & GW_RECORD_TELEMETRY);
}

static void queue_items_are_handed_on(void **state)
{
    struct rig *rig = *state;
    struct queue_item item = {.kind = QUEUE_SAMPLE,
                              .sample = {.point = id_of(rig, "b1-203/desk_lux"),
                                         .raw = 400,
                                         .source_us = GW_TIME_NONE}};
    pipeline_item(rig->pipeline, &item, T0 + 1);
    pipeline_item(rig->pipeline, &(struct queue_item){.kind = QUEUE_DELIVERY}, T0 + 1);
    pipeline_item(rig->pipeline, &(struct queue_item){.kind = QUEUE_COMMIT}, T0 + 1);
    assert_int_equal(rig->reading_count, 2); /* and what is derived of it */
    assert_int_equal(rig->deliveries, 1);
    assert_int_equal(rig->commits, 1);
    assert_int_equal(pipeline_count(rig->pipeline, "mqtt"), 1);
    assert_int_equal(pipeline_count(rig->pipeline, "modbus-rtu"), 0);
}

static void a_sample_of_no_point_is_ignored(void **state)
{
    struct rig *rig = *state;
    struct gw_sample sample = {.point = 4711, .raw = 1};
    pipeline_sample(rig->pipeline, &sample, T0 + 1);
    sample.point = id_of(rig, "b1-203/occupancy");
    pipeline_sample(rig->pipeline, &sample, T0 + 1);
    assert_int_equal(rig->reading_count, 0);
    assert_int_equal(pipeline_count(rig->pipeline, "mqtt"), 0);
}

static void silence_ends_before_the_next_sample(void **state)
{
    struct rig *rig = *state;
    struct gw_record told[4];
    tell(rig, "b1-203/desk_lux", 400, T0 + 5);
    tell(rig, "b1-203/desk_lux", 410, T0 + 30 * MIN_US);
    assert_int_equal(records_of(rig, "b1-203/desk_lux", told, 4), 3);
    assert_int_equal(told[1].reading.reason, GW_REASON_STALE);
    assert_true(told[1].reading.time_us == T0 + 5 + 3 * MIN_US);
    assert_true(told[2].reading.value == 410);
}

static void minutes_midnight_and_phases_come_at_their_time(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(pipeline_next_due(rig->pipeline), T0 + MIN_US);
    pipeline_advance(rig->pipeline, T0 + 20 * MIN_US);
    assert_int_equal(note_count, 22);
    /* 08:20: the lesson begins for the school and its class, then the minute is full. */
    assert_true(notes[19].what == 'p' && notes[19].time_us == T0 + 20 * MIN_US);
    assert_string_equal(notes[19].object, "school");
    assert_string_equal(notes[20].object, "2024-P-01");
    assert_true(notes[21].what == 'm' && notes[21].time_us == T0 + 20 * MIN_US);

    pipeline_advance(rig->pipeline, T0 + 16 * HOUR_US - 1);
    note_count = 0;
    pipeline_advance(rig->pipeline, T0 + 16 * HOUR_US);
    assert_int_equal(note_count, 2);
    assert_true(notes[0].what == 'm' && notes[1].what == 'd');
    assert_true(notes[1].time_us == T0 + 16 * HOUR_US);
}

static void plugins_hear_of_alarms(void **state)
{
    struct rig *rig = *state;
    tell(rig, "gate-south/panic", 1, T0 + 7);
    assert_int_equal(note_count, 1);
    assert_true(notes[0].what == 'a' && notes[0].time_us == T0 + 7);
    assert_string_equal(notes[0].object, "panic-gate");
}

static void an_operator_acts_through_the_pipeline(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct alarm_command command = {
        .id = "TF-01@panic-gate", .event = ALARM_ACKNOWLEDGE, .actor = "guard"};
    tell(rig, "gate-south/panic", 1, T0 + 7);
    assert_int_equal(pipeline_operate(rig->pipeline, &command, T0 + MIN_US, &err), 0);
    assert_non_null(strstr(rig_text(rig), "\"to\":\"acknowledged\",\"value\":1,"
                                          "\"cause\":\"acknowledge\",\"by\":\"guard\"}"));
    assert_int_equal(note_count, 3); /* raised, a full minute, acknowledged */
}

/* A quarter that began before the start is told with the share that was seen: of the
 * light, and of the people of the school, of whom nobody knows. */
static void a_quarter_is_told_at_its_end(void **state)
{
    struct rig *rig = *state;
    tell(rig, "b1-203/desk_lux", 400, T0 + 10);
    pipeline_advance(rig->pipeline, T0 + 15 * MIN_US - 1);
    assert_int_equal(rig->summaries, 0);
    pipeline_advance(rig->pipeline, T0 + 15 * MIN_US);
    assert_int_equal(rig->summaries, 2);
}

static char *story_of(struct rig *rig)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    for (size_t i = 0; i < rig->reading_count; i++) {
        const struct gw_record *r = &rig->readings[i];
        (void)fprintf(out, "%u %u %u %g %ld\n", r->flags, r->reading.point,
                      r->reading.quality, r->reading.value, (long)r->reading.time_us);
    }
    (void)fprintf(out, "%zu\n%s", rig->summaries, rig_text(rig));
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *live(int64_t step_us)
{
    struct rig *rig = rig_new(RIG_CAMPUS);
    pipeline_start(rig->pipeline, T0);
    tell(rig, "b1-203/people_in", 0, T0);
    tell(rig, "b1-203/people_out", 0, T0);
    tell(rig, "b1-203/people_in", 51, T0 + MIN_US / 2);
    tell(rig, "b1-203/desk_lux", 100, T0 + MIN_US);
    for (int64_t at = T0 + 2 * MIN_US; at <= T0 + 2 * HOUR_US; at += step_us)
        pipeline_advance(rig->pipeline, at);
    char *story = story_of(rig);
    rig_free(rig);
    return story;
}

/* Timers run at their own time, however seldom anybody looks. */
static void how_time_is_advanced_changes_nothing(void **state)
{
    (void)state;
    char *minutes = live(MIN_US);
    char *odd = live(118 * MIN_US / 7);
    char *at_once = live(118 * MIN_US);
    assert_string_equal(minutes, at_once);
    assert_non_null(strstr(minutes, "\"rule\":\"CS-04\""));
    assert_non_null(strstr(odd, "\"rule\":\"CS-04\""));
    free(minutes);
    free(odd);
    free(at_once);
}

static void a_clock_that_is_set_does_not_live_through_the_years(void **state)
{
    struct rig *rig = *state;
    int64_t later_us = T0 + 40 * 365 * 24 * HOUR_US;
    tell(rig, "b1-203/desk_lux", 400, T0);
    pipeline_advance(rig->pipeline, later_us);
    assert_int_equal(count_of('m') + count_of('d'), 0);
    assert_int_equal(rig->reading_count, 2); /* nobody was silent either */
    assert_true(pipeline_next_due(rig->pipeline) > later_us);
    assert_true(pipeline_next_due(rig->pipeline) <= later_us + MIN_US);
    pipeline_advance(rig->pipeline, later_us + MIN_US);
    assert_int_equal(count_of('m'), 1);
}

static void a_clock_that_is_set_back_goes_on_from_there(void **state)
{
    struct rig *rig = *state;
    pipeline_advance(rig->pipeline, T0 + HOUR_US);
    note_count = 0;
    pipeline_advance(rig->pipeline, T0);
    note_count = 0; /* the phase that it is in again */
    pipeline_advance(rig->pipeline, T0 + MIN_US);
    assert_int_equal(note_count, 1);
    assert_true(notes[0].time_us == T0 + MIN_US);
    tell(rig, "gate-south/panic", 1, T0 + MIN_US + 7);
    assert_true(notes[1].what == 'a' && notes[1].time_us == T0 + MIN_US + 7);
}

/* A board may begin with the time at which it was switched off. */
static void nobody_was_silent_in_hours_that_a_clock_was_set_over(void **state)
{
    struct rig *rig = *state;
    int64_t later_us = T0 + 3 * HOUR_US + 7 * MIN_US;
    tell(rig, "b1-203/desk_lux", 400, T0);
    pipeline_clock_set(rig->pipeline, later_us - T0, later_us);
    pipeline_advance(rig->pipeline, later_us + 1);
    assert_int_equal(rig->reading_count, 2);
    note_count = 0;
    pipeline_advance(rig->pipeline, later_us + MIN_US);
    assert_int_equal(note_count, 1);
    assert_true(notes[0].time_us == later_us + MIN_US);
}

/* 51 people for two minutes, the clock goes back an hour, three minutes more. */
static void a_hold_keeps_its_length_when_the_clock_is_set(void **state)
{
    struct rig *rig = *state;
    tell(rig, "b1-203/people_in", 0, T0);
    tell(rig, "b1-203/people_out", 0, T0);
    tell(rig, "b1-203/people_in", 51, T0 + 1);
    pipeline_advance(rig->pipeline, T0 + 2 * MIN_US);
    pipeline_advance(rig->pipeline, T0 - HOUR_US + 2 * MIN_US);
    pipeline_advance(rig->pipeline, T0 - HOUR_US + 5 * MIN_US);
    assert_null(strstr(rig_text(rig), "CS-04"));
    pipeline_advance(rig->pipeline, T0 - HOUR_US + 5 * MIN_US + 1);
    assert_non_null(strstr(rig_text(rig), "\"rule\":\"CS-04\""));
}

/* 51 people for two minutes, then a restart at @start_us on a clock that was set by
 * @moved_us; how many of the hold's five minutes are left then, in whole ones. */
static int left_after_restart(struct rig *rig, int64_t moved_us, int64_t start_us)
{
    tell(rig, "b1-203/people_in", 0, T0);
    tell(rig, "b1-203/people_out", 0, T0);
    tell(rig, "b1-203/people_in", 51, T0);
    pipeline_advance(rig->pipeline, T0 + 2 * MIN_US);
    pipeline_free(rig->pipeline);
    rig_build(rig);
    pipeline_kept_clock_set(rig->pipeline, moved_us, start_us);
    pipeline_start(rig->pipeline, start_us);
    tell(rig, "b1-203/people_in", 51, start_us);
    tell(rig, "b1-203/people_out", 0, start_us);
    int minutes = 0;
    for (; minutes < 10 && !strstr(rig_text(rig), "CS-04"); minutes++)
        pipeline_advance(rig->pipeline, start_us + (minutes + 1) * MIN_US);
    return minutes;
}

static void a_kept_hold_keeps_its_length_when_the_clock_was_set_back(void **state)
{
    assert_int_equal(left_after_restart(*state, -HOUR_US, T0 + 3 * MIN_US - HOUR_US), 2);
}

static void a_kept_hold_keeps_its_length_when_the_clock_was_set_forward(void **state)
{
    assert_int_equal(left_after_restart(*state, HOUR_US, T0 + 3 * MIN_US + HOUR_US), 2);
}

/* Another boot: nobody can tell how long ago it began. */
static void a_kept_hold_of_the_future_has_its_whole_length(void **state)
{
    assert_int_equal(left_after_restart(*state, 0, T0 - HOUR_US), 5);
}

static void strange_state_is_ignored(void **state)
{
    struct rig *rig = *state;
    static const char *const owners[] = {"alarm", "rule", "plugin/occupancy",
                                         "plugin/gone", "nobody"};
    for (size_t i = 0; i < 5; i++)
        pipeline_restore(rig->pipeline, &(struct gw_state){.owner = owners[i],
                                                           .key = "EY-01@b1-203",
                                                           .bytes = "x",
                                                           .size = 1});
    tell(rig, "gate-south/panic", 1, T0 + 7);
    assert_int_equal(note_count, 1);
}

/* 100 lx every two minutes from 8:28 until @last_us; the gateway starts at 8:40.  The log
 * is asked for twice the ten minutes of SY-01-bus. */
static bool light_is_low_after_history_until(int64_t last_us)
{
    struct rig *rig = rig_new(RIG_CAMPUS);
    int64_t start_us = T0 + 40 * MIN_US;
    struct pipeline_span span = pipeline_history_span(rig->pipeline, start_us);
    assert_true(span.from_us == start_us - 20 * MIN_US && span.until_us == start_us);
    for (int64_t at = T0 + 28 * MIN_US; at <= last_us; at += 2 * MIN_US) {
        struct gw_reading lux = {
            .point = id_of(rig, "b1-203/desk_lux"), .value = 100, .time_us = at};
        pipeline_history(rig->pipeline, &lux);
        lux.point = id_of(rig, "b1-203/desk_light");
        pipeline_history(rig->pipeline, &lux);
    }
    pipeline_start(rig->pipeline, start_us);
    assert_int_equal(rig->reading_count, 0); /* it happened before */
    tell(rig, "b1-203/projecting", 0, start_us);
    tell(rig, "b1-203/people_in", 0, start_us);
    tell(rig, "b1-203/people_out", 0, start_us);
    tell(rig, "b1-203/people_in", 40, start_us + 1);
    bool is_low = strstr(rig_text(rig), "\"rule\":\"EY-01\"") != NULL;
    rig_free(rig);
    return is_low;
}

/* Silent since 8:32 it is stale at 8:35: half of the ten minutes is not known. */
static void history_refills_windows_and_silence_in_it_counts(void **state)
{
    (void)state;
    assert_true(light_is_low_after_history_until(T0 + 38 * MIN_US));
    assert_false(light_is_low_after_history_until(T0 + 32 * MIN_US));
}

static void what_a_stop_keeps_serves_one_start(void **state)
{
    struct rig *rig = *state;
    const struct gw_state silence = {.owner = "condition", .key = "silence"};
    pipeline_stop(rig->pipeline, T0 + MIN_US);
    assert_true(rig_state_of(rig, &silence)->size > 0);
    pipeline_stop(rig->pipeline, T0 + 2 * MIN_US); /* stopped already */
    pipeline_free(rig->pipeline);
    rig_build(rig);
    pipeline_start(rig->pipeline, T0 + HOUR_US);
    assert_int_equal(rig_state_of(rig, &silence)->size, 0);
    pipeline_advance(rig->pipeline, T0 + HOUR_US + 2 * MIN_US);
    /* occupancy of room and school, then light in its third minute, raw and derived */
    assert_int_equal(rig->reading_count, 6);
    assert_int_equal(rig->readings[4].reading.point, id_of(rig, "b1-203/desk_lux"));
    assert_true(rig->readings[4].reading.time_us == T0 + HOUR_US + 2 * MIN_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_derived_reading_follows_its_cause_at_once),
        RIG_TEST(the_log_flag_follows_the_storage_rule),
        RIG_TEST(telemetry_is_flagged_where_it_is_wanted),
        RIG_TEST(queue_items_are_handed_on),
        RIG_TEST(a_sample_of_no_point_is_ignored),
        RIG_TEST(silence_ends_before_the_next_sample),
        RIG_TEST(minutes_midnight_and_phases_come_at_their_time),
        RIG_TEST(plugins_hear_of_alarms),
        RIG_TEST(an_operator_acts_through_the_pipeline),
        RIG_TEST(a_quarter_is_told_at_its_end),
        cmocka_unit_test(how_time_is_advanced_changes_nothing),
        RIG_TEST(a_clock_that_is_set_does_not_live_through_the_years),
        RIG_TEST(a_clock_that_is_set_back_goes_on_from_there),
        RIG_TEST(nobody_was_silent_in_hours_that_a_clock_was_set_over),
        RIG_TEST(a_hold_keeps_its_length_when_the_clock_is_set),
        RIG_TEST(a_kept_hold_keeps_its_length_when_the_clock_was_set_back),
        RIG_TEST(a_kept_hold_keeps_its_length_when_the_clock_was_set_forward),
        RIG_TEST(a_kept_hold_of_the_future_has_its_whole_length),
        RIG_TEST(strange_state_is_ignored),
        cmocka_unit_test(history_refills_windows_and_silence_in_it_counts),
        RIG_TEST(what_a_stop_keeps_serves_one_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
