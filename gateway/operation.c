#include "operation.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_S = 2 };

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_ANSWERED, SLOT_LEFT };

struct slot {
    enum slot_state state;
    uint64_t turn; /* order of arrival */
    struct operation operation;
    char *answer;
    struct gw_error err;
    int result;
};

struct operations {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    int fd;
    bool is_ended;
    uint64_t turns;
    struct slot slots[OPERATION_MAX];
};

int operations_new(struct operations **ret)
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
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&o->answered, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    (void)pthread_mutex_init(&o->lock, NULL);
    *ret = o;
    return 0;
}

/* operation_free - what it owns. */
static void operation_free(const struct operation *operation)
{
    if (operation->kind == OPERATION_LIST)
        free(operation->list.list);
}

static void free_slot(struct slot *slot)
{
    operation_free(&slot->operation);
    slot->state = SLOT_FREE;
}

struct operations *operations_free(struct operations *o)
{
    if (!o)
        return NULL;
    for (size_t i = 0; i < OPERATION_MAX; i++)
        if (o->slots[i].state != SLOT_FREE)
            free_slot(&o->slots[i]);
    (void)close(o->fd);
    (void)pthread_cond_destroy(&o->answered);
    (void)pthread_mutex_destroy(&o->lock);
    free(o);
    return NULL;
}

static struct slot *take_slot(struct operations *o)
{
    for (size_t i = 0; i < OPERATION_MAX; i++)
        if (o->slots[i].state == SLOT_FREE)
            return &o->slots[i];
    return NULL;
}

/* Waits with the lock held; a caller that leaves in time-out lets main free its slot. */
static int wait_answer(struct operations *o, struct slot *slot, char **ret_answer,
                       struct gw_error *err)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ANSWER_S;

    while (slot->state == SLOT_WAITING && !o->is_ended)
        if (pthread_cond_timedwait(&o->answered, &o->lock, &until) == ETIMEDOUT)
            break;
    if (slot->state == SLOT_ANSWERED) {
        if (err)
            *err = slot->err;
        if (ret_answer)
            *ret_answer = slot->answer;
        else
            free(slot->answer);
        slot->answer = NULL;
        free_slot(slot);
        return slot->result;
    }
    slot->state = SLOT_LEFT;
    if (o->is_ended)
        return gw_fail(err, -ESHUTDOWN, "the gateway is stopping");
    return gw_fail(err, -ETIMEDOUT, "the gateway did not answer within %d s", ANSWER_S);
}

int operations_call(struct operations *o, const struct operation *operation,
                    char **ret_answer, struct gw_error *err)
{
    int r;
    (void)pthread_mutex_lock(&o->lock);
    struct slot *slot = o->is_ended ? NULL : take_slot(o);
    if (o->is_ended) {
        r = gw_fail(err, -ESHUTDOWN, "the gateway is stopping");
    } else if (!slot) {
        r = gw_fail(err, -EAGAIN, "%d actions wait already; try again", OPERATION_MAX);
    } else {
        *slot = (struct slot){
            .state = SLOT_WAITING, .turn = ++o->turns, .operation = *operation};
        (void)eventfd_write(o->fd, 1);
        r = wait_answer(o, slot, ret_answer, err);
    }
    if (!slot)
        operation_free(operation);
    (void)pthread_mutex_unlock(&o->lock);
    return r;
}

int operations_fd(const struct operations *o)
{
    return o->fd;
}

/* The oldest waiting command, copied out; frees slots whose callers left. */
static struct slot *next_waiting(struct operations *o, struct operation *ret)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < OPERATION_MAX; i++) {
        struct slot *slot = &o->slots[i];
        if (slot->state == SLOT_LEFT)
            free_slot(slot);
        if (slot->state == SLOT_WAITING && (!oldest || slot->turn < oldest->turn))
            oldest = slot;
    }
    if (oldest)
        *ret = oldest->operation;
    return oldest;
}

void operations_serve(struct operations *o,
                      int (*serve)(void *ctx, const struct operation *operation,
                                   char **ret_answer, struct gw_error *err),
                      void *ctx)
{
    eventfd_t count;
    (void)eventfd_read(o->fd, &count);
    for (;;) {
        struct operation operation;
        (void)pthread_mutex_lock(&o->lock);
        struct slot *slot = next_waiting(o, &operation);
        uint64_t turn = slot ? slot->turn : 0;
        (void)pthread_mutex_unlock(&o->lock);
        if (!slot)
            return;

        struct gw_error err = {0};
        char *answer = NULL;
        int result = serve(ctx, &operation, &answer, &err);

        (void)pthread_mutex_lock(&o->lock);
        if (slot->turn == turn && slot->state == SLOT_WAITING) {
            slot->state = SLOT_ANSWERED;
            slot->result = result;
            slot->answer = answer;
            answer = NULL;
            slot->err = err;
            (void)pthread_cond_broadcast(&o->answered);
        }
        (void)pthread_mutex_unlock(&o->lock);
        free(answer); /* nobody waits for it any more */
    }
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
    (void)pthread_cond_broadcast(&o->answered);
    (void)pthread_mutex_unlock(&o->lock);
}
