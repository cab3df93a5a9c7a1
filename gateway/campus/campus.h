/* campus.h - loads places, classes and bells behind gw/campus.h.  Thread: main. */
#ifndef CAMPUS_CAMPUS_H
#define CAMPUS_CAMPUS_H

#include "config/config.h"
#include "campus/day_book.h"
#include "gw/campus.h"

/* campus_load - campus.yaml's places, classes, bells, calendar.
 * returns 0 and *ret; faults are added to @faults.  Owner: caller; campus_free() */
int campus_load(const struct config *config, struct config_faults *faults,
                struct gw_campus **ret);
struct gw_campus *campus_free(struct gw_campus *c);

/* campus_next_change - when the phase of any stage changes next after @time_us. */
int64_t campus_next_change(const struct gw_campus *c, int64_t time_us);

/* campus_phases_rung - a bit (1 << enum gw_phase_kind) for each that the bells of any
 * stage or season have; closed and holiday need none. */
uint32_t campus_phases_rung(const struct gw_campus *c);

/* campus_longest_s - the longest stretch of the bells of any stage or season in one or
 * other of @phases, as campus_phases_rung() has them; INT32_MAX where closed, holiday or
 * a boarding night are among them. */
int32_t campus_longest_s(const struct gw_campus *c, uint32_t phases);

/* campus_day - one local day.
 * week        of the term, 0 = outside every term
 * season      NULL = none */
struct campus_day {
    int64_t day; /* since 1970-01-01 */
    int64_t start_us;
    int64_t noon_us;
    int64_t end_us;
    int week;
    const char *season;
};

/* campus_day - of @date, "2026-11-23", or of @time_us without one.  returns false: no
 * such date */
bool campus_day(const struct gw_campus *c, const char *date, int64_t time_us,
                struct campus_day *ret);

/* campus_subject_title - NULL for a subject that is none. */
const struct gw_text *campus_subject_title(const struct gw_campus *c, const char *id);

/* campus_book - the day book: written on the pipeline's thread only. */
struct day_book *campus_book(const struct gw_campus *c);

/* campus_offset_s - seconds east of UTC of the school's zone at @time_us. */
int campus_offset_s(const struct gw_campus *c, int64_t time_us);

/* campus_print_summary - how many classes, pupils, places and lessons were read; before
 * it what no fault of a file is: a plan that ends within weeks of @time_us, classes
 * without any sensor in their room.  In the language of @faults. */
void campus_print_summary(const struct gw_campus *c, const struct config *config,
                          const struct config_faults *faults, int64_t time_us, FILE *out);

/* campus_print_check - what is to be looked after: the warnings of the school's files in
 * @faults, and the summary. */
void campus_print_check(const struct gw_campus *c, const struct config *config,
                        const struct config_faults *faults, int64_t time_us, FILE *out);

/* campus_print_options - the manual of campus.yaml. */
void campus_print_options(FILE *out);

#endif
