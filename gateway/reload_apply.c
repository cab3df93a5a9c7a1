/* reload_apply.c - from one configuration to the next, and back. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "gw/log.h"
#include "reload_parts.h"

static const struct gw_subject about = {"CONFIG", "reload"};

/* Of more one is led to the check: the journal is no list of faults. */
enum { FAULTS_LOGGED = 5 };

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

static void log_fault(void *ctx, const char *line)
{
    (void)ctx;
    gw_log(GW_LOG_ERROR, about, "%s", line);
}

/* Who sent a signal has no other answer than this. */
static void log_faults(const struct change *c)
{
    if (c->faults == 0)
        return;
    size_t more = config_faults_each_error(c->next.settings->faults, FAULTS_LOGGED,
                                           log_fault, NULL);
    if (more > 0)
        gw_log(GW_LOG_ERROR, about,
               "and %zu more error%s: `campus-gatewayd --config %s --check` shows all",
               more, more == 1 ? "" : "s", c->folder);
}

int reload_read(struct change *c, struct gw_error *err)
{
    char fixed[256];
    int failed = change_read(c, err);
    if (failed < 0)
        return failed;
    if (c->faults > 0)
        return gw_fail(err, -EINVAL,
                       "configuration '%s' has %zu error%s; nothing was changed, the "
                       "gateway runs on with what it had",
                       c->folder, c->faults, c->faults == 1 ? "" : "s");
    change_fixed(c, fixed, sizeof(fixed));
    if (*fixed)
        return gw_fail(err, -EBUSY, "%s: takes a restart; nothing was changed", fixed);
    return change_may_part(c, err);
}

