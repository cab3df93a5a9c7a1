/* modbus_fuzz.c - replies of a Modbus slave, on a serial line and over TCP, judged
 * against what they should be.
 *
 *     mode; length, flags, delay when it is late, bytes; again for each request
 *
 * The real drivers poll a device, and write to it, on a line that is only memory
 * (fake_line.h).  Each request is answered with the next reply: as it is, or with what
 * the request says put in, so that what comes behind those checks is reached too; at
 * once, in two pieces, or too late.  A value that the driver calls good must be the one
 * that a whole and fitting reply holds, and a write that it calls done must have been
 * confirmed.
 */
#include "fake_line.h"
#include "fuzz.h"
#include "gw/driver.h"
#include "modbus/modbus.h"
#include "modbus/options.h"

enum { MODE_SERIAL = 1, MODE_BITS = 2, MODE_WRITE = 4, MODE_POLLS = 0x30 };
enum {
    FIX_TRANSACTION = 1, /* and protocol */
    FIX_LENGTH = 2,
    FIX_UNIT = 4,
    FIX_FUNCTION = 8,
    FIX_CHECKSUM = 16,
    IS_LATE = 32,
    IS_IN_PIECES = 64,
    HANGS_UP = 128,
};
enum { HEADER = 6, CHECKSUM = 2, REPLY_MAX = 300, HEARD_MAX = 8192 };
enum {
    POINTS = 4,
    FIRST = 40,
    UNIT = 17,
    WRITTEN = 5,
    REQUEST_MAX = 16,
    EXCEPTION = 5,
    ECHO = 6,
    BAUD_9600 = 3
};

static const int64_t timeout_us = 100000;
static const int64_t between_pieces_us = 500; /* less than the silence of a serial line */

/* Of one step of a delay: the longest is before late_after, which is 0.4 s behind the
 * timeout unless said. */
static const int64_t delay_us = 1900;

/* slave
 * request    without header and checksum
 * reply      to it
 * heard      over TCP: all that was said, last of all the reply */
static struct {
    struct fuzz_input in;
    unsigned mode;
    uint8_t request[REQUEST_MAX];
    uint8_t head[HEADER];
    uint8_t reply[REPLY_MAX];
    size_t reply_size;
    uint8_t heard[HEARD_MAX];
    size_t heard_size;
} slave;

