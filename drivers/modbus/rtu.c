/* rtu.c - the serial line: opening, silence between frames, and getting rid of noise.
 *
 * libmodbus opens and sets the port; frames are ours, see docs/decisions/0017. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "options.h"
#include "plan.h"

enum { CHECKSUM = 2 };

static const int64_t longest_silence_us = 1750; /* above 19200 bit/s, see below */
static const int64_t shortest_drain_us = 5000;  /* a USB adapter's latency */

const char *const rtu_bauds[] = {"1200",  "2400",   "4800",   "9600",   "19200", "38400",
                                 "57600", "115200", "230400", "460800", NULL};
static const int baud_rates[] = {1200,  2400,  4800,   9600,   19200,
                                 38400, 57600, 115200, 230400, 460800};

const char *const rtu_parities[] = {"none", "even", "odd", NULL};
static const char parity_letters[] = {'N', 'E', 'O'};

/* Reads and drops until the line has been silent, for at most one timeout.
 * returns 0, -ETIME when it never was, -EIO when the port is gone */
static int drain(struct line *l)
{
    uint8_t dropped[LINE_BUFFER];
    int64_t silent_us =
        l->silence_us > shortest_drain_us ? l->silence_us : shortest_drain_us;
    int64_t end_us = gw_machine_us() + l->timeout_us;
    int r = 1;
    while (r > 0 && gw_machine_us() < end_us) {
        r = line_wait(l, gw_machine_us() + silent_us);
        if (r > 0 && read(l->fd, dropped, sizeof(dropped)) <= 0)
            r = -EIO;
    }
    (void)tcflush(l->fd, TCIOFLUSH); /* a port that is gone shows at the next request */
    return r > 0 ? -ETIME : r;
}

static enum gw_fault rtu_prepare(struct line *l, const struct gw_sink *sink,
                                 struct gw_error *err)
{
    int r = line_wait(l, 0);
    if (r > 0)
        line_count(sink, GW_COUNT_MALFORMED);
    if (r > 0 || (r == 0 && l->is_dirty))
        r = drain(l);
    l->is_dirty = r != 0;
    if (r == -ETIME) {
        (void)gw_fail(err, r, "%s: the line does not become silent", l->name);
        return GW_FAULT_TRANSIENT;
    }
    if (r < 0)
        (void)gw_fail(err, r, "%s: the port is gone", l->name);
    return r < 0 ? GW_FAULT_OFFLINE : GW_FAULT_NONE;
}

static void rtu_settle(struct line *l, enum verdict verdict)
{
    l->is_dirty = verdict != ANSWER_TAKEN && verdict != ANSWER_EXCEPTION;
}

static bool rtu_is_quiet(struct line *l, int64_t until_us)
{
    l->is_dirty = line_wait(l, until_us) != 0;
    return !l->is_dirty;
}

static enum verdict lost(struct line *l, int error)
{
    l->error = error;
    return ANSWER_LOST;
}

static enum verdict send_request(struct line *l, const struct frame_query *q)
{
    uint8_t request[FRAME_SIZE_MAX + CHECKSUM];
    size_t n = frame_build(q, request);
    uint16_t crc = frame_crc(request, n);
    request[n++] = (uint8_t)crc;
    request[n++] = (uint8_t)(crc >> 8);
    ssize_t sent = write(l->fd, request, n);
    if (sent == (ssize_t)n || (sent < 0 && errno == EAGAIN))
        return ANSWER_MORE;
    return lost(l, sent < 0 ? errno : EIO);
}

/* The first bytes tell how many there will be: the frame ends there, and a slave that
 * dawdles between two characters meets the deadline. */
static enum verdict rtu_transfer(struct line *l, const struct frame_query *q,
                                 int64_t deadline_us)
{
    enum verdict verdict = send_request(l, q);
    size_t have = 0;
    size_t want = 0;
    if (verdict != ANSWER_MORE)
        return verdict;
    (void)frame_judge(q, l->frame, have, &want);
    do {
        int r = line_wait(l, deadline_us);
        if (r == 0)
            return ANSWER_TIMEOUT;
        ssize_t n = r < 0 ? -1 : read(l->fd, l->frame + have, want + CHECKSUM - have);
        if (n <= 0)
            return lost(l, EIO);
        have += (size_t)n;
        verdict = frame_judge(q, l->frame, have, &want);
        if (verdict > ANSWER_MORE)
            return verdict;
    } while (have < want + CHECKSUM);
    return frame_crc(l->frame, have) == 0 ? verdict : ANSWER_CHECKSUM;
}

static const struct line_kind rtu_kind = {
    .prepare = rtu_prepare,
    .transfer = rtu_transfer,
    .settle = rtu_settle,
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

/* Locks the port before libmodbus sets its rate, which would disturb who has it.  A port
 * that cannot be opened is left to libmodbus to tell. */
static int take_port(struct line *l, const char *device, struct gw_error *err)
{
    l->lock = open(device, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (l->lock >= 0 && flock(l->lock, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return gw_fail(err, -EBUSY,
                       "%s: another program has the port (a second gateway?)", l->name);
    return 0;
}

const char *rtu_port(const void *bus)
{
    return ((const struct modbus_bus *)bus)->device;
}

int rtu_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct modbus_bus *b = bus;
    struct line *l = &b->line;
    b->setup = setup;
    line_open(l, &rtu_kind, b);
    (void)snprintf(l->name, sizeof(l->name), "%s", b->device);
    set_timing(l, b);
    int r = take_port(l, b->device, err);
    if (r < 0)
        return r;

    l->port = modbus_new_rtu(b->device, baud_rates[b->baud], parity_letters[b->parity],
                             (int)b->data_bits, (int)b->stop_bits);
    if (!l->port || modbus_connect(l->port) < 0)
        return gw_fail(err, -errno, "%s: %s", l->name, modbus_strerror(errno));
    l->fd = modbus_get_socket(l->port);
    l->is_dirty = true; /* nobody knows what is under way */
    return 0;
}

/* What a request costs beyond its data, in characters: its own, the answer's frame and
 * two silences.  Registers that nobody wants are read over while they cost less. */
unsigned rtu_spare_characters(const struct modbus_bus *b)
{
    struct line l = {0};
    set_timing(&l, b);
    const struct frame_query q = {.function = 3};
    int64_t us = line_wire_us(&l, &q) + 2 * l.silence_us;
    return (unsigned)((us * 1000 + l.character_ns / 2) / l.character_ns);
}

/* Without a plan (no memory) nothing is said of the load. */
double rtu_load(const void *bus, const struct gw_device_ref *device)
{
    const struct modbus_bus *b = bus;
    const struct modbus_device *d = device->options;
    struct modbus_plan *plan = NULL;
    if (device->period_us <= 0
        || modbus_plan_new(device, rtu_spare_characters(b), &plan) < 0)
        return 0;
    struct line l = {0};
    set_timing(&l, b);
    int64_t rest_us = b->gap_us > l.silence_us ? b->gap_us : l.silence_us;
    int64_t total_us = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const struct modbus_request *r = &plan->requests[i];
        const struct frame_query q = {
            .unit = (uint8_t)d->unit, .function = r->function, .count = r->count};
        total_us += l.silence_us + line_wire_us(&l, &q) + rest_us;
    }
    modbus_plan_free(plan);
    return (double)total_us / (double)device->period_us;
}
