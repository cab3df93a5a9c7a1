#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "config/value.h"
#include "diff_fixture.h"

/* --- one value -------------------------------------------------------------------- */

/* Two values of each type, the first in two spellings. */
static const struct {
    enum gw_option_type type;
    const char *a;
    const char *same;
    const char *other;
    const char *shown;
} values[] = {
    {GW_OPT_BOOL, "true", "true", "false", "true"},
    {GW_OPT_INT, "-16", "-16", "16", "-16"},
    {GW_OPT_UINT, "0x10", "16", "17", "16"},
    {GW_OPT_NUMBER, "0.10", "0.1", "0.2", "0.1"},
    {GW_OPT_SHARE, "80%", "80.0%", "81%", "80%"},
    {GW_OPT_STRING, "/dev/a", "\"/dev/a\"", "/dev/b", "/dev/a"},
    {GW_OPT_PATH, "/run/a", "'/run/a'", "/run/b", "/run/a"},
    {GW_OPT_FILE, "/etc/a", "'/etc/a'", "/etc/b", "/etc/a"},
    {GW_OPT_ID, "lux-1", "'lux-1'", "lux-2", "lux-1"},
    {GW_OPT_TEXT, "{zh: 门, en: Door}", "{en: Door, zh: 门}", "{zh: 门, en: Gate}",
     "门 / Door"},
    {GW_OPT_ENUM, "even", "\"even\"", "odd", "even"},
    {GW_OPT_DURATION, "300s", "5min", "5s", "5min"},
    {GW_OPT_DURATION, "300ms", "0.3s", "301ms", "300ms"},
    {GW_OPT_DURATION, "24h", "1d", "25h", "1d"},
    {GW_OPT_CLOCK, "\"08:20\"", "\"08:20:00\"", "\"08:20:30\"", "08:20"},
    {GW_OPT_STRINGS, "[a, b]", "[\"a\", 'b']", "[b, a]", "[a, b]"},
    {GW_OPT_STRINGS, "a", "[a]", "[a, a]", "[a]"},
    {GW_OPT_NUMBERS, "[1, 0x10]", "[1.0, 16]", "[16, 1]", "[1, 16]"},
    {GW_OPT_MAP, "{open: 1, closed: 0}", "{closed: 0, open: 1}", "{open: 0, closed: 1}",
     "{open: 1, closed: 0}"},
    {GW_OPT_NODE, "{a: [1, {b: x}], c: y}", "{c: y, a: [1, {b: x}]}",
     "{a: [1, {b: z}], c: y}", "{a: [1, {b: x}], c: y}"},
};

union field {
    char bytes[64];
    int64_t aligned;
};

static bool read_value(struct fixture *f, const struct gw_option *option,
                       const char *text, union field *ret)
{
    char document[256];
    (void)snprintf(document, sizeof(document), "probe: %s\n", text);
    fixture_put(f, "rules/probe.yaml", document);
    fixture_load(f);
    const struct config_node *node = config_child(f->config->rules[0], "probe");
    struct config_source src = {.arena = f->config->arena, .faults = f->faults};
    *ret = (union field){0};
    return value_read(&src, node, "", option, ret);
}

static void each_type_is_compared_and_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct gw_option option = {
            .name = "probe", .type = values[i].type, .choices = parities};
        const char *const texts[] = {values[i].a, values[i].same, values[i].other};
        struct fixture f[3];
        union field fields[3];
        for (int k = 0; k < 3; k++) {
            fixture_open(&f[k]);
            assert_true(read_value(&f[k], &option, texts[k], &fields[k]));
        }
        struct strbuf shown = {0};
        value_print(&shown, &option, &fields[0]);
        char *text = strbuf_take(&shown);
        assert_string_equal(text, values[i].shown);
        free(text);
        if (!value_equals(&option, &fields[0], &fields[1]))
            fail_msg("%s and %s differ", values[i].a, values[i].same);
        if (value_equals(&option, &fields[0], &fields[2]))
            fail_msg("%s and %s are the same", values[i].a, values[i].other);
        for (int k = 0; k < 3; k++)
            fixture_close(&f[k]);
    }
}

