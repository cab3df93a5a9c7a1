/* state_fuzz.c - kept bytes of an older, newer or damaged gateway come back.
 *
 *     owner NUL key NUL length-low length-high bytes, again and again
 */
#include "school.h"

#define NOW_US INT64_C(1795393200000000) /* 2026-11-23T08:20:00+08:00 */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    school_load();
    return 0;
}

static void restore(struct pipeline *pipeline, struct fuzz_input *in)
{
    char *owner = fuzz_until(in, '\0');
    school_restore(pipeline, owner, in);
    free(owner);
}

/* A minute in which every point says something. */
static void live(struct pipeline *pipeline)
{
    for (size_t i = 0; i < school.config->point_count; i++)
        pipeline_reading(pipeline,
                         &(struct gw_reading){.point = school.config->points[i].id,
                                              .value = (double)(i % 3),
                                              .time_us = NOW_US + 1000000,
                                              .source_us = GW_TIME_NONE});
    pipeline_advance(pipeline, NOW_US + INT64_C(60000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    uint32_t last_point = 0;
    clock_set(NOW_US, NOW_US);
    struct pipeline *pipeline = school_pipeline(&last_point);
    while (in.left > 0)
        restore(pipeline, &in);
    pipeline_start(pipeline, NOW_US);
    live(pipeline);
    pipeline_stop(pipeline, NOW_US + INT64_C(60000000));
    pipeline = pipeline_free(pipeline);
    return 0;
}
