#include "config/manual.h"

#include <stdio.h>

#include "config/config.h"

/* manual_devices - the shape of a file of devices.d, by the given tables. */
static void manual_devices(FILE *out, const struct gw_option *bus,
                           const struct gw_option *device, const struct gw_option *point)
{
    fprintf(out, "buses:\n  - # each bus\n");
    config_print_options(out, NULL, bus, 4);
    fprintf(out, "devices:\n  - # each device\n");
    config_print_options(out, NULL, device, 4);
    fprintf(out, "    points:\n      - # each point\n");
    config_print_options(out, NULL, point, 8);
}

void config_print_manual(FILE *out, const struct config_modules *modules)
{
    fprintf(out,
            "# metrics.yaml and metrics.d/*.yaml\nmetrics:\n  name: # each metric\n");
    config_print_options(out, NULL, metric_options, 4);
    fprintf(out, "kinds:\n  name: # each kind of place\n");
    config_print_options(out, NULL, kind_options, 4);
    fprintf(out,
            "---\n# templates/*.yaml, templates.d/*.yaml; device and points take the "
            "keys of\n# devices.d, the driver's and those of every driver\n");
    config_print_options(out, NULL, template_options, 0);
    fprintf(out, "---\n# devices.d/*.yaml: keys of every driver\n");
    manual_devices(out, bus_options, device_options, point_options);
    for (size_t i = 0; modules->drivers[i]; i++) {
        const struct gw_driver *driver = modules->drivers[i];
        fprintf(out, "---\n# devices.d/*.yaml: driver %s, %s\n", driver->name,
                driver->summary);
        manual_devices(out, driver->bus_options, driver->device_options,
                       driver->point_options);
    }
}
