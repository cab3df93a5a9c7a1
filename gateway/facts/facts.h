/* facts.h - what the county gets of each day, week and month.
 *
 * Listens to the evidence of plugins, keeps it by day (fact_book.h) and tells, at the
 * times of facts.yaml, each fact once: again with a higher revision when it has changed.
 * A gateway that was off then tells when it is back.  Evidence of single moments stays in
 * the school but for what facts.yaml lets out.  Thread: the pipeline's.
 */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include "gw/campus.h"
#include "facts/fact_plan.h"
#include "points/point_table.h"

struct facts;

/* facts_setup - all of it must outlive the facts.
 * points     with those that plugins derive
 * emit       facts and kept states */
struct facts_setup {
    const struct config *config;
    const struct gw_campus *campus;
    const struct point_table *points;
    void (*emit)(void *ctx, const struct gw_record *record);
    void *ctx;
};

/* facts_load - config->facts; faults are added to @faults.  0 or -ENOMEM */
int facts_load(const struct facts_setup *setup, struct config_faults *faults,
               struct facts **ret);
struct facts *facts_free(struct facts *f);

/* facts_restore - one kept state of the owner "facts"; before facts_start(). */
int facts_restore(struct facts *f, const char *key, const void *bytes, size_t size);
void facts_start(struct facts *f, int64_t time_us);

/* facts_stop - keeps what only a stop in good order can. */
void facts_stop(struct facts *f);

/* facts_take_over - instead of them: goes on at @time_us where @old is.
 * 0 or -ENOMEM */
int facts_take_over(struct facts *f, const struct facts *old, int64_t time_us);

/* facts_stays - a plugin's evidence that is not to leave the school as it is. */
bool facts_stays(const struct facts *f, const struct gw_fact *fact);

/* facts_hear, facts_alarm - what was emitted; facts_minute - the minute that ends at
 * @time_us is over, after the plugins. */
void facts_hear(struct facts *f, const struct gw_fact *fact);
void facts_alarm(struct facts *f, const struct gw_transition *transition);
void facts_minute(struct facts *f, int64_t time_us);

#endif
