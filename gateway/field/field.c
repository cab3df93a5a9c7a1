#include "field/field.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/diff.h"
#include "field/bus.h"
#include "field/status.h"

/* For the driver's call that runs, to end. */
static const int64_t patience_us = INT64_C(10) * 1000000;

static const int64_t stagger_us = 20000;
static const int64_t stagger_limit_us = 1000000;

/* The first ticket that a bus with this id may use. */
struct next_ticket {
    uint16_t bus;
    uint64_t ticket;
};

/* lock     the list of buses; written only by who changes the field, whom nobody calls
 *          while it reads the list
 * tickets  of buses that were stopped; only who changes the field looks */
struct field {
    struct field_ops ops;
    const char *state_folder;
    pthread_rwlock_t lock;
    struct bus **buses;
    size_t bus_count;
    struct next_ticket *tickets;
    size_t ticket_count;
};

/* --- the list ------------------------------------------------------------------ */

/* Nobody uses a bus that is in the old list only when it returns.
 * returns the old list, now the caller's */
static struct bus **put_list(struct field *f, struct bus **buses, size_t count)
{
    (void)pthread_rwlock_wrlock(&f->lock);
    struct bus **old = f->buses;
    f->buses = buses;
    f->bus_count = count;
    (void)pthread_rwlock_unlock(&f->lock);
    return old;
}

static struct bus *find(const struct field *f, const char *name)
{
    for (size_t i = 0; i < f->bus_count; i++)
        if (strcmp(f->buses[i]->config->name, name) == 0)
            return f->buses[i];
    return NULL;
}

/* --- tickets that must not come again ---------------------------------------------- */

static uint64_t next_ticket(const struct field *f, uint16_t bus)
{
    for (size_t i = 0; i < f->ticket_count; i++)
        if (f->tickets[i].bus == bus)
            return f->tickets[i].ticket;
    return 0;
}

static void note_ticket(struct field *f, const struct bus *bus)
{
    for (size_t i = 0; i < f->ticket_count; i++)
        if (f->tickets[i].bus == bus->config->id) {
            f->tickets[i].ticket = bus->setup.delivered.next;
            return;
        }
    struct next_ticket *tickets =
        reallocarray(f->tickets, f->ticket_count + 1, sizeof(*tickets));
    if (!tickets)
        return; /* the store's own count says the same once it has committed */
    f->tickets = tickets;
    tickets[f->ticket_count++] =
        (struct next_ticket){bus->config->id, bus->setup.delivered.next};
}

/* --- start and stop ------------------------------------------------------------------
 */

/* Polled buses start one after the other so that their polls do not fall together; an
 * event source has nothing to spread. */
static int64_t start_delay(const struct config_bus *bus, size_t index)
{
    if (!bus->driver->poll)
        return 0;
    int64_t delay_us = (int64_t)index * stagger_us;
    return delay_us < stagger_limit_us ? delay_us : stagger_limit_us;
}

static int start_bus(struct field *f, const struct bus_setup *setup, uint16_t index,
                     struct bus **ret)
{
    const struct config_bus *config = &setup->config->buses[index];
    struct bus *bus = NULL;
    int r = bus_new(setup, index, clock_machine_us() + start_delay(config, index), &bus);
    if (r == 0)
        r = bus_start(bus, next_ticket(f, config->id));
    if (r < 0)
        bus_free(bus);
    else
        *ret = bus;
    return r;
}

int field_join(struct field *f, struct config *after, int64_t commit_interval_us,
               struct gw_error *err)
{
    const struct bus_setup setup = {
        .config = after,
        .ops = &f->ops,
        .state_folder = f->state_folder,
        .commit_interval_us = commit_interval_us,
    };
    struct bus **buses = calloc(after->bus_count + 1, sizeof(struct bus *));
    if (!buses)
        return gw_fail(err, -ENOMEM, "buses: out of memory");
    size_t count = 0;
    int r = 0;
    for (size_t i = 0; i < after->bus_count; i++) {
        struct bus *bus = find(f, after->buses[i].name);
        int failed = bus ? 0 : start_bus(f, &setup, (uint16_t)i, &bus);
        if (failed < 0)
            r = gw_fail(err, failed, "bus '%s': cannot start its thread: %s",
                        after->buses[i].name, strerror(-failed));
        else
            buses[count++] = bus;
    }
    free(put_list(f, buses, count));
    return r;
}

