#include "base/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "gw/log.h"

static const int64_t join_patience_us = INT64_C(10) * 1000000;

enum { NAME_MAX_BYTES = 16 /* with the NUL: the kernel's limit on thread names */ };

/* ENDS: the body does nothing more than return, and nobody can call it back. */
enum phase { RUNS, STOPS, ENDS };

struct worker {
    struct worker *next; /* in the registry */
    char name[NAME_MAX_BYTES];
    pthread_t thread;
    int wake_fd;
    int64_t late_us;
    void (*body)(struct worker *w, void *ctx);
    void *ctx;
    _Atomic int64_t alive_us;
    _Atomic enum phase phase;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool has_ended; /* under the lock */
};

/* Every running worker, for the watchdog. */
static struct {
    pthread_mutex_t lock;
    struct worker *first;
} registry = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void registry_add(struct worker *w)
{
    pthread_mutex_lock(&registry.lock);
    w->next = registry.first;
    registry.first = w;
    pthread_mutex_unlock(&registry.lock);
}

static void registry_remove(struct worker *w)
{
    pthread_mutex_lock(&registry.lock);
    struct worker **link = &registry.first;
    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
    pthread_mutex_unlock(&registry.lock);
}

static void *run(void *arg)
{
    struct worker *w = arg;
    (void)pthread_setname_np(pthread_self(), w->name);
    w->body(w, w->ctx);
    (void)pthread_mutex_lock(&w->lock);
    w->has_ended = true;
    (void)pthread_cond_broadcast(&w->ended);
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

static bool has_ended(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    bool ended = w->has_ended;
    (void)pthread_mutex_unlock(&w->lock);
    return ended;
}

/* Signals belong to the main thread's event loop: the new thread inherits a full mask. */
static int start_thread(struct worker *w)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    int r = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (r)
        return -r;
    r = pthread_create(&w->thread, NULL, run, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* the mask it just gave us */
    return -r;
}

/* Waits by a clock that nobody sets. */
static void init_end(struct worker *w)
{
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w->ended, &steady);
    (void)pthread_condattr_destroy(&steady);
    (void)pthread_mutex_init(&w->lock, NULL);
}

static struct worker *worker_free(struct worker *w)
{
    if (w->wake_fd >= 0)
        close(w->wake_fd);
    (void)pthread_cond_destroy(&w->ended);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

int worker_start(const char *name, int64_t late_us,
                 void (*body)(struct worker *w, void *ctx), void *ctx,
                 struct worker **ret)
{
    struct worker *w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    (void)snprintf(w->name, sizeof(w->name), "%s", name);
    w->late_us = late_us;
    w->body = body;
    w->ctx = ctx;
    w->alive_us = clock_machine_us();
    init_end(w);
    w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (w->wake_fd < 0) {
        int code = -errno;
        worker_free(w);
        return code;
    }
    registry_add(w);
    int r = start_thread(w);
    if (r < 0) {
        registry_remove(w);
        worker_free(w);
        return r;
    }
    *ret = w;
    return 0;
}

void worker_wake(struct worker *w)
{
    uint64_t one = 1;
    ssize_t written = write(w->wake_fd, &one, sizeof(one));
    (void)written; /* full counter: it is readable already */
}

void worker_stop(struct worker *w)
{
    enum phase runs = RUNS;
    (void)atomic_compare_exchange_strong(&w->phase, &runs, STOPS);
    worker_wake(w);
}

bool worker_go_on(struct worker *w)
{
    enum phase stops = STOPS;
    bool goes_on = atomic_compare_exchange_strong(&w->phase, &stops, RUNS);
    worker_wake(w);
    return goes_on || stops == RUNS;
}

bool worker_may_end(struct worker *w)
{
    enum phase stops = STOPS;
    return atomic_compare_exchange_strong(&w->phase, &stops, ENDS);
}

bool worker_wait(struct worker *w, int64_t patience_us)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t end_ns = until.tv_nsec + patience_us * 1000;
    until.tv_sec += end_ns / 1000000000;
    until.tv_nsec = end_ns % 1000000000;
    int r = 0;
    (void)pthread_mutex_lock(&w->lock);
    while (!w->has_ended && r == 0)
        r = pthread_cond_timedwait(&w->ended, &w->lock, &until);
    bool ended = w->has_ended;
    (void)pthread_mutex_unlock(&w->lock);
    return ended;
}

struct worker *worker_join(struct worker *w)
{
    if (!w)
        return NULL;
    if (!worker_wait(w, join_patience_us))
        gw_log(GW_LOG_WARNING, (struct gw_subject){"WORKER", w->name},
               "has not ended within %d s; waiting for it",
               (int)(join_patience_us / 1000000));
    (void)pthread_join(w->thread, NULL);
    registry_remove(w);
    return worker_free(w);
}

bool worker_should_stop(const struct worker *w)
{
    return w->phase != RUNS;
}

int worker_fd(const struct worker *w)
{
    return w->wake_fd;
}

void worker_drain(struct worker *w)
{
    uint64_t count = 0;
    ssize_t taken = read(w->wake_fd, &count, sizeof(count));
    (void)taken; /* EAGAIN: nothing to drain */
}

void worker_alive(struct worker *w)
{
    w->alive_us = clock_machine_us();
}

int64_t worker_silent_us(const struct worker *w)
{
    return clock_machine_us() - w->alive_us;
}

const char *worker_late(void)
{
    int64_t now = clock_machine_us();
    const char *name = NULL;
    pthread_mutex_lock(&registry.lock);
    for (struct worker *w = registry.first; w && !name; w = w->next)
        if (w->late_us > 0 && now - w->alive_us > w->late_us && !has_ended(w))
            name = w->name;
    pthread_mutex_unlock(&registry.lock);
    return name;
}
