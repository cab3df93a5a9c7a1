#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "config_fixture.h"

static void no_faults(const struct fixture *f)
{
    char *faults = fixture_faults(f);
    assert_string_equal(faults, "");
    free(faults);
}

static void a_device_takes_its_points_from_its_template(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_load(&f);
    no_faults(&f);

    assert_int_equal(f.config->device_count, 2);
    const struct config_device *lux = &f.config->devices[0];
    const struct poller_device *device = lux->ref.options;
    const struct poller_point *point = lux->ref.points[0].options;
    assert_string_equal(lux->ref.name, "lux-203");
    assert_int_equal(lux->ref.id, 1);
    assert_int_equal(lux->period_us, 5000000);
    assert_int_equal(device->unit, 3);
    assert_int_equal(lux->ref.point_count, 1);
    assert_string_equal(lux->ref.points[0].name, "b1-203/desk_lux");
    assert_int_equal(point->address, 7);
    assert_int_equal(point->type, 2);
    assert_int_equal(point->private_state, 0);
    fixture_close(&f);
}

static void a_bus_gets_its_options_and_defaults(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_load(&f);

    assert_int_equal(f.config->bus_count, 2);
    const struct poller_bus *bus = f.config->buses[0].options;
    assert_ptr_equal(f.config->buses[0].driver, &poller_rtu);
    assert_string_equal(bus->port, "/dev/ttyS9");
    assert_int_equal(bus->baud, 9600);
    assert_int_equal(bus->parity, 1);
    assert_int_equal(bus->timeout_us, 300000);
    fixture_close(&f);
}

static void a_devices_points_override_the_templates_and_add_to_them(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "devices.d/b1.yaml",
                "buses:\n"
                "  - {name: broker, driver: teller, host: h}\n"
                "devices:\n"
                "  - name: a\n"
                "    bus: broker\n"
                "    template: counter\n"
                "    topic: t\n"
                "    place: b1-203\n"
                "    points:\n"
                "      - {metric: people_in, path: other.in}\n"
                "      - {metric: desk_lux, name: window, path: lux, scale: 0.1,\n"
                "         invalid: [0xFFFF, -1]}\n");
    fixture_load(&f);
    no_faults(&f);

    const struct gw_device_ref *ref = &f.config->devices[0].ref;
    const struct config_point *points = f.config->points;
    assert_int_equal(ref->point_count, 3);
    assert_string_equal(((struct teller_point *)ref->points[0].options)->path,
                        "other.in");
    assert_int_equal(points[0].width, 32);
    assert_string_equal(((struct teller_point *)ref->points[1].options)->path,
                        "total.out");
    assert_string_equal(points[2].name, "b1-203/desk_lux.window");
    assert_true(points[2].scale == 0.1 && points[2].offset == 0);
    assert_int_equal(points[2].invalid.count, 2);
    assert_true(points[2].invalid.items[0] == 65535 && points[2].invalid.items[1] == -1);
    assert_true(points[0].scale == 1);
    fixture_close(&f);
}

static void a_devices_point_name_stands_before_what_the_points_are_called(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f);
    fixture_put(
        &f, "devices.d/b1.yaml",
        "buses:\n"
        "  - {name: line-1, driver: poller-rtu, port: /dev/ttyS9}\n"
        "devices:\n"
        "  - {name: lux-a, bus: line-1, template: light, unit: 3, place: b1-203,\n"
        "     point_name: window, points: [{metric: desk_lux, scale: 0.1},\n"
        "     {metric: desk_lux, name: low, register: 2}]}\n"
        "  - {name: lux-b, bus: line-1, template: light, unit: 4, place: b1-203,\n"
        "     point_name: door}\n");
    fixture_load(&f);

    no_faults(&f);
    const struct config_point *points = f.config->points;
    assert_int_equal(f.config->point_count, 3);
    assert_string_equal(points[0].name, "b1-203/desk_lux.window");
    assert_true(points[0].scale == 0.1);
    assert_string_equal(points[1].name, "b1-203/desk_lux.window-low");
    assert_string_equal(points[2].name, "b1-203/desk_lux.door");
    fixture_close(&f);
}

