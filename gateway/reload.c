#include "reload.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "change.h"
#include "gw/log.h"

static const struct gw_subject about = {"CONFIG", "reload"};

/* Reading a large school from a slow card takes its time; nothing waits for it. */
enum { LATE_US = 0 };

/* asked      of one caller at a time, who waits for its answer
 * step       main's part of the change in work
 * The rest of the first part is under the lock too. */
struct reload {
    struct app *app;
    struct worker *worker;
    int fd;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct http_reload *asked;
    char *answer;
    unsigned status;
    bool is_answered;
    bool is_hung_up;
    bool is_ending;
    struct change *step;
    bool is_stepped;
    int stepped;
    uint64_t applied;
    uint64_t refused;
    int64_t swap_us;
    int64_t longest_swap_us;
};

int reload_new(struct app *app, struct reload **ret)
{
    struct reload *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->fd < 0) {
        int failed = -errno;
        free(r);
        return failed;
    }
    r->app = app;
    r->is_ending = true; /* until it is started */
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_cond_init(&r->changed, NULL);
    *ret = r;
    return 0;
}

struct reload *reload_free(struct reload *r)
{
    if (!r)
        return NULL;
    (void)close(r->fd);
    (void)pthread_cond_destroy(&r->changed);
    (void)pthread_mutex_destroy(&r->lock);
    free(r->answer);
    free(r);
    return NULL;
}

/* --- main's step ------------------------------------------------------------------ */

int reload_fd(const struct reload *r)
{
    return r->fd;
}

void reload_serve(struct reload *r)
{
    eventfd_t count;
    (void)eventfd_read(r->fd, &count);
    (void)pthread_mutex_lock(&r->lock);
    struct change *step = r->is_stepped ? NULL : r->step;
    (void)pthread_mutex_unlock(&r->lock);
    if (!step)
        return;
    int stepped = change_swap(step);
    (void)pthread_mutex_lock(&r->lock);
    r->stepped = stepped;
    r->is_stepped = true;
    (void)pthread_cond_broadcast(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}

/* A main that is stopping does no step: reload_stop() ends the wait. */
static int have_swapped(struct reload *r, struct change *c)
{
    (void)pthread_mutex_lock(&r->lock);
    r->step = c;
    r->is_stepped = false;
    (void)eventfd_write(r->fd, 1);
    while (!r->is_stepped && !r->is_ending)
        (void)pthread_cond_wait(&r->changed, &r->lock);
    int stepped = r->is_stepped ? r->stepped : -ESHUTDOWN;
    r->step = NULL;
    (void)pthread_mutex_unlock(&r->lock);
    return stepped;
}

/* --- one reload --------------------------------------------------------------------- */

/* systemd takes RELOADING=1 only with the time at which it began. */
static void tell_reloading(void)
{
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_machine_us());
}

static void note(struct reload *r, const struct change *c, bool is_applied)
{
    (void)pthread_mutex_lock(&r->lock);
    r->applied += is_applied;
    r->refused += !is_applied;
    if (is_applied) {
        r->swap_us = c->swap_us;
        if (c->swap_us > r->longest_swap_us)
            r->longest_swap_us = c->swap_us;
    }
    (void)pthread_mutex_unlock(&r->lock);
}

static int read_change(struct change *c, struct gw_error *err)
{
    char fixed[256];
    int failed = change_read(c, err);
    if (failed < 0)
        return failed;
    if (c->faults > 0)
        return gw_fail(err, -EINVAL,
                       "configuration '%s' has %zu error%s; nothing was "
                       "changed",
                       c->folder, c->faults, c->faults == 1 ? "" : "s");
    change_fixed(c, fixed, sizeof(fixed));
    if (*fixed)
        return gw_fail(err, -EBUSY, "%s: takes a restart; nothing was changed", fixed);
    return 0;
}

static int put_in_place(struct reload *r, struct change *c, struct gw_error *err)
{
    int failed = change_prepare(c, err);
    if (failed < 0) {
        change_undo(c);
        return failed;
    }
    failed = have_swapped(r, c);
    if (failed < 0) {
        if (failed != -ESHUTDOWN)
            change_undo(c);
        return gw_fail(err, failed, "%s; nothing was changed",
                       failed == -ESHUTDOWN ? "the gateway is stopping"
                                            : "out of memory");
    }
    struct gw_error late = {0};
    if (change_finish(c, &late) < 0)
        gw_log(GW_LOG_ERROR, about, "%s", late.text);
    return 0;
}

/* The running tree is that of these files already. */
static bool is_running(const struct change *c)
{
    const struct config *now = c->app->live.settings->config;
    const struct config *next = c->next.settings->config;
    return c->diff->count == 0 && now->hash == next->hash
           && strcmp(now->folder, next->folder) == 0;
}

