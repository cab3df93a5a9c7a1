#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "pipeline_notes.h"

/* disk - what a store that is away has, and the pipeline that runs without it. */
struct disk {
    struct text_map *ids;
    struct rig_state states[RIG_STATES_MAX];
    size_t state_count;
};

/* The gateway begins again, without the store: other ids, and no state. */
static void hide(struct rig *rig, struct disk *ret, int64_t time_us)
{
    pipeline_stop(rig->pipeline, time_us);
    pipeline_free(rig->pipeline);
    ret->ids = rig->ids;
    memcpy(ret->states, rig->states, sizeof(ret->states));
    ret->state_count = rig->state_count;
    assert_int_equal(text_map_new(16, &rig->ids), 0);
    rig->next_id = 1000;
    rig->state_count = 0;
    rig_build(rig);
    pipeline_state_away(rig->pipeline);
    pipeline_start(rig->pipeline, time_us);
}

/* It is there: its ids and states, and what was heard meanwhile. */
static void bring(struct rig *rig, const struct disk *disk, int64_t time_us)
{
    struct pipeline *before = rig->pipeline;
    pipeline_advance(before, time_us);
    pipeline_stop(before, time_us);
    text_map_free(rig->ids);
    rig->ids = disk->ids;
    memcpy(rig->states, disk->states, sizeof(rig->states));
    rig->state_count = disk->state_count;
    rig_build(rig);
    assert_int_equal(pipeline_hear(rig->pipeline, before), 0);
    rig->reading_count = 0;
    pipeline_start(rig->pipeline, time_us);
    pipeline_free(before);
}

static const struct gw_reading *latest(struct rig *rig, const char *point)
{
    return point_table_get(pipeline_points(rig->pipeline), id_of(rig, point));
}

