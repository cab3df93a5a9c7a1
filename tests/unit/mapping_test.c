/* mapping_test.c - bodies and topics that a mapping makes. */
#include "mapping_rig.h"

#include <errno.h>
#include <jansson.h>

static void a_leaf_that_is_one_template_keeps_its_type(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "{uid: \"{data.uid}\", test: \"{data.test}\", rule: \"{data.rule}\"}",
                    "{\"uid\":7,\"test\":false,\"rule\":\"TF-01\"}");
    mapping_body_is("environment",
                    "{m: {$each: data.items, $key: \"{item.metric}\", $value: "
                    "\"{item.mean}\"}}",
                    "{\"m\":{\"desk_lux.window\":212.25}}");
    mapping_body_is("dropped", "{r: \"{data.ranges}\"}", "{\"r\":[[22,25],[28,28]]}");
    mapping_body_is("fact", "{v: \"{data.values}\"}",
                    "{\"v\":{\"end_minute\":1083,\"stage\":\"primary\",\"note\":null}}");
}

static void templates_within_a_text_make_a_text(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "{a: \"{data.rule}@{data.object}: {data.value} {{}} {data.test}\"}",
                    "{\"a\":\"TF-01@panic-gate: 1 {} false\"}");
}

static void constants_are_what_json_would_read(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "{a: 1, b: 1.50, c: -2, d: true, e: null, f: \"1.0\", g: word, h: "
                    "\"\", i: {}, j: []}",
                    "{\"a\":1,\"b\":1.5,\"c\":-2,\"d\":true,\"e\":null,\"f\":\"1.0\","
                    "\"g\":\"word\",\"h\":\"\",\"i\":{},\"j\":[]}");
}

static void what_is_fixed_is_the_gateways_and_the_kinds(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "[\"{division}\", \"{school}\", \"{gateway}\", \"{kind}\", "
                    "\"{title}\"]",
                    "[\"530502\",\"2153012345\",\"gw-01\",\"alarm\",\"示例小学\"]");
}

static void what_is_absent_takes_its_key_and_what_it_empties(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "{boot: \"{data.boot}\", deep: {deeper: [\"{data.mono_ms}\"]}, text: "
                    "\"at {data.boot}\", \"{data.boot}\": 1, rule: \"{data.rule}\"}",
                    "{\"rule\":\"TF-01\"}");
}

static void null_is_absent_unless_something_else_stands_for_it(void **state)
{
    (void)state;
    mapping_body_is("fact",
                    "{a: \"{data.values.note}\", b: {$value: \"{data.values.note}\", "
                    "$else: null}, c: {$value: \"{data.values.none}\", $else: -1}}",
                    "{\"b\":null,\"c\":-1}");
}

static void a_map_turns_values_into_others(void **state)
{
    (void)state;
    mapping_body_is(
        "alarm",
        "{a: {$value: \"{data.severity}\", $map: {P1: 1, P2: 2}},"
        " b: {$value: \"{data.test}\", $map: {\"false\": off}},"
        " c: {$value: \"{data.uid}\", $map: {\"8\": x}},"
        " d: {$value: \"{data.uid}\", $map: {\"8\": x}, $else: \"{data.uid}\"},"
        " e: {$value: \"{data.from}-{data.to}\", $map: "
        "{normal-unacknowledged: raised}}}",
        "{\"a\":1,\"b\":\"off\",\"d\":7,\"e\":\"raised\"}");
}

static void each_item_becomes_an_entry_or_an_element(void **state)
{
    (void)state;
    mapping_body_is(
        "environment",
        "{n: 1, $each: data.items, $key: \"{item.metric:ident}\", $value: {c: "
        "\"{item.count}\"}}",
        "{\"n\":1,\"desk_lux_window\":{\"c\":180},\"co2\":{\"c\":0}}");
    mapping_body_is("environment",
                    "{$each: data.items, $item: {$needs: item.mean, m: "
                    "\"{item.metric}\", o: \"{data.object}\"}}",
                    "[{\"m\":\"desk_lux.window\",\"o\":\"b1-203\"}]");
    mapping_body_is(
        "daily", "{$each: data.values, $item: [\"{item.key}\", \"{item.value}\"]}",
        "[[\"enrolled\",842],[\"present\",829],[\"leave\",9],[\"absent\",4]]");
    mapping_body_is("environment",
                    "{$each: data.items, $key: {$value: \"{item.metric}\", $map: {co2: "
                    "Carbon}}, $value: \"{item.count}\"}",
                    "{\"Carbon\":0}");
}

