#include "clock_signs.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/time_server.h"

/* Source: Linux, Documentation/ABI/testing/sysfs-class-rtc */
static const char battery_path[] = "/sys/class/rtc/rtc0";

void clock_signs_look(struct clock_signs *ret)
{
    ret->is_followed = time_server_is_followed();
    ret->is_awaited = time_server_is_awaited();
    ret->has_battery = access(battery_path, F_OK) == 0;
    ret->now_us = clock_school_us();
}

const char *clock_signs_doubt(const struct clock_signs *signs)
{
    if (signs->is_followed)
        return NULL;
    if (!signs->is_new_boot)
        return signs->was_doubted && !signs->was_set ? "as before this start" : NULL;
    if (signs->now_us < signs->known_us - CLOCK_STEP_US)
        return "it is behind what it was before the machine was started";
    if (signs->is_awaited && !signs->has_battery)
        return "the machine has no clock of its own, and no time server has answered yet";
    return NULL;
}
