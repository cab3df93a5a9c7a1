/* replay_fuzz.c - a whole --replay file through the pipeline, its rules and plugins. */
#include "base/clock.h"
#include "pipeline/replay.h"
#include "school.h"

/* Days of the school that an input may let pass: each costs as much as 100 lines. */
enum { DAYS_MAX = 40 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    school_load();
    return 0;
}

/* What the times in quotes let pass, the steps back of the clock left out. */
static int64_t days_of(const uint8_t *bytes, size_t size)
{
    const int64_t day_us = INT64_C(86400000000);
    int64_t days = 0, last_us = GW_TIME_NONE;
    for (size_t i = 0; i < size; i++) {
        char text[sizeof("2026-11-23T08:20:00.000000+08:00")] = "";
        int64_t time_us = 0;
        size_t length = 0;
        if (bytes[i] != '"')
            continue;
        while (length < sizeof(text) - 1 && i + 1 + length < size
               && bytes[i + 1 + length] != '"') {
            text[length] = (char)bytes[i + 1 + length];
            length++;
        }
        if (clock_parse(text, &time_us) < 0)
            continue;
        if (last_us != GW_TIME_NONE && time_us > last_us)
            days += (time_us - last_us) / day_us;
        last_us = time_us;
    }
    return days;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint32_t last_point = 0;
    struct gw_error err = {0};
    if (size == 0 || days_of(bytes, size) > DAYS_MAX)
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
