#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "points/bus_watch.h"
#include "pipeline_rig.h"

#define T "\"t\":\"2026-11-23T08:00:00+08:00\""
#define BAD(point) "{" T ",\"point\":\"" point "\",\"q\":\"bad\"}\n"
#define GOOD(point) "{" T ",\"point\":\"" point "\",\"v\":1}\n"
#define RESTART "{" T ",\"do\":\"restart\"}\n"

/* A line with four points of three devices; the other has one. */
#define LINE_FAILS          \
    BAD("b1-203/people_in") \
    BAD("b1-203/people_out") BAD("b1-203/desk_lux") BAD("b1-203/projecting")

static int set_up(void **state)
{
    struct gw_error err = {0};
    struct rig *rig = rig_new(RIG_CAMPUS);
    assert_int_equal(rig_replay(rig, "{" T ",\"do\":\"end\"}\n", &err), 0);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

/* NAN = nothing was told. */
static double told(const struct pipeline *pipeline, const char *bus)
{
    char name[GW_NAME_MAX];
    (void)snprintf(name, sizeof(name), "%s/bus_state", bus);
    struct point_table *points = pipeline_points((struct pipeline *)pipeline);
    const struct point_entry *entry = point_table_named(points, name);
    assert_non_null(entry);
    return point_table_get(points, entry->id)->value;
}

static double told_after(struct rig *rig, const char *lines)
{
    struct gw_error err = {0};
    if (rig_replay(rig, lines, &err) < 0)
        fail_msg("%s", err.text);
    return told(rig->pipeline, "school-broker");
}

static void a_bus_is_silent_with_the_last_of_its_points(void **state)
{
    assert_true(told(((struct rig *)*state)->pipeline, "school-broker") == BUS_HEARD);
    assert_true(told_after(*state, BAD("b1-203/people_in") BAD("b1-203/people_out")
                                       BAD("b1-203/desk_lux"))
                == BUS_HEARD);
    assert_true(told_after(*state, BAD("b1-203/projecting")) == BUS_SILENT);
    assert_true(told(((struct rig *)*state)->pipeline, "security") == BUS_HEARD);
}

static void it_is_heard_again_with_the_first_of_them(void **state)
{
    assert_true(told_after(*state, LINE_FAILS LINE_FAILS) == BUS_SILENT);
    assert_true(told_after(*state, GOOD("b1-203/projecting")) == BUS_HEARD);
    assert_true(told_after(*state, BAD("b1-203/projecting")) == BUS_SILENT);
}

static void a_value_out_of_its_range_was_heard(void **state)
{
    assert_true(told_after(*state, LINE_FAILS "{" T ",\"point\":\"b1-203/desk_lux\","
                                              "\"v\":-5}\n")
                == BUS_HEARD);
}

static void a_restart_does_not_bring_it_back(void **state)
{
    assert_true(told_after(*state, LINE_FAILS RESTART) == BUS_SILENT);
    assert_true(told_after(*state, BAD("b1-203/desk_lux")) == BUS_SILENT);
    assert_true(told_after(*state, GOOD("b1-203/desk_lux")) == BUS_HEARD);
    assert_true(told_after(*state, RESTART BAD("b1-203/desk_lux")) == BUS_HEARD);
}

static void nor_does_a_reload(void **state)
{
    struct rig *before = *state;
    struct rig *after = rig_load(RIG_CAMPUS, &rig_modules);
    assert_true(told_after(before, LINE_FAILS) == BUS_SILENT);
    text_map_free(after->ids);
    after->ids = before->ids; /* the store's: the same points */
    rig_build(after);
    assert_int_equal(
        pipeline_take_over(after->pipeline, before->pipeline, clock_school_us()), 0);
    assert_true(told(after->pipeline, "school-broker") == BUS_SILENT);
    assert_true(told_after(after, GOOD("b1-203/desk_lux")) == BUS_HEARD);
    assert_true(told_after(after, BAD("b1-203/desk_lux")) == BUS_SILENT);
    assert_int_equal(text_map_new(16, &after->ids), 0);
    rig_free(after);
}

static void what_is_no_state_of_a_bus_is_refused(void **state)
{
    struct rig *rig = *state;
    struct bus_watch *w = NULL;
    assert_int_equal(bus_watch_new(rig->config, pipeline_points(rig->pipeline), &w), 0);
    assert_int_equal(bus_watch_restore(w, "nowhere", "\1", 1), -ENOENT);
    assert_int_equal(bus_watch_restore(w, "security", "\2", 1), -EINVAL);
    assert_int_equal(bus_watch_restore(w, "security", "\1\1", 2), -EINVAL);
    assert_int_equal(bus_watch_restore(w, "security", "\1", 1), 0);
    w = bus_watch_free(w);
}

int main(void)
{
#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_bus_is_silent_with_the_last_of_its_points),
        RIG_TEST(it_is_heard_again_with_the_first_of_them),
        RIG_TEST(a_value_out_of_its_range_was_heard),
        RIG_TEST(a_restart_does_not_bring_it_back),
        RIG_TEST(nor_does_a_reload),
        RIG_TEST(what_is_no_state_of_a_bus_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
