/* gpio_text.c - what both libgpiod versions share. */
#include <errno.h>

#include "gpio_lines.h"
#include "gw/driver.h"

int64_t gpio_edge_time(int64_t kernel_ns)
{
    static const int64_t oldest_us = INT64_C(600) * 1000000;
    int64_t now_us = gw_machine_us();
    int64_t time_us = kernel_ns / 1000;
    return time_us <= now_us && time_us > now_us - oldest_us ? time_us : now_us;
}

int gpio_no_chip(const char *label, const char *found, struct gw_error *err)
{
    return gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s' (there is: %s)", label,
                   found[0] ? found : "no chip at all");
}
