/* rtu.c - the serial line: opening, silence between frames, and getting rid of noise. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "options.h"
#include "plan.h"

static const int64_t longest_silence_us = 1750; /* above 19200 bit/s, see below */
static const int64_t shortest_drain_us = 5000;  /* a USB adapter's latency */

const char *const rtu_bauds[] = {"1200",  "2400",   "4800",   "9600",   "19200", "38400",
                                 "57600", "115200", "230400", "460800", NULL};
static const int baud_rates[] = {1200,  2400,  4800,   9600,   19200,
                                 38400, 57600, 115200, 230400, 460800};

const char *const rtu_parities[] = {"none", "even", "odd", NULL};
static const char parity_letters[] = {'N', 'E', 'O'};

/* Waits for a byte until @us have passed.  returns 1, 0 = silent, -EIO = the port is gone
 */
static int listen_for(struct line *l, int64_t us)
{
    struct pollfd fd = {.fd = modbus_get_socket(l->ctx), .events = POLLIN};
    struct timespec limit = {us / 1000000, us % 1000000 * 1000};
    int r = ppoll(&fd, 1, &limit, NULL);
    if (r > 0 && fd.revents & (POLLERR | POLLHUP | POLLNVAL))
        return -EIO;
    return r > 0;
}

/* Reads and drops until the line has been silent, for at most one timeout more. */
static void drain(struct line *l)
{
    uint8_t dropped[MODBUS_RTU_MAX_ADU_LENGTH];
    int64_t silent_us =
        l->silence_us > shortest_drain_us ? l->silence_us : shortest_drain_us;
    int64_t end_us = gw_machine_us() + l->timeout_us;
    while (gw_machine_us() < end_us && listen_for(l, silent_us) > 0)
        if (read(modbus_get_socket(l->ctx), dropped, sizeof(dropped)) <= 0)
            break;
    (void)modbus_flush(l->ctx); /* a port that is gone shows at the next request */
}

static int rtu_prepare(struct line *l, const struct gw_sink *sink, struct gw_error *err)
{
    int r = listen_for(l, 0);
    if (r < 0)
        return gw_fail(err, r, "%s: the port is gone", l->name);
    if (r > 0) {
        line_count(sink, GW_COUNT_MALFORMED);
        drain(l);
    }
    return 0;
}

static bool rtu_is_quiet(struct line *l, int64_t us)
{
    if (listen_for(l, us) == 0)
        return true;
    drain(l);
    return false;
}

static const struct line_kind rtu_kind = {
    .prepare = rtu_prepare,
    .recover = drain,
    .is_quiet = rtu_is_quiet,
};

/* Source: MODBUS over Serial Line V1.02, section 2.5.1.1: 3.5 characters, and a fixed
 * 1.750 ms above 19200 bit/s. */
static void set_timing(struct line *l, const struct modbus_bus *b)
{
    int rate = baud_rates[b->baud];
    int bits = 1 + (int)b->data_bits + (b->parity ? 1 : 0) + (int)b->stop_bits;
    l->character_ns = INT64_C(1000000000) * bits / rate;
    l->silence_us =
        rate > 19200 ? longest_silence_us : (l->character_ns * 7 / 2 + 999) / 1000;
}

int rtu_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct modbus_bus *b = bus;
    struct line *l = &b->line;
    b->setup = setup;
    l->kind = &rtu_kind;
    l->timeout_us = b->timeout_us;
    l->gap_us = b->gap_us;
    l->earliest_us = 0;
    (void)snprintf(l->name, sizeof(l->name), "%s", b->device);
    set_timing(l, b);

    l->ctx = modbus_new_rtu(b->device, baud_rates[b->baud], parity_letters[b->parity],
                            (int)b->data_bits, (int)b->stop_bits);
    if (!l->ctx)
        return gw_fail(err, -errno, "%s: %s", l->name, modbus_strerror(errno));
    (void)modbus_set_byte_timeout(l->ctx, 0,
                                  0); /* the response timeout is for all of it */
    if (modbus_connect(l->ctx) < 0)
        return gw_fail(err, -errno, "%s: %s", l->name, modbus_strerror(errno));
    if (modbus_get_socket(l->ctx) >= FD_SETSIZE)
        return gw_fail(err, -EMFILE, "%s: too many open files for libmodbus", l->name);
    (void)modbus_flush(l->ctx);
    return 0;
}