static void two_models_behind_one_unit_are_a_warning_that_names_both(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f);
    fixture_put(&f, "templates/other.yaml",
                "{template: other, title: T, driver: [poller-rtu], device: {period: 5s},"
                " points: [{metric: people_in, register: 7}]}\n");
    fixture_put(
        &f, "devices.d/b1.yaml",
        "buses:\n"
        "  - {name: line-1, driver: poller-rtu, port: /dev/ttyS8}\n"
        "  - {name: line-2, driver: poller-rtu, port: /dev/ttyS9}\n"
        "devices:\n"
        "  - {name: a, bus: line-1, template: light, unit: 3, place: b1-203}\n"
        "  - {name: b, bus: line-1, template: other, unit: 3, place: b1-203}\n"
        "  - {name: c, bus: line-2, template: other, unit: 3, place: gate-south}\n"
        "  - {name: d, bus: line-1, unit: 3, place: gate-south, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 1}]}\n");
    fixture_load(&f);

    char *found = fixture_faults(&f);
    assert_string_equal(
        found, "devices.d/b1.yaml:6:5: warning: devices.b: is the same unit on its bus "
               "as 'a' at devices.d/b1.yaml:5:5, but has template 'other' instead of "
               "'light' (wanted: a unit of its own, unless one device is both)\n");
    free(found);
    fixture_close(&f);
}

static void two_buses_on_one_port_are_a_fault_also_under_two_names(void **state)
{
    struct fixture f;
    char link[PATH_MAX];
    char devices[PATH_MAX * 2];
    (void)state;

    fixture_open(&f);
    assert_true(snprintf(link, sizeof(link), "%s/by-id", f.folder) > 0);
    assert_int_equal(symlink("/dev/zero", link), 0);
    assert_true(snprintf(devices, sizeof(devices),
                         "buses:\n"
                         "  - {name: line-1, driver: poller-rtu, port: /dev/zero}\n"
                         "  - {name: line-2, driver: poller-rtu, port: /dev/null}\n"
                         "  - {name: line-3, driver: poller-rtu, port: %s}\n"
                         "devices: []\n",
                         link)
                > 0);
    fixture_put(&f, "devices.d/b1.yaml", devices);
    fixture_load(&f);

    char *found = fixture_faults(&f);
    assert_string_equal(
        found, "devices.d/b1.yaml:4:12: line-3: port 'by-id' is that of bus 'line-1' at "
               "devices.d/b1.yaml:2:12, '/dev/zero' (allowed: one bus a port, with all "
               "devices of its line)\n");
    free(found);
    fixture_close(&f);
}

static void globs_multiply_a_devices_points_over_the_places(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "devices.d/b1.yaml",
                "buses:\n"
                "  - {name: broker, driver: teller, host: h}\n"
                "devices:\n"
                "  - {name: all, bus: broker, template: counter,\n"
                "     topic: \"campus/{place}/{metric}\", places: [\"b1-*\", b1-204]}\n");
    fixture_load(&f);
    no_faults(&f);

    const struct gw_device_ref *ref = &f.config->devices[0].ref;
    assert_int_equal(ref->point_count, 4);
    assert_string_equal(ref->points[0].name, "b1-203/people_in");
    assert_string_equal(ref->points[1].name, "b1-204/people_in");
    assert_string_equal(ref->points[3].place, "b1-204");
    assert_string_equal(ref->points[3].metric, "people_out");
    assert_ptr_not_equal(ref->points[0].options, ref->points[1].options);
    fixture_close(&f);
}

static void a_points_id_is_set_for_the_core_and_its_driver(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_load(&f);

    for (size_t i = 0; i < f.config->point_count; i++)
        config_set_point_id(f.config, i, (uint32_t)i + 100);

    assert_int_equal(f.config->points[2].id, 102);
    assert_int_equal(f.config->devices[0].ref.points[0].id, 100);
    assert_int_equal(f.config->devices[1].ref.points[1].id, 102);
    fixture_close(&f);
}

