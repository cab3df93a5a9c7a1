#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/message.h"
#include "uplink/contract.h"

static const int64_t morning_us = INT64_C(1795652430250000); /* 2026-11-26T00:20:30.25Z */

static const struct county_config config = {
    .gateway = "gw-01",
    .school = "2153012345",
    .division = "530502",
    .title = "隆阳区示例小学",
    .telemetry = {.is_on = true},
};

static struct config_metric metrics[] = {
    {.name = "desk_lux", .unit = "lx"},
    {.name = "co2", .unit = "ppm"},
};

static struct schema_set *schemas;

static int read_schemas(void **state)
{
    (void)state;
    struct gw_error err;
    int r = schema_set_new(GW_SOURCE_DIR "/county/schemas", &schemas, &err);
    if (r < 0)
        print_error("%s\n", err.text);
    return r;
}

static int free_schemas(void **state)
{
    (void)state;
    schemas = schema_set_free(schemas);
    return 0;
}

static struct county_encoder *encoder_with(const struct county_config *c)
{
    struct config tree = {.metrics = metrics, .metric_count = 2};
    struct county_encoder *e;
    assert_int_equal(county_encoder_new(c, &tree, NULL, &e), 0);
    assert_int_equal(county_encoder_point(e, 7, "b1-203/co2", "ppm"), 0);
    return e;
}

