/* Several rooms: what one room's silence says beside the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pipeline_rig.h"

#define MIN_US INT64_C(60000000)
/* Monday 2026-11-23, 08:00 in the school. */
#define T0 (INT64_C(1795392000) * 1000000)

enum { ROOMS = 5 };

static void put_campus(const struct rig_folder *f)
{
    char path[96];
    (void)snprintf(path, sizeof(path), "%s/campus.yaml", f->path);
    assert_int_equal(unlink(path), 0);
    rig_put_file(f, "campus.yaml",
                 "timezone: Asia/Shanghai\n"
                 "stages: {primary: {limit: 45}}\n"
                 "places:\n"
                 "  - {id: r0, kind: classroom, title: a, class: c0}\n"
                 "  - {id: r1, kind: classroom, title: b, class: c1}\n"
                 "  - {id: r2, kind: classroom, title: c, class: c2}\n"
                 "  - {id: r3, kind: classroom, title: d, class: c3}\n"
                 "  - {id: lab, kind: laboratory, title: e}\n"
                 "classes:\n"
                 "  - {id: c0, stage: primary, enrolled: 40}\n"
                 "  - {id: c1, stage: primary, enrolled: 40}\n"
                 "  - {id: c2, stage: primary, enrolled: 40}\n"
                 "  - {id: c3, stage: primary, enrolled: 40}\n"
                 "bells:\n"
                 "  primary:\n"
                 "    - {phase: lesson, start: '08:20', end: '09:00'}\n"
                 "    - {phase: lesson, start: '09:10', end: '09:50'}\n"
                 "    - {phase: lesson, start: '10:00', end: '10:40'}\n"
                 "    - {phase: lesson, start: '10:50', end: '11:30'}\n");
}

#define ROOM(id)                                              \
    "  - {name: d-" id ", bus: b, place: " id ", topic: t" id \
    ", points: [{metric: people_in, path: i}, {metric: people_out, path: o}]}\n"

static struct rig_folder folder;

static int set_up(void **state)
{
    folder = rig_folder_new(
        "buses: [{name: b, driver: mqtt, broker: \"mqtt://127.0.0.1\"}]\n"
        "devices:\n" ROOM("r0") ROOM("r1") ROOM("r2") ROOM("r3") ROOM("lab"));
    put_campus(&folder);
    *state = rig_new(folder.path);
    pipeline_start(((struct rig *)*state)->pipeline, T0);
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    rig_folder_remove(&folder);
    return 0;
}

static const char *const rooms[ROOMS] = {"r0", "r1", "r2", "r3", "lab"};

static uint32_t id_of(struct rig *rig, const char *room, const char *metric)
{
    char name[64];
    (void)snprintf(name, sizeof(name), "%s/%s", room, metric);
    const struct point_entry *entry =
        point_table_named(pipeline_points(rig->pipeline), name);
    assert_non_null(entry);
    return entry->id;
}

static void tell(struct rig *rig, const char *room, double in, int64_t time_us)
{
    struct gw_sample sample = {.point = id_of(rig, room, "people_out"),
                               .source_us = GW_TIME_NONE};
    pipeline_sample(rig->pipeline, &sample, time_us);
    sample.point = id_of(rig, room, "people_in");
    sample.raw = in;
    pipeline_sample(rig->pipeline, &sample, time_us);
}

static const struct gw_reading *occupancy(struct rig *rig, const char *room)
{
    return point_table_get(pipeline_points(rig->pipeline), id_of(rig, room, "occupancy"));
}

/* Until 11:00 the first @moving homes count on, and the others stand still. */
static void morning(struct rig *rig, int moving)
{
    for (int minute = 0; minute < 180; minute += 5)
        for (int i = 0; i < ROOMS; i++)
            tell(rig, rooms[i], i < moving ? 1 + minute : 0, T0 + minute * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 179 * MIN_US);
}

static void a_room_that_stands_still_while_the_others_move_is_uncertain(void **state)
{
    struct rig *rig = *state;
    morning(rig, 3);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_GOOD);
    assert_int_equal(occupancy(rig, "r3")->quality, GW_UNCERTAIN);
    assert_int_equal(occupancy(rig, "r3")->reason, GW_REASON_FROZEN);
    tell(rig, "r3", 1, T0 + 179 * MIN_US + 1);
    assert_int_equal(occupancy(rig, "r3")->quality, GW_GOOD);
}

static void a_room_that_is_no_class_s_own_may_stand_still(void **state)
{
    struct rig *rig = *state;
    morning(rig, 3);
    assert_int_equal(occupancy(rig, "lab")->quality, GW_GOOD);
}

