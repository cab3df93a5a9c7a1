#include "copies.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "backup_job.h"
#include "settings.h"
#include "store/backup.h"
#include "store/lock.h"
#include "store/restore.h"

/* place - the database of a configuration, and its lock. */
struct place {
    struct settings settings;
    int lock;
};

/* Of all that is written there the path alone matters: a slip in another file is no
 * reason not to save the data, one in this may have left the path at its default. */
static int check_file(const struct settings *s, struct gw_error *err)
{
    static const char *const names[] = {"gateway.yaml", NULL};
    if (config_faults_errors_of(s->faults, names) == 0)
        return 0;
    config_faults_print_of(s->faults, names, stderr);
    return gw_fail(err, -EINVAL,
                   "'%s': with a gateway.yaml that has faults it is not certain which "
                   "database is meant; nothing was done",
                   s->config->folder);
}

static int open_place(const char *folder, const char *advice, struct place *ret,
                      struct gw_error *err)
{
    ret->lock = -1;
    int r = settings_load(folder, &ret->settings, err);
    if (r == 0)
        r = check_file(&ret->settings, err);
    if (r < 0)
        return r;
    if (!ret->settings.store.path)
        return gw_fail(err, -EINVAL,
                       "'%s': its gateway.yaml does not say where the "
                       "database is (allowed: store: {path: …})",
                       folder);
    r = lock_take(ret->settings.store.path, &ret->lock, err);
    if (r != -EADDRINUSE)
        return r;
    return gw_fail(err, r, "a gateway is running on '%s': %s", ret->settings.store.path,
                   advice);
}

static void close_place(struct place *p)
{
    if (p->lock >= 0)
        close(p->lock);
    settings_free(&p->settings);
}

static int print_json(char *text, FILE *out, struct gw_error *err)
{
    if (!text)
        return gw_fail(err, -ENOMEM, "out of memory");
    (void)fprintf(out, "%s\n", text);
    free(text);
    return 0;
}

int copies_backup(const char *folder, const char *file, bool is_json, FILE *out,
                  struct gw_error *err)
{
    struct place place;
    struct backup_report report = {0};
    int r = open_place(folder,
                       "it makes the backup itself where its socket is known "
                       "(campusctl --socket PATH backup)",
                       &place, err);
    if (r == 0)
        r = backup_make(
            &(struct backup_order){.database = place.settings.store.path, .file = file},
            &report, err);
    close_place(&place);
    if (r < 0)
        return r;
    if (is_json)
        return print_json(backup_json(&report), out, err);
    (void)fprintf(out, "%s\n%.1f MB, %" PRIu64 " rows, %.1f s\n", report.file,
                  (double)report.bytes / 1e6, report.rows, (double)report.took_us / 1e6);
    return 0;
}

int copies_restore(const char *folder, const char *file, bool is_forced, FILE *out,
                   struct gw_error *err)
{
    struct place place;
    struct restore_report report = {0};
    int r =
        open_place(folder, "stop it first (systemctl stop campus-gateway)", &place, err);
    if (r == 0)
        r = restore_database(
            &(struct restore_order){
                .file = file,
                .path = place.settings.store.path,
                .gateway = is_forced ? NULL : config_gateway_id(place.settings.config)},
            &report, err);
    if (r == 0) {
        (void)fprintf(out, "'%s' is the database now: %" PRIu64 " rows\n", file,
                      report.rows);
        if (*report.aside)
            (void)fprintf(out, "what was there is kept as '%s'\n", report.aside);
        (void)fputs("the next start of the gateway begins a new epoch\n", out);
    }
    close_place(&place);
    return r;
}
