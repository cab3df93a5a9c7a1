/* mqtt_probe - the driver "mqtt" alone, with a journal in the place of the store.
 *
 *   mqtt_probe --port PORT --journal FILE [--window N] [--interval-ms N] [--hold]
 *              [--acknowledge-early] [--refuse N] [--silence-ms N] [--own-ids]
 *
 * It takes whole numbers on the topics "probe/#" as events and tells on stdout:
 *   message TICKET MID VALUE|-      pushed; - = no sample
 *   ask TICKET                      the driver wants a commit
 *   committed TICKET                written, synced, told to the driver
 *   offline TEXT                    closed; opens again after 50 ms
 *   report DEVICE TEXT              a lasting fault, "fine" at its end
 *   count NAME N                    at the end
 * The journal holds the values and what a restart must know of deliveries; a batch
 * without its closing line does not count.
 *
 * --hold               commits only when a line comes on stdin (its end: stop)
 * --acknowledge-early  the seeded fault: tells the driver "committed" without a commit
 * --refuse N           every N-th push finds the queue full once
 * --own-ids            a message is {"id": its own, "value": the number} */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "mqtt/mqtt.h"
#include "mqtt/mqtt_bus.h"

enum { KEPT_MAX = 65536, BATCH_MAX = 1 << 20, REOPEN_MS = 50 };

struct probe {
    struct mqtt_bus bus;
    struct mqtt_device device;
    struct mqtt_point point;
    struct gw_point_ref point_ref;
    struct gw_device_ref device_ref;
    struct gw_sink sink;
    struct gw_bus_setup setup;
    struct gw_delivery kept[KEPT_MAX];
    size_t kept_count;
    uint64_t own_ids[KEPT_MAX];
    size_t own_id_count;
    uint64_t next;

    int journal;
    char batch[BATCH_MAX]; /* since the last commit */
    size_t batch_size;
    uint64_t last; /* ticket pushed last */
    uint64_t committed;
    int64_t oldest_us; /* of the batch; 0 = empty */
    int64_t interval_us;
    bool is_holding;
    bool is_early;
    bool is_asked;
    uint32_t refuse_every;
    uint32_t pushes;
    uint64_t counters[GW_COUNTERS];
};

static struct probe probe; /* too large for the stack */

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void tell(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    (void)putchar('\n');
    (void)fflush(stdout);
}

static void note(struct probe *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void note(struct probe *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size =
        vsnprintf(p->batch + p->batch_size, BATCH_MAX - p->batch_size, format, args);
    va_end(args);
    if (size > 0 && p->batch_size + (size_t)size < BATCH_MAX)
        p->batch_size += (size_t)size;
}

static bool push(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct probe *p = ctx;
    if (p->refuse_every && ++p->pushes % p->refuse_every == 0)
        return false;
    if (!p->oldest_us)
        p->oldest_us = gw_machine_us();
    for (size_t i = 0; i < n; i++)
        note(p, "S %.0f %u\n", samples[i].quality == GW_GOOD ? samples[i].raw : -1,
             samples[i].flags);
    if (delivery) {
        note(p, "D %" PRIu64 " %" PRIu64 " %" PRIu64 " %u\n", delivery->ticket,
             delivery->forget, delivery->hash, delivery->message_id);
        p->last = delivery->ticket;
    }
    if (n && samples[0].quality == GW_GOOD)
        tell("message %" PRIu64 " %u %.0f", delivery ? delivery->ticket : 0,
             delivery ? delivery->message_id : 0, samples[0].raw);
    else
        tell("message %" PRIu64 " %u -", delivery ? delivery->ticket : 0,
             delivery ? delivery->message_id : 0);
    return true;
}

static void ask(void *ctx, uint64_t ticket)
{
    struct probe *p = ctx;
    p->is_asked = true;
    tell("ask %" PRIu64, ticket);
}

static void add_count(void *ctx, enum gw_counter counter, uint64_t n)
{
    ((struct probe *)ctx)->counters[counter] += n;
}

static void report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    (void)ctx;
    tell("report %s %s", device ? device->name : "bus", text ? text : "fine");
}

