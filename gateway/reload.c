#include "reload.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/worker.h"
#include "gw/log.h"
#include "reload_parts.h"

/* Reading a large school from a slow card takes its time; nothing waits for it. */
enum { LATE_US = 0 };

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
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_cond_init(&r->changed, NULL);
    reload_publish(r);
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

int reload_swap(struct reload *r, struct change *c)
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

/* --- asking --------------------------------------------------------------------------
 */

static const char *const verbs[] = {[HTTP_RELOAD_DIFF] = "diff",
                                    [HTTP_RELOAD_APPLY] = "applied",
                                    [HTTP_RELOAD_CONFIRM] = "confirmed"};

static char *answer_text(const struct change *c, const char *state,
                         const struct gw_error *err)
{
    json_t *answer = change_json(c);
    const struct kept *k = &c->app->kept;
    if (k->standing == KEPT_PENDING)
        (void)json_object_set_new(answer, "left_s",
                                  json_integer(kept_left_us(k) / 1000000));
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
    const char *state = verbs[asked->what];
    int failed = 0;
    if (asked->what == HTTP_RELOAD_DIFF)
        failed = reload_read(&c, &err);
    else if (asked->what == HTTP_RELOAD_APPLY)
        failed = reload_apply(r, &c, asked->confirm_us, &err);
    else
        failed = reload_confirm(r, &err);
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
    const struct http_reload asked = r->asked;
    bool is_due = r->is_asked && !r->is_answered && !r->is_ending;
    (void)pthread_mutex_unlock(&r->lock);
    if (!is_due)
        return;
    unsigned status = 503;
    char *text = serve(r, &asked, &status);
    (void)pthread_mutex_lock(&r->lock);
    free(r->answer); /* of one that did not wait for it */
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

/* A confirmation that came in time is served before the end of its time. */
static int wait_ms(const struct reload *r)
{
    const struct kept *k = &r->app->kept;
    if (k->standing != KEPT_PENDING)
        return -1;
    int64_t left_ms = kept_left_us(k) / 1000 + 1;
    return left_ms < 60000 ? (int)left_ms : 60000;
}

static void body(struct worker *w, void *ctx)
{
    struct reload *r = ctx;
    reload_up(r);
    while (!worker_should_stop(w)) {
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        (void)poll(&fd, 1, wait_ms(r));
        worker_drain(w);
        worker_alive(w);
        answer_asked(r);
        answer_hangup(r);
        if (r->app->kept.standing == KEPT_PENDING && kept_left_us(&r->app->kept) == 0)
            reload_go_back(r);
    }
}

int reload_start(struct reload *r, struct gw_error *err)
{
    struct worker *worker = NULL;
    int failed = worker_start("reload", LATE_US, body, r, &worker);
    if (failed < 0)
        return gw_fail(err, failed, "reload: no thread: %s", strerror(-failed));
    (void)pthread_mutex_lock(&r->lock);
    r->worker = worker;
    r->is_ending = false; /* it was stopped before: a store has come */
    worker_wake(worker);  /* somebody may have asked before */
    (void)pthread_mutex_unlock(&r->lock);
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
    while (r->is_asked && !r->is_ending)
        (void)pthread_cond_wait(&r->changed, &r->lock);
    char *answer = NULL;
    if (!r->is_ending) {
        r->asked = *asked;
        r->is_asked = true;
        r->is_answered = false;
        wake(r);
        while (!r->is_answered && !r->is_ending)
            (void)pthread_cond_wait(&r->changed, &r->lock);
        if (r->is_answered) {
            answer = r->answer;
            *ret_status = r->status;
            r->answer = NULL;
        }
        r->is_asked = false;
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
    json_t *document =
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:f, s:f}", "hash", text, "folder",
                  r->folder, "standing", kept_standing_name(r->kept.standing), "reloads",
                  (json_int_t)r->applied, "refused", (json_int_t)r->refused, "swap_ms",
                  (double)r->swap_us / 1000.0, "longest_swap_ms",
                  (double)r->longest_swap_us / 1000.0);
    if (r->kept.standing == KEPT_PENDING)
        (void)json_object_set_new(document, "left_s",
                                  json_integer(kept_left_us(&r->kept) / 1000000));
    (void)pthread_mutex_unlock(&r->lock);
    return document;
}
