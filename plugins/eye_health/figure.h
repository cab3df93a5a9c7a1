/* figure.h - a number that this plugin derives; told when it changes.
 * Thread: the pipeline's. */
#ifndef EYE_HEALTH_FIGURE_H
#define EYE_HEALTH_FIGURE_H

#include "gw/plugin.h"

/* figure - zero-initialise; without figure_derive() nothing is told.
 * told        NAN: nobody knows, or nothing was told yet */
struct figure {
    uint32_t point;
    bool is_derived;
    bool has_told;
    double told;
};

/* figure_derive - "<object>/<metric>".  0 or gw_fail() */
int figure_derive(struct figure *f, struct gw_host *host, const char *object,
                  const char *metric, struct gw_error *err);

/* figure_tell - @value NAN: unknown. */
void figure_tell(struct figure *f, struct gw_host *host, double value, int64_t time_us);

/* figure_repeat - what was told, if it is known: a sign of life each minute. */
void figure_repeat(struct figure *f, struct gw_host *host, int64_t time_us);

/* figure_tell_again - after a restart: @value stood; NAN: nothing did. */
void figure_tell_again(struct figure *f, struct gw_host *host, double value,
                       int64_t time_us);

#endif
