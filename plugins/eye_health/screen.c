#include "screen.h"

#define ROW(field) offsetof(struct screen_row, field)
const struct gw_option screen_options[] = {
    {.name = "place",
     .type = GW_OPT_ID,
     .offset = ROW(place),
     .required = true,
     .help = "that has panel_power"},
    {.name = "standby",
     .type = GW_OPT_NUMBER,
     .offset = ROW(standby),
     .required = true,
     .max = 1000,
     .help = "W: its panel is off below"},
    {.name = "on",
     .type = GW_OPT_NUMBER,
     .offset = ROW(on),
     .required = true,
     .max = 5000,
     .help = "W: its panel is on above"},
    {0},
};

bool screen_is_on(bool was, double power_w, double standby, double on)
{
    if (power_w < standby)
        return false;
    return power_w > on || was;
}