/* Forgets what a delivery of the journal makes certain. */
static void keep(struct probe *p, struct gw_delivery d)
{
    p->next = d.ticket + 1;
    if (!d.message_id && p->own_id_count < KEPT_MAX)
        p->own_ids[p->own_id_count++] = d.hash;
    size_t kept = 0;
    for (size_t i = 0; i < p->kept_count; i++)
        if (p->kept[i].ticket > d.forget)
            p->kept[kept++] = p->kept[i];
    if (kept == KEPT_MAX) {
        (void)fprintf(stderr, "mqtt_probe: the driver never forgets\n");
        exit(1);
    }
    if (d.message_id)
        p->kept[kept++] = d;
    p->kept_count = kept;
}

/* A batch counts when its closing line is there. */
static off_t read_journal(struct probe *p, const char *path)
{
    FILE *in = fopen(path, "re");
    static struct gw_delivery open[KEPT_MAX];
    size_t count = 0;
    off_t good = 0;
    char line[128];
    while (in && fgets(line, sizeof(line), in)) {
        struct gw_delivery d = {0};
        unsigned message_id;
        if (!strchr(line, '\n'))
            break;
        if (sscanf(line, "D %" SCNu64 " %" SCNu64 " %" SCNu64 " %u", &d.ticket, &d.forget,
                   &d.hash, &message_id)
                == 4
            && count < KEPT_MAX) {
            d.message_id = (uint16_t)message_id;
            open[count++] = d;
        }
        if (line[0] != 'C')
            continue;
        for (size_t i = 0; i < count; i++)
            keep(p, open[i]);
        count = 0;
        good = ftello(in);
    }
    if (in)
        (void)fclose(in);
    return good;
}

static void open_journal(struct probe *p, const char *path)
{
    p->next = 1;
    off_t good = read_journal(p, path);
    p->journal = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (p->journal < 0 || ftruncate(p->journal, good) < 0
        || lseek(p->journal, good, SEEK_SET) < 0) {
        perror(path);
        exit(1);
    }
    p->last = p->next - 1;
    p->committed = p->last;
}

static void commit(struct probe *p)
{
    uint64_t ticket = p->last;
    note(p, "C\n");
    if (write(p->journal, p->batch, p->batch_size) != (ssize_t)p->batch_size
        || fdatasync(p->journal) < 0) {
        perror("journal");
        exit(1);
    }
    p->batch_size = 0;
    p->oldest_us = 0;
    p->is_asked = false;
    p->committed = ticket;
    tell("committed %" PRIu64, ticket);
    mqtt_driver.committed(&p->bus, ticket);
}

static void commit_when_due(struct probe *p)
{
    if (p->is_early && p->last > p->bus.window.committed)
        mqtt_driver.committed(&p->bus, p->last);
    bool is_due = p->oldest_us && gw_machine_us() - p->oldest_us >= p->interval_us;
    if (!p->is_holding && (p->is_asked || is_due))
        commit(p);
}

/* false: stdin ended. */
static bool take_line(struct probe *p)
{
    char text[64];
    ssize_t size = read(STDIN_FILENO, text, sizeof(text));
    if (size > 0)
        commit(p);
    return size > 0;
}

static void set_up(struct probe *p)
{
    p->device.topic = "probe/#";
    p->point.is_event = true;
    p->point_ref = (struct gw_point_ref){.id = 1,
                                         .name = "lab/number",
                                         .place = "lab",
                                         .metric = "number",
                                         .options = &p->point};
    p->device_ref = (struct gw_device_ref){.id = 1,
                                           .name = "numbers",
                                           .options = &p->device,
                                           .points = &p->point_ref,
                                           .point_count = 1};
    p->sink = (struct gw_sink){
        .ctx = p, .push = push, .commit = ask, .count = add_count, .report = report};
    p->setup = (struct gw_bus_setup){.name = "probe",
                                     .devices = &p->device_ref,
                                     .device_count = 1,
                                     .sink = &p->sink,
                                     .delivered = {p->kept, p->kept_count, p->next},
                                     .commit_interval_us = p->interval_us,
                                     .own_ids = {p->own_ids, p->own_id_count}};
}

