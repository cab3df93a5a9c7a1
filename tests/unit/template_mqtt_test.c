#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker_fixture.h"
#include "config/config.h"
#include "mqtt/mqtt.h"

enum { VALUES_MAX = 10, SAMPLES_MAX = 64, FRAME_TEXT = 512 };

struct expected {
    const char *metric; /* NULL ends */
    double value;       /* NAN: bad, the device says so */
};

/* A device on @template, the message it is known to send, and what it then says.
 * @payload in hex after "hex:" is a LoRaWAN frame, sent as ChirpStack sends it. */
struct vector {
    const char *template_name;
    const char *device; /* further keys of the device, YAML */
    const char *topic;
    const char *payload;
    struct expected values[VALUES_MAX];
};

#define CHIRPSTACK "application/a1/device/24e124fffe000001/event/up"
#define LORAWAN "node: 24e124fffe000001"

/* Payloads as published in the source that each template names. */
static const struct vector vectors[] = {
    {"milesight-vs135",
     "topic: people/1",
     "people/1",
     "{\"device_info\":{\"device_sn\":\"6537D2222\"},\"time_info\":{\"start_time\":"
     "\"2026-11-23T09:00:00\",\"time_zone\":\"UTC+8:00\"},\"line_total_data\":[{\"line\":"
     "1,"
     "\"line_name\":\"Line1\",\"total\":{\"in_counted\":34,\"out_counted\":17,"
     "\"capacity_counted\":17}}]}",
     {{"people_in", 34}, {"people_out", 17}}},
    {"milesight-vs135",
     "topic: people/1",
     "people/1",
     "{\"line_total_data\":[{\"in_counted\":5,\"out_counted\":7,\"capacity_counted\":-2}]"
     "}",
     {{"people_in", 5}, {"people_out", 7}}},
    {"milesight-vs135-region",
     "topic: people/1",
     "people/1",
     "{\"region_count_data\":[{\"region\":1,\"total\":{\"current_total\":23}}]}",
     {{"people", 23}}},
    {"milesight-vs121", LORAWAN, CHIRPSTACK, "hex:04C9030800A106CD05", {{"people", 3}}},
    {"milesight-vs121",
     LORAWAN,
     CHIRPSTACK,
     "hex:0DCC1200160005CC13001400",
     {{"people_in", 18}, {"people_out", 22}}},
    {"milesight-vs133",
     LORAWAN,
     CHIRPSTACK,
     "hex:03D24800000004D2C8000000",
     {{"people_in", 72}, {"people_out", 200}}},
    {"milesight-vs133",
     LORAWAN,
     CHIRPSTACK,
     "hex:03D2BE00000004D23101000005CC00000000",
     {{"people_in", 190}, {"people_out", 305}}},
    {"milesight-vs350",
     LORAWAN,
     CHIRPSTACK,
     "hex:04CC1200160005CC13001400",
     {{"people_in", 18}, {"people_out", 22}}},
    {"milesight-vs350",
     LORAWAN,
     CHIRPSTACK,
     "hex:01756403670C0184CC011108110185CCE803E90301",
     {{"people_in", 4353}, {"people_out", 4360}, {"battery", 100}}},
    {"milesight-am107", LORAWAN, CHIRPSTACK, "hex:06651C0079001400", {{"lux", 28}}},
    {"milesight-am308",
     LORAWAN,
     CHIRPSTACK,
     "hex:03670A0104685805000106CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     {{"temperature", 26.6},
      {"humidity", 44},
      {"motion", 1},
      {"illumination_index", 1},
      {"co2", 767},
      {"pressure", 1023.8},
      {"pm25", 7},
      {"pm10", 8},
      {"battery", 98}}},
    {"milesight-em300-mcs",
     LORAWAN,
     CHIRPSTACK,
     "hex:01755C03673401046865060001",
     {{"temperature", 30.8}, {"humidity", 50.5}, {"door", 1}, {"battery", 92}}},
    {"milesight-em500-co2",
     LORAWAN,
     CHIRPSTACK,
     "hex:01756403671901046873057D670406736827",
     {{"temperature", 28.1},
      {"humidity", 57.5},
      {"co2", 1127},
      {"pressure", 1008.8},
      {"battery", 100}}},
    {"milesight-em500-lgt",
     LORAWAN,
     CHIRPSTACK,
     "hex:017564039450000000",
     {{"desk_lux", 80}, {"battery", 100}}},
    {"milesight-ws101",
     LORAWAN,
     CHIRPSTACK,
     "hex:017510FF2E01",
     {{"button", 1}, {"battery", 16}}},
    {"milesight-ws301",
     LORAWAN,
     CHIRPSTACK,
     "hex:017564030001040001",
     {{"door", 1}, {"tamper", 1}, {"battery", 100}}},
    {"milesight-ws302",
     LORAWAN,
     CHIRPSTACK,
     "hex:017564055B053F02DA016A02",
     {{"noise", 47.4}, {"battery", 100}}},
    {"terabee-people-counting-m",
     "topic: terabee/1",
     "terabee/1",
     "{\"uid\":\"pcm807d3a86224b\",\"time\":\"946685671\",\"type\":\"counters\","
     "\"value\":"
     "{\"in\":34,\"out\":17}}",
     {{"people_in", 34}, {"people_out", 17}}},
    {"axis-object-analytics",
     "node: B8A44F941234",
     "axis/B8A44F941234/event/CameraApplicationPlatform/ObjectAnalytics/Device1Scenario2",
     "{\"topic\":\"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario2\","
     "\"timestamp\":1795395600000,\"serial\":\"B8A44F941234\",\"message\":{\"source\":{},"
     "\"key\":{},\"data\":{\"scenario\":\"Scenario "
     "2\",\"reason\":\"human\",\"total\":\"3\","
     "\"totalHuman\":\"3\"}}}",
     {{"people_in", 3}}},
    {"zigbee2mqtt-contact",
     "node: door1",
     "zigbee2mqtt/door1",
     "{\"battery\":97,\"contact\":true,\"linkquality\":102,\"tamper\":false,"
     "\"voltage\":2995}",
     {{"door", 0}, {"tamper", 0}, {"battery", 97}, {"link_quality", 102}}},
    {"zigbee2mqtt-contact",
     "node: door1",
     "zigbee2mqtt/door1",
     "{\"contact\":false}",
     {{"door", 1}}},
    {"zigbee2mqtt-plug",
     "node: PS5",
     "zigbee2mqtt/PS5",
     "{\"ac_frequency\":50,\"current\":0,\"device_temperature\":30,\"energy\":31.02,"
     "\"last_seen\":\"2025-10-15T19:10:57+02:00\",\"linkquality\":76,\"power\":0,"
     "\"state\":"
     "\"ON\",\"voltage\":236.19}",
     {{"panel_power", 0},
      {"energy", 31.02},
      {"voltage", 236.19},
      {"current", 0},
      {"frequency", 50},
      {"link_quality", 76}}},
    {"zigbee2mqtt-presence",
     "node: radar",
     "zigbee2mqtt/radar",
     "{\"illuminance\":300,\"linkquality\":90,\"occupancy\":true,\"target_distance\":2."
     "5}",
     {{"presence", 1}, {"lux", 300}, {"link_quality", 90}}},
    {"tasmota-contact",
     "node: gate",
     "tele/gate/SENSOR",
     "{\"Time\":\"2024-02-24T22:20:38\",\"Switch1\":\"ON\"}",
     {{"door", 1}}},
    {"shelly-plus-plug",
     "node: shellyplusplugs-a1",
     "shellyplusplugs-a1/events/rpc",
     "{\"src\":\"shellyplusplugs-a1\",\"method\":\"NotifyStatus\",\"params\":{\"ts\":"
     "1795395600.25,\"switch:0\":{\"id\":0,\"apower\":118.2,\"aenergy\":{\"total\":2500}}"
     "}}",
     {{"panel_power", 118.2}, {"energy", 2.5}}},
    {"shelly-blu-door",
     "topic: ble/door",
     "ble/door",
     "{\"open\":true,\"lux\":87,\"batt\":100}",
     {{"door", 1}, {"lux", 87}, {"battery", 100}}},
    {"vergesense",
     "topic: verge/1",
     "verge/1",
     "{\"event_type\":\"space_report\",\"space_ref_id\":\"x\",\"person_count\":0,"
     "\"signs_of_life\":false,\"motion_detected\":false,\"timestamp\":"
     "\"2024-11-21T13:31:45.000Z\",\"people\":{\"count\":0,\"coordinates\":[]}}",
     {{"people", 0}}},
    {"campus-topics", "", "campus/b1-203/co2", "640", {{"co2", 640}}},
    {"campus-topics",
     "",
     "campus/b1-203/co2",
     "{\"v\":640.5,\"t\":1795395600}",
     {{"co2", 640.5}}},
    {"campus-topics", "", "campus/b1-203/temperature", "warm", {{"temperature", NAN}}},
    {"panic-mqtt", "topic: security/panic", "security/panic", "pressed", {{"panic", 1}}},
    {"panic-mqtt",
     "topic: security/panic",
     "security/panic",
     "{\"state\":\"normal\"}",
     {{"panic", 0}}},
    {"panic-mqtt", "topic: security/panic", "security/panic", "1", {{"panic", 1}}},
    {"panic-mqtt", "topic: security/panic", "security/panic", "?", {{"panic", NAN}}},
};

