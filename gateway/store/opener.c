#include "store/opener.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/worker.h"
#include "gw/log.h"

enum { FIRST_WAIT_MS = 500, LAST_WAIT_MS = 30000 };

/* A disk that answers late is a fault of the disk and not of this thread. */
static const int64_t late_us = INT64_C(600) * 1000000;

struct opener {
    const char *path;
    int (*try)(void *ctx, struct gw_error *err);
    void *ctx;
    struct worker *worker;
    atomic_bool is_done;
    pthread_mutex_t lock; /* of fault: a leaf */
    char fault[sizeof(((struct gw_error *)0)->text)];
};

static struct gw_subject subject(const struct opener *o)
{
    return (struct gw_subject){"STORE", o->path};
}

static void note_fault(struct opener *o, const char *text)
{
    (void)pthread_mutex_lock(&o->lock);
    bool is_new = strcmp(o->fault, text) != 0;
    text_copy(o->fault, sizeof(o->fault), text);
    (void)pthread_mutex_unlock(&o->lock);
    if (is_new)
        gw_log(GW_LOG_ERROR, subject(o),
               "%s; the school is guarded without a store: alarms are kept in memory, "
               "messages stay unacknowledged, opening is tried again",
               text);
}

static void body(struct worker *worker, void *ctx)
{
    struct opener *o = ctx;
    int wait_ms = FIRST_WAIT_MS;
    while (!worker_should_stop(worker)) {
        struct gw_error err = {0};
        struct pollfd fd = {.fd = worker_fd(worker), .events = POLLIN};
        worker_alive(worker);
        (void)poll(&fd, 1, wait_ms);
        worker_drain(worker);
        if (worker_should_stop(worker))
            break;
        if (o->try(o->ctx, &err) == 0) {
            gw_log(GW_LOG_NOTICE, subject(o), "can be opened now");
            o->is_done = true;
            break;
        }
        note_fault(o, err.text);
        wait_ms = 2 * wait_ms < LAST_WAIT_MS ? 2 * wait_ms : LAST_WAIT_MS;
    }
}

int opener_start(const char *path, int (*try)(void *ctx, struct gw_error *err), void *ctx,
                 const struct gw_error *first, struct opener **ret, struct gw_error *err)
{
    struct opener *o = calloc(1, sizeof(*o));
    if (!o)
        return gw_fail(err, -ENOMEM, "store: out of memory");
    o->path = path;
    o->try = try;
    o->ctx = ctx;
    (void)pthread_mutex_init(&o->lock, NULL);
    note_fault(o, first->text);
    int r = worker_start("store-open", late_us, body, o, &o->worker);
    if (r < 0) {
        opener_stop(o);
        return gw_fail(err, r, "store: cannot start its thread: %s", strerror(-r));
    }
    *ret = o;
    return 0;
}

bool opener_is_done(const struct opener *o)
{
    return o->is_done;
}

void opener_fault(struct opener *o, char *ret, size_t size)
{
    (void)pthread_mutex_lock(&o->lock);
    text_copy(ret, size, o->fault);
    (void)pthread_mutex_unlock(&o->lock);
}

struct opener *opener_stop(struct opener *o)
{
    if (!o)
        return NULL;
    if (o->worker) {
        worker_stop(o->worker);
        o->worker = worker_join(o->worker);
    }
    (void)pthread_mutex_destroy(&o->lock);
    free(o);
    return NULL;
}
