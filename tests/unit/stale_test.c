/* After which silence a point is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config_fixture.h"

static void no_faults(const struct fixture *f)
{
    char *faults = fixture_faults(f);
    assert_string_equal(faults, "");
    free(faults);
}

static void a_polled_point_is_stale_after_three_periods_but_not_before_180_s(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "devices.d/b1.yaml",
                "buses:\n"
                "  - {name: line, driver: poller-rtu, port: /dev/x}\n"
                "devices:\n"
                "  - {name: a, bus: line, template: light, place: b1-203}\n"
                "  - {name: b, bus: line, template: light, place: b1-204, period: 2min}\n"
                "  - name: c\n"
                "    bus: line\n"
                "    template: light\n"
                "    place: gate-south\n"
                "    points: [{metric: desk_lux, stale: 20s}]\n");
    fixture_load(&f);
    no_faults(&f);

    assert_int_equal(f.config->points[0].stale_us, 180000000);
    assert_int_equal(f.config->points[1].stale_us, 360000000);
    assert_int_equal(f.config->points[2].stale_us, 20000000);
    fixture_close(&f);
}

static void an_event_source_is_stale_after_its_supervision_or_never(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "devices.d/b1.yaml",
                "buses:\n"
                "  - {name: broker, driver: teller, host: h}\n"
                "devices:\n"
                "  - {name: a, bus: broker, template: counter, topic: t, place: b1-203}\n"
                "  - {name: b, bus: broker, template: counter, topic: u, place: b1-204, "
                "supervision: 15min}\n");
    fixture_load(&f);
    no_faults(&f);

    assert_int_equal(f.config->points[0].stale_us, 0);
    assert_int_equal(f.config->points[2].stale_us, 900000000);
    fixture_close(&f);
}

static void a_button_that_nobody_presses_is_stale_only_where_that_is_said(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "metrics.d/own.yaml",
                "metrics:\n"
                "  button: {unit: '', title: button, kind: event}\n"
                "  battery: {unit: '%', title: battery, kind: gauge}\n");
    fixture_put(&f, "devices.d/b1.yaml",
                "buses:\n"
                "  - {name: broker, driver: teller, host: h}\n"
                "devices:\n"
                "  - {name: key, bus: broker, topic: t, place: b1-203, supervision: 1h,\n"
                "     points: [{metric: button, name: key, path: a}, {metric: battery, "
                "path: b},\n"
                "              {metric: button, name: daily, path: c, stale: 25h}]}\n");
    fixture_load(&f);
    no_faults(&f);

    assert_int_equal(f.config->points[0].stale_us, 0);
    assert_int_equal(f.config->points[1].stale_us, 3600000000);
    assert_int_equal(f.config->points[2].stale_us, 90000000000);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_polled_point_is_stale_after_three_periods_but_not_before_180_s),
        cmocka_unit_test(an_event_source_is_stale_after_its_supervision_or_never),
        cmocka_unit_test(a_button_that_nobody_presses_is_stale_only_where_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
