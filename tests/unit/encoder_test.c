/* What the encoder knows of the school: its zone, and whom a figure would tell of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "config_fixture.h"
#include "uplink/county.h"

enum { PEOPLE_SMALL = 1, CO2_SMALL, PEOPLE_LARGE, PEOPLE_DORMITORY };

static const int64_t morning_us = INT64_C(1795652430000000); /* 2026-11-26T00:20:30Z */
static const char boot[] = "9b1d3c5e-7f20-4a61-8c3d-0e2f4a6b8c9d";

static const char campus[] =
    "timezone: Asia/Shanghai\n"
    "places:\n"
    "  - {id: small, kind: classroom, title: 教学点, capacity: 50, class: 2024-P-01}\n"
    "  - {id: large, kind: classroom, title: 教室, capacity: 50, class: 2024-P-02}\n"
    "  - {id: next, kind: classroom, title: 教室, capacity: 50, class: 2024-P-03}\n"
    "  - {id: b1-203, kind: classroom, title: 教室, capacity: 50}\n"
    "  - {id: b1-204, kind: classroom, title: 教室, capacity: 50}\n"
    "  - {id: gate-south, kind: gate, title: 南门}\n"
    "  - {id: dorm-1, kind: dormitory, title: 宿舍}\n"
    "classes:\n"
    "  - {id: 2024-P-01, stage: primary, enrolled: 4, staff: 1}\n"
    "  - {id: 2024-P-02, stage: primary, enrolled: 6, staff: 1}\n"
    "  - {id: 2024-P-03, stage: primary, enrolled: 5, staff: 1}\n"
    "bells:\n"
    "  primary:\n"
    "    - {phase: lesson, start: \"08:20\", end: \"09:00\"}\n";

static const struct county_config config = {
    .gateway = "gw-01",
    .school = "2153012345",
    .division = "530502",
    .telemetry = {.is_on = true},
};

struct school {
    struct fixture fixture;
    struct county_encoder *encoder;
};

static int set_up(void **state)
{
    struct school *s = calloc(1, sizeof(*s));
    fixture_open(&s->fixture);
    fixture_put(&s->fixture, "campus.yaml", campus);
    fixture_load(&s->fixture);
    assert_non_null(s->fixture.campus);
    struct county_encoder *e;
    assert_int_equal(
        county_encoder_new(&config, s->fixture.config, s->fixture.campus, &e), 0);
    assert_int_equal(county_encoder_point(e, PEOPLE_SMALL, "small/people", ""), 0);
    assert_int_equal(county_encoder_point(e, CO2_SMALL, "small/co2", "ppm"), 0);
    assert_int_equal(county_encoder_point(e, PEOPLE_LARGE, "large/people_in.door", ""),
                     0);
    assert_int_equal(county_encoder_point(e, PEOPLE_DORMITORY, "dorm-1/occupancy", ""),
                     0);
    s->encoder = e;
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct school *s = *state;
    county_encoder_free(s->encoder);
    fixture_close(&s->fixture);
    free(s);
    return 0;
}

/* The body, or NULL for what stays in the school. */
static json_t *encode(struct school *s, const struct gw_record *record)
{
    int priority;
    char *text = county_encode(s->encoder, record, 1, 1, &priority);
    json_t *body = text ? json_loads(text, 0, NULL) : NULL;
    assert_true(!text == !body);
    free(text);
    return body;
}

static bool lets_reading_out(struct school *s, uint32_t point)
{
    struct gw_record record = {
        .kind = GW_RECORD_READING,
        .flags = GW_RECORD_TELEMETRY,
        .reading = {.point = point, .time_us = morning_us, .source_us = GW_TIME_NONE},
    };
    json_t *body = encode(s, &record);
    json_decref(body);
    return body != NULL;
}

static void counts_of_few_pupils_stay_in_the_school(void **state)
{
    struct school *s = *state;
    assert_false(lets_reading_out(s, PEOPLE_SMALL));
    assert_true(lets_reading_out(s, CO2_SMALL));
    assert_true(lets_reading_out(s, PEOPLE_LARGE));
    assert_false(lets_reading_out(s, PEOPLE_DORMITORY));
}

static void summary_of_a_small_class_has_air_but_no_people(void **state)
{
    struct school *s = *state;
    struct gw_summary_item items[] = {{"occupancy", 3, 3, 4, 4, 1, 9},
                                      {"co2", 600, 640, 700, 650, 1, 9}};
    struct gw_record record = {
        .kind = GW_RECORD_SUMMARY,
        .summary = {"small", morning_us, INT64_C(900000000), items, 2},
    };
    json_t *body = encode(s, &record);
    const json_t *out = json_object_get(json_object_get(body, "data"), "items");
    assert_int_equal(json_array_size(out), 1);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(out, 0), "metric")), "co2");
    json_decref(body);
    record.summary.count = 1;
    assert_null(encode(s, &record));
}

