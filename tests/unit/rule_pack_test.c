/* The rules as shipped, on the catalogue as shipped, in a school that feeds them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>

#include "rule_fixture.h"

static const char pack_campus[] =
    "timezone: Asia/Shanghai\n"
    "stages: {primary: {limit: 45}}\n"
    "places:\n"
    "  - {id: b1-203, kind: classroom, title: a, capacity: 50, class: 2024-P-01}\n"
    "  - {id: gate-south, kind: gate, title: b}\n"
    "  - {id: gatehouse, kind: gatehouse, title: c}\n"
    "  - {id: side-door, kind: entrance, title: e, tags: [entrance]}\n"
    "  - {id: dormitory-1, kind: dormitory, title: d}\n"
    "  - {id: stairs-1, kind: stairs, title: e}\n"
    "  - {id: ground, kind: sports_ground, title: f}\n"
    "classes:\n"
    "  - {id: 2024-P-01, stage: primary, enrolled: 46}\n"
    "bells:\n"
    "  primary:\n"
    "    - {phase: lesson, start: '08:20', end: '09:00'}\n"
    "    - {phase: lesson, start: '09:15', end: '09:55'}\n"
    "    - {phase: boarding_night, start: '21:20', end: '06:30'}\n";

/* Also what plugins derive: here the rules are alone. */
static const char pack_devices[] =
    "buses: [{name: broker-1, driver: teller, host: 127.0.0.1}]\n"
    "devices:\n"
    "  - {name: room-203, bus: broker-1, topic: a, place: b1-203, supervision: 1h,\n"
    "     points: [{metric: desk_light, path: a}, {metric: board_light, path: b},\n"
    "       {metric: occupancy, path: c}, {metric: co2_comp, path: d},\n"
    "       {metric: temperature, path: e}, {metric: lamp_desk, path: f},\n"
    "       {metric: lamp_board, path: g}, {metric: lamp_cct, path: h},\n"
    "       {metric: lamp_svm, path: i}, {metric: co2_day, path: j},\n"
    "       {metric: pm25_day, path: k}, {metric: noise_empty, path: l}]}\n"
    "  - {name: gate, bus: broker-1, topic: b, place: gate-south, supervision: 1h,\n"
    "     points: [{metric: gate, path: a}, {metric: attended, path: b},\n"
    "       {metric: forced, path: c}]}\n"
    "  - {name: post, bus: broker-1, topic: c, place: gatehouse, supervision: 1h,\n"
    "     points: [{metric: manned, path: a}, {metric: panic, path: b},\n"
    "       {metric: perimeter, path: c}, {metric: cabinet, path: d},\n"
    "       {metric: cameras_offline, path: e}, {metric: recorder, path: f},\n"
    "       {metric: video_days, path: g}, {metric: fire, path: h},\n"
    "       {metric: gas, path: i}, {metric: co, path: j}, {metric: tamper, path: k},\n"
    "       {metric: mains, path: l}, {metric: battery_low, path: m},\n"
    "       {metric: duress, path: n}, {metric: test_days, path: o},\n"
    "       {metric: bypassed, path: p}, {metric: intrusion, path: q},\n"
    "       {metric: rounds_day, path: r}, {metric: round_age, path: s},\n"
    "       {metric: camera, path: t}, {metric: cameras_offline_share, path: u},\n"
    "       {metric: smoke, path: v}, {metric: fire_fault, path: w}]}\n"
    "  - {name: side, bus: broker-1, topic: e, place: side-door, supervision: 1h,\n"
    "     points: [{metric: door, path: a}]}\n"
    "  - {name: weather, bus: broker-1, topic: f, place: ground, supervision: 1h,\n"
    "     points: [{metric: rain, path: a}, {metric: aqi, path: b},\n"
    "       {metric: pm25, path: c}]}\n"
    "  - {name: exit, bus: broker-1, topic: d, place: dormitory-1, supervision: 1h,\n"
    "     points: [{metric: door_lock, path: a}, {metric: circuit, path: b},\n"
    "       {metric: lights_out, path: c}, {metric: night_exit, path: d}]}\n";

static const char *const class_figures[] = {
    "2024-P-01/class_size",       "2024-P-01/absent",
    "2024-P-01/outdoor_verdict",  "2024-P-01/attendance_mismatch",
    "2024-P-01/special_verdict",  "2024-P-01/recess_release",
    "2024-P-01/exercise_minutes", "2024-P-01/early_seated",
    "2024-P-01/screen_share",     "2024-P-01/screen_share_week"};

static struct rule_school *school;

static void copy_shipped(struct rule_school *s, const char *path, const char *name)
{
    size_t size = 0;
    char *bytes = fixture_read(path, &size);
    fixture_write(&s->files, name, bytes, size);
    free(bytes);
}