/* --- whole trees ------------------------------------------------------------------- */

static void compare(struct pair *p, const char *file, const char *before,
                    const char *after)
{
    pair_open(p);
    pair_put(p, file, before, after);
    pair_compare(p);
}

static void expect(const char *file, const char *before, const char *after,
                   const char *rows)
{
    struct pair p = {0};
    compare(&p, file, before, after);
    assert_string_equal(pair_shown(&p), rows);
    pair_close(&p);
}

#define BUSES                                                          \
    "buses:\n"                                                         \
    "  - {name: line, driver: poller-rtu, port: /dev/a, baud: 9600}\n" \
    "  - {name: other, driver: poller-rtu, port: /dev/b}\n"
#define LUX                                                            \
    "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n" \
    "     points: [{metric: desk_lux, register: 0}]}\n"
#define CO2                                                              \
    "  - {name: air, bus: other, unit: 4, place: b1-203, period: 10s,\n" \
    "     points: [{metric: panic, register: 0}]}\n"
static const char devices[] = BUSES "devices:\n" LUX CO2;
static const char file[] = "devices.d/b1.yaml";

static void what_is_the_same_is_no_row(void **state)
{
    (void)state;
    expect(file, devices, devices, "");
}

static void order_and_spelling_are_no_change(void **state)
{
    (void)state;
    expect(file, devices,
           "devices:\n" CO2
           "  - {unit: 0x3, name: lux, period: 5000ms, bus: line, place: b1-203,\n"
           "     points: [{register: 0, type: u16, metric: desk_lux, scale: 1}]}\n"
           "buses:\n"
           "  - {name: other, driver: poller-rtu, port: /dev/b, timeout: 0.5s}\n"
           "  - {baud: 9600, name: line, parity: even, driver: poller-rtu,\n"
           "     port: /dev/a}\n",
           "");
}

static void changed_keys_are_shown_old_and_new(void **state)
{
    (void)state;
    expect(file, devices,
           "buses:\n"
           "  - {name: line, driver: poller-rtu, port: /dev/a, baud: 19200}\n"
           "  - {name: other, driver: poller-rtu, port: /dev/b}\n"
           "devices:\n"
           "  - {name: lux, bus: line, unit: 5, place: b1-203, period: 1min,\n"
           "     points: [{metric: desk_lux, register: 0, scale: 0.1}]}\n" CO2,
           "bus line changed baud: 9600 -> 19200\n"
           "device lux changed period: 5s -> 1min unit: 3 -> 5\n"
           "point b1-203/desk_lux changed scale: 1 -> 0.1\n");
}

static void objects_come_and_go(void **state)
{
    (void)state;
    expect(file, devices,
           "buses:\n"
           "  - {name: line, driver: poller-rtu, port: /dev/a, baud: 9600}\n"
           "  - {name: new, driver: poller-tcp, port: /dev/c}\n"
           "devices:\n" LUX,
           "bus new added\nbus other removed\ndevice air removed\n"
           "point b1-203/panic removed\n");
}

static void a_password_is_not_shown(void **state)
{
    (void)state;
    static const char minimal[] = "gateway: {id: gw-01}\n"
                                  "school: {code: \"2153012345\", division: \"530502\"}\n"
                                  "plugins: {x: {password: %s, password_file: %s}}\n";
    char before[512];
    char after[512];
    (void)snprintf(before, sizeof(before), minimal, "geheim", "/a");
    (void)snprintf(after, sizeof(after), minimal, "tiefer", "/b");
    expect("gateway.yaml", before, after,
           "section plugins changed x.password: (not shown) -> (not shown) "
           "x.password_file: /a -> /b\n");
}

/* --- what may stay ------------------------------------------------------------------ */

static bool bus_stays(const char *after, const char *bus)
{
    struct pair p = {0};
    compare(&p, file, devices, after);
    bool stays = config_same_bus(p.a.config, p.b.config, bus);
    pair_close(&p);
    return stays;
}

