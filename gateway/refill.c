#include "refill.h"

#include "store/query.h"

static void put_back(void *ctx, const struct gw_reading *reading)
{
    pipeline_history(ctx, reading);
}

int refill_windows(struct pipeline *pipeline, const char *path, int64_t time_us,
                   struct gw_error *err)
{
    struct query *log = NULL;
    int64_t from_us = pipeline_history_from(pipeline, time_us);
    if (from_us >= time_us)
        return 0;
    int r = query_open(path, &log, err);
    if (r == 0)
        r = query_each_reading(log, from_us, time_us, put_back, pipeline, err);
    query_close(log);
    return r;
}
