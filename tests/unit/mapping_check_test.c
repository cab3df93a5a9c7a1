/* mapping_check_test.c - what --check says of a mapping that cannot work. */
#include "mapping_rig.h"

static const char by_broker[] = ", acknowledge: broker";

static void a_field_that_the_contract_lacks_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *expected;
    } cases[] = {
        {"[\"{data.vlaue}\"]",
         "mappings.d/x.yaml:1:35: kinds.alarm.body[0]: there is no single field "
         "'data.vlaue' (did you mean 'data.value'?)"},
        {"[\"{data.teacher_name}\"]",
         "there is no single field 'data.teacher_name' (allowed: division, "
         "school, gateway, title, what stands under names, kind, "
         "number, specversion, id, source, type, time, "},
        {"[\"{data}\"]", "there is no single field 'data' (allowed: division, "},
        {"[\"{item.metric}\"]", "there is no single field 'item.metric'"},
        {"[\"{divison}\"]", "did you mean 'division'?"},
        {"[\"{data.value:ms}\"]",
         "'ms' is no form of this field (allowed: ident, text, real, round"},
        {"[\"{data.rule:real}\"]",
         "'real' is no form of this field (allowed: ident, text"},
        {"[\"{data.rule\"]", "'{' has no other one"},
        {"[\"data.rule}\"]", "'}' has no other one"},
        {"[\"{}\"]", "there is no single field ''"},
        {"{$needs: data.boots, a: 1}",
         "body.$needs: there is no single field 'data.boots'"},
        {"{$each: data.rule, $item: 1}", "body.$each: this field has no items"},
        {"{$each: data.values, $item: 1}",
         "body.$each: there is no single field 'data.values'"},
        {"{$each: data.rule}", "this field has no items"},
        {"{a: 1, $map: {P1: 1}}", "body.$map: does not belong here"},
        {"{$value: \"{data.severity}\", a: 1}", "body.a: does not belong here"},
        {"{$valeu: \"{data.severity}\"}", "body.$valeu: does not belong here"},
        {"{$value: \"{data.severity}\", $map: {P5: 1}}",
         "'P5' is never its value (allowed: P1, P2, P3, P4)"},
        {"{$value: [1], $map: {P5: 1}}", "body.$value: no text stands here"},
        {"{$value: \"{data.severity}\", $map: [P1]}", "body.$map: no map stands here"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[600];
        (void)snprintf(text, sizeof(text), "kinds: {alarm: {topic: t, body: %s}}\n",
                       cases[i].body);
        mapping_fault(text, by_broker, cases[i].expected);
    }
}

static void a_topic_has_what_every_message_has(void **state)
{
    (void)state;
    static const struct {
        const char *topic;
        const char *expected;
    } cases[] = {
        {"\"a/{data.boot}\"", "kinds.alarm.topic: some messages lack a field of it"},
        {"\"a/{data.value}\"", "some messages lack a field of it"},
        {"\"a/{time:ms}\"", "some messages lack a field of it"},
        {"\"a/+/b\"", "kinds.alarm.topic: is no topic"},
        {"\"\"", "kinds.alarm.topic: is no topic"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[200];
        (void)snprintf(text, sizeof(text), "kinds: {alarm: {topic: %s, body: [1]}}\n",
                       cases[i].topic);
        mapping_fault(text, by_broker, cases[i].expected);
    }
}

static void the_rest_of_the_file_is_checked_too(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"kinds: {alram: {topic: t, body: [1]}}\n",
         "x.yaml:1:9: kinds.alram: the county's contract has no kind 'alram' (allowed: "
         "alarm, birth, daily"},
        {"kinds: {alarm: {topic: t}}\n", "kinds.alarm: 'body' is missing"},
        {"kinds: {alarm: {topic: t, body: [1], qos: 1}}\n",
         "kinds.alarm.qos: unknown key (allowed: when, topic, retain, body)"},
        {"kinds: [alarm]\n", "kinds: no mapping stands here"},
        {"names: [a]\nkinds: {}\n", "names: no mapping stands here"},
        {"topics: {}\n", "topics: unknown key (allowed: title, "},
        {"kinds: {alarm: {when: {data.sevrity: P1}, topic: t, body: [1]}}\n",
         "there is no single field 'data.sevrity' (did you mean 'data.severity'?)"},
        {"kinds: {alarm: {when: {data.severity: P5}, topic: t, body: [1]}}\n",
         "'P5' is never its value (allowed: P1, P2, P3, P4)"},
        {"kinds: {alarm: {when: {}, topic: t, body: [1]}}\n",
         "kinds.alarm.when: no condition stands here"},
        {"answer: {topic: \"a/#/b\", id: id}\nkinds: {}\n",
         "answer.topic: 'a/#/b' is no filter of topics"},
        {"answer: {topic: \"{data.object}\", id: id}\nkinds: {}\n",
         "answer.topic: there is no single field 'data.object' (allowed: division, "
         "school, "
         "gateway, title, what stands under names)"},
        {"answer: {topic: a}\nkinds: {}\n", "answer: 'id' is missing"},
        {"answer: {topic: a, id: id}\nkinds: {alarm: {topic: t, body: [1]}}\n",
         "kinds.alarm: takes no {number}, so no answer could name it"},
        {"answer: {topic: a, id: id, is: id}\nkinds: {alarm: {topic: t, body: "
         "[\"{number}\"]}}\n",
         "kinds.alarm: takes no {id}, so no answer could name it"},
        {"names: {product: its key}\nkinds: {}\n",
         "gateway.yaml:3:9: county.platform: 'product' is missing (allowed: its key)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        mapping_fault(cases[i].text, by_broker, cases[i].expected);
}

static void what_the_county_section_says_goes_with_it(void **state)
{
    (void)state;
    static const char plain[] = "kinds: {alarm: {topic: t, body: [1]}}\n";
    mapping_fault(plain, "", "county.mapping: has no answer, so nothing would end a row");
    mapping_fault("others: keep\nanswer: {topic: a, id: id}\nkinds: {}\n", "",
                  "county.mapping: keeps others, which its answers cannot name");
    mapping_fault(plain, ", acknowledge: broker, batch: {url: \"http://127.0.0.1\"}",
                  "county.batch: carries the county's contract");
    mapping_fault(plain, ", acknowledge: broker, platform: {product: a}",
                  "county.platform: the mapping has no name 'product'");
    mapping_fault(plain,
                  ", acknowledge: broker, command_keys: {county-1: "
                  "\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"}",
                  "county.command_keys: is for the county's own topics");
}

