/* Each Modbus template against bytes that its source (or its map) prints, taken from the
 * answer frame by the template's own function, address, type, order and scale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"
#include "modbus/modbus.h"
#include "modbus/options.h"
#include "modbus/plan.h"

enum { POINTS_MAX = 64, FRAME_MAX = 256 };

static const char *const core_keys[] = {"metric",  "name",  "scale",    "offset", "width",
                                        "invalid", "stale", "writable", NULL};

struct loaded {
    struct config_source src;
    const struct config_node *points;
    struct modbus_device device;
    struct modbus_point options[POINTS_MAX];
    struct gw_point_ref refs[POINTS_MAX];
    struct gw_device_ref ref;
};

static int setup(void **state)
{
    struct loaded *t = test_calloc(1, sizeof(*t));
    assert_int_equal(arena_new(&t->src.arena), 0);
    assert_int_equal(config_faults_new(&t->src.faults), 0);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct loaded *t = *state;
    config_faults_free(t->src.faults);
    arena_free(t->src.arena);
    test_free(t);
    return 0;
}

static void load(struct loaded *t, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof(path), GW_SOURCE_DIR "/etc/templates/%s.yaml", name);
    uint64_t hash = 0;
    const struct config_node *root = yaml_read(&t->src, path, &hash);
    assert_non_null(root);
    assert_string_equal(config_scalar(config_child(root, "template")), name);
    assert_non_null(config_scalar(config_child(root, "source")));
    const struct gw_driver *driver = &modbus_rtu_driver;
    bool is_good = config_fill(&t->src, config_child(root, "device"), "device",
                               driver->device_options, &t->device, NULL);
    t->points = config_child(root, "points");
    t->ref =
        (struct gw_device_ref){.name = name, .options = &t->device, .points = t->refs};
    t->ref.point_count = config_count(t->points);
    assert_in_range(t->ref.point_count, 1, POINTS_MAX);
    for (size_t i = 0; i < t->ref.point_count; i++) {
        const struct config_node *node = config_item(t->points, i);
        is_good &= config_fill(&t->src, node, "points", driver->point_options,
                               &t->options[i], core_keys);
        t->refs[i] =
            (struct gw_point_ref){.name = config_scalar(config_child(node, "metric")),
                                  .options = &t->options[i]};
    }
    if (!is_good)
        config_faults_print(t->src.faults, stderr);
    assert_true(is_good);
}

/* "01 03 04 …" to bytes; the checksum must be right, as a slave's would be. */
static size_t bytes_of(const char *text, uint8_t ret[FRAME_MAX])
{
    size_t n = 0;
    for (char *end; *text && n < FRAME_MAX; text = end)
        ret[n++] = (uint8_t)strtoul(text, &end, 16);
    uint16_t crc = 0xffff;
    for (size_t i = 0; i < n; i++) {
        crc ^= ret[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
    }
    assert_int_equal(crc, 0);
    return n;
}

static double number_of(const struct config_node *node, const char *key, double otherwise)
{
    const char *text = config_scalar(config_child(node, key));
    return text ? strtod(text, NULL) : otherwise;
}

/* name: of the point, NULL where the metric is there once.
 * address: of the first register or bit in the frame.  value: in the metric's unit. */
static const struct row {
    const char *template;
    const char *frame;
    uint32_t address;
    const char *metric;
    const char *name;
    double value;
} rows[] = {
    {"jxct-lux", "01 03 04 00 02 06 F6 D8 15", 7, "desk_lux", NULL, 132854},
    {"jxct-th-lux", "01 03 04 02 8A FF 9B DA 3A", 0, "humidity", NULL, 65.0},
    {"jxct-th-lux", "01 03 04 02 8A FF 9B DA 3A", 0, "temperature", NULL, -10.1},
    {"jxct-th-lux", "01 03 04 00 02 06 F6 D8 15", 7, "desk_lux", NULL, 132854},
    {"jxct-air", "01 03 04 02 8A FF 9B DA 3A", 0, "temperature", NULL, -10.1},
    {"jxct-air", "01 03 02 01 C3 F9 85", 5, "co2", NULL, 451},
    {"renke-light-th", "01 03 08 02 8A 00 FA 00 00 01 2C E7 9F", 0, "humidity", NULL,
     65.0},
    {"renke-light-th", "01 03 08 02 8A 00 FA 00 00 01 2C E7 9F", 0, "temperature", NULL,
     25.0},
    {"renke-light-th", "01 03 08 02 8A 00 FA 00 00 01 2C E7 9F", 0, "desk_lux", NULL,
     300},
    {"xy-md02", "01 04 02 01 07 F9 62", 1, "temperature", NULL, 26.3},
    {"xy-md02", "01 04 02 01 31 79 74", 1, "temperature", NULL, 30.5},
    {"sonbest-sm7820b", "01 03 04 00 7A 00 00 DB EA", 0, "temperature", NULL, 1.22},
    {"sonbest-sm7820b", "01 03 04 00 7A 00 00 DB EA", 0, "humidity", NULL, 0},
    {"kincony-sht30", "01 03 04 28 0A 02 8A 53 56", 0, "temperature", NULL, -25.0},
    {"senseair-s8", "FE 04 02 03 88 AD B2", 3, "co2", NULL, 904},
    {"senseair-k30", "68 04 02 03 01 24 09", 3, "co2", NULL, 769},
    {"seeed-s-co2-03", "2D 03 02 01 C3 68 43", 0, "co2", NULL, 451},
    {"wb-msw", "01 04 04 00 00 75 30 DD 00", 9, "desk_lux", NULL, 300.0},
    {"noise-485", "01 03 02 02 0B F8 E3", 0, "noise", NULL, 52.3},
    {"mtdx62-radar", "01 04 08 00 01 0B B8 00 FA 00 00 B5 9C", 0, "presence", NULL, 1},
    {"mtdx62-radar", "01 04 08 00 01 0B B8 00 FA 00 00 B5 9C", 0, "desk_lux", NULL,
     300.0},
    {"eastron-sdm120", "01 04 04 43 5C 80 00 4F D2", 0, "voltage", NULL, 220.5},
    {"chint-ddsu666", "01 03 04 43 5C 80 00 4E 65", 0x2000, "voltage", NULL, 220.5},
    {"dds238", "01 03 0C 08 FC 00 C8 01 C2 00 14 03 D4 13 88 26 10", 12, "voltage", NULL,
     230.0},
    {"dds238", "01 03 0C 08 FC 00 C8 01 C2 00 14 03 D4 13 88 26 10", 12, "current", NULL,
     2.0},
    {"dds238", "01 03 0C 08 FC 00 C8 01 C2 00 14 03 D4 13 88 26 10", 12, "power", NULL,
     450},
    {"dds238", "01 03 0C 08 FC 00 C8 01 C2 00 14 03 D4 13 88 26 10", 12, "frequency",
     NULL, 50.0},
    {"pzem-016", "01 04 12 08 FC 01 F4 00 00 04 4C 00 00 27 10 00 00 01 F4 00 5F B8 E7",
     0, "voltage", NULL, 230.0},
    {"pzem-016", "01 04 12 08 FC 01 F4 00 00 04 4C 00 00 27 10 00 00 01 F4 00 5F B8 E7",
     0, "current", NULL, 0.5},
    {"pzem-016", "01 04 12 08 FC 01 F4 00 00 04 4C 00 00 27 10 00 00 01 F4 00 5F B8 E7",
     0, "power", NULL, 110.0},
    {"pzem-016", "01 04 12 08 FC 01 F4 00 00 04 4C 00 00 27 10 00 00 01 F4 00 5F B8 E7",
     0, "frequency", NULL, 50.0},
    {"wp8026-inputs", "01 02 01 C2 20 19", 0, "circuit", "in2", 1},
    {"wp8026-inputs", "01 02 01 C2 20 19", 0, "circuit", "in3", 0},
    {"wp8026-inputs", "01 02 01 C2 20 19", 0, "circuit", "in8", 1},
    {"wb-mcm8", "01 02 01 C2 20 19", 0, "circuit", "in7", 1},
    {"waveshare-relay-8", "01 01 01 05 91 8B", 0, "relay", "relay3", 1},
    {"waveshare-relay-8", "01 01 01 05 91 8B", 0, "relay", "relay2", 0},
    {"bestep-relay", "FF 02 01 C2 11 F1", 0, "circuit", "in2", 1},
};

static bool is_named(const struct config_node *point, const struct row *row)
{
    const char *name = config_scalar(config_child(point, "name"));
    return strcmp(config_scalar(config_child(point, "metric")), row->metric) == 0
           && (row->name ? name && strcmp(name, row->name) == 0 : !name);
}

/* What the template makes of the frame: NAN when it does not read those registers. */
static double read_frame(const struct loaded *t, size_t i, const struct row *row)
{
    uint8_t frame[FRAME_MAX] = {0};
    uint16_t registers[FRAME_MAX / 2] = {0};
    size_t size = bytes_of(row->frame, frame);
    const struct modbus_point *p = &t->options[i];
    assert_int_equal(size, 5 + frame[2]);
    if (frame[0] != t->device.unit || frame[1] != p->function
        || p->address < row->address)
        return NAN;
    uint32_t index = p->address - t->device.base - row->address;
    if (frame_is_of_bits(p->function))
        return frame[3 + index / 8] >> (index % 8) & 1;
    for (size_t k = 0; k < frame[2] / 2u; k++)
        registers[k] = (uint16_t)(frame[3 + 2 * k] << 8 | frame[4 + 2 * k]);
    if (index + modbus_point_span(p) > frame[2] / 2u)
        return NAN;
    const struct config_node *node = config_item(t->points, i);
    return modbus_decode(&registers[index], (enum modbus_type)p->type,
                         (enum modbus_order)p->order)
               * number_of(node, "scale", 1)
           + number_of(node, "offset", 0);
}

static void templates_read_the_published_bytes(void **state)
{
    struct loaded *t = *state;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        double value = NAN;
        load(t, rows[r].template);
        for (size_t i = 0; i < t->ref.point_count; i++)
            if (is_named(config_item(t->points, i), &rows[r]))
                value = read_frame(t, i, &rows[r]);
        if (!(fabs(value - rows[r].value) < 1e-9 * (1 + fabs(rows[r].value))))
            fail_msg("%s %s: %g instead of %g", rows[r].template, rows[r].metric, value,
                     rows[r].value);
    }
}

