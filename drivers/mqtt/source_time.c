#include "source_time.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gw/types.h"

#define FIRST_S 1577836800.0 /* 2020-01-01T00:00:00Z */
#define END_S 4102444800.0   /* 2100-01-01T00:00:00Z */

static int64_t from_seconds(double seconds)
{
    if (!(seconds >= FIRST_S && seconds < END_S))
        return GW_TIME_NONE;
    return llround(seconds * 1e6);
}

/* The three units are so far apart that a plausible time has only one reading. */
static int64_t from_epoch(double number)
{
    static const double units[] = {1, 1e3, 1e6};
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (number < END_S * units[i])
            return from_seconds(number / units[i]);
    return GW_TIME_NONE;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    int y = month > 2 ? year : year - 1;
    int month_from_march = (month + 9) % 12;
    return 365L * y + y / 4 - y / 100 + y / 400 + (153 * month_from_march + 2) / 5 + day
           - 719469;
}

/* "Z", "+08:00" or "+0800"; false = none of them. */
static bool read_offset(const char *text, int *ret_s)
{
    if (!strcmp(text, "Z") || !strcmp(text, "z")) {
        *ret_s = 0;
        return true;
    }
    char sign;
    int hours;
    int minutes;
    int used = 0;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || text[used])
        if (sscanf(text, "%c%2d%2d%n", &sign, &hours, &minutes, &used) != 3 || text[used])
            return false;
    if ((sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0
        || minutes > 59)
        return false;
    *ret_s = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

static int64_t from_rfc3339(const char *text)
{
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%n", &year, &month, &day, &hour, &minute,
               &used)
            != 5
        || !used || !isdigit((unsigned char)text[used]))
        return GW_TIME_NONE;
    char *end;
    double second = strtod(text + used, &end);
    int offset_s;
    bool is_date = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0
                   && hour <= 23 && minute >= 0 && minute <= 59 && second < 61;
    if (!is_date || !read_offset(end, &offset_s))
        return GW_TIME_NONE;
    return from_seconds((double)days_of(year, month, day) * 86400 + hour * 3600
                        + minute * 60 + second - offset_s);
}

int64_t source_time_read(const json_t *value)
{
    if (json_is_number(value))
        return from_epoch(json_number_value(value));
    const char *text = json_string_value(value);
    if (!text)
        return GW_TIME_NONE;
    size_t length = strlen(text);
    if (length && strspn(text, "0123456789.") == length)
        return from_epoch(strtod(text, NULL));
    return from_rfc3339(text);
}
