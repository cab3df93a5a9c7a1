#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "broker_fixture.h"
#include "mqtt/mqtt.h"
#include "mqtt/mqtt_bus.h"

enum { PATIENCE = 3000 /* turns of 10 ms at most */ };

static const int64_t second_us = 1000000;

/* A real broker and a bus on it that hears one topic; nothing it takes is committed.
 * said  of the last loss, or of the connection */
struct rig {
    struct broker broker;
    struct mqtt_bus bus;
    struct gw_sink sink;
    struct gw_bus_setup setup;
    int64_t now_us;
    size_t messages;
    char said[512];
    bool is_open;
};

static struct rig rig;

static struct mqtt_device options = {.topic = "t/button"};
static struct mqtt_point plain;
static const struct gw_point_ref points[] = {{1, "gate/co2", "gate", "co2", &plain}};
static const struct gw_device_ref devices[] = {
    {.id = 1, .name = "button", .options = &options, .points = points, .point_count = 1}};

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    (void)ctx;
    (void)samples;
    (void)n;
    (void)delivery;
    rig.messages++;
    return true;
}

static void ask(void *ctx, uint64_t ticket)
{
    (void)ctx;
    (void)ticket;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    (void)ctx;
    (void)counter;
    (void)n;
}

static void report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    (void)ctx;
    (void)device;
    (void)snprintf(rig.said, sizeof(rig.said), "%s", text ? text : "");
}

static void later(int64_t us)
{
    rig.now_us += us;
    clock_set(rig.now_us, rig.now_us);
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
        (void)snprintf(rig.said, sizeof(rig.said), "%s", err.text);
        mqtt_driver.close(&rig.bus);
        rig.is_open = false;
    }
}

static void wait_until_it_hears(void)
{
    for (int i = 0; i < PATIENCE; i++) {
        turn();
        if (rig.is_open && mqtt_connection_phase(rig.bus.connection) == CONNECTION_READY)
            return;
    }
    fail_msg("not connected");
}

static void wait_until_it_is_lost(void)
{
    for (int i = 0; i < PATIENCE && rig.is_open; i++)
        turn();
    assert_false(rig.is_open);
}

static int open_rig(void **state)
{
    (void)state;
    memset(&rig, 0, sizeof(rig));
    (void)mosquitto_lib_init();
    broker_start(&rig.broker);
    later(1000 * second_us);
    rig.bus.broker = rig.broker.url;
    rig.bus.client_id = "same";
    rig.bus.keepalive_us = 30 * second_us;
    rig.sink = (struct gw_sink){
        .ctx = &rig, .push = take, .commit = ask, .count = count, .report = report};
    rig.setup = (struct gw_bus_setup){.name = "test",
                                      .devices = devices,
                                      .device_count = 1,
                                      .sink = &rig.sink,
                                      .delivered = {.next = 1},
                                      .commit_interval_us = second_us};
    return 0;
}

static int close_rig(void **state)
{
    (void)state;
    mqtt_driver.close(&rig.bus);
    broker_stop(&rig.broker);
    clock_release();
    return 0;
}

/* Another client with the bus's id; it is gone when this returns. */
static void come_in_between(void)
{
    struct mosquitto *rival = mosquitto_new("same", true, NULL);
    assert_int_equal(mosquitto_connect(rival, "127.0.0.1", rig.broker.port, 60), 0);
    for (int i = 0; i < 10; i++) {
        (void)mosquitto_loop(rival, 0, 1);
        broker_pause_ms(2);
    }
    wait_until_it_is_lost();
    mosquitto_destroy(rival);
}

/* As a kill on a busy machine: by the time the loss is seen, another broker listens. */
static void kill_and_start_broker(void)
{
    (void)kill(rig.broker.pid, SIGKILL);
    broker_stop(&rig.broker);
    broker_start(&rig.broker);
}

static bool is_accused(void)
{
    return strstr(rig.said, "is the client id 'same' used twice?");
}

static void a_client_of_the_same_id_is_told_at_the_third_loss(void **state)
{
    (void)state;
    for (int i = 1; i <= 3; i++) {
        wait_until_it_hears();
        come_in_between();
        assert_int_equal(is_accused(), i == 3);
    }
    wait_until_it_hears();
    assert_true(is_accused());
    later(61 * second_us);
    turn();
    assert_string_equal(rig.said, "");
}

static void a_broker_that_is_killed_again_and_again_accuses_nobody(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        wait_until_it_hears();
        kill_and_start_broker();
        wait_until_it_is_lost();
        assert_false(is_accused());
    }
}

/* The broker's clock, which is not held. */
static int64_t broker_us(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return now.tv_sec * second_us + now.tv_nsec / 1000;
}

/* The broker would end it after 7.5 s, libmosquitto after 10; both clocks go alike, also
 * on a machine that is busy. */
static void a_bus_whose_messages_wait_for_the_disk_is_kept(void **state)
{
    (void)state;
    struct mosquitto *sensor = mosquitto_new("sensor", true, NULL);
    assert_int_equal(mosquitto_connect(sensor, "127.0.0.1", rig.broker.port, 60), 0);
    rig.bus.keepalive_us = 5 * second_us;
    wait_until_it_hears();
    const int64_t start_us = broker_us();
    const int64_t began_us = rig.now_us;
    for (int said = 0; said < 14;) {
        if (rig.now_us - began_us >= said * second_us) {
            said++;
            assert_int_equal(
                mosquitto_publish(sensor, NULL, "t/button", 1, "1", 1, false), 0);
        }
        (void)mosquitto_loop(sensor, 0, 1);
        turn();
        assert_true(rig.is_open);
        broker_pause_ms(10);
        later(broker_us() - start_us - (rig.now_us - began_us));
    }
    assert_true(rig.messages >= 10);
    assert_false(is_accused());
    mosquitto_destroy(sensor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_client_of_the_same_id_is_told_at_the_third_loss,
                                        open_rig, close_rig),
        cmocka_unit_test_setup_teardown(
            a_broker_that_is_killed_again_and_again_accuses_nobody, open_rig, close_rig),
        cmocka_unit_test_setup_teardown(a_bus_whose_messages_wait_for_the_disk_is_kept,
                                        open_rig, close_rig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
