/* trial.h - --test-rule: rules on trial over what is stored, or over a replay file.
 *
 * The same rules, alarms and clock as --replay; readings of the store come through
 * pipeline_logged().  A process of its own beside the daemon.  Thread: main.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <stdio.h>

#include "gw/error.h"

/* trial_request - file: rules over those of @folder.
 * replay    a replay file; NULL = what is stored
 * from, to  RFC 3339, or local "2026-11-23" and "2026-11-23T08:20"; NULL = all there is
 */
struct trial_request {
    const char *folder;
    const char *file;
    const char *replay;
    const char *from;
    const char *to;
    bool is_json;
};

/* trial_run - prints the result to @out; faults of the rules to stderr.
 * returns 0 or gw_fail() */
int trial_run(const struct trial_request *request, FILE *out, struct gw_error *err);

#endif
