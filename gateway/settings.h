/* settings.h - everything that the configuration folder says, loaded and checked.
 *
 * One load serves the daemon, --check and --replay: the same files, tables and
 * cross-checks, so that what passes the check also starts.  Thread: main.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "campus/campus.h"
#include "config/config.h"
#include "config/diff.h"
#include "http/http.h"
#include "modules.h"
#include "notify/notify.h"
#include "pipeline/pipeline.h"
#include "store/store.h"
#include "uplink/county.h"

struct settings {
    struct modules *modules;
    struct config *config;
    struct config_faults *faults;
    struct gw_campus *campus;
    struct store_config store;
    struct http_config http;
    struct notify_config local;
    struct county_config county;
};

/* settings_load - reads @folder; every fault is in ret->faults.
 * returns 0 (also with faults), or gw_fail() when the folder cannot be read at all
 * Owner:  caller; settings_free() */
int settings_load(const char *folder, struct settings *ret, struct gw_error *err);
void settings_free(struct settings *s);

/* settings_read - settings_load() where no fault is taken: they are printed to stderr.
 * @trial: a rule file that is on trial over @folder, NULL = none; @is_alone: the pipeline
 * gets no other rules.  returns 0 or gw_fail(); settings_free() in any case */
int settings_read(const char *folder, const char *trial, bool is_alone,
                  struct settings *ret, struct gw_error *err);

/* settings_check - builds the pipeline as the daemon would, adds what that finds to the
 * faults, prints all of them to @out.  returns true when the daemon would start. */
bool settings_check(struct settings *s, FILE *out);

/* settings_refuse - fails with how many errors there are, and @then ("; nothing was
 * started", or ""). */
int settings_refuse(const struct settings *s, const char *then, struct gw_error *err);

/* settings_diff - everything that @after says otherwise than @before.
 * returns 0 and *ret, or -ENOMEM.  Owner: caller; config_diff_free() */
int settings_diff(const struct settings *before, const struct settings *after,
                  struct config_diff **ret);

/* settings_is_fixed - @key of section @row cannot change while the gateway runs: it takes
 * a restart. */
bool settings_is_fixed(const struct diff_row *row, const char *key);

/* settings_print_options - the manual of every file, as commented YAML. */
void settings_print_options(FILE *out);

#endif
