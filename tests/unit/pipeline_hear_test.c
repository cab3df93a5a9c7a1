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
    assert_int_equal(latest(rig, "b1-203/occupancy")->quality, GW_GOOD);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_button_released_meanwhile_latches_the_alarm_of_the_disk),
        RIG_TEST(a_button_that_stays_pressed_raises_nothing_anew),
        RIG_TEST(what_is_heard_is_no_reading_of_now_and_derived_points_are_not_heard),
        RIG_TEST(a_silence_runs_on),
        RIG_TEST(of_a_bus_that_is_away_it_is_what_it_was_before),
        cmocka_unit_test(an_event_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
