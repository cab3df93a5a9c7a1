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
    const struct pipeline_span span = pipeline_history_span(pipeline, time_us);
    if (span.from_us >= span.until_us)
        return 0;
    int r = query_open(path, &log, err);
    if (r == 0)
        r = query_each_reading(log, span.from_us, span.until_us, put_back, pipeline, err);
    query_close(log);
    return r;
}