static int apply(struct reload *r, struct change *c, struct gw_error *err)
{
    tell_reloading();
    int failed = read_change(c, err);
    if (failed == 0 && !is_running(c))
        failed = put_in_place(r, c, err);
    (void)sd_notify(0, "READY=1");
    if (failed == -ESHUTDOWN)
        return failed;
    note(r, c, failed == 0);
    if (failed < 0)
        gw_log(GW_LOG_ERROR, about, "%s", err->text);
    else
        gw_log(GW_LOG_NOTICE, about,
               "%zu changes, %zu buses stopped; the others ran on, main paused %.3f ms",
               c->diff->count, c->parted, (double)c->swap_us / 1000.0);
    return failed;
}

/* --- asking --------------------------------------------------------------------------
 */

static char *answer_text(const struct change *c, const char *state,
                         const struct gw_error *err)
{
    json_t *answer = change_json(c);
    (void)json_object_set_new(answer, "state", json_string(state));
    if (err->text[0])
        (void)json_object_set_new(answer, "detail", json_string(err->text));
    char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
    json_decref(answer);
    return text;
}

static char *serve(struct reload *r, const struct http_reload *asked,
                   unsigned *ret_status)
{
    struct change c = {.app = r->app, .folder = r->app->folder};
    struct gw_error err = {0};
    bool is_diff = asked->what == HTTP_RELOAD_DIFF;
    int failed = is_diff ? read_change(&c, &err) : apply(r, &c, &err);
    const char *state = is_diff ? "diff" : "applied";
    if (failed < 0)
        state = c.faults > 0 ? "faulty" : "refused";
    *ret_status = failed < 0 ? 422 : 200;
    char *text = answer_text(&c, state, &err);
    change_done(&c);
    return text;
}

static void answer_asked(struct reload *r)
{
    (void)pthread_mutex_lock(&r->lock);
    const struct http_reload *asked = r->is_answered ? NULL : r->asked;
    (void)pthread_mutex_unlock(&r->lock);
    if (!asked)
        return;
    unsigned status = 503;
    char *text = serve(r, asked, &status);
    (void)pthread_mutex_lock(&r->lock);
    r->answer = text;
    r->status = status;
    r->is_answered = true;
    (void)pthread_cond_broadcast(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}

static void answer_hangup(struct reload *r)
{
    (void)pthread_mutex_lock(&r->lock);
    bool is_hung_up = r->is_hung_up;
    r->is_hung_up = false;
    (void)pthread_mutex_unlock(&r->lock);
    if (!is_hung_up)
        return;
    unsigned status = 0;
    const struct http_reload asked = {.what = HTTP_RELOAD_APPLY, .actor = "SIGHUP"};
    free(serve(r, &asked, &status));
}

static void body(struct worker *w, void *ctx)
{
    struct reload *r = ctx;
    while (!worker_should_stop(w)) {
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        (void)poll(&fd, 1, -1);
        worker_drain(w);
        worker_alive(w);
        answer_asked(r);
        answer_hangup(r);
    }
}

int reload_start(struct reload *r, struct gw_error *err)
{
    r->is_ending = false;
    int failed = worker_start("reload", LATE_US, body, r, &r->worker);
    if (failed < 0)
        return gw_fail(err, failed, "reload: no thread: %s", strerror(-failed));
    return 0;
}

void reload_stop(struct reload *r)
{
    if (!r)
        return;
    (void)pthread_mutex_lock(&r->lock);
    r->is_ending = true;
    (void)pthread_cond_broadcast(&r->changed);
    struct worker *worker = r->worker;
    r->worker = NULL;
    (void)pthread_mutex_unlock(&r->lock);
    if (!worker)
        return;
    worker_stop(worker);
    (void)worker_join(worker);
}

static void wake(struct reload *r)
{
    if (r->worker)
        worker_wake(r->worker);
}

void reload_hangup(struct reload *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->is_hung_up = true;
    wake(r);
    (void)pthread_mutex_unlock(&r->lock);
}

char *reload_ask(void *ctx, const struct http_reload *asked, unsigned *ret_status)
{
    const struct app *app = ctx;
    struct reload *r = app->reload;
    (void)pthread_mutex_lock(&r->lock);
    while (r->asked && !r->is_ending)
        (void)pthread_cond_wait(&r->changed, &r->lock);
    char *answer = NULL;
    if (!r->is_ending) {
        r->asked = asked;
        r->is_answered = false;
        wake(r);
        while (!r->is_answered && !r->is_ending)
            (void)pthread_cond_wait(&r->changed, &r->lock);
        answer = r->is_answered ? r->answer : NULL;
        *ret_status = r->status;
        r->asked = NULL;
        r->answer = NULL;
        (void)pthread_cond_broadcast(&r->changed);
    }
    (void)pthread_mutex_unlock(&r->lock);
    return answer;
}

json_t *reload_json(struct reload *r, uint64_t hash)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%016" PRIx64, hash);
    (void)pthread_mutex_lock(&r->lock);
    json_t *document = json_pack(
        "{s:s, s:I, s:I, s:f, s:f}", "hash", text, "reloads", (json_int_t)r->applied,
        "refused", (json_int_t)r->refused, "swap_ms", (double)r->swap_us / 1000.0,
        "longest_swap_ms", (double)r->longest_swap_us / 1000.0);
    (void)pthread_mutex_unlock(&r->lock);
    return document;
}
