/* seeded_clock.c - faults of keeping and of clocks, planted beneath the daemon for
 * tests/system/test_cut_anywhere.py, which must see each: GW_SEED names the one. */
#include <stdlib.h>
#include <string.h>

#include "alarms/alarm.h"
#include "pipeline/eras.h"
#include "pipeline/plugin_host.h"
#include "rules/rule_model.h"

void __real_rule_hold_shift(struct rule_hold *hold, int64_t delta_us);
void __wrap_rule_hold_shift(struct rule_hold *hold, int64_t delta_us);
void __real_window_shift(struct window *w, int64_t delta_us);
void __wrap_window_shift(struct window *w, int64_t delta_us);
void __real_alarms_clock_step(struct alarms *a, int64_t delta_us);
void __wrap_alarms_clock_step(struct alarms *a, int64_t delta_us);
void __real_plugin_host_clock_step(struct plugin_host *h, int64_t delta_us,
                                   int64_t time_us);
void __wrap_plugin_host_clock_step(struct plugin_host *h, int64_t delta_us,
                                   int64_t time_us);
void __real_plugin_host_take_over(struct plugin_host *h, struct plugin_host *old);
void __wrap_plugin_host_take_over(struct plugin_host *h, struct plugin_host *old);
int __real_rules_restore(struct rules *r, const char *key, const void *bytes,
                         size_t size);
int __wrap_rules_restore(struct rules *r, const char *key, const void *bytes,
                         size_t size);
int64_t __real_eras_set_after(const struct eras *e, size_t index);
int64_t __wrap_eras_set_after(const struct eras *e, size_t index);
void __real_rules_minute(struct rules *r, int64_t minute_us);
void __wrap_rules_minute(struct rules *r, int64_t minute_us);
void __real_rule_resume(struct rules *r, struct rule_instance *in, int64_t time_us);
void __wrap_rule_resume(struct rules *r, struct rule_instance *in, int64_t time_us);

static bool is_seeded(const char *fault)
{
    const char *seed = getenv("GW_SEED");
    return seed && strcmp(seed, fault) == 0;
}

/* A hold by the wall clock. */
void __wrap_rule_hold_shift(struct rule_hold *hold, int64_t delta_us)
{
    if (!is_seeded("hold"))
        __real_rule_hold_shift(hold, delta_us);
}

void __wrap_window_shift(struct window *w, int64_t delta_us)
{
    if (!is_seeded("window"))
        __real_window_shift(w, delta_us);
}

/* A shelving by the wall clock. */
void __wrap_alarms_clock_step(struct alarms *a, int64_t delta_us)
{
    if (!is_seeded("shelving"))
        __real_alarms_clock_step(a, delta_us);
}

/* Delays, tests and tours by the wall clock. */
void __wrap_plugin_host_clock_step(struct plugin_host *h, int64_t delta_us,
                                   int64_t time_us)
{
    if (!is_seeded("plugins"))
        __real_plugin_host_clock_step(h, delta_us, time_us);
}

/* A reload that forgets what plugins keep. */
void __wrap_plugin_host_take_over(struct plugin_host *h, struct plugin_host *old)
{
    if (!is_seeded("reload"))
        __real_plugin_host_take_over(h, old);
}

/* A restart that forgets what rules keep. */
int __wrap_rules_restore(struct rules *r, const char *key, const void *bytes, size_t size)
{
    return is_seeded("restart") ? 0 : __real_rules_restore(r, key, bytes, size);
}

/* Windows refilled by the stamps as they stand in the log. */
int64_t __wrap_eras_set_after(const struct eras *e, size_t index)
{
    return is_seeded("refill") ? 0 : __real_eras_set_after(e, index);
}

/* Windows judged at full minutes of the wall clock. */
void __wrap_rules_minute(struct rules *r, int64_t minute_us)
{
    if (!is_seeded("minute"))
        __real_rules_minute(r, minute_us);
}

/* Windows judged at whatever moment a start, reload or step comes. */
void __wrap_rule_resume(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (is_seeded("moment"))
        rule_judge(r, in, time_us);
    else
        __real_rule_resume(r, in, time_us);
}
