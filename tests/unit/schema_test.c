#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/yaml.h"

/* everything - one field of every type. */
struct everything {
    bool flag;
    int32_t whole;
    uint32_t count;
    double number;
    double share;
    const char *string;
    const char *id;
    struct gw_text text;
    int choice;
    int64_t duration_us;
    int32_t clock_s;
    struct gw_strings strings;
    struct gw_numbers numbers;
    struct gw_map map;
    const struct config_node *node;
};

static const char *const colours[] = {"red", "green", NULL};

#define AT(field) offsetof(struct everything, field)
static const struct gw_option options[] = {
    {"flag", GW_OPT_BOOL, AT(flag), false, 0, 0, NULL, "true", "a flag"},
    {"whole", GW_OPT_INT, AT(whole), false, -10, 10, NULL, "-3", "in °C"},
    {"count", GW_OPT_UINT, AT(count), false, 0, 0, NULL, "0x10", NULL},
    {"number", GW_OPT_NUMBER, AT(number), false, 0, 0, NULL, "2.5e3", NULL},
    {"share", GW_OPT_SHARE, AT(share), false, 0.1, 0.9, NULL, "80%", NULL},
    {"string", GW_OPT_STRING, AT(string), false, 0, 0, NULL, "\"a: b\"", NULL},
    {"id", GW_OPT_ID, AT(id), false, 0, 0, NULL, "b1-203", NULL},
    {"text", GW_OPT_TEXT, AT(text), false, 0, 0, NULL, "{zh: 灯, en: Lamp}", NULL},
    {"choice", GW_OPT_ENUM, AT(choice), false, 0, 0, colours, "green", NULL},
    {"duration", GW_OPT_DURATION, AT(duration_us), false, 0, 0, NULL, "1.5s", NULL},
    {"clock", GW_OPT_CLOCK, AT(clock_s), false, 0, 0, NULL, "08:20", NULL},
    {"strings", GW_OPT_STRINGS, AT(strings), false, 1, 2, NULL, "[a, b]", NULL},
    {"numbers", GW_OPT_NUMBERS, AT(numbers), false, 0, 0, NULL, "[1, 0xFF]", NULL},
    {"map", GW_OPT_MAP, AT(map), false, 0, 0, NULL, "{on: 1, off: 0}", NULL},
    {"node", GW_OPT_NODE, AT(node), false, 0, 0, NULL, NULL, NULL},
    {0},
};

static int set_up(void **state)
{
    struct config_source *src = calloc(1, sizeof(*src));
    if (!src || arena_new(&src->arena) < 0 || config_faults_new(&src->faults) < 0)
        return -1;
    *state = src;
    return 0;
}

static int tear_down(void **state)
{
    struct config_source *src = *state;
    config_faults_free(src->faults);
    arena_free(src->arena);
    free(src);
    return 0;
}

static const struct config_node *parse(struct config_source *src, const char *text)
{
    return yaml_parse(src, "x.yaml", text, strlen(text));
}

/* assert_faults - the printed list is @expected. */
static void assert_faults(const struct config_source *src, const char *expected)
{
    char *found = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&found, &size);
    assert_non_null(out);
    config_faults_print(src->faults, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(found, expected);
    free(found);
}

static void defaults_are_read_by_the_same_code(void **state)
{
    struct config_source *src = *state;
    struct everything e = {0};

    config_defaults(src, options, &e);

    assert_true(e.flag);
    assert_int_equal(e.whole, -3);
    assert_int_equal(e.count, 16);
    assert_true(e.number == 2500 && e.share == 0.8);
    assert_string_equal(e.string, "a: b");
    assert_string_equal(e.id, "b1-203");
    assert_string_equal(e.text.en, "Lamp");
    assert_int_equal(e.choice, 1);
    assert_int_equal(e.duration_us, 1500000);
    assert_int_equal(e.clock_s, 8 * 3600 + 20 * 60);
    assert_int_equal(e.strings.count, 2);
    assert_true(e.numbers.count == 2 && e.numbers.items[1] == 255);
    assert_string_equal(e.map.keys[0], "on");
    assert_null(e.node);
    assert_faults(src, "");
}