static void the_hash_tells_one_byte_of_difference(void **state)
{
    struct fixture a;
    struct fixture b;
    struct fixture c;
    (void)state;
    fixture_open(&a);
    fixture_open(&b);
    fixture_open(&c);
    fixture_put(&c, "rules/x.yaml", "rules: [] ");
    fixture_load(&a);
    fixture_load(&b);
    fixture_load(&c);

    assert_true(a.config->hash == b.config->hash);
    assert_true(a.config->hash != c.config->hash);
    assert_int_equal(c.config->rule_files, 1);
    fixture_close(&a);
    fixture_close(&b);
    fixture_close(&c);
}

static void rules_of_the_school_come_after_the_pack(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "rules.d/a.yaml", "rules: [{id: own}]\n");
    fixture_put(&f, "rules/b.yaml", "rules: [{id: pack-b}]\n");
    fixture_put(&f, "rules/a.yaml", "rules: [{id: pack-a}]\n");
    fixture_load(&f);

    static const char *const expected[] = {"pack-a", "pack-b", "own"};
    assert_int_equal(f.config->rule_files, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct config_node *rules = config_child(f.config->rules[i], "rules");
        assert_string_equal(config_scalar(config_child(config_item(rules, 0), "id")),
                            expected[i]);
    }
    fixture_close(&f);
}

static void a_metric_of_the_school_changes_the_keys_that_it_writes(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "metrics.d/own.yaml",
                "metrics:\n"
                "  desk_lux: {max: 100000, dead_band: 5}\n"
                "  soil: {unit: \"%\", title: 土壤, kind: gauge}\n");
    fixture_load(&f);
    no_faults(&f);

    const struct config_metric *lux = config_metric(f.config, "desk_lux");
    assert_string_equal(lux->unit, "lx");
    assert_float_equal(lux->min, 0, 0);
    assert_float_equal(lux->max, 100000, 0);
    assert_float_equal(lux->dead_band, 5, 0);
    const struct config_metric *soil = config_metric(f.config, "soil");
    assert_string_equal(soil->unit, "%");
    assert_true(isnan(soil->max));
    fixture_close(&f);
}

static void a_metric_of_the_school_that_lacks_a_key_is_found_where_it_stands(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "metrics.d/own.yaml", "metrics:\n  soil: {unit: \"%\"}\n");
    fixture_load(&f);
    char *faults = fixture_faults(&f);
    assert_non_null(strstr(faults, "metrics.d/own.yaml:2:9: metrics.soil: 'title' is "
                                   "missing"));
    free(faults);
    fixture_close(&f);
}

static void a_template_of_the_school_is_taken_like_a_shipped_one(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "templates.d/own.yaml",
                "template: own\ntitle: 自备\ndriver: poller\n"
                "points: [{metric: desk_lux, register: 9}]\n");
    fixture_put(&f, "devices.d/own.yaml",
                "devices:\n"
                "  - {name: own-1, bus: line-1, template: own, unit: 9, place: b1-204,"
                " period: 5s}\n");
    fixture_load(&f);
    no_faults(&f);
    assert_int_equal(f.config->device_count, 3);
    fixture_close(&f);
}

static void a_file_of_another_ending_is_not_read_and_said(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "devices.d/b2.yml", "buses: {\n");
    fixture_put(&f, "devices.d/README", "buses: {\n");
    fixture_put(&f, "devices.d/.b3.yaml", "buses: {\n");
    fixture_load(&f);

    char expected[PATH_MAX];
    char *faults = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&faults, &size);
    assert_non_null(out);
    config_faults_print(f.faults, out);
    assert_int_equal(fclose(out), 0);
    assert_true(snprintf(expected, sizeof(expected),
                         "%s/devices.d/b2.yml:1:1: warning: is not read (wanted: a name "
                         "that ends in .yaml)\n",
                         f.folder)
                > 0);
    assert_string_equal(faults, expected);
    free(faults);
    fixture_close(&f);
}

