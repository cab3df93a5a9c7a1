/* replay.h - the same pipeline in virtual time: JSON lines in, JSON lines out.
 *
 *   {"t":"2026-11-23T08:20:00+08:00","point":"b1-203/co2","v":640,"q":"good"}
 *   {"t":…,"do":"acknowledge","alarm":"EY-01@b1-203","by":"guard"}
 *   {"t":…,"do":"arm","target":"perimeter","value":"away","by":"guard"}
 *   {"t":…,"do":"end"}
 *
 * A value may be a state's word; "q" is good unless said; "reason" says why it is not.
 * Empty lines and lines that begin with '#' are skipped.  Thread: one.
 */
#ifndef PIPELINE_REPLAY_H
#define PIPELINE_REPLAY_H

#include <stdio.h>

#include "gw/error.h"
#include "pipeline/pipeline.h"

/* replay_print - one record as a JSON line, when it is one that replay shows
 * (transitions, facts); @offset_s east of UTC for the local times. */
void replay_print(FILE *out, const struct gw_record *record, int offset_s);

/* replay_print_answer - what a plugin answered, likewise. */
void replay_print_answer(FILE *out, const char *name, const char *json, int64_t time_us,
                         int offset_s);

/* replay_print_output - what an output would have been told, likewise. */
void replay_print_output(FILE *out, const struct output_command *command, int offset_s);

/* replay_stop - how the gateway went down, and what its clock did meanwhile.
 * is_killed  without a word, just after a commit
 * moved_us   by which the clock was set */
struct replay_stop {
    bool is_killed;
    int64_t moved_us;
};

/* replay_ops - events that the pipeline cannot do alone.
 * restart    stop and start everything on what the store kept; *ret the new pipeline,
 *            restored and started at @time_us, by the clock as it is set
 * reload     read the configuration again and go on with it; *ret the new pipeline, which
 *            has taken over at @time_us
 * answer     what a plugin answered to the command @name, a JSON text; may be NULL
 * refused    an alarm's action was refused, and the run goes on: other rules raise other
 *            alarms; NULL = it is a bad line */
struct replay_ops {
    void *ctx;
    int (*restart)(void *ctx, const struct replay_stop *stop, int64_t time_us,
                   struct pipeline **ret, struct gw_error *err);
    int (*reload)(void *ctx, int64_t time_us, struct pipeline **ret,
                  struct gw_error *err);
    void (*answer)(void *ctx, const char *name, const char *json, int64_t time_us);
    void (*refused)(void *ctx);
};

enum { REPLAY_LINE_MAX = 65536 };

/* replay_run - starts @p (built, restored) at the first line's time and reads @in to its
 * end or to "end".  A bad line stops it: "NAME:LINE: what (allowed)".  Both hands of the
 * clock follow the lines' times.  returns 0 or gw_fail() */
int replay_run(FILE *in, const char *name, struct pipeline *p,
               const struct replay_ops *ops, struct gw_error *err);

#endif
