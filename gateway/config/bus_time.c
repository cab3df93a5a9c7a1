#include <string.h>

#include "config/load.h"

static const int64_t assumed_timeout_us = 1000000;

/* Of a bus's time: what the dead may take, and what is left for the others. */
static const double dead_share = 1.0 / CONFIG_DEAD_PART;
static const double live_share = 1 - 1.0 / CONFIG_DEAD_PART;

int64_t config_bus_timeout(const struct config_bus *bus)
{
    const struct gw_option *o = bus->driver->bus_options;
    for (; o && o->name && bus->options; o++)
        if (strcmp(o->name, "timeout") == 0 && o->type == GW_OPT_DURATION)
            return *(const int64_t *)((const char *)bus->options + o->offset);
    return assumed_timeout_us;
}

bool config_bus_time(const struct config *c, uint32_t bus, struct config_bus_time *ret)
{
    const struct config_bus *b = &c->buses[bus];
    *ret = (struct config_bus_time){0};
    for (uint32_t i = 0; b->driver->load && b->options && i < c->device_count; i++) {
        const struct config_device *d = &c->devices[i];
        if (d->bus != bus)
            continue;
        double share = b->driver->load(b->options, &d->ref);
        ret->devices++;
        ret->share += share;
        ret->round_us += (int64_t)(share * (double)d->period_us);
        if (share > ret->worst_share) {
            ret->worst = i;
            ret->worst_share = share;
        }
    }
    return ret->share > 0;
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

void config_print_bus_times(const struct config *c, const struct config_faults *faults,
                            FILE *out)
{
    for (uint32_t i = 0; i < c->bus_count; i++) {
        struct config_bus_time t;
        if (!config_bus_time(c, i, &t))
            continue;
        (void)fprintf(
            out,
            config_faults_say(
                faults, "%s: %zu device%s, a round %.3g s, %.0f %% of its time; with a "
                        "device that does not answer at most %.3g s and %.0f %%\n"),
            c->buses[i].name, t.devices, t.devices == 1 ? "" : "s", seconds(t.round_us),
            100 * t.share, seconds(t.round_us + config_bus_timeout(&c->buses[i])),
            100 * t.share / live_share);
    }
}

/* load_judge_bus_time - a line that cannot carry what is asked of it would only be late.
 */
void load_judge_bus_time(struct load *l, uint32_t bus)
{
    const struct config *c = l->config;
    struct config_bus_time t;
    if (!config_bus_time(c, bus, &t) || t.share <= live_share)
        return;
    const struct config_device *worst = &c->devices[t.worst];
    const double factor = t.share / live_share;
    if (t.share > 1)
        config_warning(l->src.faults, c->buses[bus].mark, c->buses[bus].name,
                       "its devices' periods ask for %.0f %% of its time: a round takes "
                       "%.3g s, most of it '%s' with %.0f %% (wanted: periods %.2f times "
                       "as long, for '%s' %.3g s; a higher rate or a second line)",
                       100 * t.share, seconds(t.round_us), worst->name,
                       100 * t.worst_share, factor, worst->name,
                       factor * seconds(worst->period_us));
    else
        config_warning(
            l->src.faults, c->buses[bus].mark, c->buses[bus].name,
            "its devices' periods ask for %.0f %% of its time and hold only "
            "while every device answers: one that does not takes up to %.0f %% "
            "(wanted: periods %.2f times as long, for '%s' %.3g s)",
            100 * t.share, 100 * dead_share, factor, worst->name,
            factor * seconds(worst->period_us));
}
