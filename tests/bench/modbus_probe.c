/* modbus_probe - drives a Modbus driver without the gateway, a command a line:
 *
 *   modbus_probe modbus-tcp HOST PORT UNIT TIMEOUT_MS [write=multiple] POINT…
 *   modbus_probe modbus-rtu DEVICE BAUD UNIT TIMEOUT_MS [write=multiple] POINT…
 *   POINT   function:address:type:order[:bit]
 *
 *   poll {"fault":"none","text":"","samples":{"0":…,"1":null},"reasons":{"1":"rejected"}}
 *   write I V   {"fault":"none","text":""}
 *   reopen      {"fault":"none","text":""}
 *   later S     {}: what rests has rested S seconds longer
 *   counts      {"timeout":…,"crc":…,…}
 *
 * A bus that fails is opened again at the next command, as the gateway does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modbus/modbus.h"
#include "modbus/options.h"

enum { POINTS_MAX = 2000, LINE_MAX_BYTES = 256 };

static const char *const fault_names[] = {"none", "transient", "rejected", "offline"};
static const char *const counter_names[GW_COUNTERS] = {
    "messages",  "malformed", "unknown",  "duplicate", "timeout", "crc",
    "exception", "reconnect", "oversize", "requests",  "lost",    "suppressed",
};

/* Everything of one bus with one device. */
static struct probe {
    const struct gw_driver *driver;
    struct modbus_bus bus;
    struct modbus_device device;
    struct modbus_point options[POINTS_MAX];
    struct gw_point_ref points[POINTS_MAX];
    struct gw_device_ref ref;
    struct gw_sink sink;
    struct gw_bus_setup setup;
    bool is_open;
    struct gw_sample last[POINTS_MAX];
    bool is_fresh[POINTS_MAX];
    uint64_t counts[GW_COUNTERS];
} probe;

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct probe *p = ctx;
    (void)delivery;
    for (size_t i = 0; i < n; i++) {
        p->last[samples[i].point] = samples[i];
        p->is_fresh[samples[i].point] = true;
    }
    return true;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    struct probe *p = ctx;
    p->counts[counter] += n;
}

static int choice(const char *const *names, const char *name, size_t size)
{
    for (int i = 0; names[i]; i++)
        if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0)
            return i;
    fprintf(stderr, "modbus_probe: no such choice: %s\n", name);
    exit(2);
}

/* "3:7:u32:cdab" or "3:7:bool:abcd:5" */
static void add_point(struct probe *p, char *text)
{
    size_t i = p->ref.point_count++;
    struct modbus_point *o = &p->options[i];
    char *rest = text;
    o->function = (uint32_t)strtoul(rest, &rest, 0);
    o->address = (uint32_t)strtoul(rest + 1, &rest, 0);
    char *type = rest + 1;
    char *order = type + strcspn(type, ":") + 1;
    size_t order_size = strcspn(order, ":");
    o->type = choice(modbus_type_names, type, (size_t)(order - 1 - type));
    o->order = choice(modbus_order_names, order, order_size);
    o->bit = order[order_size] ? (int32_t)strtol(order + order_size + 1, NULL, 0) : -1;
    p->points[i] = (struct gw_point_ref){.id = (uint32_t)i, .name = text, .options = o};
}

static void setup(struct probe *p, char **argv, int argc)
{
    bool is_tcp = strcmp(argv[1], "modbus-tcp") == 0;
    p->driver = is_tcp ? &modbus_tcp_driver : &modbus_rtu_driver;
    p->bus = (struct modbus_bus){
        .data_bits = 8, .stop_bits = 1, .timeout_us = strtol(argv[5], NULL, 0) * 1000};
    if (is_tcp) {
        p->bus.host = argv[2];
        p->bus.port = (uint32_t)strtoul(argv[3], NULL, 0);
    } else {
        p->bus.device = argv[2];
        p->bus.baud = choice(rtu_bauds, argv[3], strlen(argv[3]));
    }
    p->device = (struct modbus_device){
        .unit = (uint32_t)strtoul(argv[4], NULL, 0), .max_registers = 125, .max_hole = 4};
    p->ref = (struct gw_device_ref){
        .id = 1, .name = "probe", .options = &p->device, .points = p->points};
    for (int i = 6; i < argc && p->ref.point_count < POINTS_MAX; i++)
        if (strcmp(argv[i], "write=multiple") == 0)
            p->device.write = MODBUS_WRITE_MULTIPLE;
        else
            add_point(p, argv[i]);
    p->sink = (struct gw_sink){.ctx = p, .push = take, .count = count};
    p->setup = (struct gw_bus_setup){
        .name = "probe", .devices = &p->ref, .device_count = 1, .sink = &p->sink};
}

