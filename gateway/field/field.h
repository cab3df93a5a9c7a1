/* field.h - every bus on its own thread: schedule, faults and back-off once for all
 * drivers.
 *
 * Thread: one starts, changes and stops; the sink's functions are called from bus
 * threads; field_committed(), field_write(), field_room() and the rows may be from any.
 */
#ifndef FIELD_FIELD_H
#define FIELD_FIELD_H

#include "config/config.h"
#include "gw/driver.h"

struct field;

enum { FIELD_BUSES_MAX = 64 }; /* as config_load() has it */

/* field_command - a value for an output.
 *
 * value        in the point's unit
 * deadline_us  machine time until which it is tried; at least once where the device can
 *              be tried by then
 * done         how it ended and a sentence, called once, on the bus's thread, on that of
 *              the caller whose newer value took its place, or on main's at the stop;
 *              must not block, nor call the field.  May be NULL.
 *              0            the device took it
 *              -EREMOTEIO   the device refused
 *              -ETIMEDOUT   tried, and no answer in its time
 *              -ETIME       its time ended before it could be tried, or its bus hangs
 *              -ECANCELED   overtaken by a newer value for the point
 *              -ESHUTDOWN   the gateway is stopping */
struct field_command {
    uint32_t point;
    double value;
    int64_t deadline_us;
    void *ctx;
    void (*done)(void *ctx, int result, const char *text);
};

/* field_ops - where a bus's findings go; wired in app.c.  Called on bus threads.
 * push     all or none into the sample queue; false = full.  @ret_overwritten: older
 *          gauges that gave way.  @has_more: call comes when the bus has read on
 * call     nothing more for now: what was pushed is to be taken
 * commit   @bus asks for a commit up to @ticket
 * delivered  what is kept of @bus, a stable id as in the others; lives until the field
 *            asks for the same bus again or ends.  false: nobody knows, the store is
 *            away.  Called by who starts the bus
 * came_back  @point can be written, and its device or bus was away, be it for a poll: it
 *            may have lost its power and its value */
struct field_ops {
    void *ctx;
    bool (*push)(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery, bool has_more,
                 size_t *ret_overwritten);
    void (*call)(void *ctx);
    void (*commit)(void *ctx, uint16_t bus, uint64_t ticket);
    bool (*delivered)(void *ctx, uint16_t bus, struct gw_delivered *ret,
                      struct gw_own_ids *ret_ids);
    void (*came_back)(void *ctx, uint32_t point);
};

/* HUNG: its thread does not come back from its driver; of a bus only. */
enum field_health { FIELD_STARTING, FIELD_ONLINE, FIELD_OFFLINE, FIELD_HUNG };

/* Status rows, copied under the field's lock. */
struct field_bus_status {
    char name[GW_ID_MAX];
    char driver[32];
    enum field_health health;
    char fault[200]; /* empty when fine */
    uint64_t counters[GW_COUNTERS];
    uint64_t samples;
    uint64_t overwritten; /* gauges replaced in a full queue */
};

/* Of answered requests, the frames' time on the wire included; microseconds. */
struct field_response {
    uint64_t count;
    int64_t total_us;
    int64_t shortest_us;
    int64_t longest_us;
};

/* counters, response   of a polled bus's device: those of its polls */
struct field_device_status {
    char name[GW_ID_MAX];
    char bus[GW_ID_MAX];
    enum field_health health;
    char fault[200];
    int64_t last_seen_us; /* machine time; 0 = never */
    uint64_t polls;
    uint64_t failures;
    uint64_t counters[GW_COUNTERS];
    struct field_response response;
};

/* field_start - a thread a bus, started staggered; a port or broker that is missing
 * is retried, not an error.  @state_folder may be NULL.  Owner: caller; field_stop() */
int field_start(struct config *config, const struct field_ops *ops,
                const char *state_folder, int64_t commit_interval_us, struct field **ret,
                struct gw_error *err);

/* field_may_part - 0, or gw_fail() with -EBUSY: a bus that would have to stop hangs. */
int field_may_part(const struct field *f, const struct config *after,
                   int64_t commit_interval_us, struct gw_error *err);

/* field_part - stops the buses that @after does not have, or has otherwise (see
 * config_same_bus()), and waits for them, 10 s at most; the others run on.  Then the
 * caller lets the pipeline take and the store commit what they pushed, and
 * field_join - starts the buses of @after that do not run; its order is the order of the
 * rows from now on.  Of one at a time.
 * ret_stopped  how many, also after an error
 * returns 0 or gw_fail(); -EBUSY: a bus hangs or did not end, and runs on; field_join()
 *         of what ran brings the others back.  Of field_join(): those that could not be
 *         started stay away, the others run.
 * Thread: one at a time. */
int field_part(struct field *f, const struct config *after, int64_t commit_interval_us,
               size_t *ret_stopped, struct gw_error *err);
int field_join(struct field *f, struct config *after, int64_t commit_interval_us,
               struct gw_error *err);

/* field_stop - asks every bus to end, joins, frees; returns NULL.  Or, when one has not
 * ended after 10 s, names it in the log and returns @f: a thread is left in it that may
 * still call its ops, and nothing that these use may be freed.  What was asked of it is
 * told -ESHUTDOWN. */
struct field *field_stop(struct field *f);

/* field_watch - once a second: of a bus that hangs, says what it cannot say itself: its
 * points are offline, its commands in vain.  Thread: main. */
void field_watch(struct field *f);

/* field_committed - everything of @bus up to @ticket is on disk.  Never blocks. */
void field_committed(struct field *f, uint16_t bus, uint64_t ticket);

/* field_write - hands @command to its bus, which tries it before it reads on: the longest
 * wait for the first try is one poll of one device.  A live device is tried again each
 * 0.5 s, a dead one each 5 s.  After a success the device is read back at once.
 * returns 0 (done will be called), or -ENOENT no such point, -EROFS not writable,
 *         -ERANGE or -EINVAL not a value of it, -ENOBUFS too many wait, -EBUSY its bus
 *         hangs
 * Thread: any; never blocks. */
int field_write(struct field *f, const struct field_command *command,
                struct gw_error *err);

/* field_room - the sample queue has room again: wakes the buses that wait. */
void field_room(struct field *f);

size_t field_bus_rows(struct field *f, struct field_bus_status *ret, size_t max);
size_t field_device_rows(struct field *f, struct field_device_status *ret, size_t max);

/* field_starting_buses - the rows of @config's buses before any of them runs, and
 * field_starting_devices - of its devices. */
size_t field_starting_buses(const struct config *config, struct field_bus_status *ret,
                            size_t max);
size_t field_starting_devices(const struct config *config,
                              struct field_device_status *ret, size_t max);

#endif