static void copy_rules(struct rule_school *s)
{
    glob_t found;
    assert_int_equal(glob(GW_SOURCE_DIR "/etc/rules/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[100];
        (void)snprintf(name, sizeof(name), "rules/%s",
                       strrchr(found.gl_pathv[i], '/') + 1);
        copy_shipped(s, found.gl_pathv[i], name);
    }
    globfree(&found);
}

/* What no device feeds: the daemon's word on itself, and the plugins'. */
static void own_point(uint32_t id, const char *object, const char *name,
                      const char *metric)
{
    const struct point_entry entry = {.id = id,
                                      .name = name,
                                      .object = object,
                                      .metric =
                                          config_metric(school->files.config, metric)};
    assert_non_null(entry.metric);
    assert_int_equal(point_table_add(school->points, &entry), 0);
}

static int set_up(void **state)
{
    (void)state;
    school = calloc(1, sizeof(*school));
    assert_non_null(school);
    fixture_open(&school->files);
    copy_shipped(school, GW_SOURCE_DIR "/etc/metrics.yaml", "metrics.yaml");
    copy_rules(school);
    fixture_put(&school->files, "campus.yaml", pack_campus);
    fixture_put(&school->files, "devices.d/b1.yaml", pack_devices);
    fixture_load(&school->files);
    school_points(school);
    own_point(1000, "gateway", "gateway/store_state", "store_state");
    own_point(1001, "gateway", "gateway/store_writes", "store_writes");
    own_point(1005, "gateway", "gateway/disk_free", "disk_free");
    own_point(1006, "gateway", "gateway/clock_error", "clock_error");
    own_point(1007, "gateway", "gateway/county_link", "county_link");
    own_point(1008, "broker-1", "broker-1/bus_state", "bus_state");
    own_point(1009, "gateway", "gateway/output_faults", "output_faults");
    own_point(1900, "gateway", "gateway/outbox_fill", "outbox_fill");
    own_point(1901, "gateway", "gateway/outbox_dropped", "outbox_dropped");
    own_point(1902, "gateway", "gateway/county_id", "county_id");
    own_point(1903, "gateway", "gateway/certificate_days", "certificate_days");
    own_point(1002, "school", "school/service_end", "service_end");
    own_point(1003, "school", "school/service_overrun", "service_overrun");
    own_point(1004, "stairs-1", "stairs-1/stair_flow", "stair_flow");
    for (uint32_t i = 0; i < sizeof(class_figures) / sizeof(class_figures[0]); i++)
        own_point(1010 + i, "2024-P-01", class_figures[i],
                  class_figures[i] + strlen("2024-P-01/"));
    school_rules(school);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    school_close(school);
    return 0;
}

/* How often @rule was raised, and that it is about @object. */
static size_t raised(const char *rule, const char *object)
{
    size_t n = 0;
    for (size_t i = 0; i < school->count; i++) {
        const struct happened *h = &school->happened[i];
        if (strcmp(h->rule, rule) != 0 || !h->is_active)
            continue;
        assert_string_equal(h->object, object);
        n++;
    }
    return n;
}

static void tell(const char *point, int64_t time_us, double value)
{
    school_read(school, point, time_us, value, 0);
}

static void shipped_rules_have_no_fault_and_all_are_judged(void **state)
{
    (void)state;
    struct rule_row rows[96];
    char *text = fixture_faults(&school->files);
    assert_string_equal(text, "");
    free(text);
    size_t n = rules_rows(school->rules, rows, 96);
    assert_in_range(n, 20, 96);
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i].instances > 0);
        assert_true(rows[i].title.zh && rows[i].title.en);
        assert_true(strcmp(rows[i].title.zh, rows[i].title.en) != 0);
        assert_true(rows[i].basis[0] && rows[i].basis_edition[0]); /* law, and how sure */
    }
}

static void class_of_46_is_over_45_from_the_start(void **state)
{
    (void)state;
    school_start(school, at_clock(7, 0, 0));
    assert_int_equal(raised("CS-01", "2024-P-01"), 1);
    assert_int_equal(raised("CS-03", "2024-P-01"), 0);
}

static void room_for_50_with_51_alarms_after_5_minutes(void **state)
{
    (void)state;
    school_start(school, at_clock(7, 0, 0));
    tell("b1-203/occupancy", at_clock(12, 0, 0), 51);
    rules_run(school->rules, at_clock(12, 4, 59));
    assert_int_equal(raised("CS-04", "b1-203"), 0);
    rules_run(school->rules, at_clock(12, 5, 0));
    assert_int_equal(raised("CS-04", "b1-203"), 1);
}

