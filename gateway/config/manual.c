#include "config/manual.h"

#include <stdio.h>

#include "config/config.h"

static void manual_driver(FILE *out, const struct gw_driver *driver)
{
    fprintf(out, "\n# driver %s: %s\nbuses:\n  - #\n", driver->name, driver->summary);
    config_print_options(out, NULL, driver->bus_options, 4);
    fprintf(out, "devices:\n  - #\n");
    config_print_options(out, NULL, driver->device_options, 4);
    fprintf(out, "    points:\n      - #\n");
    config_print_options(out, NULL, driver->point_options, 8);
}

void config_print_manual(FILE *out, const struct config_modules *modules)
{
    fprintf(out, "# metrics.yaml\nmetrics:\n  NAME:\n");
    config_print_options(out, NULL, metric_options, 4);
    fprintf(out, "\n# templates/*.yaml\n");
    config_print_options(out, NULL, template_options, 0);
    fprintf(out, "\n# devices.d/*.yaml: keys of every driver\nbuses:\n  - #\n");
    config_print_options(out, NULL, bus_options, 4);
    fprintf(out, "devices:\n  - #\n");
    config_print_options(out, NULL, device_options, 4);
    fprintf(out, "    points:\n      - #\n");
    config_print_options(out, NULL, point_options, 8);
    for (size_t i = 0; modules->drivers[i]; i++)
        manual_driver(out, modules->drivers[i]);
}
