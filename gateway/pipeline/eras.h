/* eras.h - which clock a stored time is of.
 *
 * An era lasts from one setting of the clock, or start of the machine, to the next.  Each
 * row of the log bears its era's number; what is kept here tells by how much the clock
 * was set after it.  So a time of the log becomes one of today's clock without a row
 * being written anew.  Thread: one owner.
 */
#ifndef PIPELINE_ERAS_H
#define PIPELINE_ERAS_H

#include "gw/record.h"

/* Stands for every number: of before the first era that is known. */
enum { ERA_ANY = GW_RECORD_ERAS };

/* era - times from from_us until until_us by its clock, INT64_MAX = it runs.
 * set_us      by how much the clock was set at its end
 * is_of_boot  at its end the machine went down: what was set later is not of its clock */
struct era {
    int64_t from_us;
    int64_t until_us;
    int64_t set_us;
    uint32_t number;
    uint32_t is_of_boot;
};

/* eras - the last of them, the oldest first; the bytes are the kept form.
 * minute_us   by how much the clock was set in this boot, less whole minutes: what is
 *             due each minute stays so many real seconds apart
 * count       0 = nothing is known yet */
struct eras {
    uint32_t version;
    uint32_t count;
    int64_t minute_us;
    struct era items[GW_RECORD_ERAS];
};

/* eras_begin - nothing is known of before @time_us. */
void eras_begin(struct eras *e, int64_t time_us);

/* eras_step - the clock was set by @delta_us and is @time_us now; eras_boot - the machine
 * was started, and its clock is another. */
void eras_step(struct eras *e, int64_t delta_us, int64_t time_us);
void eras_boot(struct eras *e, int64_t time_us);

/* eras_number - of the one that runs. */
uint32_t eras_number(const struct eras *e);

/* eras_numbers - a bit for each number under which the log has rows of era @index, in its
 * times. */
uint32_t eras_numbers(const struct eras *e, size_t index);

/* eras_set_after - what is to be added to a time of era @index to make it one of the
 * clock as it is now, or was when its boot ended. */
int64_t eras_set_after(const struct eras *e, size_t index);

/* eras_have_jumped - in the last 24 hours the clock was set by more than as much: of how
 * old a reading is its stamp says little. */
bool eras_have_jumped(const struct eras *e, int64_t time_us);

/* eras_state - to be kept; its bytes are @e's.  eras_read - false: it is somebody else's,
 * or of no use. */
struct gw_state eras_state(const struct eras *e);
bool eras_read(const struct gw_state *state, struct eras *ret);

#endif
