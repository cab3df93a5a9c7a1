#include "http/lane.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/worker.h"
#include "http/resource.h"
#include "store/query.h"

/* Exempt from the watchdog: a query over a slow card may take its time. */
enum { LANE_LATE_US = 0 };

struct lane {
    pthread_mutex_t lock; /* first, last, length, is_closing */
    struct request *first;
    struct request **last;
    size_t length;
    bool is_closing;
    struct query *history; /* the worker's */
    struct worker *worker;
};

static struct request *lane_next(struct lane *l)
{
    (void)pthread_mutex_lock(&l->lock);
    struct request *request = l->first;
    if (request) {
        l->first = request->next;
        if (!l->first)
            l->last = &l->first;
        l->length--;
    }
    (void)pthread_mutex_unlock(&l->lock);
    return request;
}

static void lane_serve(struct lane *l)
{
    for (struct request *r = lane_next(l); r; r = lane_next(l)) {
        r->history = &l->history;
        if (r->again)
            r->again(r);
        else
            r->route->serve(r, &r->reply);
        /* resumed, the request is its own thread's again and may be gone */
        MHD_resume_connection(r->connection);
    }
}

static void lane_run(struct worker *w, void *ctx)
{
    struct lane *l = ctx;
    while (!worker_should_stop(w)) {
        lane_serve(l);
        worker_alive(w);
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        (void)poll(&fd, 1, -1);
        worker_drain(w);
    }
    lane_serve(l);
    l->history = query_close(l->history);
}

int lane_new(struct lane **ret)
{
    struct lane *l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    l->last = &l->first;
    (void)pthread_mutex_init(&l->lock, NULL);
    int r = worker_start("http-slow", LANE_LATE_US, lane_run, l, &l->worker);
    if (r < 0) {
        (void)lane_free(l);
        return r;
    }
    *ret = l;
    return 0;
}

void lane_close(struct lane *l)
{
    (void)pthread_mutex_lock(&l->lock);
    l->is_closing = true;
    (void)pthread_mutex_unlock(&l->lock);
    worker_stop(l->worker);
    l->worker = worker_join(l->worker);
}

struct lane *lane_free(struct lane *l)
{
    if (!l)
        return NULL;
    if (l->worker)
        lane_close(l);
    (void)pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}

/* Suspended before it is in the lane: the worker may be quicker than we are.  Where there
 * is no room it goes on when this thread, which serves it, comes back to it. */
static bool lane_add(struct lane *l, struct request *request, size_t length_max)
{
    MHD_suspend_connection(request->connection);
    (void)pthread_mutex_lock(&l->lock);
    bool has_room = l->length < length_max && !l->is_closing;
    if (has_room) {
        request->next = NULL;
        *l->last = request;
        l->last = &request->next;
        l->length++;
        worker_wake(l->worker); /* under the lock: lane_close() frees it after */
    }
    (void)pthread_mutex_unlock(&l->lock);
    if (!has_room)
        MHD_resume_connection(request->connection);
    return has_room;
}

void lane_take(struct lane *l, struct request *request)
{
    if (lane_add(l, request, LANE_LENGTH_MAX))
        return;
    reply_problem(&request->reply, 503, NULL, "%d slow requests are waiting already",
                  LANE_LENGTH_MAX);
    request->reply.retry_s = 2;
}

/* There are no more of them than connections. */
bool lane_again(struct lane *l, struct request *request)
{
    return lane_add(l, request, SIZE_MAX);
}