/* Every body is checked by the county's own receiver before a test looks into it. */
static json_t *body_of(const char *topic, char *text)
{
    assert_non_null(text);
    char whole[CONTRACT_TOPIC_MAX];
    contract_topic(&config, topic, whole);
    struct message m;
    struct gw_error err;
    if (message_read(whole, text, strlen(text), schemas, &m, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    json_t *body = json_incref(m.body);
    message_clear(&m);
    free(text);
    return body;
}

/* What gives way at the outbox's cap before what. */
static int priority_of(const json_t *body)
{
    static const char *const kinds[STORE_PRIORITIES] = {
        [STORE_ALARM] = "campus.alarm.v1",
        [STORE_DROPPED] = "campus.unavailable.v1",
        [STORE_PERIOD] = "campus.daily.v1",
        [STORE_FACT] = "campus.fact.v1",
        [STORE_ENVIRONMENT] = "campus.environment.v1",
        [STORE_TELEMETRY] = "campus.telemetry.v1",
    };
    const char *type = json_string_value(json_object_get(body, "type"));
    for (int i = 0; i < STORE_PRIORITIES; i++)
        if (kinds[i] && type && strcmp(kinds[i], type) == 0)
            return i;
    return -1;
}

static json_t *encoded(const struct gw_record *record, const char *topic)
{
    struct county_encoder *e = encoder_with(&config);
    int priority = -1;
    char *text = county_encode(e, record, UINT64_C(9223372036854775807), 42, &priority);
    json_t *body = body_of(topic, text);
    assert_int_equal(priority, priority_of(body));
    county_encoder_free(e);
    return body;
}

static const char *text_at(const json_t *body, const char *key)
{
    return json_string_value(json_object_get(body, key));
}

static const json_t *data_of(const json_t *body)
{
    return json_object_get(body, "data");
}

static struct gw_record panic(void)
{
    struct gw_record record = {
        .kind = GW_RECORD_TRANSITION,
        .transition = {.uid = 12,
                       .seq = 1,
                       .rule = "TF-01",
                       .object = "panic-gate",
                       .severity = GW_P1,
                       .from = GW_ALARM_NORMAL,
                       .to = GW_ALARM_UNACKNOWLEDGED,
                       .cause = "rule",
                       .value = 1,
                       .time_us = morning_us,
                       .time_quality = GW_TIME_GOOD},
    };
    return record;
}

static void alarm_carries_its_key_and_its_time(void **state)
{
    (void)state;
    struct gw_record record = panic();
    json_t *body = encoded(&record, "alarm");
    assert_string_equal(text_at(body, "id"), "gw-01/9223372036854775807/42");
    assert_string_equal(text_at(body, "epoch"), "9223372036854775807");
    assert_string_equal(text_at(body, "source"), "campus/530502/2153012345/gw-01");
    assert_string_equal(text_at(body, "time"), "2026-11-26T00:20:30.250000Z");
    assert_string_equal(text_at(data_of(body), "to"), "unacknowledged");
    assert_string_equal(text_at(data_of(body), "role"), "gateway");
    json_decref(body);
}

static void alarm_of_unknown_time_tells_boot_and_milliseconds(void **state)
{
    (void)state;
    struct gw_record record = panic();
    record.transition.time_quality = GW_TIME_UNKNOWN;
    record.transition.mono_us = 123456789;
    json_t *body = encoded(&record, "alarm");
    assert_null(json_object_get(body, "time"));
    assert_string_equal(text_at(body, "timequality"), "unknown");
    assert_int_equal(json_integer_value(json_object_get(data_of(body), "mono_ms")),
                     123456);
    assert_int_equal(strlen(text_at(data_of(body), "boot")), 36);
    json_decref(body);
}

static void names_and_comments_stay_in_the_school(void **state)
{
    (void)state;
    static const struct {
        const char *actor;
        const char *role;
    } cases[] = {{"guard", "guard"},
                 {"guard:门卫甲", "guard"},
                 {"门卫甲", "operator"},
                 {"", "gateway"}};
    for (size_t i = 0; i < 4; i++) {
        struct gw_record record = panic();
        (void)snprintf(record.transition.actor, GW_ACTOR_MAX, "%s", cases[i].actor);
        (void)snprintf(record.transition.comment, GW_COMMENT_MAX, "李四按错了");
        json_t *body = encoded(&record, "alarm");
        char *text = json_dumps(body, 0);
        assert_string_equal(text_at(data_of(body), "role"), cases[i].role);
        assert_null(strstr(text, "门卫甲"));
        assert_null(strstr(text, "李四"));
        free(text);
        json_decref(body);
    }
}

static void summary_gives_every_metric_its_unit(void **state)
{
    (void)state;
    struct gw_summary_item items[] = {
        {"desk_lux.window", 180.5, 212.25, 260, 205, 1, 180},
        {"co2", NAN, NAN, NAN, NAN, 0, 0},
    };
    struct gw_record record = {
        .kind = GW_RECORD_SUMMARY,
        .summary = {.object = "b1-203",
                    .start_us = morning_us - 250000,
                    .period_us = INT64_C(900000000),
                    .items = items,
                    .count = 2},
    };
    json_t *body = encoded(&record, "summary");
    const json_t *list = json_object_get(data_of(body), "items");
    assert_string_equal(text_at(json_array_get(list, 0), "unit"), "lx");
    assert_true(json_is_null(json_object_get(json_array_get(list, 1), "mean")));
    assert_string_equal(text_at(data_of(body), "start"), "2026-11-26T00:20:30Z");
    assert_string_equal(text_at(body, "time"), "2026-11-26T00:35:30Z");
    json_decref(body);
}

static void fact_lets_words_out_but_no_sentences(void **state)
{
    (void)state;
    struct gw_fact_value values[] = {
        {"end_minute", 1083, NULL},
        {"stage", NAN, "primary"},
        {"note", NAN, "Zhang San said so"},
    };
    struct gw_record record = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "service-end",
                 .object = "school",
                 .start_us = morning_us,
                 .end_us = morning_us + 1000000,
                 .time_us = morning_us,
                 .values = values,
                 .count = 3,
                 .completeness = 0.95},
    };
    json_t *body = encoded(&record, "summary");
    const json_t *out = json_object_get(data_of(body), "values");
    assert_int_equal(json_integer_value(json_object_get(out, "end_minute")), 1083);
    assert_string_equal(text_at(out, "stage"), "primary");
    assert_true(json_is_null(json_object_get(out, "note")));
    json_decref(body);
}

