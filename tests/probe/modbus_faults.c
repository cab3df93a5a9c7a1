/* modbus_faults - the Modbus driver against slaves that misbehave, many lines at once:
 *
 *   modbus_faults FAULTS LINES [lie]    until so many faults were done to it, on LINES
 *                                       serial lines and as many TCP connections
 *   modbus_faults serve rtu|tcp         the slave alone: prints its port, serves until
 *                                       stdin ends
 *
 * Every value that the driver calls good must be of the unit, function and register that
 * was asked, and of this very request.  An older one is wrong too, unless this machine
 * made its answer later than the lateness that the driver is told of: that is counted as
 * beyond the promise.  Prints one JSON line; exit 1 when a value was wrong. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faulty_slave.h"
#include "modbus/modbus.h"
#include "modbus/options.h"

enum { TIMEOUT_US = 20000, LATE_AFTER_US = 60000, FAULTY = 60, ALONE = 30, HISTORY = 64 };
enum { LINES_MAX = 128, BAUD_115200 = 7 };

/* Registers of each unit: a request of two values, and three of the same shape. */
static const struct asked {
    uint32_t function;
    uint32_t index;
} asked[] = {{3, 0}, {3, 1}, {3, 8}, {3, 12}, {4, 3}};
enum { POINTS = sizeof(asked) / sizeof(asked[0]) };

struct unit {
    struct modbus_device device;
    struct modbus_point options[POINTS];
    struct gw_point_ref points[POINTS];
    int64_t sent_us[HISTORY]; /* when it was asked last, newest at sent - 1 */
    size_t sent;
};

struct tally {
    uint64_t right;
    uint64_t wrong;
    uint64_t beyond;
    uint64_t polls;
    uint64_t counts[GW_COUNTERS];
};

/* One line or connection, with its slave and the driver on it. */
struct bus {
    const struct gw_driver *driver;
    struct modbus_bus options;
    struct unit units[SLAVE_UNITS];
    struct gw_device_ref refs[SLAVE_UNITS];
    struct gw_sink sink;
    struct gw_bus_setup setup;
    struct unit *polled;
    struct faulty_slave *slave;
    struct tally tally;
    _Atomic uint64_t *faults_left;
    uint64_t faults;
    pthread_t thread;
};

/* --- the judge --- */

/* The last time before @time_us at which @u was asked. */
static int64_t asked_before(const struct unit *u, int64_t time_us)
{
    for (size_t i = u->sent; i > 0 && u->sent - i < HISTORY; i--)
        if (u->sent_us[(i - 1) % HISTORY] <= time_us)
            return u->sent_us[(i - 1) % HISTORY];
    return INT64_MIN;
}

static void judge(struct bus *b, const struct gw_sample *s)
{
    const struct unit *u = b->polled;
    const struct asked *a = &asked[s->point];
    struct slave_value v = slave_value_unpack((uint64_t)s->raw, s->mono_us);
    bool is_own =
        v.unit == u->device.unit && v.function == a->function && v.index == a->index;
    if (is_own && v.asked_us >= u->sent_us[(u->sent - 1) % HISTORY]) {
        b->tally.right++;
        return;
    }
    int64_t late_us = s->mono_us - asked_before(u, v.asked_us);
    bool is_promised = b->options.host || v.unit != u->device.unit
                       || late_us <= LATE_AFTER_US || late_us > 100 * LATE_AFTER_US;
    b->tally.wrong += is_promised;
    b->tally.beyond += !is_promised;
    if (is_promised)
        fprintf(
            stderr,
            "wrong on %s: unit %u function %u value %u asked %lld us ago, for unit %u "
            "function %u value %u\n",
            b->driver->name, v.unit, v.function, v.index,
            (long long)(s->mono_us - v.asked_us), u->device.unit, a->function, a->index);
}

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    (void)delivery;
    for (size_t i = 0; i < n; i++)
        if (samples[i].quality == GW_GOOD)
            judge(ctx, &samples[i]);
    return true;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    struct bus *b = ctx;
    b->tally.counts[counter] += n;
    if (counter == GW_COUNT_REQUESTS && b->polled)
        b->polled->sent_us[b->polled->sent++ % HISTORY] = gw_machine_us();
}