static void what_may_be_forgotten_is_warned_of(void **state)
{
    (void)state;
    static const char daily[] = "kinds: {daily: {topic: t, body: [1]}}\n";
    static const char more[] = ", acknowledge: broker, telemetry: {points: [\"*/co2\"]}";
    mapping_fault(daily, more,
                  "gateway.yaml:3:47: warning: county.mapping: has no alarm");
    mapping_fault(daily, more,
                  "warning: county.telemetry: makes rows for which the mapping has no "
                  "place");
    struct fixture f;
    (void)mapping_open(&f, "kinds: {\"alarm, telemetry\": {topic: t, body: [1]}}\n",
                       more);
    assert_int_equal(config_faults_warnings(f.faults), 0);
    fixture_close(&f);
    (void)mapping_open(&f, "others: keep\nkinds: {}\n", more);
    assert_int_equal(config_faults_warnings(f.faults), 0);
    fixture_close(&f);
}

static void a_mapping_that_is_not_there_is_named(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "gateway.yaml",
                "gateway: {id: gw-01}\nschool: {code: \"2153012345\", division: "
                "\"530502\"}\ncounty: {mapping: none}\n");
    fixture_load(&f);
    struct county_config config;
    county_load(f.config, f.faults, &config);
    char *faults = fixture_faults(&f);
    assert_non_null(strstr(faults, "gateway.yaml:3:19: county.mapping: 'none' cannot be "
                                   "read (allowed: the name of a file in mappings.d/"));
    assert_null(config.mapping);
    free(faults);
    fixture_close(&f);
}

static void a_platform_without_a_mapping_goes_unused(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "gateway.yaml",
                "gateway: {id: gw-01}\nschool: {code: \"2153012345\", division: "
                "\"530502\"}\ncounty: {platform: {a: b}}\n");
    fixture_load(&f);
    struct county_config config;
    county_load(f.config, f.faults, &config);
    char *faults = fixture_faults(&f);
    assert_non_null(strstr(faults, "county.platform: is for a mapping"));
    free(faults);
    fixture_close(&f);
}

/* What a reload sees: each key that says something else. */
static void a_change_of_the_file_is_a_difference(void **state)
{
    struct fixture a;
    struct fixture b;
    struct config_diff *diff = NULL;
    (void)state;
    struct county_config before =
        mapping_of(&a, "kinds: {alarm: {topic: t, body: {a: 1}}}\n");
    struct county_config after =
        mapping_of(&b, "kinds: {alarm: {topic: t, body: {a: 2}}} # and a remark\n");
    assert_int_not_equal(a.config->hash, b.config->hash);
    assert_int_equal(config_diff_new(a.config, b.config, &diff), 0);
    county_diff(&before, &after, diff);
    assert_int_equal(diff->count, 1);
    assert_string_equal(diff->rows[0].name, "mapping");
    assert_string_equal(diff->rows[0].keys[0].key, "mapping.kinds.alarm.body.a");
    assert_string_equal(diff->rows[0].keys[0].after, "2");
    diff = config_diff_free(diff);
    fixture_close(&a);
    fixture_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_that_the_contract_lacks_is_named),
        cmocka_unit_test(a_topic_has_what_every_message_has),
        cmocka_unit_test(the_rest_of_the_file_is_checked_too),
        cmocka_unit_test(what_the_county_section_says_goes_with_it),
        cmocka_unit_test(what_may_be_forgotten_is_warned_of),
        cmocka_unit_test(a_mapping_that_is_not_there_is_named),
        cmocka_unit_test(a_platform_without_a_mapping_goes_unused),
        cmocka_unit_test(a_change_of_the_file_is_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