static struct gw_record reading_at(int64_t time_us)
{
    struct gw_record record = {
        .kind = GW_RECORD_READING,
        .flags = GW_RECORD_TELEMETRY,
        .reading = {.point = 7,
                    .value = 640.5,
                    .time_us = time_us,
                    .source_us = GW_TIME_NONE},
    };
    return record;
}

static void dropped_rows_are_named_by_their_epoch(void **state)
{
    (void)state;
    const struct store_range ranges[] = {{3, 9}, {12, 12}};
    const struct store_dropped dropped = {
        .epoch = UINT64_C(9223372036854775806), .ranges = ranges, .count = 2, .rows = 8};
    struct county_encoder *e = encoder_with(&config);
    clock_set(1, INT64_C(1763860800) * 1000000);
    json_t *body = body_of("summary", county_encode_dropped(e, &dropped, 71, 42));
    clock_release();
    assert_string_equal(text_at(body, "id"), "gw-01/71/42");
    assert_string_equal(text_at(body, "type"), "campus.dropped.v1");
    char *data = json_dumps(data_of(body), JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(data, "{\"count\":8,\"epoch\":\"9223372036854775806\","
                              "\"ranges\":[[3,9],[12,12]]}");
    free(data);
    json_decref(body);
    county_encoder_free(e);
}

static void bad_reading_carries_no_number(void **state)
{
    (void)state;
    struct gw_record record = reading_at(morning_us);
    record.reading.quality = GW_BAD;
    record.reading.reason = GW_REASON_OFFLINE;
    record.reading.value = NAN;
    json_t *body = encoded(&record, "telemetry");
    assert_true(json_is_null(json_object_get(data_of(body), "value")));
    assert_string_equal(text_at(data_of(body), "reason"), "offline");
    assert_string_equal(text_at(data_of(body), "point"), "b1-203/co2");
    json_decref(body);
}

static void rows_that_are_gone_are_named(void **state)
{
    (void)state;
    const struct gw_range ranges[] = {{2, 3}, {7, 7}};
    const struct gw_record record = {
        .kind = GW_RECORD_UNAVAILABLE,
        .recall = {.epoch = (UINT64_C(1) << 62) + 1,
                   .ranges = ranges,
                   .count = 2,
                   .time_us = morning_us},
    };
    json_t *body = encoded(&record, "summary");
    assert_string_equal(text_at(data_of(body), "epoch"), "4611686018427387905");
    char *text = json_dumps(json_object_get(data_of(body), "ranges"), JSON_COMPACT);
    assert_string_equal(text, "[[2,3],[7,7]]");
    free(text);
    json_decref(body);
}

static void what_is_not_for_the_county_makes_no_row(void **state)
{
    (void)state;
    struct county_encoder *e = encoder_with(&config);
    struct gw_record records[] = {
        {.kind = GW_RECORD_STATE},
        {.kind = GW_RECORD_DELIVERY},
        {.kind = GW_RECORD_COMMIT},
        {.kind = GW_RECORD_RECALL},
        {.kind = GW_RECORD_READING, .reading = {.point = 7}},
        {.kind = GW_RECORD_READING,
         .flags = GW_RECORD_TELEMETRY,
         .reading = {.point = 8}},
        {.kind = GW_RECORD_SUMMARY, .summary = {.object = "b1-203"}},
    };
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        int priority;
        assert_null(county_encode(e, &records[i], 1, 1, &priority));
    }
    county_encoder_free(e);
}

static void presence_follows_the_contract(void **state)
{
    (void)state;
    char boot[CLOCK_BOOT_MAX];
    clock_boot(boot);
    clock_set(1000000, morning_us);
    struct contract_state online = {.is_online = true, .last_seq = 5, .waiting = 2};
    struct contract_state will = {.cause = "lost"};
    json_t *body = body_of("state", contract_state(&config, boot, 7, &online));
    assert_string_equal(text_at(data_of(body), "status"), "online");
    assert_string_equal(text_at(body, "time"), "2026-11-26T00:20:30.250000Z");
    json_decref(body);
    body = body_of("state", contract_state(&config, boot, 7, &will));
    assert_null(json_object_get(body, "time"));
    json_decref(body);
    clock_release();
}