int field_start(struct config *config, const struct field_ops *ops,
                const char *state_folder, int64_t commit_interval_us, struct field **ret,
                struct gw_error *err)
{
    if (config->bus_count > UINT16_MAX)
        return gw_fail(err, -E2BIG, "%zu buses (at most %d)", config->bus_count,
                       UINT16_MAX);
    struct field *f = calloc(1, sizeof(*f));
    if (!f)
        return gw_fail(err, -ENOMEM, "buses: out of memory");
    f->ops = *ops;
    f->state_folder = state_folder;
    (void)pthread_rwlock_init(&f->lock, NULL); /* cannot fail on Linux */
    int r = field_join(f, config, commit_interval_us, err);
    if (r < 0) {
        field_stop(f);
        return r;
    }
    *ret = f;
    return 0;
}

/* A driver that is told of commits was told how long they take. */
static bool may_stay(const struct bus *bus, const struct config *after,
                     int64_t commit_interval_us)
{
    return config_same_bus(bus->tree, after, bus->config->name)
           && (!bus->config->driver->committed
               || bus->setup.commit_interval_us == commit_interval_us);
}

/* Asks all, then waits for all, but no longer than it may. */
static void ask_to_end(struct bus **buses, size_t count)
{
    const int64_t until_us = clock_machine_us() + patience_us;
    for (size_t i = 0; i < count; i++)
        bus_stop(buses[i]);
    for (size_t i = 0; i < count; i++) {
        int64_t left_us = until_us - clock_machine_us();
        (void)worker_wait(buses[i]->worker, left_us > 0 ? left_us : 0);
    }
}

/* Of buses that have ended. */
static void free_buses(struct field *f, struct bus **buses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bus_join(buses[i]);
        note_ticket(f, buses[i]);
        bus_free(buses[i]);
    }
}

/* parting - which buses stay and which go, in one piece. */
struct parting {
    struct bus **stay;
    struct bus **go;
    size_t stays;
    size_t goes;
};

static int sort_buses(const struct field *f, const struct config *after,
                      int64_t commit_interval_us, struct parting *p, struct gw_error *err)
{
    p->stay = calloc(f->bus_count + 1, sizeof(struct bus *));
    p->go = calloc(f->bus_count + 1, sizeof(struct bus *));
    if (!p->stay || !p->go)
        return gw_fail(err, -ENOMEM, "buses: out of memory");
    int r = 0;
    for (size_t i = 0; i < f->bus_count && r == 0; i++) {
        if (may_stay(f->buses[i], after, commit_interval_us)) {
            p->stay[p->stays++] = f->buses[i];
            continue;
        }
        p->go[p->goes++] = f->buses[i];
        r = hang_refuse(f->buses[i], err);
    }
    return r;
}

static void parting_done(struct parting *p)
{
    free(p->stay);
    free(p->go);
}

int field_may_part(const struct field *f, const struct config *after,
                   int64_t commit_interval_us, struct gw_error *err)
{
    struct parting p = {0};
    int r = sort_buses(f, after, commit_interval_us, &p, err);
    parting_done(&p);
    return r;
}

/* What did not end in its time goes on. */
static int part_buses(struct parting *p, struct gw_error *err)
{
    size_t ended = 0;
    int r = 0;
    ask_to_end(p->go, p->goes);
    for (size_t i = 0; i < p->goes; i++) {
        if (worker_wait(p->go[i]->worker, 0) || !worker_go_on(p->go[i]->worker)) {
            p->go[ended++] = p->go[i];
            continue;
        }
        p->stay[p->stays++] = p->go[i];
        r = gw_fail(err, -EBUSY,
                    "bus '%s' does not stop: its driver did not come back "
                    "within %d s",
                    p->go[i]->config->name, (int)(patience_us / 1000000));
    }
    p->goes = ended;
    return r;
}