static bool is_modbus(struct loaded *t, const char *path)
{
    uint64_t hash = 0;
    const struct config_node *root = yaml_read(&t->src, path, &hash);
    const char *driver = root ? config_scalar(config_child(root, "driver")) : NULL;
    return driver && strncmp(driver, "modbus", strlen("modbus")) == 0;
}

/* Calls @look with the name of every Modbus template.  returns how many there are */
static size_t each_template(struct loaded *t, void (*look)(struct loaded *, const char *))
{
    size_t count = 0;
    DIR *folder = opendir(GW_SOURCE_DIR "/etc/templates");
    assert_non_null(folder);
    for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        char path[512];
        char name[256];
        (void)snprintf(path, sizeof(path), GW_SOURCE_DIR "/etc/templates/%s", e->d_name);
        char *end = strstr(e->d_name, ".yaml");
        if (!end || !is_modbus(t, path))
            continue;
        (void)snprintf(name, sizeof(name), "%.*s", (int)(end - e->d_name), e->d_name);
        look(t, name);
        count++;
    }
    closedir(folder);
    return count;
}

static void expect_sound(struct loaded *t, const char *name)
{
    struct gw_error err = {0};
    load(t, name);
    if (modbus_check(&(struct modbus_bus){0}, &t->ref, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    assert_int_equal(modbus_plan_new(&t->ref, 20, &t->device.plan), 0);
    assert_in_range(t->device.plan->count, 1, 3);
    t->device.plan = modbus_plan_free(t->device.plan);
}

static void expect_row(struct loaded *t, const char *name)
{
    (void)t;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
        if (strcmp(rows[r].template, name) == 0)
            return;
    fail_msg("%s has no bytes to be tested on", name);
}

static void templates_pass_the_drivers_check_and_need_few_requests(void **state)
{
    assert_true(each_template(*state, expect_sound) >= 10);
}

static void every_modbus_template_is_tested_on_bytes(void **state)
{
    assert_true(each_template(*state, expect_row) >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(templates_read_the_published_bytes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            templates_pass_the_drivers_check_and_need_few_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(every_modbus_template_is_tested_on_bytes, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
