/* screen.h - is a panel or projector on, by its power.  Thread: any. */
#ifndef EYE_HEALTH_SCREEN_H
#define EYE_HEALTH_SCREEN_H

#include "gw/schema.h"

/* screen_row - one entry of the option "screens".
 * standby, on  W, as screen_standby and screen_on */
struct screen_row {
    const char *place;
    double standby;
    double on;
};

extern const struct gw_option screen_options[];

/* screen_is_on - below @standby W off, above @on W on, between as it @was. */
bool screen_is_on(bool was, double power_w, double standby, double on);

#endif
