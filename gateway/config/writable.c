#include <errno.h>
#include <math.h>

#include "config/config.h"

static bool is_state(const struct gw_map *states, double value)
{
    bool is_known = states->count == 0;
    for (size_t i = 0; i < states->count && !is_known; i++)
        is_known = states->values[i] == value;
    return is_known;
}

int config_point_raw(const struct config_point *point, double value, double *ret_raw,
                     struct gw_error *err)
{
    const struct config_metric *metric = point->metric;
    if (!point->is_writable)
        return gw_fail(err, -EROFS,
                       "point '%s' is read only (allowed: points with writable: true)",
                       point->name);
    if (!isfinite(value))
        return gw_fail(err, -EINVAL, "point '%s': not a number", point->name);
    if (value < metric->min || value > metric->max)
        return gw_fail(err, -ERANGE, "point '%s' cannot be %g (allowed: %g to %g %s)",
                       point->name, value, metric->min, metric->max,
                       metric->unit ? metric->unit : "");
    if (!is_state(&metric->states, value))
        return gw_fail(err, -ERANGE, "point '%s': %g is no state of %s", point->name,
                       value, metric->name);
    *ret_raw = (value - point->offset) / point->scale;
    return 0;
}
