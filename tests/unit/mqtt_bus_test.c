#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker_fixture.h"
#include "mqtt/mqtt.h"
#include "mqtt/mqtt_bus.h"

enum { SAMPLES_MAX = 64, PATIENCE = 3000 /* turns of 10 ms at most */ };

/* A real broker, a sensor that publishes, and one bus with two devices: numbers by place
 * and metric, and one with an own id and a time. */
struct rig {
    struct broker broker;
    struct mosquitto *sensor;
    struct mqtt_bus bus;
    struct gw_sink sink;
    struct gw_bus_setup setup;
    struct gw_sample samples[SAMPLES_MAX];
    size_t count;
    uint64_t messages; /* pushed */
    uint64_t counters[GW_COUNTERS];
    char fault[200]; /* of a device, as reported last; empty = it ended */
    bool is_open;
};

static struct rig rig;

static struct mqtt_device by_topic = {.topic = "campus/{place}/{metric}"};
static struct mqtt_device with_id = {
    .topic = "door/{node}", .node = "d1", .id = "id", .time = "t"};
static const char *const door_paths[] = {"open", "contact[0].open"};
static struct mqtt_point plain;
static struct mqtt_point event = {.is_event = true};
static struct mqtt_point door = {.path = {door_paths, 2}};
static const struct gw_point_ref topic_points[] = {
    {1, "b1-203/co2", "b1-203", "co2", &plain},
    {2, "b1-203/desk_lux.window", "b1-203", "desk_lux", &plain},
    {3, "b1-204/panic", "b1-204", "panic", &event},
};
static const struct gw_point_ref door_points[] = {
    {4, "b1-203/door", "b1-203", "door", &door}};
static const struct gw_device_ref devices[] = {
    {.id = 1,
     .name = "by-topic",
     .options = &by_topic,
     .points = topic_points,
     .point_count = 3},
    {.id = 2,
     .name = "door",
     .options = &with_id,
     .points = door_points,
     .point_count = 1},
};

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct rig *r = ctx;
    for (size_t i = 0; i < n && r->count < SAMPLES_MAX; i++)
        r->samples[r->count++] = samples[i];
    r->messages++;
    if (delivery)
        mqtt_driver.committed(&r->bus, delivery->ticket);
    return true;
}

static void ask(void *ctx, uint64_t ticket)
{
    (void)ctx;
    (void)ticket;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    ((struct rig *)ctx)->counters[counter] += n;
}

static void report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    struct rig *r = ctx;
    if (device)
        (void)snprintf(r->fault, sizeof(r->fault), "%s", text ? text : "");
}

static void turn(void)
{
    struct gw_wait wait = {0};
    struct gw_error err = {0};
    if (!rig.is_open) {
        rig.is_open = mqtt_driver.open(&rig.bus, &rig.setup, &err) == 0;
        if (!rig.is_open)
            mqtt_driver.close(&rig.bus);
        broker_pause_ms(10);
        return;
    }
    mqtt_driver.wait(&rig.bus, &wait);
    (void)poll(wait.fds, wait.count, 10);
    if (mqtt_driver.ready(&rig.bus, &wait, &rig.sink, &err) == GW_FAULT_OFFLINE) {
        mqtt_driver.close(&rig.bus);
        rig.is_open = false;
    }
    if (rig.sensor)
        (void)mosquitto_loop(rig.sensor, 0, 1);
}

static bool is_listening(void)
{
    return rig.is_open && mqtt_connection_phase(rig.bus.connection) == CONNECTION_READY;
}

static void wait_for_bus(void)
{
    for (int i = 0; i < PATIENCE && !is_listening(); i++)
        turn();
    assert_true(is_listening());
}

static void publish(const char *topic, const char *payload, int qos, bool is_retained)
{
    assert_int_equal(mosquitto_publish(rig.sensor, NULL, topic, (int)strlen(payload),
                                       payload, qos, is_retained),
                     0);
}

/* Turns until @messages more were pushed. */
static void wait_for(uint64_t messages)
{
    uint64_t end = rig.messages + messages;
    for (int i = 0; i < PATIENCE && rig.messages < end; i++)
        turn();
    assert_int_equal(rig.messages, end);
}

static void connect_sensor(void)
{
    rig.sensor = mosquitto_new(NULL, true, NULL);
    assert_int_equal(mosquitto_connect(rig.sensor, "127.0.0.1", rig.broker.port, 60), 0);
}

