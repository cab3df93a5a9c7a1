/* seeded_clock.c - faults of keeping and of clocks, planted beneath the daemon for
 * tests/system/test_cut_anywhere.py, which must see each: GW_SEED names the one. */
#include <stdlib.h>
#include <string.h>

#include "alarms/alarm.h"
#include "pipeline/plugin_host.h"
#include "rules/rule.h"
#include "rules/rule_hold.h"
#include "rules/window.h"

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