/* --- one bus, driven as the core does --- */

static void describe_unit(struct bus *b, unsigned i)
{
    struct unit *u = &b->units[i];
    u->device = (struct modbus_device){.unit = i + 1, .max_registers = 125};
    for (uint32_t p = 0; p < POINTS; p++) {
        u->options[p] = (struct modbus_point){.function = asked[p].function,
                                              .address = asked[p].index * SLAVE_WORDS,
                                              .type = MODBUS_U64,
                                              .bit = -1};
        u->points[p] = (struct gw_point_ref){
            .id = p, .name = "unit/value", .options = &u->options[p]};
    }
    b->refs[i] = (struct gw_device_ref){.id = i + 1,
                                        .name = "unit",
                                        .options = &u->device,
                                        .points = u->points,
                                        .point_count = POINTS};
}

static int start_bus(struct bus *b, bool is_tcp, bool lies, uint64_t seed)
{
    const struct slave_setup setup = {.is_tcp = is_tcp,
                                      .lies = lies,
                                      .faulty = FAULTY,
                                      .timeout_us = TIMEOUT_US,
                                      .late_after_us = LATE_AFTER_US,
                                      .seed = seed};
    if (slave_start(&setup, &b->slave) < 0)
        return -1;
    b->driver = is_tcp ? &modbus_tcp_driver : &modbus_rtu_driver;
    b->options = (struct modbus_bus){.baud = BAUD_115200,
                                     .data_bits = 8,
                                     .stop_bits = 1,
                                     .timeout_us = TIMEOUT_US,
                                     .late_after_us = LATE_AFTER_US};
    if (is_tcp) {
        b->options.host = "127.0.0.1";
        b->options.port = (uint32_t)strtoul(slave_port(b->slave), NULL, 10);
    } else {
        b->options.device = slave_port(b->slave);
    }
    for (unsigned i = 0; i < SLAVE_UNITS; i++)
        describe_unit(b, i);
    b->sink = (struct gw_sink){.ctx = b, .push = take, .count = count};
    b->setup = (struct gw_bus_setup){
        .name = "bus", .devices = b->refs, .device_count = SLAVE_UNITS, .sink = &b->sink};
    return 0;
}

static bool open_bus(struct bus *b, struct gw_error *err)
{
    if (b->driver->open(&b->options, &b->setup, err) < 0)
        return false;
    for (unsigned i = 0; i < SLAVE_UNITS; i++)
        if (b->driver->plan(&b->options, &b->refs[i], err) < 0)
            return false;
    return true;
}

/* The unit that may be asked soonest. */
static unsigned next_unit(const struct bus *b)
{
    unsigned next = 0;
    for (unsigned i = 1; i < SLAVE_UNITS; i++)
        if (b->units[i].device.earliest_us < b->units[next].device.earliest_us)
            next = i;
    return next;
}

/* Ten minutes after which a refused register is asked again are a moment here. */
static void forgive(struct bus *b, unsigned i, struct gw_error *err)
{
    for (unsigned p = 0; p < POINTS; p++)
        b->units[i].options[p].lesson = (struct modbus_lesson){0};
    (void)b->driver->plan(&b->options, &b->refs[i], err);
}

static uint64_t faults_of(struct bus *b)
{
    uint64_t faults = 0;
    for (enum fault_kind k = 0; k < FAULT_KINDS; k++)
        faults += slave_faults(b->slave, k);
    return faults;
}

static bool poll_unit(struct bus *b, unsigned i)
{
    struct gw_error err = {0};
    b->polled = &b->units[i];
    enum gw_fault fault = b->driver->poll(&b->options, &b->refs[i], &b->sink, &err);
    b->polled = NULL;
    b->tally.polls++;
    if (fault == GW_FAULT_REJECTED)
        forgive(b, i, &err);
    if (fault != GW_FAULT_OFFLINE)
        return true;
    b->driver->close(&b->options);
    return open_bus(b, &err);
}

