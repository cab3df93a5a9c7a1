#include "campus/local_time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "campus/civil.h"
#include "config/quantity.h"

static const int64_t second_us = 1000000;
enum { DAY_S = 86400 };

/* "T08:20" or " 08:20"; nothing is midnight. */
static int read_clock(const char *text, int32_t *ret_s)
{
    *ret_s = 0;
    if (!*text)
        return 0;
    return *text == 'T' || *text == ' ' ? quantity_clock(text + 1, ret_s) : -EINVAL;
}

static int64_t from_local(const struct gw_campus *c, int64_t local_us)
{
    int64_t near_us = local_us - campus_offset_s(c, local_us) * second_us;
    return local_us - campus_offset_s(c, near_us) * second_us;
}

int campus_local_time(const struct gw_campus *c, const char *text, int64_t *ret_us)
{
    char date[sizeof("2026-11-23")];
    int64_t day = 0;
    int32_t clock_s = 0;
    (void)snprintf(date, sizeof(date), "%s", text); /* the rest is looked at next */
    if (civil_parse(date, &day) < 0 || read_clock(text + strlen(date), &clock_s) < 0)
        return -EINVAL;
    *ret_us = from_local(c, (day * DAY_S + clock_s) * second_us);
    return 0;
}

int64_t campus_midnight(const struct gw_campus *c, int64_t time_us, int days)
{
    int64_t local_us = time_us + campus_offset_s(c, time_us) * second_us;
    int64_t day = local_us / (DAY_S * second_us);
    return from_local(c, (day + days) * DAY_S * second_us);
}