static void what_is_written_wins_over_the_default(void **state)
{
    struct config_source *src = *state;
    struct everything e = {0};

    assert_true(config_fill(src,
                            parse(src, "flag: false\nwhole: 7\ntext: 窗\nclock: 24:00\n"
                                       "strings: one\nmap: {a: -0.5}\nnode: [x]\n"),
                            "", options, &e, NULL));

    assert_false(e.flag);
    assert_int_equal(e.whole, 7);
    assert_string_equal(e.text.zh, "窗");
    assert_string_equal(e.text.en, "窗");
    assert_int_equal(e.clock_s, 86400);
    assert_int_equal(e.strings.count, 1);
    assert_true(e.map.values[0] == -0.5);
    assert_int_equal(config_count(e.node), 1);
    assert_int_equal(e.choice, 1);
}

static void all_faults_are_told_at_once(void **state)
{
    struct config_source *src = *state;
    struct everything e = {0};

    assert_false(config_fill(src,
                             parse(src, "flag: 1\nwhole: 11\nshare: 0.5\nid: a/b\n"
                                        "choice: gren\nduration: 5\nstrings: [a, b, c]\n"
                                        "colour: 1\n"),
                             "part", options, &e, NULL));

    assert_faults(
        src,
        "x.yaml:1:7: part.flag: '1' is neither true nor false (allowed: true or false)\n"
        "x.yaml:2:8: part.whole: '11' is out of range (allowed: a whole number, "
        "-10..10)\n"
        "x.yaml:3:8: part.share: '0.5' is not a share: the % is needed (allowed: a share "
        "such as 80%, 10%..90%)\n"
        "x.yaml:4:5: part.id: 'a/b' is not an id (allowed: an id of letters, digits, "
        "'.', '_' and '-', at most 63)\n"
        "x.yaml:5:9: part.choice: 'gren' is not known, did you mean 'green'? (allowed: "
        "red, green)\n"
        "x.yaml:6:11: part.duration: '5' has no unit (allowed: a duration such as 300ms, "
        "5s, 10min, 2h, 3d)\n"
        "x.yaml:7:10: part.strings: 3 stand here (allowed: a list of texts, 1..2 of "
        "them)\n"
        "x.yaml:8:1: part.colour: unknown key (allowed: flag, whole, count, number, "
        "share, string, id, text, choice, duration, clock, strings, numbers, map, "
        "node)\n");
}

/* The daemon runs in /; a socket's path has no more room in the kernel. */
static void a_path_begins_at_the_root_and_fits(void **state)
{
    static const struct gw_option paths[] = {
        {"socket", GW_OPT_PATH, 0, false, 1, 9, NULL, "/run/a", NULL},
        {"key", GW_OPT_FILE, sizeof(char *), false, 0, 0, NULL, NULL, NULL},
        {0},
    };
    struct config_source *src = *state;
    const char *read[2] = {0};

    assert_true(
        config_fill(src, parse(src, "socket: /run/four\n"), "", paths, &read, NULL));
    assert_string_equal(read[0], "/run/four");
    assert_true(config_fill(src, parse(src, "key: four\n"), "", paths, &read, NULL));
    assert_false(
        config_fill(src, parse(src, "socket: /run/fives\n"), "", paths, &read, NULL));
    assert_false(config_fill(src, parse(src, "key: ''\n"), "http", paths, &read, NULL));

    assert_faults(
        src, "x.yaml:1:6: warning: key: 'four' is no whole path: it counts from the "
             "folder that the gateway starts in, / as a service (wanted: a path that "
             "begins with /)\n"
             "x.yaml:1:6: http.key: '' is empty (allowed: the path of a file)\n"
             "x.yaml:1:9: socket: '/run/fives' is too long (allowed: a path of 1..9 "
             "bytes)\n");
}

static void keys_of_others_are_accepted(void **state)
{
    static const char *const accept[] = {"points", NULL};
    struct config_source *src = *state;
    struct everything e = {0};

    assert_true(config_fill(src, parse(src, "points: []\n"), "", options, &e, accept));
    assert_false(config_fill(src, parse(src, "point: []\n"), "", options, &e, accept));

    assert_faults(src, "x.yaml:1:1: point: unknown key (did you mean 'points'?)\n");
}