/* An excursion, or a holiday that nobody entered. */
static void where_hardly_anybody_moves_no_sensor_is_accused(void **state)
{
    struct rig *rig = *state;
    morning(rig, 1);
    assert_int_equal(occupancy(rig, "r3")->quality, GW_GOOD);
}

static void two_hours_are_counted_from_the_first_bell(void **state)
{
    struct rig *rig = *state;
    for (int minute = 0; minute < 140; minute += 5)
        for (int i = 0; i < ROOMS; i++)
            tell(rig, rooms[i], i < 3 ? 1 + minute : 0, T0 + minute * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 140 * MIN_US - 1);
    assert_int_equal(occupancy(rig, "r3")->quality, GW_GOOD);
    pipeline_advance(rig->pipeline, T0 + 140 * MIN_US);
    assert_int_equal(occupancy(rig, "r3")->quality, GW_UNCERTAIN);
}

/* In r0 come @people before the lessons, and nobody else until 09:40; every counter
 * speaks each five minutes.  The recess is 09:00 to 09:10. */
static void first_recess(struct rig *rig, int people, int moves_at)
{
    for (int minute = 5; minute <= 100; minute += 5) {
        double in = minute < 15 ? 0 : people + (minute >= moves_at);
        tell(rig, "r0", in, T0 + minute * MIN_US);
    }
}

static void assert_first_recess(struct rig *rig, int people, int moves_at,
                                enum gw_quality quality)
{
    first_recess(rig, people, moves_at);
    assert_int_equal(occupancy(rig, "r0")->quality, quality);
    assert_int_equal(occupancy(rig, "r0")->reason,
                     quality == GW_GOOD ? GW_REASON_NONE : GW_REASON_FROZEN);
}

static void a_full_room_that_sleeps_through_its_recess_is_frozen(void **state)
{
    struct rig *rig = *state;
    assert_first_recess(rig, 5, 1000, GW_UNCERTAIN);
    tell(rig, "r0", 6, T0 + 101 * MIN_US);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_GOOD);
}

static void it_is_good_until_its_recess_is_over(void **state)
{
    struct rig *rig = *state;
    for (int minute = 5; minute < 70; minute += 5)
        tell(rig, "r0", minute < 15 ? 0 : 40, T0 + minute * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 70 * MIN_US - 1);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_GOOD);
    pipeline_advance(rig->pipeline, T0 + 70 * MIN_US);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_UNCERTAIN);
}

static void one_step_at_its_start_is_a_sign_of_life(void **state)
{
    assert_first_recess(*state, 40, 60, GW_GOOD);
}

static void one_step_before_it_is_none(void **state)
{
    struct rig *rig = *state;
    for (int minute = 5; minute <= 100; minute += 5)
        tell(rig, "r0", minute < 15 ? 0 : 40 + (minute >= 55), T0 + minute * MIN_US);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_UNCERTAIN);
}

static void four_are_no_class_that_must_go_out(void **state)
{
    assert_first_recess(*state, 4, 1000, GW_GOOD);
}

/* Neither who was counted while the gateway was off, nor what a set clock leapt over, was
 * seen to stand still. */
static void a_recess_that_nobody_watched_accuses_no_counter(void **state)
{
    struct rig *rig = *state;
    tell(rig, "r0", 0, T0 + 5 * MIN_US);
    tell(rig, "r0", 40, T0 + 15 * MIN_US);
    tell(rig, "r0", 40, T0 + 50 * MIN_US);
    pipeline_clock_set(rig->pipeline, 25 * MIN_US, T0 + 75 * MIN_US);
    tell(rig, "r0", 40, T0 + 80 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 81 * MIN_US);
    assert_int_equal(occupancy(rig, "r0")->quality, GW_GOOD);
}

int main(void)
{
#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_room_that_stands_still_while_the_others_move_is_uncertain),
        RIG_TEST(a_room_that_is_no_class_s_own_may_stand_still),
        RIG_TEST(where_hardly_anybody_moves_no_sensor_is_accused),
        RIG_TEST(two_hours_are_counted_from_the_first_bell),
        RIG_TEST(a_full_room_that_sleeps_through_its_recess_is_frozen),
        RIG_TEST(it_is_good_until_its_recess_is_over),
        RIG_TEST(one_step_at_its_start_is_a_sign_of_life),
        RIG_TEST(one_step_before_it_is_none),
        RIG_TEST(four_are_no_class_that_must_go_out),
        RIG_TEST(a_recess_that_nobody_watched_accuses_no_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
