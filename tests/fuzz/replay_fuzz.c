/* replay_fuzz.c - a whole --replay file through the pipeline, its rules and plugins. */
#include "pipeline/replay.h"
#include "school.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    school_load();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint32_t last_point = 0;
    struct gw_error err = {0};
    if (size == 0)
        return 0;
    FILE *in = fmemopen((void *)(uintptr_t)bytes, size, "r");
    fuzz_claim(in, "there is memory");
    struct pipeline *pipeline = school_pipeline(&last_point);
    if (replay_run(in, "input", pipeline, NULL, &err) < 0)
        fuzz_claim(strncmp(err.text, "input:", 6) == 0, "a refusal names its line");
    pipeline_stop(pipeline, clock_school_us());
    pipeline = pipeline_free(pipeline);
    (void)fclose(in);
    return 0;
}
