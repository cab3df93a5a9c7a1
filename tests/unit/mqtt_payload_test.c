#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gw/types.h"

#include "mqtt/payload.h"
#include "mqtt/source_time.h"

static enum mqtt_payload_value last_found;

/* What @bytes say at @path: the number, NAN = unreadable, INFINITY = nothing said. */
static double value_of(enum mqtt_payload_format format, const void *bytes, size_t size,
                       const char *path, const struct gw_map *states)
{
    struct mqtt_payload_point point;
    const char *const paths[] = {path};
    const struct gw_strings places = {paths, path ? 1 : 0};
    assert_int_equal(mqtt_payload_point_init(&point, format, &places, states, NULL), 0);
    struct json_path *data = NULL;
    assert_int_equal(json_path_new("data", &data, NULL), 0);

    struct mqtt_payload payload;
    double value = 0;
    mqtt_payload_open(&payload, format, bytes, size, data);
    enum mqtt_payload_value found = mqtt_payload_read(&payload, format, &point, &value);
    mqtt_payload_close(&payload);
    mqtt_payload_point_done(&point, format);
    json_path_free(data);
    last_found = found;
    return found == PAYLOAD_UNREADABLE ? NAN
           : found == PAYLOAD_MISSING  ? INFINITY
                                       : value;
}

static double json_value(const char *text, const char *path)
{
    return value_of(PAYLOAD_JSON, text, strlen(text), path, NULL);
}

static double word_value(enum mqtt_payload_format format, const char *text,
                         const struct gw_map *states)
{
    return value_of(format, text, strlen(text), NULL, states);
}

static void numbers_booleans_and_numeric_text_are_values(void **state)
{
    (void)state;
    assert_true(json_value("{\"v\":12.5}", "v") == 12.5);
    assert_true(json_value("{\"v\":-3}", "v") == -3);
    assert_true(json_value("{\"v\":true}", "v") == 1);
    assert_true(json_value("{\"v\":false}", "v") == 0);
    assert_true(json_value("{\"v\":\"3\"}", "v") == 3); /* Axis counts are text */
    assert_true(json_value("{\"v\":\" 3.5 \"}", "v") == 3.5);
    assert_true(json_value("{\"v\":\"ON\"}", "v") == 1);
    assert_true(json_value("21.5", NULL) == 21.5);
    assert_true(json_value("  21.5\n", NULL) == 21.5);
    assert_true(word_value(PAYLOAD_TEXT, "off\n", NULL) == 0);
}

static void truths_are_told_from_numbers(void **state)
{
    (void)state;
    const char *const words[] = {"true", "on"};
    const double values[] = {40, 80};
    const struct gw_map states = {words, values, 2};
    const char *const truths[] = {"{\"v\":true}", "{\"v\":false}", "{\"v\":\"on\"}"};
    for (size_t i = 0; i < 3; i++) {
        (void)json_value(truths[i], "v");
        assert_int_equal(last_found, PAYLOAD_TRUTH);
    }
    (void)json_value("{\"v\":1}", "v");
    assert_int_equal(last_found, PAYLOAD_NUMBER);
    assert_true(word_value(PAYLOAD_TEXT, "on", &states) == 80);
    assert_int_equal(last_found, PAYLOAD_NUMBER);
}

static void states_turn_words_into_numbers(void **state)
{
    (void)state;
    const char *const words[] = {"closed", "open", "true", "1"};
    const double values[] = {0, 1, 0, 7};
    const struct gw_map states = {words, values, 4};
    assert_true(word_value(PAYLOAD_TEXT, "OPEN", &states) == 1);
    assert_true(word_value(PAYLOAD_JSON, "closed", &states) == 0);
    assert_true(word_value(PAYLOAD_JSON, "true", &states) == 0);
    assert_true(word_value(PAYLOAD_JSON, "1", &states) == 7);
    assert_true(word_value(PAYLOAD_JSON, "2", &states) == 2);
    assert_true(isnan(word_value(PAYLOAD_TEXT, "on", &states)));
    assert_true(isnan(word_value(PAYLOAD_TEXT, "ajar", &states)));
}

static void what_a_message_does_not_say_is_not_a_fault(void **state)
{
    (void)state;
    assert_true(isinf(json_value("{\"battery\":100}", "contact")));
    assert_true(isinf(json_value("{}", "a.b[0]")));
}

static void wrong_types_are_unreadable(void **state)
{
    (void)state;
    assert_true(isnan(json_value("{\"v\":null}", "v")));
    assert_true(isnan(json_value("{\"v\":\"high\"}", "v")));
    assert_true(isnan(json_value("{\"v\":{}}", "v")));
    assert_true(isnan(json_value("{\"v\":[1]}", "v")));
    assert_true(isnan(json_value("{\"v\":\"0x10\"}", "v")));
    assert_true(isnan(json_value("{\"v\":\"nan\"}", "v")));
    assert_true(isnan(json_value("{\"v\":\"1e999\"}", "v")));
    assert_true(isnan(json_value("garbage", NULL)));
    assert_true(isnan(json_value("", NULL)));
}