static void *run_bus(void *ctx)
{
    struct bus *b = ctx;
    struct gw_error err = {0};
    bool is_open = open_bus(b, &err);
    while (is_open && b->faults < *b->faults_left) {
        is_open = poll_unit(b, next_unit(b));
        b->faults = faults_of(b);
    }
    if (!is_open)
        fprintf(stderr, "modbus_faults: %s\n", err.text);
    b->driver->close(&b->options);
    return is_open ? b : NULL;
}

/* --- the run --- */

static void print_counts(struct bus *buses, size_t count, bool is_tcp)
{
    const char *comma = "";
    printf(",\"%s\":{", is_tcp ? "tcp" : "rtu");
    for (enum fault_kind k = 0; k < FAULT_KINDS; k++) {
        uint64_t faults = 0;
        for (size_t i = is_tcp; i < count; i += 2)
            faults += slave_faults(buses[i].slave, k);
        if (!fault_name(k, is_tcp) || (k == FAULT_LIE && !faults))
            continue;
        printf("%s\"%s\":%llu", comma, fault_name(k, is_tcp), (unsigned long long)faults);
        comma = ",";
    }
    printf("}");
}

static int report(struct bus *buses, size_t count, int64_t begun_us)
{
    struct tally sum = {0};
    uint64_t faults = 0;
    uint64_t requests = 0;
    for (size_t i = 0; i < count; i++) {
        const struct tally *t = &buses[i].tally;
        sum.right += t->right;
        sum.wrong += t->wrong;
        sum.beyond += t->beyond;
        sum.polls += t->polls;
        faults += faults_of(&buses[i]);
        requests += slave_requests(buses[i].slave);
    }
    printf("{\"requests\":%llu,\"faults\":%llu,\"polls\":%llu,\"right\":%llu,"
           "\"wrong\":%llu,\"beyond\":%llu,\"seconds\":%.1f",
           (unsigned long long)requests, (unsigned long long)faults,
           (unsigned long long)sum.polls, (unsigned long long)sum.right,
           (unsigned long long)sum.wrong, (unsigned long long)sum.beyond,
           (double)(gw_machine_us() - begun_us) / 1e6);
    print_counts(buses, count, false);
    print_counts(buses, count, true);
    printf("}\n");
    return sum.wrong > 0;
}

static int run(uint64_t faults, size_t lines, bool lies)
{
    size_t count = 2 * lines;
    _Atomic uint64_t each = (faults + count - 1) / count;
    int64_t begun_us = gw_machine_us();
    struct bus *buses = calloc(count, sizeof(*buses));
    bool is_ok = buses != NULL;
    for (size_t i = 0; i < count && is_ok; i++) {
        buses[i].faults_left = &each;
        is_ok = start_bus(&buses[i], i % 2, lies, 1000 + i) == 0
                && pthread_create(&buses[i].thread, NULL, run_bus, &buses[i]) == 0;
    }
    for (size_t i = 0; i < count && is_ok; i++) {
        void *done = NULL;
        (void)pthread_join(buses[i].thread, &done);
        is_ok = is_ok && done;
    }
    int r = is_ok ? report(buses, count, begun_us) : 2;
    for (size_t i = 0; i < count && is_ok; i++)
        slave_stop(buses[i].slave);
    free(buses);
    return r;
}

static int serve_alone(bool is_tcp)
{
    const struct slave_setup setup = {.is_tcp = is_tcp,
                                      .faulty = ALONE,
                                      .timeout_us = TIMEOUT_US,
                                      .late_after_us = LATE_AFTER_US,
                                      .seed = 7};
    struct faulty_slave *slave;
    if (slave_start(&setup, &slave) < 0)
        return 2;
    printf("%s\n", slave_port(slave));
    (void)fflush(stdout);
    while (getchar() != EOF)
        continue;
    printf("{\"requests\":%llu}\n", (unsigned long long)slave_requests(slave));
    slave_stop(slave);
    return 0;
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN); /* the driver hangs up on its slaves */
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        return serve_alone(strcmp(argv[2], "tcp") == 0);
    size_t lines = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (lines < 1 || lines > LINES_MAX) {
        fprintf(stderr, "usage: %s FAULTS LINES [lie] | serve rtu|tcp\n", argv[0]);
        return 2;
    }
    return run(strtoull(argv[1], NULL, 10), lines, argc > 3);
}
