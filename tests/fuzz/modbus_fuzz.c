/* modbus_fuzz.c - replies of a Modbus TCP slave, judged against what they should be.
 *
 *     length, flags, bytes; again for each request of a poll
 *
 * A slave in this process answers each request of the real driver with the next reply:
 * as it is, or with the transaction, unit and function of the request put in, so that
 * what comes behind those checks is reached too.  A value that the driver calls good must
 * be the one that a whole and fitting reply holds.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "gw/driver.h"
#include "modbus/modbus.h"
#include "modbus/options.h"

enum { FIX_TRANSACTION = 1, FIX_LENGTH = 2, FIX_UNIT = 4, FIX_FUNCTION = 8 };
enum { HEAD = 7, REQUEST = 12, FRAME_MAX = 300, POINTS = 4, FIRST = 40, UNIT = 17 };

/* slave - one connection an input.
 * request, reply   the last exchange, for the judge; written before the reply leaves */
static struct {
    int listener;
    uint16_t port;
    struct fuzz_input in;
    uint8_t request[REQUEST];
    uint8_t reply[FRAME_MAX];
    size_t reply_size;
} slave;

static uint16_t word_at(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void next_reply(void)
{
    size_t size = fuzz_byte(&slave.in);
    unsigned flags = fuzz_byte(&slave.in);
    if (size > slave.in.left)
        size = slave.in.left;
    memset(slave.reply, 0, sizeof(slave.reply));
    memcpy(slave.reply, slave.in.at, size);
    slave.in.at += size;
    slave.in.left -= size;
    slave.reply_size = size;
    if (flags & FIX_TRANSACTION)
        memcpy(slave.reply, slave.request, 4);
    if (flags & FIX_LENGTH) {
        slave.reply[4] = 0;
        slave.reply[5] = (uint8_t)(size > 6 ? size - 6 : 0);
    }
    if (flags & FIX_UNIT)
        slave.reply[6] = slave.request[6];
    if (flags & FIX_FUNCTION)
        slave.reply[7] = slave.request[7];
}

static void *serve(void *unused)
{
    for (;;) {
        int fd = accept4(slave.listener, NULL, NULL, SOCK_CLOEXEC);
        fuzz_claim(fd >= 0, "the slave takes connections");
        while (recv(fd, slave.request, REQUEST, MSG_WAITALL) == REQUEST) {
            next_reply();
            if (slave.reply_size > 0)
                (void)send(fd, slave.reply, slave.reply_size, MSG_NOSIGNAL);
            if (slave.in.left == 0) /* no need to wait for the driver's patience */
                (void)shutdown(fd, SHUT_WR);
        }
        (void)close(fd);
    }
    return unused;
}

/* What Modbus Application Protocol V1.1b3 and Messaging on TCP/IP V1.0b call the answer
 * to the request. */
static bool reply_fits(void)
{
    size_t bytes = 2 * (size_t)word_at(slave.request + 10);
    return slave.reply_size >= HEAD + 2 + bytes
           && memcmp(slave.reply, slave.request, 4) == 0
           && word_at(slave.reply + 4) == 3 + bytes && slave.reply[6] == slave.request[6]
           && slave.reply[7] == slave.request[7] && slave.reply[8] == bytes;
}

static bool judge(void *ctx, const struct gw_sample *samples, size_t n,
                  const struct gw_delivery *delivery)
{
    (void)ctx, (void)delivery;
    unsigned first = word_at(slave.request + 8);
    for (size_t i = 0; i < n; i++) {
        if (samples[i].quality != GW_GOOD)
            continue;
        fuzz_claim(reply_fits(), "a value comes from a fitting reply only");
        unsigned at = samples[i].point - 1 + FIRST - first;
        fuzz_claim(samples[i].raw == word_at(slave.reply + 9 + 2 * at),
                   "a value is the one of its register");
    }
    return true;
}

static void ignore_commit(void *ctx, uint64_t ticket)
{
    (void)ctx, (void)ticket;
}

static void ignore_count(void *ctx, enum gw_counter counter, uint64_t n)
{
    (void)ctx, (void)counter, (void)n;
}

static void ignore_report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    (void)ctx, (void)device, (void)text;
}

static const struct gw_sink sink = {.push = judge,
                                    .commit = ignore_commit,
                                    .count = ignore_count,
                                    .report = ignore_report};

static void poll_once(void)
{
    static struct modbus_point options[POINTS];
    struct gw_point_ref points[POINTS];
    for (uint32_t i = 0; i < POINTS; i++) {
        options[i] = (struct modbus_point){
            .function = 3, .address = FIRST + i, .type = MODBUS_U16, .bit = -1};
        points[i] = (struct gw_point_ref){
            .id = i + 1, .name = "b1-203/x", .options = &options[i]};
    }
    struct modbus_device device = {.unit = UNIT, .max_registers = 125, .max_hole = 8};
    struct gw_device_ref ref = {.id = 1,
                                .name = "slave",
                                .options = &device,
                                .points = points,
                                .point_count = POINTS,
                                .period_us = 1000000};
    struct modbus_bus bus = {
        .host = "127.0.0.1", .port = slave.port, .timeout_us = 100000};
    struct gw_bus_setup setup = {
        .name = "tcp", .devices = &ref, .device_count = 1, .sink = &sink};
    struct gw_error err = {0};
    if (modbus_tcp_driver.open(&bus, &setup, &err) == 0
        && modbus_tcp_driver.plan(&bus, &ref, &err) == 0)
        (void)modbus_tcp_driver.poll(&bus, &ref, &sink, &err);
    modbus_tcp_driver.close(&bus);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    struct sockaddr_in any = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(any);
    pthread_t thread;
    fuzz_hush();
    slave.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fuzz_claim(bind(slave.listener, (struct sockaddr *)&any, size) == 0
                   && listen(slave.listener, 16) == 0
                   && getsockname(slave.listener, (struct sockaddr *)&any, &size) == 0
                   && pthread_create(&thread, NULL, serve, NULL) == 0,
               "the slave starts");
    slave.port = ntohs(any.sin_port);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    slave.in = (struct fuzz_input){(const char *)bytes, size};
    poll_once();
    return 0;
}
