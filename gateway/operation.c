#include "operation.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

enum { PATIENCE_S = 2 };

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_SERVED, SLOT_KEEPING };

struct slot {
    enum slot_state state;
    uint64_t turn; /* order of arrival */
    int64_t given_us;
    struct operation operation;
    struct outcome outcome; /* of one that waits for the disk */
    uint64_t mark;
};

struct operations {
    struct operations_ops ops;
    pthread_mutex_t lock;
    int fd;
    bool is_ended;
    uint64_t turns;
    struct slot slots[OPERATION_MAX];
};

int operations_new(const struct operations_ops *ops, struct operations **ret)
{
    struct operations *o = calloc(1, sizeof(*o));
    if (!o)
        return -ENOMEM;
    o->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (o->fd < 0) {
        int r = -errno;
        free(o);
        return r;
    }
    o->ops = *ops;
    (void)pthread_mutex_init(&o->lock, NULL);
    *ret = o;
    return 0;
}

/* operation_done - frees what it owns. */
static void operation_done(const struct operation *operation)
{
    if (operation->kind == OPERATION_LIST)
        free(operation->list.list);
}

struct operations *operations_free(struct operations *o)
{
    if (!o)
        return NULL;
    (void)close(o->fd);
    (void)pthread_mutex_destroy(&o->lock);
    free(o);
    return NULL;
}

static struct slot *free_slot(struct operations *o)
{
    for (size_t i = 0; i < OPERATION_MAX; i++)
        if (o->slots[i].state == SLOT_FREE)
            return &o->slots[i];
    return NULL;
}

int operations_give(struct operations *o, const struct operation *operation,
                    struct gw_error *err)
{
    int r = 0;
    (void)pthread_mutex_lock(&o->lock);
    struct slot *slot = o->is_ended ? NULL : free_slot(o);
    if (slot) {
        *slot = (struct slot){.state = SLOT_WAITING,
                              .turn = ++o->turns,
                              .given_us = clock_machine_us(),
                              .operation = *operation};
        (void)eventfd_write(o->fd, 1);
    } else {
        r = o->is_ended ? -ESHUTDOWN : -EAGAIN;
    }
    (void)pthread_mutex_unlock(&o->lock);
    if (r < 0)
        operation_done(operation);
    if (r == -ESHUTDOWN)
        return gw_fail(err, r, "the gateway is stopping");
    return r < 0 ? gw_fail(err, r, "%d actions wait already; try again", OPERATION_MAX)
                 : 0;
}

int operations_fd(const struct operations *o)
{
    return o->fd;
}

static void tell(const struct outcome_to *to, struct outcome *outcome)
{
    if (to->told)
        to->told(to->ctx, outcome);
    else
        free(outcome->answer);
}

/* The one that waits longest for main; it is main's now. */
static struct slot *next_waiting(struct operations *o)
{
    struct slot *oldest = NULL;
    (void)pthread_mutex_lock(&o->lock);
    for (size_t i = 0; i < OPERATION_MAX; i++) {
        struct slot *slot = &o->slots[i];
        if (slot->state == SLOT_WAITING && (!oldest || slot->turn < oldest->turn))
            oldest = slot;
    }
    if (oldest)
        oldest->state = SLOT_SERVED;
    (void)pthread_mutex_unlock(&o->lock);
    return oldest;
}

/* Who gave it may have gone, and does not expect it any more. */
static bool is_late(const struct slot *slot, struct outcome *outcome)
{
    if (clock_machine_us() - slot->given_us <= PATIENCE_S * INT64_C(1000000))
        return false;
    outcome->result =
        gw_fail(&outcome->err, -ETIMEDOUT,
                "the gateway was busy for %d s, nothing was done; try again", PATIENCE_S);
    return true;
}

static void serve(struct operations *o, struct slot *slot)
{
    struct outcome outcome = {0};
    uint64_t mark = 0;
    if (!is_late(slot, &outcome))
        o->ops.serve(o->ops.ctx, &slot->operation, &outcome, &mark);
    operation_done(&slot->operation);
    const struct outcome_to to = slot->operation.to;
    bool waits = outcome.keeping == OUTCOME_UNKEPT;
    (void)pthread_mutex_lock(&o->lock);
    slot->state = waits ? SLOT_KEEPING : SLOT_FREE;
    if (waits) {
        slot->outcome = outcome;
        slot->mark = mark;
    }
    (void)pthread_mutex_unlock(&o->lock);
    if (!waits)
        tell(&to, &outcome);
}

void operations_serve(struct operations *o)
{
    eventfd_t count;
    (void)eventfd_read(o->fd, &count);
    for (struct slot *slot = next_waiting(o); slot; slot = next_waiting(o))
        serve(o, slot);
}

/* Behind it what main said of the order, if it said something. */
static void tell_fault(struct outcome *outcome, const char *fault)
{
    const struct gw_error said = outcome->err;
    (void)gw_fail(&outcome->err, 0, "%s%s%s", fault, said.text[0] ? "; " : "", said.text);
}

/* One that waits for the disk no more: it is there, or something is in its way. */
static bool take_settled(struct operations *o, uint64_t kept, const char *fault,
                         struct outcome_to *ret_to, struct outcome *ret)
{
    bool is_found = false;
    (void)pthread_mutex_lock(&o->lock);
    for (size_t i = 0; i < OPERATION_MAX && !is_found; i++) {
        struct slot *slot = &o->slots[i];
        bool is_kept = slot->mark <= kept;
        is_found = slot->state == SLOT_KEEPING && (is_kept || *fault);
        if (!is_found)
            continue;
        *ret_to = slot->operation.to;
        *ret = slot->outcome;
        ret->keeping = is_kept ? OUTCOME_KEPT : OUTCOME_UNKEPT;
        slot->state = SLOT_FREE;
    }
    (void)pthread_mutex_unlock(&o->lock);
    if (is_found && ret->keeping == OUTCOME_UNKEPT)
        tell_fault(ret, fault);
    return is_found;
}

void operations_settle(struct operations *o, uint64_t kept, const char *fault)
{
    struct outcome_to to;
    struct outcome outcome;
    while (take_settled(o, kept, fault, &to, &outcome))
        tell(&to, &outcome);
}

void operations_begin(struct operations *o)
{
    (void)pthread_mutex_lock(&o->lock);
    o->is_ended = false;
    (void)pthread_mutex_unlock(&o->lock);
}

void operations_end(struct operations *o)
{
    (void)pthread_mutex_lock(&o->lock);
    o->is_ended = true;
    (void)pthread_mutex_unlock(&o->lock);
    for (struct slot *slot = next_waiting(o); slot; slot = next_waiting(o)) {
        struct outcome outcome = {0};
        const struct outcome_to to = slot->operation.to;
        outcome.result = gw_fail(&outcome.err, -ESHUTDOWN,
                                 "the gateway is stopping; nothing was done");
        operation_done(&slot->operation);
        (void)pthread_mutex_lock(&o->lock);
        slot->state = SLOT_FREE;
        (void)pthread_mutex_unlock(&o->lock);
        tell(&to, &outcome);
    }
    operations_settle(o, 0, "the gateway is stopping");
}