static void a_part_needs_its_field(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "[{$needs: data.boot, a: 1}, {$needs: data.value, b: 2}, {$needs: "
                    "data.boot, $value: x}]",
                    "[{\"b\":2}]");
}

static void forms_write_a_value_another_way(void **state)
{
    (void)state;
    mapping_body_is("alarm",
                    "[\"{time:ms}\", \"{time:s}\", \"{time:utc}\", \"{time:basic}\", "
                    "\"{data.uid:text}\", \"{data.uid:real}\", \"{data.object:ident}\"]",
                    "[1795392930217,1795392930,\"2026-11-23T00:15:30.217Z\","
                    "\"20261123T001530Z\",\"7\",7.0,\"panic_gate\"]");
    mapping_body_is("telemetry",
                    "[\"{data.point:place}\", \"{data.point:metric}\", "
                    "\"{data.value:round}\", \"{data.value:text}\"]",
                    "[\"b1-203\",\"co2\",641,\"640.5\"]");
}

static void the_first_template_whose_condition_holds_is_taken(void **state)
{
    struct fixture f;
    (void)state;
    struct county_config config = mapping_of(
        &f,
        "kinds:\n"
        "  daily:\n"
        "    - {when: {data.fact: attendance, data.revision: [2, 3]}, topic: a, body: "
        "[1]}\n"
        "    - {when: {data.fact: [exercise, attendance]}, topic: b, body: [2]}\n"
        "  alarm, telemetry: {when: {timequality: good}, topic: \"{kind}\", body: "
        "[3]}\n");
    mapping_check(&config, mapping_example("daily"), "b", "[2]");
    mapping_check(&config, mapping_example("daily-three-defense"), NULL, NULL);
    mapping_check(&config, mapping_example("alarm"), "alarm", "[3]");
    mapping_check(&config, mapping_example("telemetry"), "telemetry", "[3]");
    mapping_check(&config, mapping_example("alarm-time-unknown"), NULL, NULL);
    mapping_check(&config, mapping_example("birth"), NULL, NULL);
    fixture_close(&f);
}

static void others_may_be_kept_as_the_contract_has_them(void **state)
{
    struct fixture f;
    (void)state;
    struct county_config config = mapping_of(
        &f, "others: keep\nkinds: {alarm: {when: {data.severity: P2}, topic: a, body: "
            "[1]}}\n");
    mapping_check(&config, mapping_example("alarm"), NULL, NULL);
    mapping_check(&config, mapping_example("fact"),
                  "campus/v1/530502/2153012345/gw-01/word", mapping_example("fact"));
    fixture_close(&f);
}

static void names_stand_for_what_the_school_gives(void **state)
{
    struct fixture f;
    (void)state;
    struct county_config config = mapping_open(
        &f,
        "names: {product: its key, device: its name}\nclient_id: \"{device}|{school}\"\n"
        "answer: {topic: \"/{product}/+/reply\", id: id}\n"
        "kinds: {alarm: {topic: \"/{product}/{device}\", body: [\"{product}\", "
        "\"{number}\"]}}\n",
        ", platform: {product: pk, device: \"dn-1\"}");
    assert_int_equal(config_faults_errors(f.faults), 0);
    char body[40];
    (void)snprintf(body, sizeof(body), "[\"pk\",%u]",
                   (unsigned)mapping_number(4611686018427387905, 18));
    mapping_check(&config, mapping_example("alarm"), "/pk/dn-1", body);
    assert_string_equal(mapping_client_id(config.mapping), "dn-1|2153012345");
    assert_string_equal(mapping_answer_topic(config.mapping), "/pk/+/reply");
    fixture_close(&f);
}

