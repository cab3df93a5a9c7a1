#include "refill.h"

#include "store/query.h"

/* refill - what is to be added to the times of the era that is read. */
struct refill {
    struct pipeline *pipeline;
    int64_t set_us;
};

static void put_back(void *ctx, const struct gw_reading *reading)
{
    const struct refill *refill = ctx;
    struct gw_reading now = *reading;
    now.time_us += refill->set_us;
    pipeline_history(refill->pipeline, &now);
}

static void take_eras(void *ctx, const struct gw_state *state)
{
    (void)eras_read(state, ctx);
}

/* A pipeline that is to take over has none of its own yet: as the disk has them. */
static int find_eras(const struct pipeline *pipeline, struct query *log, int64_t time_us,
                     struct eras *ret, struct gw_error *err)
{
    *ret = *pipeline_eras(pipeline);
    if (ret->count > 0)
        return 0;
    const struct gw_state state = eras_state(ret);
    int r = query_state(log, state.owner, state.key, take_eras, ret, err);
    if (r == 0 && ret->count == 0)
        eras_begin(ret, time_us);
    return r;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The readings of one era that fall into @span by the clock as it is now. */
static int refill_era(struct pipeline *pipeline, struct query *log,
                      const struct eras *eras, size_t index, struct pipeline_span span,
                      struct gw_error *err)
{
    const struct era *era = &eras->items[index];
    struct refill refill = {pipeline, eras_set_after(eras, index)};
    int64_t until_us = span.until_us - refill.set_us;
    const struct query_span of_era = {
        .from_us = later(span.from_us - refill.set_us, era->from_us),
        .until_us = until_us < era->until_us ? until_us : era->until_us,
        .eras = eras_numbers(eras, index),
    };
    if (of_era.from_us >= of_era.until_us)
        return 0;
    return query_each_reading(log, &of_era, put_back, &refill, err);
}

int refill_windows(struct pipeline *pipeline, const char *path, int64_t time_us,
                   struct gw_error *err)
{
    struct query *log = NULL;
    struct eras eras = {0};
    const struct pipeline_span span = pipeline_history_span(pipeline, time_us);
    if (span.from_us >= span.until_us)
        return 0;
    int r = query_open(path, &log, err);
    if (r == 0)
        r = find_eras(pipeline, log, time_us, &eras, err);
    for (size_t i = 0; i < eras.count && r == 0; i++)
        r = refill_era(pipeline, log, &eras, i, span, err);
    query_close(log);
    return r;
}