static int open_rig(void **state)
{
    (void)state;
    memset(&rig, 0, sizeof(rig));
    (void)mosquitto_lib_init();
    broker_start(&rig.broker);
    connect_sensor();
    rig.bus.broker = rig.broker.url;
    rig.bus.keepalive_us = 60000000;
    rig.bus.window_size = 20;
    rig.sink = (struct gw_sink){
        .ctx = &rig, .push = take, .commit = ask, .count = count, .report = report};
    rig.setup = (struct gw_bus_setup){.name = "test",
                                      .devices = devices,
                                      .device_count = 2,
                                      .sink = &rig.sink,
                                      .delivered = {.next = 1},
                                      .commit_interval_us = 1000000};
    return 0;
}

static int close_rig(void **state)
{
    (void)state;
    mqtt_driver.close(&rig.bus);
    mosquitto_destroy(rig.sensor);
    broker_stop(&rig.broker);
    return 0;
}

static void a_topic_names_the_place_and_the_metric(void **state)
{
    (void)state;
    wait_for_bus();
    publish("campus/b1-203/co2", "640", 1, false);
    publish("campus/b1-203/desk_lux.window", "310.5", 1, false);
    publish("campus/b1-204/panic", "1", 1, false);
    wait_for(3);
    assert_int_equal(rig.samples[0].point, 1);
    assert_true(rig.samples[0].raw == 640 && rig.samples[0].flags == 0);
    assert_int_equal(rig.samples[1].point, 2);
    assert_true(rig.samples[1].raw == 310.5);
    assert_int_equal(rig.samples[2].point, 3);
    assert_int_equal(rig.samples[2].flags, GW_EVENT);
    publish("campus/b1-205/co2", "1", 1, false);
    wait_for(1);
    assert_int_equal(rig.counters[GW_COUNT_UNKNOWN], 1);
}

static void a_retained_value_is_not_fresh_unless_it_carries_its_time(void **state)
{
    (void)state;
    publish("campus/b1-203/co2", "640", 1, true);
    publish("door/d1", "{\"open\":true,\"t\":1795395600}", 1, true);
    wait_for_bus();
    wait_for(2);
    for (size_t i = 0; i < 2; i++) {
        bool is_door = rig.samples[i].point == 4;
        assert_int_equal(rig.samples[i].flags, is_door ? GW_TRUTH : GW_RETAINED);
        assert_true((rig.samples[i].source_us == GW_TIME_NONE) == !is_door);
    }
}

static void an_own_id_is_counted_once_also_with_qos_0(void **state)
{
    (void)state;
    wait_for_bus();
    publish("door/d1", "{\"open\":true,\"id\":\"x1\"}", 1, false);
    publish("door/d1", "{\"open\":true,\"id\":\"x1\"}", 1, false);
    wait_for(2);
    assert_int_equal(rig.count, 1);
    assert_int_equal(rig.counters[GW_COUNT_DUPLICATE], 1);
    publish("door/d1", "{\"open\":true,\"id\":\"x1\"}", 0, false);
    publish("door/d1", "{\"open\":false,\"id\":\"x2\"}", 0, false);
    wait_for(1);
    assert_int_equal(rig.count, 2);
    assert_int_equal(rig.counters[GW_COUNT_DUPLICATE], 2);
}

static void a_device_is_at_fault_until_a_message_holds_one_of_its_points(void **state)
{
    (void)state;
    wait_for_bus();
    publish("door/d1", "{\"contacts\":true}", 1, false);
    wait_for(1);
    assert_string_equal(rig.fault,
                        "none of its values found in a message on 'door/d1': looked for "
                        "open, contact[0].open");
    assert_int_equal(rig.counters[GW_COUNT_MALFORMED], 1);
    publish("door/d1", "{\"open\":true}", 1, false);
    publish("door/d1", "{\"battery\":90}", 1, false);
    wait_for(2);
    assert_string_equal(rig.fault, "");
    assert_int_equal(rig.counters[GW_COUNT_MALFORMED], 1);
}

static void what_cannot_be_read_says_whether_it_was_json(void **state)
{
    (void)state;
    wait_for_bus();
    publish("door/d1", "{\"open\":\"ajar\"}", 1, false);
    wait_for(1);
    assert_string_equal(
        rig.fault,
        "message on 'door/d1': a value is neither a number nor one of its states");
    publish("door/d1", "{\"open\":true}", 1, false);
    publish("door/d1", "ajar", 1, false);
    wait_for(2);
    assert_string_equal(
        rig.fault,
        "message on 'door/d1': neither JSON nor a number nor one of its states");
}