static int put_in_place(struct reload *r, struct change *c, struct gw_error *err)
{
    int failed = change_prepare(c, err);
    if (failed < 0) {
        change_undo(c);
        return failed;
    }
    failed = reload_swap(r, c);
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

/* --- what is kept ------------------------------------------------------------------- */

void reload_publish(struct reload *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->kept = r->app->kept;
    (void)snprintf(r->folder, sizeof(r->folder), "%s",
                   r->app->live.settings->config->folder);
    (void)pthread_mutex_unlock(&r->lock);
}

static int write_kept(struct reload *r, struct gw_error *err)
{
    int failed = kept_write(&r->app->kept, err);
    reload_publish(r);
    return failed;
}

/* The copy is read as the daemon would: files may have changed while they were copied. */
static int check_copy(const struct kept *k, uint64_t hash, struct gw_error *err)
{
    char path[KEPT_PATH_MAX];
    struct settings copy;
    kept_path(k, hash, path);
    int failed = settings_load(path, &copy, err);
    if (failed == 0 && copy.config->hash != hash)
        failed = gw_fail(err, -EAGAIN, "the files are not those that run any more");
    settings_free(&copy);
    return failed;
}

/* What runs is for good: a copy of its files is kept, and nothing else. */
static int confirm_running(struct reload *r, struct gw_error *err)
{
    struct kept *k = &r->app->kept;
    const struct config *running = r->app->live.settings->config;
    if (k->confirmed != running->hash) {
        int failed = kept_copy(k, running->folder, running->hash, err);
        if (failed == 0)
            failed = check_copy(k, running->hash, err);
        if (failed < 0) {
            kept_remove(k, running->hash);
            return failed;
        }
        k->confirmed = running->hash;
    }
    k->standing = KEPT_CONFIRMED;
    k->other = 0;
    int failed = write_kept(r, err);
    if (failed == 0)
        kept_clear(k);
    return failed;
}

/* Without a copy the gateway runs as well; only nothing can be tried until there is one.
 */
static void keep_running(struct reload *r)
{
    struct gw_error err = {0};
    if (confirm_running(r, &err) == 0)
        return;
    r->app->kept.standing = KEPT_CONFIRMED;
    r->app->kept.confirmed = 0;
    (void)write_kept(r, NULL);
    gw_log(GW_LOG_WARNING, about, "no copy of the running configuration is kept: %s",
           err.text);
}

void reload_up(struct reload *r)
{
    struct kept *k = &r->app->kept;
    struct gw_error err = {0};
    if (k->standing == KEPT_CONFIRMED)
        keep_running(r);
    else if (k->standing == KEPT_PENDING) {
        k->is_starting = false;
        if (write_kept(r, &err) < 0)
            gw_log(GW_LOG_ERROR, about, "%s", err.text);
    }
    reload_publish(r);
}

/* --- the four things that are asked ----------------------------------------------------
 */

/* On the disk before it runs: also a gateway that dies of it goes back. */
static int begin_trial(struct reload *r, const struct change *c, int64_t confirm_us,
                       struct gw_error *err)
{
    struct kept *k = &r->app->kept;
    if (k->confirmed == 0)
        return gw_fail(err, -ENOENT,
                       "no copy of a confirmed configuration is kept to go "
                       "back to; nothing was changed");
    kept_try(k, c->next.settings->config->hash, confirm_us);
    return write_kept(r, err);
}

static int change_over(struct reload *r, struct change *c, int64_t confirm_us,
                       struct gw_error *err)
{
    const struct kept before = r->app->kept;
    int failed = reload_read(c, err);
    if (failed < 0)
        return failed;
    bool is_new = !is_running(c);
    if (is_new && confirm_us > 0)
        failed = begin_trial(r, c, confirm_us, err);
    if (failed == 0 && is_new)
        failed = put_in_place(r, c, err);
    if (failed < 0) {
        r->app->kept = before;
        (void)write_kept(r, NULL);
    } else if (confirm_us == 0) {
        keep_running(r);
    }
    reload_publish(r);
    return failed;
}

int reload_apply(struct reload *r, struct change *c, int64_t confirm_us,
                 struct gw_error *err)
{
    tell_reloading();
    int failed = change_over(r, c, confirm_us, err);
    (void)sd_notify(0, "READY=1");
    if (failed == -ESHUTDOWN)
        return failed;
    note(r, c, failed == 0);
    if (failed < 0) {
        log_faults(c);
        gw_log(GW_LOG_ERROR, about, "%s", err->text);
    } else {
        gw_log(GW_LOG_NOTICE, about,
               "%zu change%s, %zu bus%s stopped; the others ran on, main paused %.3f ms",
               c->diff->count, c->diff->count == 1 ? "" : "s", c->parted,
               c->parted == 1 ? "" : "es", (double)c->swap_us / 1000.0);
    }
    return failed;
}

int reload_confirm(struct reload *r, struct gw_error *err)
{
    if (r->app->kept.standing != KEPT_PENDING)
        return gw_fail(err, -ENOENT, "nothing waits for a confirmation");
    int failed = confirm_running(r, err);
    if (failed == 0)
        gw_log(GW_LOG_NOTICE, about, "confirmed");
    return failed;
}

static int read_copy(const struct kept *k, struct change *c, struct gw_error *err)
{
    int failed = reload_read(c, err);
    if (failed == 0 && c->next.settings->config->hash != k->confirmed)
        failed = gw_fail(err, -EBADMSG, "'%s' is not what was confirmed", c->folder);
    return failed;
}

/* What somebody changed will not read better later. */
static bool is_spoilt(const struct change *c, int failed)
{
    return c->faults > 0 || failed == -EBADMSG || failed == -ENOENT;
}

void reload_go_back(struct reload *r)
{
    char path[KEPT_PATH_MAX];
    struct kept *k = &r->app->kept;
    struct gw_error err = {0};
    const uint64_t tried = k->other;
    kept_path(k, k->confirmed, path);
    struct change c = {.app = r->app, .folder = path};
    tell_reloading();
    int failed = read_copy(k, &c, &err);
    if (failed == 0 && !is_running(&c))
        failed = put_in_place(r, &c, &err);
    (void)sd_notify(0, "READY=1");
    if (failed == 0) {
        k->standing = KEPT_RETURNED;
        k->other = tried;
        gw_log(GW_LOG_WARNING, about,
               "not confirmed in time: '%s' runs until the files in '%s' are reloaded",
               path, r->app->folder);
    } else if (is_spoilt(&c, failed)) {
        log_faults(&c);
        gw_log(
            GW_LOG_ERROR, about,
            "not confirmed in time, and the copy of what was confirmed cannot be used: "
            "%s; the files in '%s' run for good",
            err.text, r->app->folder);
        keep_running(r);
    } else if (failed != -ESHUTDOWN) {
        k->until_us += k->window_us; /* another try, no sooner than the first */
        log_faults(&c);
        gw_log(GW_LOG_ERROR, about, "not confirmed in time, and cannot go back: %s",
               err.text);
    }
    if (failed != -ESHUTDOWN)
        note(r, &c, failed == 0);
    if (write_kept(r, &err) < 0)
        gw_log(GW_LOG_ERROR, about, "%s", err.text);
    change_done(&c);
}