/* The broker of all tests, and one gateway bus on it for each vector. */
struct rig {
    struct broker broker;
    struct mosquitto *sensor;
    char folder[64];
    struct config_faults *faults;
    struct config *config;
    struct gw_sample samples[SAMPLES_MAX];
    size_t count;
    bool is_complete; /* the message's delivery came */
};

static struct rig rig;

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct rig *r = ctx;
    for (size_t i = 0; i < n && r->count < SAMPLES_MAX; i++)
        r->samples[r->count++] = samples[i];
    r->is_complete = delivery != NULL;
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
    (void)text;
}

static void link_etc(const char *name)
{
    char from[PATH_MAX];
    char to[PATH_MAX];
    (void)snprintf(from, sizeof(from), "%s/etc/%s", GW_SOURCE_DIR, name);
    (void)snprintf(to, sizeof(to), "%s/%s", rig.folder, name);
    assert_int_equal(symlink(from, to), 0);
}

static void write_devices(const struct vector *v)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/devices.d/b1.yaml", rig.folder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(
        fprintf(
            out,
            "buses:\n  - {name: school-broker, driver: mqtt, broker: \"%s\", clean: "
            "true}\n"
            "devices:\n  - {name: d1, bus: school-broker, template: %s, place: b1-203, "
            "supervision: 1h%s%s}\n",
            rig.broker.url, v->template_name, *v->device ? ", " : "", v->device)
        > 0);
    assert_int_equal(fclose(out), 0);
}