static void paths_that_do_not_fit_the_sentence_are_cut_whole(void **state)
{
    (void)state;
    static const char *const long_paths[] = {
        "line_total_data[0].total.in_counted.of.the.first.line.that.nobody.ever.drew",
        "line_total_data[0].total.in_counted.of.the.first.line.that.nobody.ever.drew"};
    const struct gw_strings paths = door.path;
    door.path = (struct gw_strings){long_paths, 2};
    wait_for_bus();
    publish("door/d1", "{}", 1, false);
    wait_for(1);
    door.path = paths;
    const char *looked = strstr(rig.fault, "looked for ");
    assert_non_null(looked);
    looked += strlen("looked for ");
    assert_memory_equal(looked, long_paths[0], strlen(long_paths[0]));
    assert_string_equal(looked + strlen(long_paths[0]), ", …");
}

static void after_a_broker_that_died_it_listens_again(void **state)
{
    (void)state;
    wait_for_bus();
    mosquitto_destroy(rig.sensor);
    rig.sensor = NULL;
    broker_stop(&rig.broker);
    for (int i = 0; i < PATIENCE && is_listening(); i++)
        turn();
    broker_start(&rig.broker);
    connect_sensor();
    wait_for_bus();
    publish("campus/b1-203/co2", "641", 1, false);
    wait_for(1);
    assert_true(rig.samples[0].raw == 641);
    assert_true(rig.counters[GW_COUNT_RECONNECT] >= 1);
}

static void a_broker_that_is_down_at_the_start_is_no_error_for_ever(void **state)
{
    (void)state;
    mosquitto_destroy(rig.sensor);
    rig.sensor = NULL;
    broker_stop(&rig.broker);
    for (int i = 0; i < 10; i++)
        turn();
    assert_false(is_listening());
    broker_start(&rig.broker);
    connect_sensor();
    wait_for_bus();
}

static void check_names_what_cannot_work(void **state)
{
    (void)state;
    static const char *const bad_paths[] = {"a..b"};
    struct mqtt_point bad_point = {.path = {bad_paths, 1}};
    struct gw_point_ref point = {1, "b1/co2", "b1", "co2", &bad_point};
    struct mqtt_device device = {.topic = "campus/{room}"};
    struct gw_device_ref ref = {.name = "d", .options = &device, .points = &point};
    struct mqtt_bus *bus = &rig.bus;
    struct gw_error err;
    assert_true(mqtt_driver.check(bus, &ref, &err) < 0);
    assert_non_null(strstr(err.text, "unknown placeholder"));
    device.topic = "campus/x";
    ref.point_count = 1;
    assert_true(mqtt_driver.check(bus, &ref, &err) < 0);
    assert_non_null(strstr(err.text, "path 'a..b'"));
    ref.point_count = 0;
    assert_int_equal(mqtt_driver.check(bus, &ref, &err), 0);
    static const char *const brokers[] = {"localhost",      "mqtt://",   "mqtt://h:0",
                                          "mqtt://h:70000", "mqtts://h", "mqtt://[::1"};
    for (size_t i = 0; i < sizeof(brokers) / sizeof(*brokers); i++) {
        bus->broker = brokers[i];
        assert_true(mqtt_driver.check_bus(bus, &err) < 0);
    }
    bus->broker = "mqtt://[::1]:1884";
    assert_int_equal(mqtt_driver.check_bus(bus, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_topic_names_the_place_and_the_metric, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(
            a_retained_value_is_not_fresh_unless_it_carries_its_time, open_rig,
            close_rig),
        cmocka_unit_test_setup_teardown(an_own_id_is_counted_once_also_with_qos_0,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(
            a_device_is_at_fault_until_a_message_holds_one_of_its_points, open_rig,
            close_rig),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_says_whether_it_was_json,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(paths_that_do_not_fit_the_sentence_are_cut_whole,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(after_a_broker_that_died_it_listens_again,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(
            a_broker_that_is_down_at_the_start_is_no_error_for_ever, open_rig, close_rig),
        cmocka_unit_test_setup_teardown(check_names_what_cannot_work, open_rig,
                                        close_rig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