static bool open_bus(struct probe *p)
{
    struct gw_error err = {0};
    if (mqtt_driver.open(&p->bus, &p->setup, &err) == 0)
        return true;
    tell("offline %s", err.text);
    mqtt_driver.close(&p->bus);
    return false;
}

/* One turn; false: stdin ended. */
static bool turn(struct probe *p, bool *is_open)
{
    struct gw_wait wait = {.deadline_us = INT64_MAX};
    struct gw_error err = {0};
    if (*is_open)
        mqtt_driver.wait(&p->bus, &wait);
    int64_t until_us = gw_machine_us() + REOPEN_MS * 1000;
    if (wait.deadline_us < until_us)
        until_us = wait.deadline_us;
    if (p->is_asked && !p->is_holding)
        until_us = 0;
    int64_t left_us = until_us - gw_machine_us();
    wait.fds[wait.count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    (void)poll(wait.fds, wait.count + 1, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);
    if (wait.fds[wait.count].revents && !take_line(p))
        return false;
    if (!*is_open) {
        *is_open = open_bus(p);
        return true;
    }
    commit_when_due(p);
    if (mqtt_driver.ready(&p->bus, &wait, &p->sink, &err) == GW_FAULT_OFFLINE) {
        tell("offline %s", err.text);
        mqtt_driver.close(&p->bus);
        *is_open = false;
    }
    return true;
}

static void read_options(struct probe *p, int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"journal", required_argument, NULL, 'j'},
        {"window", required_argument, NULL, 'w'},
        {"interval-ms", required_argument, NULL, 'i'},
        {"refuse", required_argument, NULL, 'r'},
        {"silence-ms", required_argument, NULL, 's'},
        {"hold", no_argument, NULL, 'h'},
        {"acknowledge-early", no_argument, NULL, 'e'},
        {"own-ids", no_argument, NULL, 'o'},
        {0},
    };
    static const char *const value_path[] = {"value"};
    static char broker[64];
    const char *journal = NULL;
    p->bus.window_size = 20;
    p->bus.keepalive_us = 60000000;
    p->interval_us = 50000;
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (o) {
        case 'p':
            (void)snprintf(broker, sizeof(broker), "mqtt://127.0.0.1:%s", optarg);
            p->bus.broker = broker;
            break;
        case 'j':
            journal = optarg;
            break;
        case 'w':
            p->bus.window_size = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 'i':
            p->interval_us = strtol(optarg, NULL, 10) * 1000;
            break;
        case 'r':
            p->refuse_every = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 's':
            p->bus.silence_us = strtol(optarg, NULL, 10) * 1000;
            break;
        case 'h':
            p->is_holding = true;
            break;
        case 'e':
            p->is_early = true;
            break;
        case 'o':
            p->device.id = "id";
            p->point.path = (struct gw_strings){(const char **)value_path, 1};
            break;
        default:
            exit(2);
        }
    if (!p->bus.broker || !journal) {
        (void)fprintf(stderr, "mqtt_probe: --port and --journal are needed\n");
        exit(2);
    }
    open_journal(p, journal);
}

int main(int argc, char **argv)
{
    read_options(&probe, argc, argv);
    set_up(&probe);
    bool is_open = false;
    while (turn(&probe, &is_open)) {
    }
    if (is_open)
        mqtt_driver.close(&probe.bus);
    tell("count messages %" PRIu64, probe.counters[GW_COUNT_MESSAGES]);
    tell("count duplicates %" PRIu64, probe.counters[GW_COUNT_DUPLICATE]);
    tell("count oversize %" PRIu64, probe.counters[GW_COUNT_OVERSIZE]);
    tell("count malformed %" PRIu64, probe.counters[GW_COUNT_MALFORMED]);
    return 0;
}
