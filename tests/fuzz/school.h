/* school.h - the school of tests/replay, loaded once; a pipeline on it for each input. */
#ifndef SCHOOL_H
#define SCHOOL_H

#include <math.h>

#include "base/clock.h"
#include "fuzz.h"
#include "settings.h"
#include "shipped.h"

static struct settings school;

static inline void school_load_from(const char *folder)
{
    struct gw_error err = {0};
    if (settings_load(folder, &school, &err) < 0)
        fuzz_claim(false, err.text);
    fuzz_claim(config_faults_errors(school.faults) == 0, "the school has no faults");
}

static inline void school_load(void)
{
    school_load_from(GW_SOURCE_DIR "/tests/replay/campus");
}

/* school_emit - what holds of every record, whatever came in. */
static inline void school_emit(void *ctx, const struct gw_record *record)
{
    (void)ctx;
    if (record->kind == GW_RECORD_READING) {
        const struct gw_reading *r = &record->reading;
        fuzz_claim(r->quality <= GW_BAD && r->reason < GW_REASONS, "a quality is known");
        fuzz_claim(r->quality == GW_BAD ? isnan(r->value) : isfinite(r->value),
                   "a good reading has a number and a bad one has none");
    }
    if (record->kind == GW_RECORD_TRANSITION)
        fuzz_claim(record->transition.from < GW_ALARM_STATES
                       && record->transition.to < GW_ALARM_STATES,
                   "an alarm has a state");
}

static inline int school_point_id(void *ctx, const char *name, uint32_t *ret)
{
    (void)name;
    *ret = ++*(uint32_t *)ctx;
    return 0;
}

/* school_pipeline - built, not started.  @last_point outlives it. */
static inline struct pipeline *school_pipeline(uint32_t *last_point)
{
    const struct pipeline_ops ops = {
        .ctx = last_point, .emit = school_emit, .point_id = school_point_id};
    struct pipeline *pipeline = NULL;
    struct gw_error err = {0};
    *last_point = 0;
    if (pipeline_new(school.config, school.campus, &shipped_modules, &ops, school.faults,
                     &pipeline, &err)
        < 0)
        fuzz_claim(false, err.text);
    return pipeline;
}

/* school_restore - what @owner had kept comes back: the input's next key NUL length-low
 * length-high bytes. */
static inline void school_restore(struct pipeline *pipeline, const char *owner,
                                  struct fuzz_input *in)
{
    char *key = fuzz_until(in, '\0');
    size_t size = fuzz_byte(in);
    size |= (size_t)fuzz_byte(in) << 8;
    if (size > in->left)
        size = in->left;
    char *bytes = fuzz_copy(in->at, size);
    in->at += size;
    in->left -= size;
    pipeline_restore(
        pipeline,
        &(struct gw_state){.owner = owner, .key = key, .bytes = bytes, .size = size});
    free(key);
    free(bytes);
}

#endif