static void a_bus_stays_while_its_driver_would_see_nothing_new(void **state)
{
    (void)state;
    assert_true(bus_stays(devices, "line"));
    /* Another bus, its own points' scale, the order: nothing of it reaches the driver. */
    const char *elsewhere =
        "buses:\n"
        "  - {name: other, driver: poller-rtu, port: /dev/z}\n"
        "  - {name: line, driver: poller-rtu, port: /dev/a, baud: 9600}\n"
        "devices:\n" CO2
        "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 0, scale: 2}]}\n";
    assert_true(bus_stays(elsewhere, "line"));
    assert_false(bus_stays(elsewhere, "other"));
}

static void a_bus_goes_with_the_gateways_id(void **state)
{
    (void)state;
    struct pair p = {0};
    pair_open(&p);
    pair_put(&p, file, devices, devices);
    pair_put(&p, "gateway.yaml", "gateway: {id: gw-01}\n", "gateway: {id: gw-02}\n");
    pair_compare(&p);
    assert_false(config_same_bus(p.a.config, p.b.config, "line"));
    pair_close(&p);
}

static void a_bus_goes_with_any_option_device_or_point(void **state)
{
    (void)state;
    static const char *const changed[] = {
        "  - {name: lux, bus: line, unit: 4, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 0}]}\n",
        "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 6s,\n"
        "     points: [{metric: desk_lux, register: 0}]}\n",
        "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 1}]}\n",
        "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 0, type: s16}]}\n",
        "  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, name: window, register: 0}]}\n",
        "  - {name: lux-2, bus: line, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 0}]}\n",
        "  - {name: lux, bus: other, unit: 3, place: b1-203, period: 5s,\n"
        "     points: [{metric: desk_lux, register: 0}]}\n",
        LUX "  - {name: lux-2, bus: line, unit: 9, place: b1-204, period: 5s,\n"
            "     points: [{metric: desk_lux, register: 0}]}\n",
        CO2,
    };
    for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
        char text[2048];
        (void)snprintf(text, sizeof(text), "%sdevices:\n%s", BUSES, changed[i]);
        if (bus_stays(text, "line"))
            fail_msg("stays with %s", changed[i]);
    }
}

static bool value_stays(const char *line)
{
    char text[2048];
    struct pair p = {0};
    (void)snprintf(text, sizeof(text), "%sdevices:\n%s", BUSES, line);
    compare(&p, file, devices, text);
    bool stays = config_same_value(p.a.config, &p.a.config->points[0], p.b.config,
                                   &p.b.config->points[0]);
    pair_close(&p);
    return stays;
}

static void a_value_stays_while_it_means_the_same(void **state)
{
    (void)state;
    assert_true(value_stays(LUX));
    assert_true(value_stays("  - {name: lux-new, bus: line, unit: 3, place: b1-203,\n"
                            "     period: 1min, supervision: 2h,\n"
                            "     points: [{metric: desk_lux, register: 0}]}\n"));
    assert_false(
        value_stays("  - {name: lux, bus: line, unit: 4, place: b1-203, period: 5s,\n"
                    "     points: [{metric: desk_lux, register: 0}]}\n"));
    assert_false(
        value_stays("  - {name: lux, bus: line, unit: 3, place: b1-203, period: 5s,\n"
                    "     points: [{metric: desk_lux, register: 0, scale: 2}]}\n"));
}

static void a_held_tree_outlives_its_owner(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_load(&f);
    struct config *held = config_hold(f.config);
    f.campus = campus_free(f.campus);
    f.config = config_free(f.config);
    assert_true(held->bus_count > 0);
    assert_non_null(held->buses[0].name);
    (void)config_free(held);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_compared_and_shown),
        cmocka_unit_test(what_is_the_same_is_no_row),
        cmocka_unit_test(order_and_spelling_are_no_change),
        cmocka_unit_test(changed_keys_are_shown_old_and_new),
        cmocka_unit_test(objects_come_and_go),
        cmocka_unit_test(a_password_is_not_shown),
        cmocka_unit_test(a_bus_stays_while_its_driver_would_see_nothing_new),
        cmocka_unit_test(a_bus_goes_with_the_gateways_id),
        cmocka_unit_test(a_bus_goes_with_any_option_device_or_point),
        cmocka_unit_test(a_value_stays_while_it_means_the_same),
        cmocka_unit_test(a_held_tree_outlives_its_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
