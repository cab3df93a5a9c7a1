/* driver.h - what a driver is and what it may call.
 *
 * A driver is one const descriptor.  The core allocates the zeroed private
 * structs of bus, device and point, fills their options from the tables, and
 * calls every function of one bus in that bus's own thread: no locks, no
 * threads, no sleeping beyond the bus's timeout, no logging.  No pointer given
 * to a call survives it, except the private structs and the refs of open().
 */
#ifndef GW_DRIVER_H
#define GW_DRIVER_H

#include <poll.h>

#include "gw/error.h"
#include "gw/schema.h"
#include "gw/types.h"

/* What went wrong decides what the core does next.
 * TRANSIENT  timeout, CRC: three in a row = device offline, probes with back-off
 * REJECTED   the device answered and refuses: that point again after a rest
 * OFFLINE    the port or broker is gone: close, reopen after 0.5 s doubling to 60 s */
enum gw_fault { GW_FAULT_NONE, GW_FAULT_TRANSIENT, GW_FAULT_REJECTED, GW_FAULT_OFFLINE };

struct gw_point_ref {
    uint32_t id;        /* goes into gw_sample.point */
    const char *name;   /* "b1-203/desk_lux.window" */
    const char *place;  /* "b1-203" */
    const char *metric; /* "desk_lux" */
    void *options;      /* point_size bytes */
};

struct gw_device_ref {
    uint32_t id; /* 1.. within the configuration */
    const char *name;
    void *options; /* device_size bytes */
    const struct gw_point_ref *points;
    size_t point_count;
    int64_t period_us; /* polled every; 0 for event sources */
};

/* Kinds of trouble and traffic that a driver counts; shown per bus in status. */
enum gw_counter {
    GW_COUNT_MESSAGES,  /* messages or answers taken */
    GW_COUNT_MALFORMED, /* payloads or frames that could not be read */
    GW_COUNT_UNKNOWN,   /* topics or units nobody configured */
    GW_COUNT_DUPLICATE, /* redeliveries recognised */
    GW_COUNT_TIMEOUT,
    GW_COUNT_CRC,
    GW_COUNT_EXCEPTION, /* the device refused */
    GW_COUNT_RECONNECT,
    GW_COUNT_OVERSIZE,   /* payloads over the limit */
    GW_COUNT_REQUESTS,   /* requests put on the wire */
    GW_COUNT_LOST,       /* edges that found no room in the kernel */
    GW_COUNT_SUPPRESSED, /* events of a storm: counted instead of told */
    GW_COUNTERS
};

/* gw_sink - where a driver's findings go; filled by the core (or by a test).
 *
 * push     @n samples of one message or one answer, all or none; @delivery (NULL
 *          for what needs no acknowledgement) closes them.  false = the queue is
 *          full: keep them, stop reading, call again on the next wait.
 * commit   ask for a commit of everything up to @ticket now (window full, or quiet)
 * count    adds @n
 * answered  optional: the device that is polled answered a request after @response_us
 * report   a lasting fault of a device or the bus (@device NULL) in one sentence, or
 *          its end (@text NULL); the core logs once per change and shows it in status
 * resumed  event sources, after open: the other side kept everything for us, so that
 *          nothing was missed; what was told offline is again as it was.  NULL in tests
 */
struct gw_sink {
    void *ctx;
    bool (*push)(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery);
    void (*commit)(void *ctx, uint64_t ticket);
    void (*count)(void *ctx, enum gw_counter counter, uint64_t n);
    void (*report)(void *ctx, const struct gw_device_ref *device, const char *text);
    void (*answered)(void *ctx, int64_t response_us);
    void (*resumed)(void *ctx);
};

/* gw_bus_setup - everything a bus needs at open(); lives until close().
 * gateway        the gateway's id: with the bus's name a client id that no other gateway
 *                of the school has
 * is_store_away  nobody knows what earlier runs took: ticket 1 stands for all of it.  A
 *                later setup without that says what the disk has also of this run */
struct gw_bus_setup {
    const char *name; /* the bus's name, for client ids and errors */
    const struct gw_device_ref *devices;
    size_t device_count;
    const struct gw_sink *sink;
    struct gw_delivered delivered;
    int64_t commit_interval_us;
    const char *state_folder; /* may keep small files of its own; NULL in a check */
    struct gw_own_ids own_ids;
    bool is_store_away;
    const char *gateway;
};

enum { GW_WAIT_MAX = 64 };

/* gw_wait - what an event source waits for.  deadline_us: machine time at which
 * ready() is to be called even without an event, INT64_MAX = never.  is_connecting: the
 * other side has not answered yet; else 3 s without a fault are taken for online. */
struct gw_wait {
    struct pollfd fds[GW_WAIT_MAX];
    size_t count;
    int64_t deadline_us;
    bool is_connecting;
};

/* What a point is by nature.
 * EITHER  written where the configuration says `writable: true`
 * INPUT   never written
 * OUTPUT  written unless the configuration says `writable: false` */
enum gw_direction { GW_EITHER, GW_INPUT, GW_OUTPUT };

