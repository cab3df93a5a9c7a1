/* modbus_bench - the [modbus] figures: a scan of 20 units with 60 registers each over
 * Modbus TCP, our driver beside bare libmodbus against the same server, in alternating
 * pairs.  Prints one JSON line a figure. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modbus/modbus.h"
#include "modbus/options.h"

enum { UNITS = 20, REGISTERS = 60, SCANS = 500, PAIRS = 7, CLIENTS = 8, HEAD = 7 };

/* --- the server: every unit, register i holds i ------------------------------------- */

static size_t answer(const uint8_t *request, uint8_t *ret)
{
    unsigned count = (unsigned)(request[HEAD + 3] << 8 | request[HEAD + 4]);
    unsigned first = (unsigned)(request[HEAD + 1] << 8 | request[HEAD + 2]);
    memcpy(ret, request, HEAD + 1);
    ret[4] = (uint8_t)((3 + 2 * count) >> 8);
    ret[5] = (uint8_t)(3 + 2 * count);
    ret[HEAD + 1] = (uint8_t)(2 * count);
    for (unsigned i = 0; i < count; i++) {
        ret[HEAD + 2 + 2 * i] = (uint8_t)((first + i) >> 8);
        ret[HEAD + 3 + 2 * i] = (uint8_t)(first + i);
    }
    return HEAD + 2 + 2 * count;
}

static void serve(int listener)
{
    struct pollfd fds[1 + CLIENTS] = {{.fd = listener, .events = POLLIN}};
    nfds_t count = 1;
    for (;;) {
        (void)poll(fds, count, -1);
        for (nfds_t i = 1; i < count; i++) {
            uint8_t request[64];
            uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
            if (!fds[i].revents)
                continue;
            if (recv(fds[i].fd, request, sizeof(request), 0) < HEAD + 5) {
                close(fds[i].fd);
                fds[i] = fds[--count];
                break;
            }
            size_t size = answer(request, reply);
            if (send(fds[i].fd, reply, size, MSG_NOSIGNAL) < 0)
                break;
        }
        if (fds[0].revents && count < 1 + CLIENTS) {
            int on = 1;
            int fd = accept(listener, NULL, NULL);
            (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
}

static pid_t start_server(uint16_t *ret_port)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 8) < 0
        || getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        return -1;
    *ret_port = ntohs(address.sin_port);
    pid_t pid = fork();
    if (pid == 0)
        serve(listener);
    close(listener);
    return pid;
}

/* --- CPU time of one run -------------------------------------------------------------
 */

static double cpu_s(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
           + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double run_bare(uint16_t port)
{
    uint16_t registers[MODBUS_MAX_READ_REGISTERS];
    modbus_t *ctx = modbus_new_tcp("127.0.0.1", port);
    if (!ctx || modbus_connect(ctx) < 0)
        return -1;
    double begun = cpu_s();
    for (int scan = 0; scan < SCANS; scan++)
        for (int unit = 1; unit <= UNITS; unit++) {
            (void)modbus_set_slave(ctx, unit);
            if (modbus_read_registers(ctx, 0, REGISTERS, registers) != REGISTERS)
                return -1;
        }
    double spent = cpu_s() - begun;
    modbus_close(ctx);
    modbus_free(ctx);
    return spent;
}

/* --- our driver ----------------------------------------------------------------------
 */

struct tally {
    uint64_t requests;
    uint64_t samples;
    uint64_t wrong;
};

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct tally *t = ctx;
    (void)delivery;
    for (size_t i = 0; i < n; i++)
        t->wrong += samples[i].quality != GW_GOOD || samples[i].raw != samples[i].point;
    t->samples += n;
    return true;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    struct tally *t = ctx;
    t->requests += counter == GW_COUNT_REQUESTS ? n : 0;
}

static struct modbus_point options[REGISTERS];
static struct gw_point_ref points[REGISTERS];
static struct modbus_device devices[UNITS];
static struct gw_device_ref refs[UNITS];

static void describe_units(void)
{
    for (uint32_t i = 0; i < REGISTERS; i++) {
        options[i] = (struct modbus_point){
            .function = 3, .address = i, .type = MODBUS_U16, .bit = -1};
        points[i] =
            (struct gw_point_ref){.id = i, .name = "unit/x", .options = &options[i]};
    }
    for (uint32_t u = 0; u < UNITS; u++) {
        devices[u] = (struct modbus_device){.unit = u + 1, .max_registers = 125};
        refs[u] = (struct gw_device_ref){.id = u + 1,
                                         .name = "unit",
                                         .options = &devices[u],
                                         .points = points,
                                         .point_count = REGISTERS};
    }
}

static double run_driver(uint16_t port, struct tally *tally)
{
    const struct gw_driver *driver = &modbus_tcp_driver;
    struct modbus_bus bus = {.host = "127.0.0.1", .port = port, .timeout_us = 1000000};
    const struct gw_sink sink = {.ctx = tally, .push = take, .count = count};
    const struct gw_bus_setup setup = {
        .name = "bench", .devices = refs, .device_count = UNITS, .sink = &sink};
    struct gw_error err = {0};
    bool is_ok = driver->open(&bus, &setup, &err) == 0;
    for (int u = 0; u < UNITS && is_ok; u++)
        is_ok = driver->plan(&bus, &refs[u], &err) == 0;
    double begun = cpu_s();
    for (int scan = 0; scan < SCANS && is_ok; scan++)
        for (int u = 0; u < UNITS && is_ok; u++)
            is_ok = driver->poll(&bus, &refs[u], &sink, &err) == GW_FAULT_NONE;
    double spent = cpu_s() - begun;
    driver->close(&bus);
    if (!is_ok)
        fprintf(stderr, "modbus_bench: %s\n", err.text);
    return is_ok ? spent : -1;
}

/* --- the figures ---------------------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), compare);
    return values[n / 2];
}

static void print_figure(const char *figure, double value, const char *unit, double limit,
                         double target)
{
    double ratio = value / limit;
    printf(
        "{\"figure\":\"%s\",\"value\":%.4g,\"unit\":\"%s\",\"limit\":%.4g,\"ratio\":%.4g,"
        "\"target\":%.4g,\"reached\":%s}\n",
        figure, value, unit, limit, ratio, target, ratio <= target ? "true" : "false");
}

static int measure(uint16_t port)
{
    double bare[PAIRS];
    double ours[PAIRS];
    struct tally tally = {0};
    for (int i = 0; i < PAIRS; i++) {
        bare[i] = run_bare(port);
        ours[i] = run_driver(port, &tally);
        if (bare[i] < 0 || ours[i] < 0)
            return 1;
    }
    uint64_t expected = (uint64_t)PAIRS * SCANS * UNITS * REGISTERS;
    if (tally.samples != expected || tally.wrong)
        return 1;
    double scans = (double)PAIRS * SCANS;
    print_figure("modbus tcp requests per scan, 20 units x 60 registers",
                 (double)tally.requests / scans, "requests", UNITS, 1.0);
    double thousands = (double)SCANS * UNITS * REGISTERS / 1000;
    print_figure("modbus tcp cpu per 1,000 registers",
                 median(ours, PAIRS) / thousands * 1e6, "us",
                 median(bare, PAIRS) / thousands * 1e6, 1.5);
    return 0;
}

int main(void)
{
    uint16_t port = 0;
    describe_units();
    pid_t server = start_server(&port);
    if (server < 0)
        return 1;
    int r = measure(port);
    (void)kill(server, SIGTERM);
    (void)waitpid(server, NULL, 0);
    return r;
}
