/* A record's text outlives its boot, and no other text is taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/undated_form.h"

enum { SHIFT_US = 1000 };

static struct undated_form *pass(const struct gw_record *record)
{
    struct undated_form *form = NULL;
    char *text = undated_form_write(record);
    assert_non_null(text);
    assert_int_equal(undated_form_read(text, SHIFT_US, &form), 0);
    free(text);
    assert_int_equal(undated_form_record(form)->kind, record->kind);
    return form;
}

static void a_reading_comes_back(void **state)
{
    (void)state;
    const struct gw_record record = {
        .kind = GW_RECORD_READING,
        .flags = GW_RECORD_TELEMETRY,
        .reading = {UINT32_MAX, GW_DERIVED, GW_BAD, GW_REASON_RANGE, NAN, 5, -7, 9}};
    struct undated_form *form = pass(&record);
    const struct gw_reading *r = &undated_form_record(form)->reading;
    assert_true(isnan(r->value));
    assert_int_equal(r->point, UINT32_MAX);
    assert_int_equal(r->flags, GW_DERIVED);
    assert_int_equal(r->quality, GW_BAD);
    assert_int_equal(r->reason, GW_REASON_RANGE);
    assert_int_equal(r->time_us, 5 + SHIFT_US);
    assert_int_equal(r->source_us, -7); /* the device's own */
    assert_int_equal(r->mono_us, 9);
    assert_int_equal(undated_form_record(form)->flags, GW_RECORD_TELEMETRY);
    undated_form_free(form);
}

static void a_summary_comes_back(void **state)
{
    (void)state;
    const struct gw_summary_item items[] = {{"co2", 1.5, 2, 3, NAN, 0.25, 4},
                                            {"desk_lux.window", NAN, NAN, NAN, 1, 0, 0}};
    const struct gw_record record = {.kind = GW_RECORD_SUMMARY,
                                     .summary = {"b1-203", -5, 900, items, 2}};
    struct undated_form *form = pass(&record);
    const struct gw_summary *s = &undated_form_record(form)->summary;
    assert_string_equal(s->object, "b1-203");
    assert_int_equal(s->start_us, -5 + SHIFT_US);
    assert_int_equal(s->period_us, 900);
    assert_int_equal(s->count, 2);
    assert_string_equal(s->items[1].metric, "desk_lux.window");
    assert_true(s->items[0].min == 1.5 && s->items[0].valid == 0.25);
    assert_true(isnan(s->items[0].last) && isnan(s->items[1].mean));
    assert_int_equal(s->items[0].count, 4);
    undated_form_free(form);
}

static void a_fact_comes_back(void **state)
{
    (void)state;
    const struct gw_fact_value values[] = {{.name = "passed", .value = 1},
                                           {.name = "unknown", .value = NAN},
                                           {.name = "device", .text = "panic-gate"}};
    const struct gw_record record = {.kind = GW_RECORD_FACT,
                                     .fact = {.kind = "security-test",
                                              .object = "gate-south",
                                              .start_us = 1,
                                              .end_us = 2,
                                              .time_us = 3,
                                              .values = values,
                                              .count = 3,
                                              .completeness = NAN,
                                              .stays = true}};
    struct undated_form *form = pass(&record);
    const struct gw_fact *f = &undated_form_record(form)->fact;
    assert_string_equal(f->kind, "security-test");
    assert_null(f->rule);
    assert_string_equal(f->object, "gate-south");
    assert_int_equal(f->start_us, 1 + SHIFT_US);
    assert_int_equal(f->end_us, 2 + SHIFT_US);
    assert_int_equal(f->time_us, 3 + SHIFT_US);
    assert_int_equal(f->count, 3);
    assert_true(f->values[0].value == 1 && isnan(f->values[1].value));
    assert_null(f->values[1].text);
    assert_string_equal(f->values[2].text, "panic-gate");
    assert_true(isnan(f->completeness) && f->stays);
    undated_form_free(form);
}

static void what_is_no_record_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"summary\":{}}",
        "{\"summary\":{\"object\":\"\",\"start\":1,\"period\":1,\"items\":[]}}",
        "{\"summary\":{\"object\":\"b1\",\"start\":1,\"period\":0,\"items\":[]}}",
        "{\"summary\":{\"object\":\"b1\",\"start\":1,\"period\":1,\"items\":[[\"co2\"]]}"
        "}",
        "{\"summary\":{\"object\":\"b1\",\"start\":9223372036854775807,\"period\":1,"
        "\"items\":[]}}",
        "{\"reading\":{\"point\":0,\"flags\":0,\"quality\":0,\"reason\":0,\"value\":1,"
        "\"time\":1,\"source\":null,\"mono\":1}}",
        "{\"reading\":{\"point\":1,\"flags\":0,\"quality\":9,\"reason\":0,\"value\":1,"
        "\"time\":1,\"source\":null,\"mono\":1}}",
        "{\"reading\":{\"point\":1,\"flags\":0,\"quality\":0,\"reason\":0,\"value\":"
        "\"1\","
        "\"time\":1,\"source\":null,\"mono\":1}}",
        "{\"fact\":{\"kind\":\"a\",\"object\":\"b\",\"start\":1,\"end\":1,\"time\":1,"
        "\"values\":[[\"x\",[]]],\"completeness\":1,\"stays\":false,\"period\":0,"
        "\"revision\":0}}",
        "{\"fact\":{\"kind\":\"a\",\"object\":\"b\",\"start\":1,\"end\":1,\"time\":1,"
        "\"values\":[],\"completeness\":1,\"stays\":false,\"period\":7,\"revision\":0}}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct undated_form *form = NULL;
        assert_int_equal(undated_form_read(texts[i], 0, &form), -EINVAL);
        assert_null(form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_comes_back),
        cmocka_unit_test(a_summary_comes_back),
        cmocka_unit_test(a_fact_comes_back),
        cmocka_unit_test(what_is_no_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
