/* A clock that is set: what runs in the pipeline takes as long as it would have taken,
 * also where the step is noticed late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline_rig.h"

/* 2026-11-23T08:00:00+08:00 */
#define T0 (INT64_C(1795392000) * 1000000)
#define SECOND_US INT64_C(1000000)
#define MIN_US (60 * SECOND_US)
#define HOUR_US (60 * MIN_US)

static void tell(struct rig *rig, const char *name, double value, int64_t time_us)
{
    const struct point_entry *entry =
        point_table_named(pipeline_points(rig->pipeline), name);
    assert_non_null(entry);
    const struct gw_reading reading = {.point = entry->id,
                                       .value = value,
                                       .time_us = time_us,
                                       .source_us = GW_TIME_NONE};
    pipeline_reading(rig->pipeline, &reading);
}

/* Seconds from T0 until @is_there, with the clock set by @delta_us after @noticed_us: it
 * was asked for nothing in between. */
static int64_t seconds_until(struct rig *rig, bool (*is_there)(struct rig *rig),
                             int64_t noticed_us, int64_t delta_us)
{
    int64_t passed_us = noticed_us;
    if (delta_us != 0)
        pipeline_clock_set(rig->pipeline, delta_us, T0 + noticed_us + delta_us);
    for (; passed_us < HOUR_US && !is_there(rig); passed_us += SECOND_US)
        pipeline_advance(rig->pipeline, T0 + passed_us + delta_us);
    return passed_us / SECOND_US;
}

static bool is_full(struct rig *rig)
{
    return strstr(rig_text(rig), "\"rule\":\"CS-04\"");
}

static bool is_stale(struct rig *rig)
{
    for (size_t i = 0; i < rig->reading_count; i++)
        if (rig->readings[i].reading.reason == GW_REASON_STALE)
            return true;
    return false;
}

static struct rig *begin(void)
{
    struct rig *rig = rig_new(RIG_CAMPUS);
    pipeline_start(rig->pipeline, T0);
    tell(rig, "b1-203/people_in", 0, T0);
    tell(rig, "b1-203/people_out", 0, T0);
    tell(rig, "b1-203/people_in", 51, T0);
    tell(rig, "b1-203/desk_lux", 400, T0);
    return rig;
}

static int64_t measured(bool (*is_there)(struct rig *rig), int64_t noticed_us,
                        int64_t delta_us)
{
    struct rig *rig = begin();
    int64_t seconds = seconds_until(rig, is_there, noticed_us, delta_us);
    assert_true(is_there(rig));
    rig_free(rig);
    return seconds;
}

static const int64_t steps_us[] = {-400 * 24 * HOUR_US, -HOUR_US,          -2 * SECOND_US,
                                   2 * SECOND_US,       7 * MIN_US,        HOUR_US,
                                   31 * 24 * HOUR_US,   400 * 24 * HOUR_US};
enum { STEPS = sizeof(steps_us) / sizeof(steps_us[0]) };

static void a_hold_and_a_silence_take_their_time(void **state)
{
    (void)state;
    int64_t full_s = measured(is_full, 0, 0);
    int64_t stale_s = measured(is_stale, 0, 0);
    assert_true(full_s > 60 && stale_s > 40);
    for (int i = 0; i < STEPS; i++) {
        assert_int_equal(measured(is_full, 40 * SECOND_US, steps_us[i]), full_s);
        assert_int_equal(measured(is_stale, 40 * SECOND_US, steps_us[i]), stale_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_and_a_silence_take_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