static void a_folder_that_is_not_there_is_an_error_with_its_name(void **state)
{
    struct config_faults *faults = NULL;
    struct config *config = NULL;
    struct gw_error err = {0};
    (void)state;
    assert_int_equal(config_faults_new(&faults), 0);

    assert_int_equal(config_load("/nowhere", &fixture_modules, faults, &config, &err),
                     -ENOENT);

    assert_non_null(strstr(err.text, "/nowhere"));
    assert_null(config);
    config_faults_free(faults);
}

/* mangle - copies a few bytes over others, as a bad edit does. */
static void mangle(char *text, size_t size, uint32_t random)
{
    size_t from = random % size;
    size_t to = (random >> 12) % size;
    size_t count = (random >> 24) % 12;
    if (from + count < size && to + count < size)
        memmove(text + to, text + from, count);
}

static void a_mangled_file_is_loaded_or_refused_but_never_breaks(void **state)
{
    char path[PATH_MAX];
    uint32_t random = 7;
    size_t refused = 0;
    (void)state;
    assert_true(snprintf(path, sizeof(path),
                         "%s/tests/config/good/minimal/devices.d/b1.yaml", GW_SOURCE_DIR)
                > 0);
    for (int round = 0; round < 150; round++) {
        struct fixture f;
        size_t size = 0;
        fixture_open(&f);
        char *text = fixture_read(path, &size);
        for (int i = 0; i < 3; i++) {
            random = random * 1664525 + 1013904223;
            mangle(text, size, random);
        }
        fixture_write(&f, "devices.d/b1.yaml", text, size);
        free(text);
        fixture_load(&f);
        refused += config_faults_errors(f.faults) > 0;
        fixture_close(&f);
    }
    assert_true(refused > 75);
}

static void the_manual_names_every_key_of_every_driver(void **state)
{
    char *manual = NULL;
    size_t size = 0;
    (void)state;
    FILE *out = open_memstream(&manual, &size);
    assert_non_null(out);
    config_print_manual(out, &fixture_modules);
    assert_int_equal(fclose(out), 0);

    static const char *const parts[] = {
        "#longest_silence: 10min\n",
        "driver poller-rtu, asks\n",
        "    # (duration, 10ms..10s)\n    #timeout: 500ms\n",
        "        # (u16, s16, u32, f32)\n        #type: u16\n",
        "driver teller, tells\n",
        "    # (text; required)\n    #topic:\n"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_non_null(strstr(manual, parts[i]));
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_takes_its_points_from_its_template),
        cmocka_unit_test(a_bus_gets_its_options_and_defaults),
        cmocka_unit_test(a_devices_points_override_the_templates_and_add_to_them),
        cmocka_unit_test(a_devices_point_name_stands_before_what_the_points_are_called),
        cmocka_unit_test(two_models_behind_one_unit_are_a_warning_that_names_both),
        cmocka_unit_test(two_buses_on_one_port_are_a_fault_also_under_two_names),
        cmocka_unit_test(globs_multiply_a_devices_points_over_the_places),
        cmocka_unit_test(a_points_id_is_set_for_the_core_and_its_driver),
        cmocka_unit_test(the_hash_tells_one_byte_of_difference),
        cmocka_unit_test(rules_of_the_school_come_after_the_pack),
        cmocka_unit_test(a_metric_of_the_school_changes_the_keys_that_it_writes),
        cmocka_unit_test(
            a_metric_of_the_school_that_lacks_a_key_is_found_where_it_stands),
        cmocka_unit_test(a_template_of_the_school_is_taken_like_a_shipped_one),
        cmocka_unit_test(a_mangled_file_is_loaded_or_refused_but_never_breaks),
        cmocka_unit_test(the_manual_names_every_key_of_every_driver),
        cmocka_unit_test(a_file_of_another_ending_is_not_read_and_said),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error_with_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
