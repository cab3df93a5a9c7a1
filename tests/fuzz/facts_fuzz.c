/* facts_fuzz.c - the kept book of facts of an older, newer or damaged gateway comes back,
 * and a day is told of it.
 *
 *     key NUL length-low length-high bytes, again and again
 */
#include "school.h"

/* A day is told at 19:00; each minute before it is time that finds nothing. */
#define EVENING_US INT64_C(1795431480000000) /* 2026-11-23T18:58:00+08:00 */
#define TOLD_US INT64_C(1795431720000000)    /* 2026-11-23T19:02:00+08:00 */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    school_load_from(GW_SOURCE_DIR "/tests/replay/lessons");
    return 0;
}

/* What is told holds whatever was kept. */
static void emit(void *ctx, const struct gw_record *record)
{
    const struct gw_fact *f = &record->fact;
    (void)ctx;
    school_emit(ctx, record);
    if (record->kind != GW_RECORD_FACT || f->period == GW_PERIOD_NONE)
        return;
    fuzz_claim(f->completeness >= 0 && f->completeness <= 1, "a share is a share");
    fuzz_claim(f->revision >= 1, "revisions begin at one");
    fuzz_claim(f->start_us < f->end_us && f->end_us > 0, "a period has a length");
    fuzz_claim(f->object[0] != '\0', "a fact is about something");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    uint32_t last_point = 0;
    const struct pipeline_ops ops = {
        .ctx = &last_point, .emit = emit, .point_id = school_point_id};
    struct pipeline *pipeline = NULL;
    struct gw_error err = {0};
    clock_set(EVENING_US, EVENING_US);
    if (pipeline_new(school.config, school.campus, &shipped_modules, &ops, school.faults,
                     &pipeline, &err)
        < 0)
        fuzz_claim(false, err.text);
    while (in.left > 0)
        school_restore(pipeline, "facts", &in);
    pipeline_start(pipeline, EVENING_US);
    pipeline_advance(pipeline, TOLD_US);
    pipeline_stop(pipeline, TOLD_US);
    (void)pipeline_free(pipeline);
    return 0;
}