int field_part(struct field *f, const struct config *after, int64_t commit_interval_us,
               size_t *ret_stopped, struct gw_error *err)
{
    struct parting p = {0};
    *ret_stopped = 0;
    int r = sort_buses(f, after, commit_interval_us, &p, err);
    if (r == 0) {
        r = part_buses(&p, err);
        p.stay = put_list(f, p.stay, p.stays);
        free_buses(f, p.go, p.goes);
        *ret_stopped = p.goes;
    }
    parting_done(&p);
    return r;
}

/* Names those that did not end.  returns whether there is one */
static bool has_hung(const struct field *f)
{
    bool has = false;
    for (size_t i = 0; i < f->bus_count; i++) {
        if (worker_wait(f->buses[i]->worker, 0))
            continue;
        has = true;
        gw_log(GW_LOG_ERROR, bus_subject(f->buses[i]),
               "its thread did not end within %d s: its driver hangs",
               (int)(patience_us / 1000000));
    }
    return has;
}

/* Nothing is freed; but who waits for a command must not wait for ever. */
static void leave_buses(const struct field *f)
{
    for (size_t i = 0; i < f->bus_count; i++)
        if (f->buses[i]->commands)
            commands_give_up(f->buses[i]->commands, -ESHUTDOWN,
                             "the gateway is stopping");
}

struct field *field_stop(struct field *f)
{
    if (!f)
        return NULL;
    ask_to_end(f->buses, f->bus_count);
    if (has_hung(f)) {
        leave_buses(f);
        return f;
    }
    free_buses(f, f->buses, f->bus_count);
    (void)pthread_rwlock_destroy(&f->lock);
    free(f->buses);
    free(f->tickets);
    free(f);
    return NULL;
}

/* --- what others ask for ---------------------------------------------------------------
 */

void field_committed(struct field *f, uint16_t bus, uint64_t ticket)
{
    (void)pthread_rwlock_rdlock(&f->lock);
    for (size_t i = 0; i < f->bus_count; i++)
        if (f->buses[i]->config->id == bus)
            bus_committed(f->buses[i], ticket);
    (void)pthread_rwlock_unlock(&f->lock);
}

int field_write(struct field *f, const struct field_command *command,
                struct gw_error *err)
{
    int r = -ENOENT;
    (void)pthread_rwlock_rdlock(&f->lock);
    for (size_t i = 0; i < f->bus_count && r == -ENOENT; i++)
        r = bus_write(f->buses[i], command, err);
    (void)pthread_rwlock_unlock(&f->lock);
    return r != -ENOENT ? r : gw_fail(err, r, "point %u is on no bus", command->point);
}

void field_watch(struct field *f)
{
    (void)pthread_rwlock_rdlock(&f->lock);
    for (size_t i = 0; i < f->bus_count; i++)
        hang_look(f->buses[i]);
    (void)pthread_rwlock_unlock(&f->lock);
}

void field_room(struct field *f)
{
    (void)pthread_rwlock_rdlock(&f->lock);
    for (size_t i = 0; i < f->bus_count; i++)
        bus_room(f->buses[i]);
    (void)pthread_rwlock_unlock(&f->lock);
}

size_t field_bus_rows(struct field *f, struct field_bus_status *ret, size_t max)
{
    size_t count = 0;
    (void)pthread_rwlock_rdlock(&f->lock);
    for (; count < max && count < f->bus_count; count++) {
        status_bus(f->buses[count]->status, &ret[count]);
        hang_bus_row(f->buses[count], &ret[count]);
    }
    (void)pthread_rwlock_unlock(&f->lock);
    return count;
}

size_t field_device_rows(struct field *f, struct field_device_status *ret, size_t max)
{
    size_t count = 0;
    (void)pthread_rwlock_rdlock(&f->lock);
    for (size_t i = 0; count < max && i < f->bus_count; i++) {
        size_t n = status_devices(f->buses[i]->status, &ret[count], max - count);
        hang_device_rows(f->buses[i], &ret[count], n);
        count += n;
    }
    (void)pthread_rwlock_unlock(&f->lock);
    return count;
}