static void the_schools_own_file_goes_before_the_shipped_one(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    char shipped_folder[PATH_MAX];
    (void)snprintf(shipped_folder, sizeof(shipped_folder), "%s/mappings", f.folder);
    assert_int_equal(mkdir(shipped_folder, 0755), 0);
    fixture_put(&f, "mappings/x.yaml", "kinds: {alarm: {topic: shipped, body: [1]}}\n");
    fixture_put(&f, "mappings.d/x.yaml", "kinds: {alarm: {topic: own, body: [1]}}\n");
    char text[600];
    (void)snprintf(text, sizeof(text), mapping_gateway, ", acknowledge: broker");
    fixture_put(&f, "gateway.yaml", text);
    fixture_load(&f);
    struct county_config config;
    county_load(f.config, f.faults, &config);
    mapping_check(&config, mapping_example("alarm"), "own", "[1]");
    fixture_close(&f);
}

static void what_would_be_too_large_or_is_no_message_is_refused(void **state)
{
    struct fixture f;
    struct letter letter;
    (void)state;
    struct county_config config =
        mapping_of(&f, "kinds: {environment: {topic: t, body: {$each: data.items, $item: "
                       "\"{item.metric}\"}}}\n");
    json_t *body = json_loads(mapping_example("environment"), 0, NULL);
    json_t *items = json_object_get(json_object_get(body, "data"), "items");
    for (int i = 0; i < 60000; i++)
        (void)json_array_append(items, json_array_get(items, 0));
    char *text = json_dumps(body, JSON_COMPACT);
    assert_int_equal(letter_write(&config, "word", text, strlen(text), false, &letter),
                     -E2BIG);
    assert_int_equal(letter_write(&config, "word", "{", 1, false, &letter), -EBADMSG);
    assert_int_equal(letter_write(&config, "word", "{}", 2, false, &letter), -EBADMSG);
    free(text);
    json_decref(body);
    fixture_close(&f);
}

/* --- what leaves ---------------------------------------------------------------------
 */

/* A name in every place that a message has. */
static void put_pupils(json_t *at)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach(at, key, value) put_pupils(value);
    json_array_foreach(at, i, value) put_pupils(value);
    if (json_is_object(at))
        (void)json_object_set_new(at, "pupil", json_string("李小明"));
}

/* every_field - a body that takes each plain field of @schema, and each of its lists. */
static void every_field(json_t *body, const json_t *schema, const char *prefix)
{
    const char *key;
    json_t *field;
    json_object_foreach((json_t *)json_object_get(schema, "properties"), key, field)
    {
        char path[200];
        char text[210];
        (void)snprintf(path, sizeof(path), "%s%s", prefix, key);
        (void)snprintf(text, sizeof(text), "{%s}", path);
        const json_t *items = json_object_get(field, "items");
        if (json_object_get(items, "properties") && !strchr(prefix, '[')) {
            json_t *item = json_object();
            every_field(item, items, "item.");
            (void)json_object_set_new(
                body, path, json_pack("{s:s, s:o}", "$each", path, "$item", item));
        } else if (json_object_get(field, "properties")) {
            (void)strncat(path, ".", sizeof(path) - strlen(path) - 1);
            every_field(body, field, path);
        } else if (!json_object_get(field, "additionalProperties")) {
            (void)json_object_set_new(body, path, json_string(text));
        }
    }
}

/* JSON is YAML. */
static void every_field_of_the_contract_can_be_taken_and_nothing_else_leaves(void **state)
{
    (void)state;
    size_t kinds = 0;
    for (const struct contract_document *d = contract_schemas; d->name; d++, kinds++) {
        struct fixture f;
        json_t *body = json_object();
        json_t *schema = json_loads(d->text, 0, NULL);
        every_field(body, schema, "");
        json_t *file =
            json_pack("{s:{s:{s:s, s:o}}}", "kinds", d->name, "topic", "t", "body", body);
        char *text = json_dumps(file, 0);
        struct county_config config = mapping_of(&f, text);
        json_t *message = json_loads(mapping_example(d->name), 0, NULL);
        put_pupils(json_object_get(message, "data"));
        (void)json_object_set_new(message, "pupil", json_string("李小明"));
        char *sent = json_dumps(message, 0);
        struct letter letter;
        assert_int_equal(
            letter_write(&config, d->name, sent, strlen(sent), false, &letter), 1);
        assert_true(strstr(letter.body, "timequality"));
        assert_null(strstr(letter.body, "李小明"));
        letter_done(&letter);
        free(sent);
        free(text);
        json_decref(message);
        json_decref(file);
        json_decref(schema);
        fixture_close(&f);
    }
    assert_int_equal(kinds, 13);
}

