#include "figure.h"

#include <math.h>

int figure_derive(struct figure *f, struct gw_host *host, const char *object,
                  const char *metric, struct gw_error *err)
{
    int r = gw_derive(host, object, metric, &f->point, err);
    f->is_derived = r == 0;
    f->told = NAN;
    return r;
}

static void publish(struct figure *f, struct gw_host *host, double value, int64_t time_us)
{
    bool is_known = !isnan(value);
    f->told = value;
    f->has_told = true;
    gw_publish(host, f->point, value, is_known ? GW_GOOD : GW_BAD,
               is_known ? GW_REASON_NONE : GW_REASON_INPUT, time_us);
}

void figure_tell(struct figure *f, struct gw_host *host, double value, int64_t time_us)
{
    bool is_same = f->told == value || (isnan(f->told) && isnan(value));
    if (f->is_derived && !is_same)
        publish(f, host, value, time_us);
}

void figure_repeat(struct figure *f, struct gw_host *host, int64_t time_us)
{
    if (f->is_derived && !isnan(f->told))
        publish(f, host, f->told, time_us);
}

void figure_tell_again(struct figure *f, struct gw_host *host, double value,
                       int64_t time_us)
{
    if (f->is_derived && !f->has_told && !isnan(value))
        publish(f, host, value, time_us);
}