static size_t transitions_to(struct rig *rig, const char *state)
{
    char word[64];
    size_t count = 0;
    (void)snprintf(word, sizeof(word), "\"to\":\"%s\"", state);
    for (const char *at = strstr(rig_text(rig), word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

static void a_button_released_meanwhile_latches_the_alarm_of_the_disk(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    tell(rig, "gate-south/panic", 1, T0 + 1);
    hide(rig, &disk, T0 + MIN_US);
    tell(rig, "gate-south/panic", 0, T0 + MIN_US + 1);
    assert_int_equal(transitions_to(rig, "latched"), 0);
    bring(rig, &disk, T0 + 2 * MIN_US);
    assert_int_equal(transitions_to(rig, "latched"), 1);
}

static void a_button_that_stays_pressed_raises_nothing_anew(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    tell(rig, "gate-south/panic", 1, T0 + 1);
    hide(rig, &disk, T0 + MIN_US);
    bring(rig, &disk, T0 + 2 * MIN_US);
    assert_int_equal(transitions_to(rig, "unacknowledged"), 1);
    assert_int_equal(transitions_to(rig, "latched"), 0);
}

static void
what_is_heard_is_no_reading_of_now_and_derived_points_are_not_heard(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    hide(rig, &disk, T0 + MIN_US);
    tell(rig, "b1-203/people_in", 7, T0 + MIN_US + 1);
    tell(rig, "b1-203/people_out", 7, T0 + MIN_US + 2);
    assert_int_equal(latest(rig, "b1-203/occupancy")->quality, GW_UNCERTAIN);
    bring(rig, &disk, T0 + 2 * MIN_US);
    assert_true(latest(rig, "b1-203/people_in")->value == 7);
    assert_true(latest(rig, "b1-203/people_in")->time_us == T0 + MIN_US + 1);
    assert_int_equal(latest(rig, "b1-203/occupancy")->reason, GW_REASON_UNSEEN);
    assert_int_equal(rig->reading_count, 0);
}

/* By the silence kept under the ids of before it would be another point's. */
static void a_silence_runs_on(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    hide(rig, &disk, T0 + MIN_US);
    tell(rig, "b1-203/desk_lux", 300, T0 + 2 * MIN_US);
    bring(rig, &disk, T0 + 4 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 5 * MIN_US - 1);
    assert_int_equal(latest(rig, "b1-203/desk_lux")->quality, GW_GOOD);
    pipeline_advance(rig->pipeline, T0 + 5 * MIN_US);
    assert_int_equal(latest(rig, "b1-203/desk_lux")->reason, GW_REASON_STALE);
}

static void of_a_bus_that_is_away_it_is_what_it_was_before(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    struct gw_sample offline = {.quality = GW_BAD, .reason = GW_REASON_OFFLINE};
    tell(rig, "gate-south/panic", 1, T0 + 1);
    hide(rig, &disk, T0 + MIN_US);
    tell(rig, "gate-south/panic", 0, T0 + MIN_US + 1);
    offline.point = id_of(rig, "gate-south/panic");
    pipeline_sample(rig->pipeline, &offline, T0 + MIN_US + 2);
    assert_int_equal(latest(rig, "gate-south/panic")->reason, GW_REASON_OFFLINE);
    bring(rig, &disk, T0 + 2 * MIN_US);
    assert_true(latest(rig, "gate-south/panic")->value == 0);
    assert_int_equal(transitions_to(rig, "latched"), 1);
}

static const char guarded[] =
    "buses:\n"
    "  - {name: b, driver: mqtt, broker: \"mqtt://127.0.0.1\"}\n"
    "devices:\n"
    "  - name: round\n"
    "    bus: b\n"
    "    place: gate-south\n"
    "    topic: round\n"
    "    points: [{metric: checkpoint, path: at}]\n";

static void an_event_is_over(void **state)
{
    (void)state;
    struct rig_folder folder = rig_folder_new(guarded);
    struct rig *rig = rig_load(folder.path, &modules);
    struct disk disk;
    rig_build(rig);
    pipeline_start(rig->pipeline, T0);
    hide(rig, &disk, T0 + 1);
    tell(rig, "gate-south/checkpoint", 3, T0 + 2);
    assert_true(latest(rig, "gate-south/checkpoint")->value == 3);
    bring(rig, &disk, T0 + 3);
    assert_int_equal(latest(rig, "gate-south/checkpoint")->reason, GW_REASON_UNSEEN);
    rig_free(rig);
    rig_folder_remove(&folder);
}

static void tell_both(struct rig *rig, double in, double out, int64_t time_us)
{
    tell(rig, "b1-203/people_in", in, time_us);
    tell(rig, "b1-203/people_out", out, time_us);
}

static void assert_people(struct rig *rig, double people, enum gw_reason reason)
{
    const struct gw_reading *r = latest(rig, "b1-203/occupancy");
    assert_int_equal(r->quality, reason ? GW_UNCERTAIN : GW_GOOD);
    assert_int_equal(r->reason, reason);
    assert_true(r->value == people);
}

static void people_are_taken_up_from_the_disk_and_the_steps_of_meanwhile(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    tell_both(rig, 100, 100, T0 + 1);
    tell_both(rig, 140, 100, T0 + 2);
    assert_people(rig, 40, GW_REASON_NONE);
    hide(rig, &disk, T0 + MIN_US);
    tell_both(rig, 140, 100, T0 + MIN_US + 1);
    assert_people(rig, 0, GW_REASON_AT_LEAST); /* 40, and nobody knows */
    tell_both(rig, 143, 101, T0 + MIN_US + 2);
    assert_people(rig, 2, GW_REASON_AT_LEAST);
    bring(rig, &disk, T0 + 2 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 3 * MIN_US);
    assert_people(rig, 42, GW_REASON_NONE);
}

/* Silent for longer than a gateway may be off, but for this one it was not. */
static void what_a_counter_said_meanwhile_is_no_silence(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    tell_both(rig, 100, 100, T0 + 1);
    tell_both(rig, 140, 100, T0 + 2);
    pipeline_advance(rig->pipeline, T0 + 2 * MIN_US);
    hide(rig, &disk, T0 + 2 * MIN_US);
    tell_both(rig, 140, 110, T0 + 8 * MIN_US);
    bring(rig, &disk, T0 + 9 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 10 * MIN_US);
    assert_people(rig, 30, GW_REASON_NONE);
}

static void a_store_that_knows_nothing_makes_no_room_empty(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    hide(rig, &disk, T0 + MIN_US);
    tell_both(rig, 140, 100, T0 + MIN_US + 1);
    bring(rig, &disk, T0 + 2 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 3 * MIN_US);
    assert_people(rig, 0, GW_REASON_AT_LEAST);
    tell_both(rig, 140, 130, T0 + 4 * MIN_US); /* those were there */
    assert_people(rig, 0, GW_REASON_AT_LEAST);
    tell_both(rig, 150, 130, T0 + 5 * MIN_US);
    assert_people(rig, 10, GW_REASON_AT_LEAST);
    assert_int_equal(
        rig_restart(rig, &(struct replay_stop){0}, T0 + 6 * MIN_US, &rig->pipeline, NULL),
        0);
    pipeline_advance(rig->pipeline, T0 + 7 * MIN_US);
    assert_people(rig, 10, GW_REASON_AT_LEAST);
}

/* The night ends it, and its balance is no drift. */
static void a_night_makes_it_known(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    hide(rig, &disk, T0 + MIN_US);
    tell_both(rig, 140, 100, T0 + MIN_US + 1);
    tell_both(rig, 160, 150, T0 + MIN_US + 2);
    for (int64_t at = T0 + 5 * MIN_US; at < T0 + 20 * HOUR_US; at += 5 * MIN_US)
        tell_both(rig, 160, 150, at); /* it lives */
    assert_people(rig, 0, GW_REASON_NONE);
    assert_null(strstr(rig_text(rig), "occupancy-drift"));
    text_map_free(disk.ids);
}

/* CS-04: 51 is more than the room holds, however many there were; 40 is nothing. */
static void at_least_so_many_are_too_many_and_never_few(void **state)
{
    struct rig *rig = *state;
    struct disk disk;
    hide(rig, &disk, T0 + MIN_US);
    tell_both(rig, 100, 100, T0 + MIN_US + 1);
    tell_both(rig, 140, 100, T0 + MIN_US + 2);
    pipeline_advance(rig->pipeline, T0 + 8 * MIN_US);
    assert_null(strstr(rig_text(rig), "\"CS-04\""));
    tell_both(rig, 160, 100, T0 + 8 * MIN_US + 1);
    pipeline_advance(rig->pipeline, T0 + 14 * MIN_US);
    assert_non_null(strstr(rig_text(rig), "\"CS-04\""));
    size_t raised = transitions_to(rig, "unacknowledged");
    tell_both(rig, 160, 155, T0 + 14 * MIN_US + 1);
    pipeline_advance(rig->pipeline, T0 + 20 * MIN_US);
    assert_int_equal(transitions_to(rig, "unacknowledged"), raised);
    assert_int_equal(transitions_to(rig, "returned"), 0);
    text_map_free(disk.ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_button_released_meanwhile_latches_the_alarm_of_the_disk),
        RIG_TEST(a_button_that_stays_pressed_raises_nothing_anew),
        RIG_TEST(what_is_heard_is_no_reading_of_now_and_derived_points_are_not_heard),
        RIG_TEST(a_silence_runs_on),
        RIG_TEST(of_a_bus_that_is_away_it_is_what_it_was_before),
        cmocka_unit_test(an_event_is_over),
        RIG_TEST(people_are_taken_up_from_the_disk_and_the_steps_of_meanwhile),
        RIG_TEST(what_a_counter_said_meanwhile_is_no_silence),
        RIG_TEST(a_store_that_knows_nothing_makes_no_room_empty),
        RIG_TEST(a_night_makes_it_known),
        RIG_TEST(at_least_so_many_are_too_many_and_never_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