/* --- the files that are shipped ------------------------------------------------------
 */

static void shipped(struct fixture *f, const char *name, const char *more,
                    struct county_config *ret)
{
    char path[PATH_MAX];
    size_t size = 0;
    (void)snprintf(path, sizeof(path), "%s/etc/mappings/%s.yaml", GW_SOURCE_DIR, name);
    char *text = fixture_read(path, &size);
    *ret = mapping_open(f, text, more);
    char *faults = fixture_faults(f);
    assert_string_equal(faults, "");
    free(faults);
    free(text);
}

static void alink_is_what_its_documents_say(void **state)
{
    struct fixture f;
    struct county_config config;
    char body[600];
    (void)state;
    shipped(&f, "alink", ", platform: {product: pk, device: dn}", &config);
    (void)snprintf(
        body, sizeof(body),
        "{\"id\":\"%u\",\"version\":\"1.0\",\"method\":\"thing.event."
        "CampusAlarm.post\",\"params\":{\"value\":{\"AlarmId\":\"7\",\"Step\":1,"
        "\"Rule\":\"TF-01\",\"Object\":\"panic-gate\",\"Severity\":1,\"State\":"
        "\"unacknowledged\",\"Cause\":\"rule\",\"Value\":1.0,\"Drill\":0},"
        "\"time\":1795392930217}}",
        (unsigned)mapping_number(4611686018427387905, 18));
    mapping_check(&config, mapping_example("alarm"),
                  "/sys/pk/dn/thing/event/CampusAlarm/post", body);
    mapping_check(&config, mapping_example("state"), NULL, NULL);
    fixture_close(&f);
}

static void thingsboard_is_what_its_documents_say(void **state)
{
    struct fixture f;
    struct county_config config;
    (void)state;
    shipped(&f, "thingsboard", ", acknowledge: broker", &config);
    mapping_check(&config, mapping_example("telemetry"), "v1/gateway/telemetry",
                  "{\"b1-203\":[{\"ts\":1795393200004,\"values\":{\"co2\":640.5}}]}");
    mapping_check(&config, mapping_example("state-last-will"), "v1/devices/me/attributes",
                  "{\"status\":\"offline\",\"cause\":\"lost\"}");
    mapping_check(&config, mapping_example("evidence"), NULL, NULL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leaf_that_is_one_template_keeps_its_type),
        cmocka_unit_test(templates_within_a_text_make_a_text),
        cmocka_unit_test(constants_are_what_json_would_read),
        cmocka_unit_test(what_is_fixed_is_the_gateways_and_the_kinds),
        cmocka_unit_test(what_is_absent_takes_its_key_and_what_it_empties),
        cmocka_unit_test(null_is_absent_unless_something_else_stands_for_it),
        cmocka_unit_test(a_map_turns_values_into_others),
        cmocka_unit_test(each_item_becomes_an_entry_or_an_element),
        cmocka_unit_test(a_part_needs_its_field),
        cmocka_unit_test(forms_write_a_value_another_way),
        cmocka_unit_test(the_first_template_whose_condition_holds_is_taken),
        cmocka_unit_test(others_may_be_kept_as_the_contract_has_them),
        cmocka_unit_test(names_stand_for_what_the_school_gives),
        cmocka_unit_test(the_schools_own_file_goes_before_the_shipped_one),
        cmocka_unit_test(what_would_be_too_large_or_is_no_message_is_refused),
        cmocka_unit_test(
            every_field_of_the_contract_can_be_taken_and_nothing_else_leaves),
        cmocka_unit_test(alink_is_what_its_documents_say),
        cmocka_unit_test(thingsboard_is_what_its_documents_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
