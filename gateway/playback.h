/* playback.h - --replay: the daemon's pipeline and store in virtual time. */
#ifndef PLAYBACK_H
#define PLAYBACK_H

#include <stdio.h>

#include "gw/error.h"
#include "gw/record.h"
#include "rules/rule.h"
#include "settings.h"

/* playback_run - reads @path ("-" = stdin) through the configuration in @folder; the
 * store is a new file in a temporary folder, removed at the end; nothing is sent.
 * returns 0 or gw_fail(); faults of the configuration are printed to stderr */
int playback_run(const char *folder, const char *path, FILE *out, struct gw_error *err);

/* playback_watch - who looks on instead of a file.
 * trial   a rule file over the configuration, NULL = none
 * begin   everything is built and nothing has happened; may fail
 * record  what the pipeline hands on
 * judged  how a rule on trial stands; NULL = that is not asked
 * refused an operator's action that found nothing to act on; NULL = that is a fault
 * end     everything has happened and still stands */
struct playback_watch {
    void *ctx;
    const char *trial;
    int (*begin)(void *ctx, const struct settings *settings, struct pipeline *pipeline,
                 struct gw_error *err);
    void (*record)(void *ctx, const struct gw_record *record);
    void (*judged)(void *ctx, const struct rule_judgement *judgement);
    void (*refused)(void *ctx);
    int (*end)(void *ctx, const struct settings *settings, struct gw_error *err);
};

/* playback_watched - the same run for @watch. */
int playback_watched(const char *folder, const char *path,
                     const struct playback_watch *watch, struct gw_error *err);

#endif