static void load(const struct vector *v)
{
    static const struct gw_driver *const drivers[] = {&mqtt_driver, NULL};
    static const struct gw_plugin *const plugins[] = {NULL};
    static const struct config_modules modules = {drivers, plugins};
    char name[128];
    char made[PATH_MAX];
    (void)snprintf(rig.folder, sizeof(rig.folder), "/tmp/gw-template-XXXXXX");
    assert_non_null(mkdtemp(rig.folder));
    static const char *const folders[] = {"templates", "devices.d", "rules", "rules.d"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        (void)snprintf(made, sizeof(made), "%s/%s", rig.folder, folders[i]);
        assert_int_equal(mkdir(made, 0755), 0);
    }
    static const char *const files[] = {"metrics.yaml", "campus.yaml", "gateway.yaml"};
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        link_etc(files[i]);
    (void)snprintf(name, sizeof(name), "templates/%s.yaml", v->template_name);
    link_etc(name);
    write_devices(v);
    assert_int_equal(config_faults_new(&rig.faults), 0);
    assert_int_equal(config_load(rig.folder, &modules, rig.faults, &rig.config, NULL), 0);
    if (config_faults_errors(rig.faults))
        config_faults_print(rig.faults, stderr);
    assert_int_equal(config_faults_errors(rig.faults), 0);
}

static void unload(void)
{
    char command[128];
    rig.config = config_free(rig.config);
    rig.faults = config_faults_free(rig.faults);
    (void)snprintf(command, sizeof(command), "rm -rf -- '%s'", rig.folder);
    assert_int_equal(system(command), 0);
}

static void encode_base64(const char *hex, char *ret)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bytes[3];
    for (; *hex; hex += 6) {
        int got = sscanf(hex, "%2x%2x%2x", &bytes[0], &bytes[1], &bytes[2]);
        unsigned bits =
            bytes[0] << 16 | (got > 1 ? bytes[1] << 8 : 0) | (got > 2 ? bytes[2] : 0);
        for (int i = 0; i < 4; i++)
            *ret++ = i <= got ? digits[bits >> (18 - 6 * i) & 63] : '=';
        if (got < 3)
            break;
    }
    *ret = '\0';
}