static void a_missing_required_key_is_a_fault_also_of_an_absent_section(void **state)
{
    static const struct gw_option required[] = {
        {"port", GW_OPT_UINT, 0, true, 1, 65535, NULL, NULL, NULL},
        {0},
    };
    struct config_source *src = *state;
    uint32_t port = 5;

    assert_false(config_fill(src, parse(src, "{}"), "bus", required, &port, NULL));
    assert_false(config_fill(src, NULL, "section", required, &port, NULL));

    assert_int_equal(port, 0);
    assert_faults(src, "section: 'port' is missing (allowed: a whole number, 1..65535)\n"
                       "x.yaml:1:1: bus: 'port' is missing (allowed: a whole number, "
                       "1..65535)\n");
}

static void a_later_layer_wins_key_by_key(void **state)
{
    struct config_source *src = *state;
    struct everything e = {0};
    const struct layer layers[] = {
        {.node = parse(src, "whole: 1\nchoice: red\n"), .path = "device"},
        {.node = parse(src, "whole: 2\n"), .path = "devices.x"},
    };

    assert_true(layers_fill(src, layers, 2, options, &e, true));

    assert_int_equal(e.whole, 2);
    assert_int_equal(e.choice, 0);
    assert_int_equal(e.count, 16);
}

static void a_fault_is_told_once_of_one_place(void **state)
{
    struct config_source *src = *state;
    struct config_mark mark = {"t.yaml", 3, 4};

    config_fault(src->faults, mark, "devices.a", "is wrong");
    config_fault(src->faults, mark, "devices.b", "is wrong");
    config_fault(src->faults, (struct config_mark){"t.yaml", 1, 1}, "", "is first");
    config_warning(src->faults, mark, "devices.a", "is odd");

    assert_int_equal(config_faults_errors(src->faults), 2);
    assert_int_equal(config_faults_warnings(src->faults), 1);
    assert_faults(src, "t.yaml:1:1: is first\n"
                       "t.yaml:3:4: devices.a: is wrong\n"
                       "t.yaml:3:4: warning: devices.a: is odd\n");
}

static void a_thousand_faults_are_kept_and_all_are_counted(void **state)
{
    struct config_source *src = *state;
    char *found = NULL;
    size_t size = 0;

    for (int i = 1; i <= 1200; i++)
        config_fault(src->faults, (struct config_mark){"t.yaml", i, 1}, "", "is wrong");

    FILE *out = open_memstream(&found, &size);
    assert_non_null(out);
    config_faults_print(src->faults, out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(config_faults_errors(src->faults), 1200);
    assert_non_null(strstr(found, "t.yaml:1000:1: is wrong\nand 200 more\n"));
    free(found);
}

static void the_manual_is_yaml_that_passes_its_own_table(void **state)
{
    struct config_source *src = *state;
    struct everything e = {0};
    char *manual = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&manual, &size);
    assert_non_null(out);

    config_print_options(out, "part", options, 0);

    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(manual, "part:\n  # a flag (true or false)\n  #flag: true\n"));
    for (char *p = manual; (p = strstr(p, "  #")) != NULL; p++)
        if (p[3] != ' ')
            p[2] = ' '; /* take the defaults in */
    const struct config_node *root = yaml_parse(src, "manual", manual, size);
    assert_non_null(root);
    assert_true(config_fill(src, config_child(root, "part"), "part", options, &e, NULL));
    assert_int_equal(e.duration_us, 1500000);
    free(manual);
}

int main(void)
{
#define SCHEMA_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCHEMA_TEST(defaults_are_read_by_the_same_code),
        SCHEMA_TEST(what_is_written_wins_over_the_default),
        SCHEMA_TEST(all_faults_are_told_at_once),
        SCHEMA_TEST(a_path_begins_at_the_root_and_fits),
        SCHEMA_TEST(keys_of_others_are_accepted),
        SCHEMA_TEST(a_missing_required_key_is_a_fault_also_of_an_absent_section),
        SCHEMA_TEST(a_later_layer_wins_key_by_key),
        SCHEMA_TEST(a_fault_is_told_once_of_one_place),
        SCHEMA_TEST(a_thousand_faults_are_kept_and_all_are_counted),
        SCHEMA_TEST(the_manual_is_yaml_that_passes_its_own_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