static void summary_of_a_class_makes_no_row(void **state)
{
    struct school *s = *state;
    struct gw_summary_item items[] = {{"pupils", 30, 30, 31, 31, 1, 9}};
    struct gw_record record = {
        .kind = GW_RECORD_SUMMARY,
        .summary = {"2024-P-02", morning_us, INT64_C(900000000), items, 1},
    };
    assert_null(encode(s, &record));
    (void)snprintf(record.summary.object, GW_ID_MAX, "large");
    json_t *body = encode(s, &record);
    assert_non_null(body);
    json_decref(body);
}

static const json_t *data_of(const json_t *body, const char *name)
{
    return json_object_get(json_object_get(body, "data"), name);
}

static void a_days_fact_has_its_key_and_why_it_is_not_whole(void **state)
{
    struct school *s = *state;
    const struct gw_fact_value values[] = {
        {.name = "absent", .value = 4},
        {.name = "mean", .value = NAN},
        {.name = "gas", .value = NAN, .text = "no-sensor"},
        {.name = "missing.unknown", .value = 0.25},
    };
    const struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "attendance",
                 .object = "school",
                 .start_us = INT64_C(1795622400000000), /* 2026-11-26, local */
                 .end_us = INT64_C(1795708800000000),
                 .time_us = morning_us,
                 .values = values,
                 .count = 4,
                 .completeness = 0.75,
                 .period = GW_PERIOD_DAY,
                 .revision = 2},
    };
    json_t *body = encode(s, &record);
    assert_string_equal(json_string_value(json_object_get(body, "type")),
                        "campus.daily.v1");
    assert_string_equal(json_string_value(data_of(body, "key")),
                        "daily/attendance/school/2026-11-26");
    assert_int_equal(json_integer_value(data_of(body, "revision")), 2);
    assert_int_equal(json_object_size(data_of(body, "values")), 3);
    assert_true(json_is_null(json_object_get(data_of(body, "values"), "mean")));
    assert_float_equal(
        json_number_value(json_object_get(data_of(body, "missing"), "unknown")), 0.25, 0);
    json_decref(body);
}

static void a_months_fact_of_a_withheld_class_makes_no_row(void **state)
{
    struct school *s = *state;
    struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "class-sizes",
                 .object = "2024-P-03", /* stands behind the small one */
                 .time_us = morning_us,
                 .period = GW_PERIOD_MONTH,
                 .revision = 1},
    };
    assert_null(encode(s, &record));
    record.fact.object = "2024-P-02";
    json_t *body = encode(s, &record);
    assert_non_null(body);
    json_decref(body);
}

static void alarm_of_a_small_class_has_no_value(void **state)
{
    struct school *s = *state;
    static const struct {
        const char *object;
        bool has_value;
    } cases[] = {{"small", false},     {"2024-P-01", false}, {"next", false},
                 {"2024-P-03", false}, {"large", true},      {"gate", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gw_record record = {
            .kind = GW_RECORD_TRANSITION,
            .transition = {.rule = "CS-04",
                           .value = 3,
                           .time_us = morning_us,
                           .time_quality = GW_TIME_GOOD},
        };
        (void)snprintf(record.transition.object, GW_ID_MAX, "%s", cases[i].object);
        json_t *body = encode(s, &record);
        const json_t *value = json_object_get(json_object_get(body, "data"), "value");
        assert_int_equal(json_is_number(value), cases[i].has_value);
        json_decref(body);
    }
}

static void fact_about_a_small_class_makes_no_row(void **state)
{
    struct school *s = *state;
    struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "lesson", .object = "2024-P-01", .time_us = morning_us},
    };
    assert_null(encode(s, &record));
    record.fact.object = "2024-P-02";
    json_t *body = encode(s, &record);
    assert_non_null(body);
    json_decref(body);
}

static void fact_that_stays_in_the_school_makes_no_row(void **state)
{
    struct school *s = *state;
    const struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "TT-01",
                 .object = "2024-P-02",
                 .time_us = morning_us,
                 .stays = true},
    };
    assert_null(encode(s, &record));
}

static void times_are_the_schools_own(void **state)
{
    struct school *s = *state;
    struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "lesson",
                 .object = "school",
                 .start_us = morning_us - 1,
                 .end_us = 0,
                 .time_us = morning_us},
    };
    json_t *body = encode(s, &record);
    const json_t *data = json_object_get(body, "data");
    assert_string_equal(json_string_value(json_object_get(body, "time")),
                        "2026-11-26T08:20:30+08:00");
    assert_string_equal(json_string_value(json_object_get(data, "start")),
                        "2026-11-26T08:20:29.999999+08:00");
    assert_string_equal(json_string_value(json_object_get(data, "end")),
                        "1970-01-01T08:00:00+08:00");
    json_decref(body);
}