static enum gw_fault ensure_open(struct probe *p, struct gw_error *err)
{
    if (p->is_open)
        return GW_FAULT_NONE;
    p->is_open = p->driver->open(&p->bus, &p->setup, err) == 0
                 && p->driver->plan(&p->bus, &p->ref, err) == 0;
    if (!p->is_open)
        p->driver->close(&p->bus);
    return p->is_open ? GW_FAULT_NONE : GW_FAULT_OFFLINE;
}

static void settle(struct probe *p, enum gw_fault fault)
{
    if (fault != GW_FAULT_OFFLINE || !p->is_open)
        return;
    p->driver->close(&p->bus);
    p->is_open = false;
}

static void print_samples(const struct probe *p)
{
    const char *comma = "";
    printf(",\"samples\":{");
    for (size_t i = 0; i < p->ref.point_count; i++) {
        if (!p->is_fresh[i])
            continue;
        if (p->last[i].quality == GW_GOOD)
            printf("%s\"%zu\":%.17g", comma, i, p->last[i].raw);
        else
            printf("%s\"%zu\":null", comma, i);
        comma = ",";
    }
    printf("},\"reasons\":{");
    comma = "";
    for (size_t i = 0; i < p->ref.point_count; i++)
        if (p->is_fresh[i] && p->last[i].quality != GW_GOOD) {
            printf("%s\"%zu\":\"%s\"", comma, i,
                   gw_reason_name((enum gw_reason)p->last[i].reason));
            comma = ",";
        }
    printf("}");
}

static void poll_once(struct probe *p)
{
    struct gw_error err = {0};
    memset(p->is_fresh, 0, sizeof(p->is_fresh));
    int64_t begun_us = gw_machine_us();
    enum gw_fault fault = ensure_open(p, &err);
    if (fault == GW_FAULT_NONE)
        fault = p->driver->poll(&p->bus, &p->ref, &p->sink, &err);
    printf("{\"fault\":\"%s\",\"text\":\"%s\",\"us\":%lld", fault_names[fault], err.text,
           (long long)(gw_machine_us() - begun_us));
    print_samples(p);
    printf("}\n");
    settle(p, fault);
}

static void write_once(struct probe *p, char *arguments)
{
    struct gw_error err = {0};
    size_t i = strtoul(arguments, &arguments, 0);
    double raw = strtod(arguments, NULL);
    enum gw_fault fault = ensure_open(p, &err);
    if (fault == GW_FAULT_NONE)
        fault = p->driver->write(&p->bus, &p->ref, &p->points[i], raw, &err);
    printf("{\"fault\":\"%s\",\"text\":\"%s\"}\n", fault_names[fault], err.text);
    settle(p, fault);
}

static void reopen(struct probe *p)
{
    struct gw_error err = {0};
    p->driver->close(&p->bus);
    p->is_open = false;
    enum gw_fault fault = ensure_open(p, &err);
    printf("{\"fault\":\"%s\",\"text\":\"%s\"}\n", fault_names[fault], err.text);
}

static void rest_longer(struct probe *p, double seconds)
{
    for (size_t i = 0; i < p->ref.point_count; i++)
        p->options[i].lesson.again_us -= (int64_t)(seconds * 1e6);
    printf("{}\n");
}

static void print_counts(const struct probe *p)
{
    for (int i = 0; i < GW_COUNTERS; i++)
        printf("%s\"%s\":%llu", i ? "," : "{", counter_names[i],
               (unsigned long long)p->counts[i]);
    printf("}\n");
}

int main(int argc, char **argv)
{
    if (argc < 7) {
        fprintf(stderr, "usage: %s DRIVER HOST|DEVICE PORT|BAUD UNIT TIMEOUT_MS POINT…\n",
                argv[0]);
        return 2;
    }
    setup(&probe, argv, argc);
    struct gw_error err = {0};
    if (probe.driver->check(&probe.bus, &probe.ref, &err) < 0) {
        fprintf(stderr, "modbus_probe: %s\n", err.text);
        return 1;
    }
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof(line), stdin)) {
        if (strncmp(line, "poll", 4) == 0)
            poll_once(&probe);
        else if (strncmp(line, "write ", 6) == 0)
            write_once(&probe, line + 6);
        else if (strncmp(line, "reopen", 6) == 0)
            reopen(&probe);
        else if (strncmp(line, "later ", 6) == 0)
            rest_longer(&probe, strtod(line + 6, NULL));
        else
            print_counts(&probe);
        (void)fflush(stdout);
    }
    if (probe.is_open)
        probe.driver->close(&probe.bus);
    return 0;
}
