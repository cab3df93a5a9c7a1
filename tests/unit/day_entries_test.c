/* day_entries_test.c - what is entered comes back: after a restart, over a reload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "pipeline_rig.h"

/* Monday 2026-11-23, 08:00 in the school. */
#define T0 (INT64_C(1795392000) * 1000000)
#define DAY_US (INT64_C(86400) * 1000000)

static const char entries[] =
    "{\"t\":\"2026-11-23T08:00:00+08:00\",\"do\":\"leave\",\"class\":\"2024-P-01\","
    "\"count\":2}\n"
    "{\"t\":\"2026-11-23T08:30:00+08:00\",\"do\":\"attendance\",\"class\":\"2024-P-01\","
    "\"count\":43}\n"
    "{\"t\":\"2026-11-23T09:00:00+08:00\",\"do\":\"exempt\",\"reason\":\"rain\","
    "\"until\":\"12:00\"}\n"
    "{\"t\":\"2026-11-23T09:30:00+08:00\",\"do\":\"end\"}\n";

static struct rig *entered(void)
{
    struct rig *rig = rig_new(RIG_CAMPUS);
    struct gw_error err = {0};
    if (rig_replay(rig, entries, &err) < 0)
        fail_msg("%s", err.text);
    return rig;
}

static void assert_entered(const struct gw_campus *campus)
{
    struct gw_class_day day = gw_campus_class_day(campus, "2024-P-01", T0);
    assert_true(day.leave == 2 && day.entered == 43);
    assert_int_equal(gw_campus_exempt(campus, T0 + INT64_C(3600) * 1000000),
                     GW_EXEMPT_RAIN);
    assert_int_equal(gw_campus_exempt(campus, T0), 0);
}

static void what_is_entered_comes_back_after_a_restart(void **state)
{
    (void)state;
    struct rig *rig = entered();
    struct pipeline *again = NULL;
    assert_entered(rig->campus);
    struct gw_campus *old = rig->campus;
    assert_int_equal(campus_load(rig->config, rig->faults, &rig->campus), 0);
    assert_int_equal(gw_campus_exempt(rig->campus, T0 + INT64_C(3600) * 1000000), 0);
    assert_int_equal(rig_restart(rig, &(struct replay_stop){0},
                                 T0 + INT64_C(6000) * 1000000, &again, NULL),
                     0);
    assert_entered(rig->campus);
    campus_free(old);
    rig_free(rig);
}

static void what_is_entered_goes_on_over_a_reload(void **state)
{
    (void)state;
    struct rig *before = entered();
    struct rig *after = rig_new(RIG_CAMPUS);
    assert_int_equal(
        pipeline_take_over(after->pipeline, before->pipeline, T0 + INT64_C(5400000001)),
        0);
    rig_free(before);
    assert_entered(after->campus);
    rig_free(after);
}

static void days_that_nobody_asks_for_are_forgotten(void **state)
{
    (void)state;
    struct rig *rig = entered();
    int64_t day = 0;
    /* a month at a time: what goes further is a clock that was set */
    for (int i = 1; i <= 61; i++)
        pipeline_advance(rig->pipeline, T0 + i * DAY_US);
    assert_true(day_book_oldest(campus_book(rig->campus), &day));
    for (int i = 62; i <= 64; i++)
        pipeline_advance(rig->pipeline, T0 + i * DAY_US);
    assert_false(day_book_oldest(campus_book(rig->campus), &day));
    for (size_t i = 0; i < rig->state_count; i++)
        if (strcmp(rig->states[i].owner, "day-book") == 0)
            assert_int_equal(rig->states[i].size, 0);
    rig_free(rig);
}

static void a_bad_entry_stops_a_replay_at_its_line(void **state)
{
    (void)state;
    struct rig *rig = rig_new(RIG_CAMPUS);
    struct gw_error err = {0};
    assert_true(rig_replay(rig,
                           "{\"t\":\"2026-11-23T08:00:00+08:00\",\"do\":\"leave\","
                           "\"class\":\"2024-P-09\",\"count\":2}\n",
                           &err)
                < 0);
    assert_string_equal(err.text,
                        "lines:1: there is no class '2024-P-09' (allowed: id or "
                        "title of a class)");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_entered_comes_back_after_a_restart),
        cmocka_unit_test(what_is_entered_goes_on_over_a_reload),
        cmocka_unit_test(days_that_nobody_asks_for_are_forgotten),
        cmocka_unit_test(a_bad_entry_stops_a_replay_at_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