/* 90 s after the boot the clock was set. */
static void a_correction_says_when_machine_time_was_zero(void **state)
{
    const struct gw_time_correction correction = {.boot = boot,
                                                  .until_us = INT64_C(90000000),
                                                  .zero_us = morning_us,
                                                  .not_after_us = morning_us};
    json_t *body = encode(*state, &(struct gw_record){.kind = GW_RECORD_TIME_CORRECTION,
                                                      .correction = correction});
    json_t *data = json_object_get(body, "data");
    assert_string_equal(json_string_value(json_object_get(body, "type")),
                        "campus.time-correction.v1");
    assert_string_equal(json_string_value(json_object_get(body, "time")),
                        "2026-11-26T08:22:00+08:00");
    assert_string_equal(json_string_value(json_object_get(data, "zero")),
                        "2026-11-26T08:20:30+08:00");
    assert_int_equal(json_integer_value(json_object_get(data, "until_ms")), 90000);
    assert_string_equal(json_string_value(json_object_get(data, "boot")), boot);
    assert_null(json_object_get(data, "not_after"));
    json_decref(body);
}

static void a_boot_that_ended_without_a_clock_is_not_guessed(void **state)
{
    const struct gw_time_correction correction = {.boot = boot,
                                                  .until_us = INT64_C(90000000),
                                                  .zero_us = GW_TIME_NONE,
                                                  .not_after_us = morning_us};
    json_t *body = encode(*state, &(struct gw_record){.kind = GW_RECORD_TIME_CORRECTION,
                                                      .correction = correction});
    json_t *data = json_object_get(body, "data");
    assert_string_equal(json_string_value(json_object_get(data, "not_after")),
                        "2026-11-26T08:20:30+08:00");
    assert_null(json_object_get(data, "zero"));
    assert_null(json_object_get(data, "until_ms"));
    json_decref(body);
}

/* Its clock stood at 1970 when the machine was started, and the quarter ended after 15
 * minutes and 1 s. */
static const struct gw_unknown_time unknown = {
    .boot = boot, .ahead_us = INT64_C(3000000), .not_after_us = morning_us};

static json_t *encode_undated(struct school *s, struct gw_record record)
{
    record.unknown = &unknown;
    json_t *body = encode(s, &record);
    json_t *data = json_object_get(body, "data");
    assert_null(json_object_get(body, "time"));
    assert_string_equal(json_string_value(json_object_get(body, "timequality")),
                        "unknown");
    assert_string_equal(json_string_value(json_object_get(data, "boot")), boot);
    assert_string_equal(json_string_value(json_object_get(data, "not_after")),
                        "2026-11-26T08:20:30+08:00");
    return body;
}

static void assert_ms(const json_t *body, const char *name, json_int_t ms)
{
    const json_t *data = json_object_get(body, "data");
    assert_int_equal(json_integer_value(json_object_get(data, name)), ms);
}

static void what_nobody_will_date_says_when_in_its_boot_it_was(void **state)
{
    const struct gw_summary_item item = {.metric = "co2", .valid = 1, .count = 3};
    json_t *body =
        encode_undated(*state, (struct gw_record){.kind = GW_RECORD_SUMMARY,
                                                  .summary = {.object = "b1-204",
                                                              .start_us = 4000000,
                                                              .period_us = 900000000,
                                                              .items = &item,
                                                              .count = 1}});
    assert_ms(body, "start_mono_ms", 1000);
    assert_ms(body, "mono_ms", 901000);
    assert_null(json_object_get(json_object_get(body, "data"), "start"));
    json_decref(body);
    body = encode_undated(*state, (struct gw_record){.kind = GW_RECORD_FACT,
                                                     .fact = {.kind = "security-test",
                                                              .object = "school",
                                                              .start_us = 5000000,
                                                              .end_us = 6000000,
                                                              .time_us = 7000000}});
    assert_ms(body, "start_mono_ms", 2000);
    assert_ms(body, "end_mono_ms", 3000);
    assert_ms(body, "mono_ms", 4000);
    json_decref(body);
}

int main(void)
{
#define WITH_SCHOOL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_SCHOOL(counts_of_few_pupils_stay_in_the_school),
        WITH_SCHOOL(summary_of_a_small_class_has_air_but_no_people),
        WITH_SCHOOL(summary_of_a_class_makes_no_row),
        WITH_SCHOOL(a_days_fact_has_its_key_and_why_it_is_not_whole),
        WITH_SCHOOL(a_months_fact_of_a_withheld_class_makes_no_row),
        WITH_SCHOOL(alarm_of_a_small_class_has_no_value),
        WITH_SCHOOL(fact_about_a_small_class_makes_no_row),
        WITH_SCHOOL(fact_that_stays_in_the_school_makes_no_row),
        WITH_SCHOOL(times_are_the_schools_own),
        WITH_SCHOOL(a_correction_says_when_machine_time_was_zero),
        WITH_SCHOOL(a_boot_that_ended_without_a_clock_is_not_guessed),
        WITH_SCHOOL(what_nobody_will_date_says_when_in_its_boot_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
