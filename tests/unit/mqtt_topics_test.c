#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mqtt/topics.h"

/* Devices that a topic led to, as bits. */
static void note_devices(void *ctx, const struct mqtt_topic_entry *entries, size_t count)
{
    unsigned *bits = ctx;
    for (size_t i = 0; i < count; i++)
        *bits |= 1u << entries[i].device;
}

static unsigned devices_of(const struct mqtt_topics *t, const char *topic)
{
    unsigned bits = 0;
    (void)mqtt_topics_match(t, topic, note_devices, &bits);
    return bits;
}

static struct mqtt_topics *mqtt_topics_of(const char *const filters[], size_t count)
{
    struct mqtt_topics *t = NULL;
    assert_int_equal(mqtt_topics_new(&t), 0);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(mqtt_topics_add(t, filters[i], (struct mqtt_topic_entry){i, i}),
                         0);
    return t;
}

static void exact_topics_and_wildcards_find_their_devices(void **state)
{
    (void)state;
    const char *const filters[] = {"a/b", "a/+", "a/#", "+/b", "#"};
    struct mqtt_topics *t = mqtt_topics_of(filters, 5);
    assert_int_equal(devices_of(t, "a/b"), 0x1f);
    assert_int_equal(devices_of(t, "a/c"), 0x16);
    assert_int_equal(devices_of(t, "a"), 0x14);
    assert_int_equal(devices_of(t, "x/b"), 0x18);
    assert_int_equal(devices_of(t, "a/b/c"), 0x14);
    assert_int_equal(devices_of(t, "$SYS/b"), 0);
    mqtt_topics_free(t);
}

static void empty_levels_are_levels(void **state)
{
    (void)state;
    const char *const filters[] = {"/a", "a/", "+/+"};
    struct mqtt_topics *t = mqtt_topics_of(filters, 3);
    assert_int_equal(devices_of(t, "/a"), 0x5);
    assert_int_equal(devices_of(t, "a/"), 0x6);
    assert_int_equal(devices_of(t, "a"), 0);
    mqtt_topics_free(t);
}

static void thousands_of_topics_keep_apart(void **state)
{
    (void)state;
    struct mqtt_topics *t = NULL;
    char topic[TOPIC_MAX];
    assert_int_equal(mqtt_topics_new(&t), 0);
    for (uint32_t i = 0; i < 5000; i++) {
        (void)snprintf(topic, sizeof(topic), "campus/b%u/metric%u", i % 64, i / 64);
        assert_int_equal(mqtt_topics_add(t, topic, (struct mqtt_topic_entry){i % 8, i}),
                         0);
    }
    assert_int_equal(devices_of(t, "campus/b3/metric70"), 1u << 3);
    assert_int_equal(devices_of(t, "campus/b3/metric79"), 0);
    mqtt_topics_free(t);
}

static void placeholders_become_a_points_topic(void **state)
{
    (void)state;
    char topic[TOPIC_MAX];
    assert_int_equal(
        mqtt_topic_of("campus/{place}/{metric}", NULL, "b1-203", "co2", topic), 0);
    assert_string_equal(topic, "campus/b1-203/co2");
    assert_int_equal(mqtt_topic_filter("campus/{place}/{metric}", NULL, topic), 0);
    assert_string_equal(topic, "campus/+/+");
    assert_int_equal(
        mqtt_topic_filter("application/+/device/{node}/event/up", "24e1", topic), 0);
    assert_string_equal(topic, "application/+/device/24e1/event/up");
}

static void a_pattern_with_a_fault_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *node;
        const char *says;
    } rows[] = {
        {"", NULL, "empty"},
        {"a/{room}", NULL, "unknown placeholder"},
        {"a/x{place}", NULL, "must stand alone"},
        {"a/{node}", NULL, "needs 'node:'"},
        {"a/b+", NULL, "must stand alone"},
        {"a/#/b", NULL, "alone at the end"},
        {"a/}", NULL, "unknown placeholder"},
        {"a/{node}", "x/#", "not allowed"},
        {"a/\x01/b", NULL, "control character"},
        {"a/{node}", "x\x7f", "control character"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct gw_error err = {0};
        assert_true(mqtt_topic_check(rows[i].pattern, rows[i].node, &err) < 0);
        assert_non_null(strstr(err.text, rows[i].says));
    }
    assert_int_equal(mqtt_topic_check("a/{place}/+/{metric}/#", NULL, NULL), 0);
    assert_int_equal(mqtt_topic_check("shelly-{node}/events/rpc", "a1", NULL), 0);
}

static void a_wider_filter_covers_a_narrower_one(void **state)
{
    (void)state;
    assert_true(mqtt_topic_covers("a/+", "a/b"));
    assert_true(mqtt_topic_covers("#", "a/+/c"));
    assert_true(mqtt_topic_covers("a/#", "a"));
    assert_true(mqtt_topic_covers("a/b", "a/b"));
    assert_false(mqtt_topic_covers("a/b", "a/+"));
    assert_false(mqtt_topic_covers("a/+", "a/#"));
    assert_false(mqtt_topic_covers("a/+", "a/b/c"));
    assert_false(mqtt_topic_covers("a/+/c", "a/b/d"));
    assert_false(mqtt_topic_covers("a", "a/b"));
}

/* MQTT 3.1.1, 4.7.2: a wildcard in the first level never stands for one with $. */
static void a_leading_wildcard_does_not_cover_topics_of_the_broker_itself(void **state)
{
    (void)state;
    assert_false(mqtt_topic_covers("#", "$SYS/broker/uptime"));
    assert_false(mqtt_topic_covers("+/broker/uptime", "$SYS/broker/uptime"));
    assert_true(mqtt_topic_covers("$SYS/#", "$SYS/broker/uptime"));
    assert_true(mqtt_topic_covers("a/+", "a/$b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_topics_and_wildcards_find_their_devices),
        cmocka_unit_test(empty_levels_are_levels),
        cmocka_unit_test(thousands_of_topics_keep_apart),
        cmocka_unit_test(placeholders_become_a_points_topic),
        cmocka_unit_test(a_pattern_with_a_fault_is_named),
        cmocka_unit_test(a_wider_filter_covers_a_narrower_one),
        cmocka_unit_test(a_leading_wildcard_does_not_cover_topics_of_the_broker_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