static void birth_tells_devices_and_points(void **state)
{
    (void)state;
    static const struct gw_driver driver = {.name = "mqtt"};
    struct config_bus bus = {.name = "school-broker", .driver = &driver};
    struct config_device device = {.name = "people-203", .template_name = "milesight"};
    struct config_point point = {.name = "b1-203/co2", .metric = &metrics[1]};
    struct config tree = {.buses = &bus,
                          .bus_count = 1,
                          .devices = &device,
                          .device_count = 1,
                          .points = &point,
                          .point_count = 1,
                          .hash = 0xabc};
    char *birth = county_birth(&config, &tree, NULL);
    char boot[CLOCK_BOOT_MAX];
    clock_boot(boot);
    json_t *body = body_of("birth", contract_birth(&config, boot, 7, birth));
    assert_string_equal(text_at(data_of(body), "config"), "0000000000000abc");
    assert_string_equal(text_at(json_object_get(data_of(body), "points"), "b1-203/co2"),
                        "ppm");
    json_decref(body);
    free(birth);
}

static int read_ack(const char *text, uint64_t *ret_epoch, struct gw_range *ret)
{
    return contract_read_ack(text, strlen(text), ret_epoch, ret, 2);
}

static void acknowledgement_is_read_or_refused_whole(void **state)
{
    (void)state;
    uint64_t epoch = 0;
    struct gw_range ranges[2];
    assert_int_equal(
        read_ack("{\"epoch\":\"9223372036854775807\",\"ranges\":[[1,3],[5,5]]}", &epoch,
                 ranges),
        2);
    assert_true(epoch == UINT64_C(9223372036854775807));
    assert_int_equal(ranges[0].to, 3);
    static const char *const broken[] = {
        "",
        "[]",
        "{\"epoch\":7,\"ranges\":[[1,3]]}",
        "{\"epoch\":\"7\",\"ranges\":[]}",
        "{\"epoch\":\"7\",\"ranges\":[[3,1]]}",
        "{\"epoch\":\"7\",\"ranges\":[[0,1]]}",
        "{\"epoch\":\"7\",\"ranges\":[[1]]}",
        "{\"epoch\":\"7\",\"ranges\":[[1,1],[2,2],[3,3]]}",
        "{\"epoch\":\"9223372036854775808\",\"ranges\":[[1,3]]}",
        "{\"epoch\":\"-7\",\"ranges\":[[1,3]]}",
        "{\"epoch\":\"07\",\"ranges\":[[1,3]]}",
        "{\"epoch\":\"7\",\"ranges\":[[1,9007199254740992]]}",
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        assert_int_equal(read_ack(broken[i], &epoch, ranges), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alarm_carries_its_key_and_its_time),
        cmocka_unit_test(alarm_of_unknown_time_tells_boot_and_milliseconds),
        cmocka_unit_test(names_and_comments_stay_in_the_school),
        cmocka_unit_test(summary_gives_every_metric_its_unit),
        cmocka_unit_test(fact_lets_words_out_but_no_sentences),
        cmocka_unit_test(bad_reading_carries_no_number),
        cmocka_unit_test(rows_that_are_gone_are_named),
        cmocka_unit_test(dropped_rows_are_named_by_their_epoch),
        cmocka_unit_test(what_is_not_for_the_county_makes_no_row),
        cmocka_unit_test(presence_follows_the_contract),
        cmocka_unit_test(birth_tells_devices_and_points),
        cmocka_unit_test(acknowledgement_is_read_or_refused_whole),
    };
    return cmocka_run_group_tests(tests, read_schemas, free_schemas);
}
