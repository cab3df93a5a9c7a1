/* bus.h - one bus: its thread, its driver's life, its devices.
 *
 * Everything here runs in the bus's own thread, but bus_new, bus_start, bus_stop,
 * bus_free and the two wake-ups, which are main's, and the hang, which main watches.
 */
#ifndef FIELD_BUS_H
#define FIELD_BUS_H

#include <stdatomic.h>

#include "base/worker.h"
#include "field/backoff.h"
#include "field/command.h"
#include "field/device.h"
#include "field/schedule.h"
#include "field/status.h"
#include "gw/log.h"

/* Which device a point belongs to; sorted by point. */
struct point_owner {
    uint32_t point;
    uint32_t device; /* index into bus->devices */
    const struct config_point *config;
};

/* bus_hang - a thread that does not come back from its driver.
 * after_us  silent for so long it hangs: 5 timeouts, 15 s at least
 * since_us  machine time at which it last moved, when it is told
 * looks     main's: in a row that found it silent, so that a daemon that was held as a
 *           whole tells nothing
 * is_done   main's: all is told */
struct bus_hang {
    int64_t after_us;
    _Atomic int64_t since_us;
    atomic_bool is_told;
    unsigned looks;
    bool is_done;
};

/* bus - worker is main's pointer to the thread, self the thread's own.
 *
 * tree           the configuration it was born with; held, as a reload may leave the bus
 *                as it is
 * is_proved      since open: an answer, a sample or 3 s without a fault came, and
 *                the other side has answered
 * is_reading     an event source is in its ready(): more may follow what it pushes
 * is_refused     an event source's push found the queue full
 * committed      the newest ticket on disk, set by main; told: what the driver knows */
struct bus {
    struct config *tree;
    const struct config_bus *config;
    const struct field_ops *ops;
    struct status *status;
    struct gw_device_ref *refs;
    struct device *devices;
    size_t device_count;
    struct point_owner *owners;
    size_t owner_count;
    struct gw_bus_setup setup;
    struct gw_sink sink;
    struct worker *worker;
    struct worker *self;
    struct commands *commands; /* NULL: the driver cannot write */
    struct schedule schedule;
    struct device *polled; /* the one that is asked now */
    struct backoff reopen;
    uint64_t dice;
    int64_t opened_us;
    int64_t reopen_us;
    int64_t down_since_us;
    unsigned tries;
    bool is_open;
    bool is_proved;
    bool is_reading;
    bool is_refused;
    struct gw_complaint reported; /* the driver told a lasting fault of the bus */
    struct field_bus_status row;
    struct bus_hang hang;
    uint64_t told;
    _Atomic uint64_t committed;
    atomic_bool has_room;
};

/* bus_setup - what all buses of one start share. */
struct bus_setup {
    struct config *config;
    const struct field_ops *ops;
    const char *state_folder;
    int64_t commit_interval_us;
};

int bus_new(const struct bus_setup *setup, uint16_t index, int64_t start_us,
            struct bus **ret);
struct bus *bus_free(struct bus *bus); /* of one that runs after bus_join() only */

/* bus_start - @next_ticket: no delivery gets a smaller one. */
int bus_start(struct bus *bus, uint64_t next_ticket);
void bus_stop(struct bus *bus);
void bus_join(struct bus *bus);

/* hang_look - once a second: of a bus that hangs, tells its points offline and its
 * commands in vain; its row says so.  Thread: main. */
void hang_look(struct bus *bus);

/* hang_end - after a call that may hang: true, it did, and was told. */
bool hang_end(struct bus *bus);

/* hang_refuse - gw_fail() with -EBUSY when it hangs.  Thread: any. */
int hang_refuse(const struct bus *bus, struct gw_error *err);

/* hang_bus_row, hang_device_rows - over what the bus has put, which is of before. */
void hang_bus_row(const struct bus *bus, struct field_bus_status *row);
void hang_device_rows(const struct bus *bus, struct field_device_status *rows, size_t n);

/* bus_committed, bus_room - wake the thread.  Thread: any, never block. */
void bus_committed(struct bus *bus, uint64_t ticket);
void bus_room(struct bus *bus);

/* bus_wait - sleeps until @until_us (machine time), an event of @wait's descriptors or a
 * wake-up, at most 10 s; revents are filled.  @wait may be NULL. */
void bus_wait(struct bus *bus, struct gw_wait *wait, int64_t until_us);

/* bus_fail - the port or broker is gone: closes the driver and plans the next try. */
void bus_fail(struct bus *bus, const char *text);

/* bus_prove - the bus works: online, and logged when it was not. */
void bus_prove(struct bus *bus);

/* bus_owner - who has @point, or NULL.  Thread: any. */
const struct point_owner *bus_owner(const struct bus *bus, uint32_t point);

/* bus_write - field_write() of one bus; -ENOENT: not its point.  Thread: any. */
int bus_write(struct bus *bus, const struct field_command *asked, struct gw_error *err);

/* writer_turn - tries what may be tried now and tells what ended.
 * returns the machine time to look again, INT64_MAX = nothing waits */
int64_t writer_turn(struct bus *bus);

/* One turn of an open bus: of a polled one, of an event source. */
void poller_turn(struct bus *bus);
void source_turn(struct bus *bus);

/* source_tell_committed - hands a new ticket to the driver; false: there was none. */
bool source_tell_committed(struct bus *bus);

static inline bool bus_is_polled(const struct bus *bus)
{
    return bus->config->driver->poll != NULL;
}

static inline struct gw_subject bus_subject(const struct bus *bus)
{
    return (struct gw_subject){"BUS", bus->config->name};
}

#endif
