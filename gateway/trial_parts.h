/* trial_parts.h - what trial.c and trial_replay.c share.  Not for others. */
#ifndef TRIAL_PARTS_H
#define TRIAL_PARTS_H

#include <time.h>

#include "settings.h"
#include "trial.h"
#include "trial_result.h"

/* trial - one run; begun: on the kernel's clock, as both hands of ours are moved. */
struct trial {
    const struct trial_request *request;
    struct trial_result *result;
    FILE *out;
    struct timespec begun;
};

/* trial_range - what was asked for; what was not stays as it is. */
int trial_range(const struct trial *t, const struct gw_campus *campus, int64_t *from_us,
                int64_t *to_us, struct gw_error *err);

/* trial_begin - finds the rules of the file in @pipeline; tells what the check warns of
 * in it. */
int trial_begin(struct trial *t, const struct settings *settings,
                struct pipeline *pipeline, struct gw_error *err);

/* trial_finish - everything up to @time_us has happened: compares and prints. */
int trial_finish(struct trial *t, const struct gw_campus *campus, int64_t time_us,
                 struct gw_error *err);

/* trial_stored, trial_replay - the two kinds. */
int trial_stored(struct trial *t, struct gw_error *err);
int trial_replay(struct trial *t, struct gw_error *err);

#endif