static uint16_t word_at(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static bool is_serial(void)
{
    return slave.mode & MODE_SERIAL;
}

/* --- what an answer is ----------------------------------------------------------- */

/* What Modbus Application Protocol V1.1b3 calls the answer to the request, before the
 * checksum and without a header. */
static bool frame_fits(const uint8_t *frame)
{
    if (frame[0] != slave.request[0] || frame[1] != slave.request[1])
        return false;
    size_t count = word_at(slave.request + 4);
    switch (frame[1]) {
    case 1:
        return frame[2] == (count + 7) / 8;
    case 3:
        return frame[2] == 2 * count;
    default:
        return memcmp(frame, slave.request, ECHO) == 0;
    }
}

static size_t fitting_size(void)
{
    size_t count = word_at(slave.request + 4);
    switch (slave.request[1]) {
    case 1:
        return 3 + (count + 7) / 8;
    case 3:
        return 3 + 2 * count;
    default:
        return ECHO;
    }
}

/* --- what the slave says --------------------------------------------------------- */

static void fix_frame(uint8_t *frame, size_t size, unsigned flags)
{
    if (flags & FIX_UNIT && size > 0)
        frame[0] = slave.request[0];
    if (flags & FIX_FUNCTION && size > 1)
        frame[1] = slave.request[1];
}

static void fix_serial(unsigned flags)
{
    fix_frame(slave.reply, slave.reply_size, flags);
    if (!(flags & FIX_CHECKSUM))
        return;
    uint16_t crc = frame_crc(slave.reply, slave.reply_size);
    slave.reply[slave.reply_size++] = (uint8_t)crc;
    slave.reply[slave.reply_size++] = (uint8_t)(crc >> 8);
}

static void fix_tcp(unsigned flags)
{
    if (slave.reply_size < HEADER)
        return;
    size_t size = slave.reply_size - HEADER;
    if (flags & FIX_TRANSACTION)
        memcpy(slave.reply, slave.head, 4);
    if (flags & FIX_LENGTH) {
        slave.reply[4] = 0;
        slave.reply[5] = (uint8_t)size;
    }
    fix_frame(slave.reply + HEADER, size, flags);
}

/* An answer or an exception, of @size bytes or less. */
static bool is_answer(size_t size)
{
    size_t answer = fitting_size() + CHECKSUM;
    return (size >= answer && frame_crc(slave.reply, answer) == 0)
           || (size >= EXCEPTION && frame_crc(slave.reply, EXCEPTION) == 0);
}

/* Of pieces the second may be late, but on a serial line not behind an answer: nobody can
 * tell the second answer to a request from that to the next. */
static void say(unsigned flags, int64_t after_us)
{
    size_t first = flags & IS_IN_PIECES ? slave.reply_size / 2 : 0;
    size_t size = slave.reply_size;
    if (is_serial() && after_us > 0 && is_answer(first))
        size = first;
    if (first && after_us == 0)
        after_us = between_pieces_us;
    fake_line_say(slave.reply, first, 0);
    fake_line_say(slave.reply + first, size - first, after_us);
    if (flags & HANGS_UP)
        fake_line_hang_up();
}

/* Never more than the whole input. */
static void remember(void)
{
    memcpy(slave.heard + slave.heard_size, slave.reply, slave.reply_size);
    slave.heard_size += slave.reply_size;
}

static void hear(const uint8_t *request, size_t size)
{
    size_t head = is_serial() ? 0 : HEADER;
    memcpy(slave.head, request, head);
    memcpy(slave.request, request + head,
           size - head < REQUEST_MAX ? size - head : REQUEST_MAX);

    size_t length = fuzz_byte(&slave.in);
    unsigned flags = fuzz_byte(&slave.in);
    int64_t after_us = flags & IS_LATE ? fuzz_byte(&slave.in) * delay_us : 0;
    slave.reply_size = length < slave.in.left ? length : slave.in.left;
    memcpy(slave.reply, slave.in.at, slave.reply_size);
    slave.in.at += slave.reply_size;
    slave.in.left -= slave.reply_size;
    if (is_serial()) {
        fix_serial(flags);
    } else {
        fix_tcp(flags);
        remember();
    }
    say(flags, after_us);
}

/* --- what is true ---------------------------------------------------------------- */

static bool holds(const uint8_t *frame, unsigned at, double raw)
{
    if (slave.request[1] == 1)
        return raw == (frame[3 + at / 8] >> at % 8 & 1);
    return slave.request[1] != 3 || raw == word_at(frame + 3 + 2 * (size_t)at);
}

/* MODBUS over Serial Line V1.02: the reply to this request, with its checksum.
 */
static bool serial_says(unsigned at, double raw)
{
    size_t size = fitting_size();
    return slave.reply_size >= size + CHECKSUM && frame_fits(slave.reply)
           && frame_crc(slave.reply, size + CHECKSUM) == 0 && holds(slave.reply, at, raw);
}

/* MODBUS Messaging on TCP/IP V1.0b: a frame with the request's number.  A server may say
 * it too early, or behind another one. */
static bool tcp_says(unsigned at, double raw)
{
    size_t size = fitting_size();
    for (size_t i = 0; i + HEADER + size <= slave.heard_size; i++) {
        const uint8_t *frame = slave.heard + i;
        if (memcmp(frame, slave.head, 4) == 0 && word_at(frame + 4) == size
            && frame_fits(frame + HEADER) && holds(frame + HEADER, at, raw))
            return true;
    }
    return false;
}

static bool reply_says(unsigned at, double raw)
{
    return is_serial() ? serial_says(at, raw) : tcp_says(at, raw);
}

static bool judge(void *ctx, const struct gw_sample *samples, size_t n,
                  const struct gw_delivery *delivery)
{
    (void)ctx, (void)delivery;
    for (size_t i = 0; i < n; i++) {
        unsigned address = samples[i].point - 1 + FIRST;
        fuzz_claim(
            samples[i].quality != GW_GOOD
                || reply_says(address - word_at(slave.request + 2), samples[i].raw),
            "a value is the one of its register in a fitting reply");
    }
    return true;
}

static void ignore_count(void *ctx, enum gw_counter counter, uint64_t n)
{
    (void)ctx, (void)counter, (void)n;
}

static const struct gw_sink sink = {.push = judge, .count = ignore_count};

/* --- the driver ------------------------------------------------------------------ */

static void use(const struct gw_driver *driver, struct modbus_bus *bus,
                const struct gw_device_ref *device)
{
    unsigned polls = 1 + (slave.mode & MODE_POLLS) / 0x10;
    struct gw_error err = {0};
    enum gw_fault fault = GW_FAULT_NONE;
    for (unsigned i = 0; i < polls && fault != GW_FAULT_OFFLINE; i++)
        fault = driver->poll(bus, device, &sink, &err);
    if (!(slave.mode & MODE_WRITE) || fault == GW_FAULT_OFFLINE)
        return;
    double raw = slave.mode & MODE_BITS ? 1 : WRITTEN;
    fault = driver->write(bus, device, &device->points[0], raw, &err);
    fuzz_claim(fault != GW_FAULT_NONE || reply_says(0, raw), "a write was confirmed");
}

static void set_points(struct gw_point_ref points[POINTS],
                       struct modbus_point options[POINTS])
{
    bool is_bits = slave.mode & MODE_BITS;
    for (uint32_t i = 0; i < POINTS; i++) {
        options[i] = (struct modbus_point){.function = is_bits ? 1 : 3,
                                           .address = FIRST + i,
                                           .type = is_bits ? MODBUS_BOOL : MODBUS_U16,
                                           .bit = -1};
        points[i] = (struct gw_point_ref){
            .id = i + 1, .name = "b1-203/x", .options = &options[i]};
    }
}

static struct modbus_bus bus_of_mode(void)
{
    if (is_serial())
        return (struct modbus_bus){.device = "/dev/fake",
                                   .baud = BAUD_9600,
                                   .data_bits = 8,
                                   .stop_bits = 1,
                                   .timeout_us = timeout_us};
    return (struct modbus_bus){
        .host = "127.0.0.1", .port = 502, .timeout_us = timeout_us};
}

static void run(void)
{
    struct modbus_point options[POINTS];
    struct gw_point_ref points[POINTS];
    set_points(points, options);
    struct modbus_device device = {.unit = UNIT, .max_registers = 125, .max_hole = 8};
    const struct gw_device_ref ref = {.id = 1,
                                      .name = "slave",
                                      .options = &device,
                                      .points = points,
                                      .point_count = POINTS,
                                      .period_us = 1000000};
    const struct gw_bus_setup setup = {
        .name = "line", .devices = &ref, .device_count = 1, .sink = &sink};
    struct modbus_bus bus = bus_of_mode();
    const struct gw_driver *driver =
        is_serial() ? &modbus_rtu_driver : &modbus_tcp_driver;
    struct gw_error err = {0};
    if (driver->open(&bus, &setup, &err) == 0 && driver->plan(&bus, &ref, &err) == 0)
        use(driver, &bus, &ref);
    driver->close(&bus);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > HEARD_MAX)
        return -1;
    memset(&slave, 0, sizeof(slave));
    slave.in = (struct fuzz_input){(const char *)bytes, size};
    slave.mode = fuzz_byte(&slave.in);
    fake_line_start(hear);
    run();
    return 0;
}