static void malformed_documents_are_unreadable_as_a_whole(void **state)
{
    (void)state;
    const char *const bad[] = {"{\"v\":1",
                               "{\"v\":1}}",
                               "{\"v\":NaN}",
                               "{\"v\":1e999}",
                               "{\"v\":\"\xff\"}",
                               "{'v':1}",
                               "{\"v\":99999999999999999999}",
                               "[1,]"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct mqtt_payload payload;
        mqtt_payload_open(&payload, PAYLOAD_JSON, bad[i], strlen(bad[i]), NULL);
        assert_true(payload.is_malformed);
        mqtt_payload_close(&payload);
        assert_true(isnan(json_value(bad[i], "v")));
    }
}

static void deep_nesting_is_refused_before_it_is_read(void **state)
{
    (void)state;
    char *deep = malloc(PAYLOAD_MAX);
    assert_non_null(deep);
    memset(deep, '[', PAYLOAD_MAX);
    assert_true(isnan(value_of(PAYLOAD_JSON, deep, PAYLOAD_MAX, "[0]", NULL)));
    free(deep);
    assert_true(
        json_value("{\"a\":{\"b\":{\"c\":{\"d\":[[[[5]]]]}}}}", "a.b.c.d[0][0][0][0]")
        == 5);
    assert_true(json_value("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[\",\"v\":1}", "v") == 1);
}

static void a_null_byte_ends_nothing(void **state)
{
    (void)state;
    assert_true(isnan(value_of(PAYLOAD_TEXT, "1\0002", 3, NULL, NULL)));
    assert_true(isnan(value_of(PAYLOAD_JSON, "1\0002", 3, NULL, NULL)));
    assert_true(isnan(value_of(PAYLOAD_TEXT, NULL, 0, NULL, NULL)));
}

static void a_frame_is_read_from_its_network_servers_json(void **state)
{
    (void)state;
    const char *up =
        "{\"deduplicationId\":\"x\",\"fPort\":85,\"data\":\"BMwSABYABcwTABQA\"}";
    assert_true(value_of(PAYLOAD_MILESIGHT, up, strlen(up), "04cc:u16:2", NULL) == 22);
    assert_true(isinf(value_of(PAYLOAD_MILESIGHT, up, strlen(up), "0367:s16", NULL)));
    const char *join = "{\"deduplicationId\":\"x\"}";
    assert_true(isinf(value_of(PAYLOAD_MILESIGHT, join, strlen(join), "04cc:u16", NULL)));
}

static int64_t time_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    int64_t time_us = source_time_read(value);
    json_decref(value);
    return time_us;
}

static void source_times_are_read_in_every_form(void **state)
{
    (void)state;
    const int64_t t = 1795395600LL * 1000000; /* 2026-11-23T01:00:00Z */
    assert_true(time_of("1795395600") == t);
    assert_true(time_of("1795395600000") == t);
    assert_true(time_of("1795395600000000") == t);
    assert_true(time_of("\"1795395600\"") == t);
    assert_true(time_of("\"2026-11-23T01:00:00Z\"") == t);
    assert_true(time_of("\"2026-11-23T09:00:00+08:00\"") == t);
    assert_true(time_of("\"2026-11-23 09:00:00.000+0800\"") == t);
    assert_true(time_of("\"2026-11-23T01:00:00.250Z\"") == t + 250000);
}

static void implausible_times_are_no_times(void **state)
{
    (void)state;
    const char *const bad[] = {"\"946685671\"",
                               "0",
                               "-5",
                               "null",
                               "true",
                               "1e300",
                               "\"2024-02-24T22:20:38\"", /* local, no offset */
                               "\"2026-13-01T00:00:00Z\"",
                               "\"yesterday\"",
                               "\"\"",
                               "\"2026-11-23T01:00:00+99:00\"",
                               "{}"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_true(time_of(bad[i]) == GW_TIME_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_booleans_and_numeric_text_are_values),
        cmocka_unit_test(truths_are_told_from_numbers),
        cmocka_unit_test(states_turn_words_into_numbers),
        cmocka_unit_test(what_a_message_does_not_say_is_not_a_fault),
        cmocka_unit_test(wrong_types_are_unreadable),
        cmocka_unit_test(malformed_documents_are_unreadable_as_a_whole),
        cmocka_unit_test(deep_nesting_is_refused_before_it_is_read),
        cmocka_unit_test(a_null_byte_ends_nothing),
        cmocka_unit_test(a_frame_is_read_from_its_network_servers_json),
        cmocka_unit_test(source_times_are_read_in_every_form),
        cmocka_unit_test(implausible_times_are_no_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