static void dark_desks_in_a_lesson_alarm_and_a_silent_sensor_does_not(void **state)
{
    (void)state;
    school_start(school, at_clock(8, 0, 0));
    tell("b1-203/occupancy", at_clock(8, 10, 0), 40);
    tell("b1-203/desk_light", at_clock(8, 10, 0), 212);
    rules_run(school->rules, at_clock(9, 5, 0));
    assert_int_equal(raised("EY-01", "b1-203"), 1);
    tell("broker-1/bus_state", at_clock(9, 5, 0), 0);
    tell("b1-203/desk_light", at_clock(9, 5, 0), NAN);
    rules_run(school->rules, at_clock(9, 55, 0));
    assert_int_equal(raised("EY-01", "b1-203"), 1);
    assert_int_equal(raised("SY-01", "room-203"), 1);
}

static void security_contacts_alarm_at_any_hour(void **state)
{
    (void)state;
    school_start(school, at_clock(22, 0, 0));
    tell("gatehouse/bypassed", at_clock(22, 0, 0), 0);
    tell("gatehouse/panic", at_clock(22, 0, 1), 1);
    assert_int_equal(raised("TF-01", "post"), 1);
    tell("gatehouse/gas", at_clock(22, 0, 2), 1);
    assert_int_equal(raised("TF-10", "post"), 1);
    tell("gatehouse/fire", at_clock(22, 0, 3), 1);
    tell("gatehouse/tamper", at_clock(22, 0, 3), 1);
    tell("gatehouse/perimeter", at_clock(22, 0, 3), 1);
    rules_run(school->rules, at_clock(22, 0, 3) + SECOND / 2);
    assert_int_equal(raised("TF-09", "post"), 1);
    assert_int_equal(raised("TF-12", "post"), 1);
    assert_int_equal(raised("TF-03", "post"), 1);
    tell("dormitory-1/door_lock", at_clock(22, 0, 4), 1);
    assert_int_equal(raised("TF-11", "dormitory-1"), 1);
}

static void gate_is_judged_unattended_and_carbon_monoxide_by_its_dose(void **state)
{
    (void)state;
    school_start(school, at_clock(8, 20, 0));
    tell("gate-south/gate", at_clock(8, 30, 0), 1);
    tell("gate-south/attended", at_clock(8, 30, 0), 1);
    tell("gatehouse/co", at_clock(8, 30, 0), 120);
    rules_run(school->rules, at_clock(8, 37, 0));
    assert_int_equal(raised("TF-04", "gate-south") + raised("TF-10-co", "post"), 0);
    tell("gate-south/attended", at_clock(8, 37, 0), 0);
    rules_run(school->rules, at_clock(8, 38, 0));
    assert_int_equal(raised("TF-04", "gate-south"), 1);
    rules_run(school->rules, at_clock(8, 40, 0));
    assert_int_equal(raised("TF-10-co", "post"), 1);
}

/* The file with its examples taken out of their comments. */
static void put_examples(struct rule_school *s)
{
    size_t size = 0;
    char *text = fixture_read(GW_SOURCE_DIR "/etc/rules.d/example.yaml", &size);
    char *end = strstr(text, "[]\n");
    assert_non_null(end);
    memcpy(end, "  ", 2);
    for (char *line = strstr(end, "\n#"); line; line = strstr(line + 1, "\n#"))
        line[1] = ' ';
    fixture_put(&s->files, "rules.d/own.yaml", text);
    free(text);
}

static void examples_of_own_rules_load_as_they_stand(void **state)
{
    struct rule_row rows[96];
    tear_down(state);
    school = calloc(1, sizeof(*school));
    assert_non_null(school);
    fixture_open(&school->files);
    copy_shipped(school, GW_SOURCE_DIR "/etc/metrics.yaml", "metrics.yaml");
    copy_rules(school);
    put_examples(school);
    fixture_load(&school->files);
    school_points(school);
    school_rules(school);
    if (config_faults_errors(school->files.faults) > 0)
        config_faults_print(school->files.faults, stderr);
    assert_int_equal(config_faults_errors(school->files.faults), 0);
    size_t n = rules_rows(school->rules, rows, 96);
    assert_string_equal(rows[n - 1].id, "LIB-01");
    for (size_t i = 0; i < n; i++)
        assert_string_not_equal(rows[i].id, "CS-01");
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(shipped_rules_have_no_fault_and_all_are_judged),
        UNIT(class_of_46_is_over_45_from_the_start),
        UNIT(room_for_50_with_51_alarms_after_5_minutes),
        UNIT(dark_desks_in_a_lesson_alarm_and_a_silent_sensor_does_not),
        UNIT(security_contacts_alarm_at_any_hour),
        UNIT(gate_is_judged_unattended_and_carbon_monoxide_by_its_dose),
        UNIT(examples_of_own_rules_load_as_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
