/* refill.h - what the log holds goes back into the rules' windows before a start.
 * Thread: main. */
#ifndef REFILL_H
#define REFILL_H

#include "gw/error.h"
#include "pipeline/pipeline.h"

/* refill_windows - from the database @path; after pipeline_restore(), and just before
 * pipeline_start() at @time_us.  returns 0 or gw_fail(): the windows begin empty or short
 */
int refill_windows(struct pipeline *pipeline, const char *path, int64_t time_us,
                   struct gw_error *err);

#endif