/* Without a plan (no memory) nothing is said of the load. */
double rtu_load(const void *bus, const struct gw_device_ref *device)
{
    const struct modbus_bus *b = bus;
    const struct modbus_device *d = device->options;
    struct modbus_plan *plan = NULL;
    if (device->period_us <= 0 || modbus_plan_new(device, &plan) < 0)
        return 0;
    struct line l = {0};
    set_timing(&l, b);
    int64_t rest_us = b->gap_us > l.silence_us ? b->gap_us : l.silence_us;
    int64_t total_us = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const struct modbus_request *r = &plan->requests[i];
        const struct line_query q = {
            .unit = (uint8_t)d->unit, .function = r->function, .count = r->count};
        total_us += l.silence_us + line_wire_us(&l, &q) + rest_us;
    }
    modbus_plan_free(plan);
    return (double)total_us / (double)device->period_us;
}

/* Source: MODBUS over Serial Line V1.02, section 6.2.2. */
static uint16_t crc16(const uint8_t *bytes, size_t size)
{
    uint16_t crc = 0xffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
    }
    return crc;
}

static int fail_with(int code)
{
    errno = code;
    return -1;
}

/* Reads @want bytes; fewer when the deadline passes. */
static int read_until(struct line *l, uint8_t *ret, size_t want, int64_t deadline_us)
{
    size_t have = 0;
    while (have < want) {
        int64_t left_us = deadline_us - gw_machine_us();
        int r = left_us > 0 ? listen_for(l, left_us) : 0;
        if (r <= 0)
            return fail_with(r < 0 ? EIO : ETIMEDOUT);
        ssize_t n = read(modbus_get_socket(l->ctx), ret + have, want - have);
        if (n <= 0)
            return fail_with(EIO);
        have += (size_t)n;
    }
    return 0;
}

static size_t build_request(const struct line_query *q, uint8_t *ret)
{
    uint16_t argument = q->function == 5   ? (uint16_t)(q->values[0] ? 0xff00 : 0)
                        : q->function == 6 ? q->values[0]
                                           : q->count;
    size_t n = 0;
    ret[n++] = q->unit;
    ret[n++] = q->function;
    ret[n++] = (uint8_t)(q->address >> 8);
    ret[n++] = (uint8_t)q->address;
    ret[n++] = (uint8_t)(argument >> 8);
    ret[n++] = (uint8_t)argument;
    if (q->function == 16) {
        ret[n++] = (uint8_t)(2 * q->count);
        for (size_t i = 0; i < q->count; i++) {
            ret[n++] = (uint8_t)(q->values[i] >> 8);
            ret[n++] = (uint8_t)q->values[i];
        }
    }
    uint16_t crc = crc16(ret, n);
    ret[n++] = (uint8_t)crc;
    ret[n++] = (uint8_t)(crc >> 8);
    return n;
}

static void take_values(struct line *l, const struct line_query *q, const uint8_t *bytes)
{
    for (size_t i = 0; i < q->count; i++)
        if (modbus_reads_bits(q->function))
            l->bits[i] = bytes[i / 8] >> (i % 8) & 1;
        else
            l->registers[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

int rtu_exchange_raw(struct line *l, const struct line_query *q, int64_t deadline_us)
{
    enum { HEAD = 5, EXCEPTION_BIT = 0x80 };
    uint8_t frame[MODBUS_RTU_MAX_ADU_LENGTH];
    size_t n = build_request(q, frame);
    ssize_t sent = write(modbus_get_socket(l->ctx), frame, n);
    if (sent != (ssize_t)n)
        return fail_with(sent < 0 ? errno : EIO);
    if (read_until(l, frame, HEAD, deadline_us) < 0)
        return -1;
    size_t bytes = modbus_reads_bits(q->function) ? (q->count + 7u) / 8 : 2u * q->count;
    bool is_read = q->function <= 4;
    bool is_exception = frame[1] == (q->function | EXCEPTION_BIT);
    size_t size = is_exception ? HEAD : is_read ? HEAD + bytes : 8;
    if (!is_exception && (frame[1] != q->function || (is_read && frame[2] != bytes)))
        return fail_with(EMBBADDATA);
    if (read_until(l, frame + HEAD, size - HEAD, deadline_us) < 0)
        return -1;
    if (crc16(frame, size) != 0)
        return fail_with(EMBBADCRC);
    if (frame[0] != q->unit)
        return fail_with(EMBBADSLAVE);
    if (is_exception)
        return fail_with(frame[2] >= 1 && frame[2] <= 11 ? MODBUS_ENOBASE + frame[2]
                                                         : EMBBADEXC);
    if (is_read)
        take_values(l, q, frame + 3);
    return q->count;
}