/* gw_traits - what the core compares with the rest of the configuration.
 * alone       what the device needs for itself, as "pinctrl-bcm2711 GPIO17"
 * is_count    its points count: they never fall but at a start
 * longest_us  its output goes off by itself after so long; 0 = never
 * doubted     the option of which @doubt says why it is a slip, mostly; what a template
 *             says has its source and is not doubted
 * again_us    it tells how it is after so long, however little happens; 0 = who knows */
struct gw_traits {
    char alone[GW_NAME_MAX];
    bool is_count;
    int64_t longest_us;
    const char *doubted;
    const char *doubt;
    int64_t again_us;
};

/* gw_driver - the descriptor.
 *
 * check      optional, at configuration time: what the tables cannot say (a topic's
 *            placeholders, a register range); no I/O.  returns 0 or gw_fail()
 * open       connects; may block up to the bus's timeout.  0 or gw_fail()
 * close      accepts a half-open bus; the core frees the structs
 * plan       optional, after open and whenever the set of points changes
 * poll       reads @points of @device now, pushes their samples
 * write      optional: puts @raw to the device
 * wait/ready event sources only (poll NULL): what to wait for, and what came;
 *            ready() is also called when there is room after a refused push or a commit
 *            arrived; of its faults only OFFLINE acts
 * committed  everything up to @ticket is on disk: acknowledge now
 * load       optional, at configuration time: the share of its bus's time that polling
 *            @device takes, 1 = all of it; no I/O
 * direction  optional, at configuration time: of a point with these options of device
 *            and point; no I/O.  Without it EITHER, without write INPUT
 * same_unit  optional: two devices of a bus, by their options, are one unit on the wire,
 *            which is silent for both
 * check_bus  optional, at configuration time: what the tables cannot say of the bus; no
 *            I/O.  returns 0 or gw_fail(); its devices are not checked then
 * port       optional, at configuration time: the device file that the bus needs for
 *            itself alone, NULL = none; no I/O
 * server     optional, at configuration time: what the bus connects to as host:port,
 * where many a server takes one client only; no I/O
 * source     optional, at configuration time: what the bus hears, by name: two buses of
 *            one source hear the same; no I/O
 * called     optional, at configuration time: the name that the bus has at its source,
 *            where one throws out another of the same (an MQTT client id); NULL = one of
 *            its own; no I/O
 * traits     optional, at configuration time: of a device with these options, into a
 *            zeroed *ret; no I/O
 * doubt      optional, at configuration time: why this point's options are a slip,
 * mostly, or NULL; asked for points that no template has; no I/O
 * look       optional, at configuration time, and the one function of then that looks at
 *            the machine: what the bus (@device NULL) or a device names and is not
 *            there, or NULL; a warning, for the machine may be another one */
struct gw_driver {
    uint32_t struct_size; /* sizeof(struct gw_driver): grows at the end */
    const char *name;
    const char *summary;
    const struct gw_option *bus_options;
    const struct gw_option *device_options;
    const struct gw_option *point_options;
    size_t bus_size;
    size_t device_size;
    size_t point_size;
    int (*check)(const void *bus, const struct gw_device_ref *device,
                 struct gw_error *err);
    int (*open)(void *bus, const struct gw_bus_setup *setup, struct gw_error *err);
    void (*close)(void *bus);
    int (*plan)(void *bus, const struct gw_device_ref *device, struct gw_error *err);
    enum gw_fault (*poll)(void *bus, const struct gw_device_ref *device,
                          const struct gw_sink *sink, struct gw_error *err);
    enum gw_fault (*write)(void *bus, const struct gw_device_ref *device,
                           const struct gw_point_ref *point, double raw,
                           struct gw_error *err);
    void (*wait)(void *bus, struct gw_wait *wait);
    enum gw_fault (*ready)(void *bus, const struct gw_wait *wait,
                           const struct gw_sink *sink, struct gw_error *err);
    void (*committed)(void *bus, uint64_t ticket);
    double (*load)(const void *bus, const struct gw_device_ref *device);
    enum gw_direction (*direction)(const void *device, const void *point);
    bool (*same_unit)(const void *device, const void *other);
    int (*check_bus)(const void *bus, struct gw_error *err);
    const char *(*port)(const void *bus);
    void (*server)(const void *bus, char ret[GW_NAME_MAX]);
    void (*source)(const void *bus, char ret[GW_NAME_MAX]);
    void (*traits)(const void *bus, const void *device, struct gw_traits *ret);
    const char *(*doubt)(const void *device, const void *point);
    const char *(*look)(const void *bus, const void *device);
    const char *(*called)(const void *bus);
};

/* A module exports its descriptors under this one symbol, NULL-terminated. */
#define GW_DRIVERS_EXPORT(...)             \
    __attribute__((visibility("default"))) \
    const struct gw_driver *const gw_drivers_v1[] = {__VA_ARGS__, NULL}

/* gw_machine_us - machine time, microseconds; never steps.  The only clock a
 * driver may read. */
int64_t gw_machine_us(void);

#endif
