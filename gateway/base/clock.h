/* clock.h - machine time and school time, and the hook with two hands.
 *
 * Machine time (polls, timeouts, commit, resend, watchdog) never steps.  School
 * time (stamps, staleness, windows, holds, phases, summaries) is UTC and may be
 * driven: the demo speeds it up, replay sets both hands.  Thread: any.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "gw/types.h"

/* Microseconds.  gw_machine_us() in gw/driver.h is the same as clock_machine_us(). */
int64_t clock_machine_us(void);
int64_t clock_school_us(void);

/* clock_is_plausible - @school_us is not of before this software was written. */
bool clock_is_plausible(int64_t school_us);

/* clock_doubt - nobody knows whether the kernel's clock is right, however plausible it
 * is; until it is called with false. */
void clock_doubt(bool is_doubted);

/* clock_is_trusted - @school_us, as the clock told it, is plausible and not doubted; that
 * of a clock that is driven always.  clock_school_is_known - the same of now. */
bool clock_is_trusted(int64_t school_us);
bool clock_school_is_known(void);

/* clock_school_is_driven - by the demo, replay or a test, and not the kernel's. */
bool clock_school_is_driven(void);

/* clock_school_was_set - true when school time moved against machine time by more than
 * CLOCK_STEP_US since the last call with @ahead_us, which keeps how far the one is ahead
 * of the other; 0 before the first.  A clock that is driven was not set. */
#define CLOCK_STEP_US INT64_C(1000000)
bool clock_school_was_set(int64_t *ahead_us);

/* clock_run_school - school time starts at @start_us now and runs @speed times as
 * fast as machine time (the demo: 60). */
void clock_run_school(int64_t start_us, double speed);

/* clock_school_delay - machine microseconds until school time reaches @school_us;
 * 0 when it has. */
int64_t clock_school_delay(int64_t school_us);

/* clock_set - replay and tests: both hands stand where they are put. */
void clock_set(int64_t machine_us, int64_t school_us);

/* clock_boot - this boot's id: times of machine time are of one boot.  A UUID; zeros
 * where there is no /proc.  @ret holds CLOCK_BOOT_MAX. */
enum { CLOCK_BOOT_MAX = 37 };
void clock_boot(char ret[CLOCK_BOOT_MAX]);

/* clock_release - back to the kernel's clocks. */
void clock_release(void);

/* clock_format - RFC 3339 with @offset_s from UTC and millisecond precision when it is
 * not a whole second; "unknown" for GW_TIME_NONE.  @ret holds CLOCK_TEXT_MAX. */
enum { CLOCK_TEXT_MAX = 40 };
void clock_format(int64_t time_us, int offset_s, char ret[CLOCK_TEXT_MAX]);

/* clock_stamp - for the name of a file: UTC, "20261123T082000Z". */
enum { CLOCK_STAMP_MAX = CLOCK_TEXT_MAX };
void clock_stamp(int64_t time_us, char ret[CLOCK_STAMP_MAX]);

/* clock_parse - RFC 3339 with offset or Z.  returns 0 or -EINVAL */
int clock_parse(const char *text, int64_t *ret_us);

#endif
