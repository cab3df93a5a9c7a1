/* replay.h - the same pipeline in virtual time: JSON lines in, JSON lines out. */
#ifndef PIPELINE_REPLAY_H
#define PIPELINE_REPLAY_H

#include <stdio.h>

#include "gw/error.h"
#include "pipeline/pipeline.h"

/* replay_print - one record as a JSON line, when it is one that replay shows
 * (transitions, facts); @offset_s for the local times. */
void replay_print(FILE *out, const struct gw_record *record, int offset_s);

/* replay_ops - events that the pipeline cannot do alone.
 * restart    stop and start everything on what the store kept; *ret the new pipeline */
struct replay_ops {
    void *ctx;
    int (*restart)(void *ctx, int64_t time_us, struct pipeline **ret,
                   struct gw_error *err);
};

/* replay_run - reads @in to its end.  A bad line stops it: "FILE:LINE: what (allowed)".
 * Both hands of the clock follow the lines' times. */
int replay_run(FILE *in, const char *name, struct pipeline *p,
               const struct replay_ops *ops, struct gw_error *err);

#endif