static void publish(const struct vector *v)
{
    static unsigned message; /* every uplink has its own id */
    char text[FRAME_TEXT];
    char frame[FRAME_TEXT / 2];
    const char *payload = v->payload;
    if (!strncmp(payload, "hex:", 4)) {
        encode_base64(payload + 4, frame);
        (void)snprintf(text, sizeof(text),
                       "{\"deduplicationId\":\"3ac7e3c4-%u\",\"time\":"
                       "\"2026-11-23T01:00:00.5+00:00\",\"deviceInfo\":{\"devEui\":"
                       "\"24e124fffe000001\"},\"fPort\":85,\"data\":\"%s\"}",
                       ++message, frame);
        payload = text;
    }
    assert_int_equal(mosquitto_publish(rig.sensor, NULL, v->topic, (int)strlen(payload),
                                       payload, 1, false),
                     0);
}

/* Turns the bus until its message is complete; publishes once it listens. */
static void run_bus(const struct vector *v)
{
    const struct gw_sink sink = {
        .ctx = &rig, .push = take, .commit = ask, .count = count, .report = report};
    struct config_bus *bus = &rig.config->buses[0];
    const struct gw_bus_setup setup = {.name = bus->name,
                                       .devices = &rig.config->devices[0].ref,
                                       .device_count = 1,
                                       .sink = &sink,
                                       .delivered = {.next = 1},
                                       .commit_interval_us = 1000000};
    struct gw_error err = {0};
    assert_int_equal(mqtt_driver.open(bus->options, &setup, &err), 0);
    rig.count = 0;
    rig.is_complete = false;
    for (int turn = 0; turn < 500 && !rig.is_complete; turn++) {
        struct gw_wait wait = {0};
        mqtt_driver.wait(bus->options, &wait);
        (void)poll(wait.fds, wait.count, 10);
        if (mqtt_driver.ready(bus->options, &wait, &sink, &err) != GW_FAULT_NONE)
            fail_msg("%s: %s", v->template_name, err.text);
        if (turn % 10 == 9)
            publish(v);
        assert_int_equal(mosquitto_loop(rig.sensor, 0, 1), 0);
    }
    mqtt_driver.close(bus->options);
}

static const struct config_point *point_of(uint32_t index)
{
    assert_true(index < rig.config->point_count);
    return &rig.config->points[index];
}

static void check_values(const struct vector *v)
{
    size_t expected = 0;
    for (const struct expected *e = v->values; e->metric; e++) {
        bool found = false;
        expected++;
        for (size_t i = 0; i < rig.count; i++) {
            const struct gw_sample *s = &rig.samples[i];
            const struct config_point *p = point_of(s->point - 1);
            if (strcmp(p->metric->name, e->metric) != 0)
                continue;
            found = true;
            double value = s->raw * p->scale + p->offset;
            assert_int_equal(s->quality, isnan(e->value) ? GW_BAD : GW_GOOD);
            if (!isnan(e->value) && fabs(value - e->value) > 1e-9)
                fail_msg("%s: %s is %.10g, not %.10g", v->template_name, e->metric, value,
                         e->value);
        }
        if (!found)
            fail_msg("%s: nothing of %s", v->template_name, e->metric);
    }
    assert_int_equal(rig.count, expected);
}

static void published_payloads_give_their_published_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        load(&vectors[i]);
        for (size_t p = 0; p < rig.config->point_count; p++) {
            rig.config->points[p].id = (uint32_t)(p + 1);
            ((struct gw_point_ref *)rig.config->devices[0].ref.points)[p].id =
                (uint32_t)(p + 1);
        }
        run_bus(&vectors[i]);
        check_values(&vectors[i]);
        unload();
    }
}

static int open_rig(void **state)
{
    (void)state;
    broker_start(&rig.broker);
    (void)mosquitto_lib_init();
    rig.sensor = mosquitto_new(NULL, true, NULL);
    return mosquitto_connect(rig.sensor, "127.0.0.1", rig.broker.port, 60);
}

static int close_rig(void **state)
{
    (void)state;
    mosquitto_destroy(rig.sensor);
    broker_stop(&rig.broker);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_payloads_give_their_published_values),
    };
    return cmocka_run_group_tests(tests, open_rig, close_rig);
}
