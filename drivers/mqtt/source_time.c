#include "source_time.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
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

/* Exactly @digits digits; false = something else stands there. */
static bool take_number(const char **at, int digits, int *ret)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)(*at)[i]))
            return false;
        value = value * 10 + (*at)[i] - '0';
    }
    *at += digits;
    *ret = value;
    return true;
}

static bool take_mark(const char **at, const char *allowed)
{
    if (!**at || !strchr(allowed, **at))
        return false;
    ++*at;
    return true;
}

/* "Z", "+08:00" or "+0800", and then the end. */
static bool read_offset(const char *at, int *ret_s)
{
    bool is_west = *at == '-';
    int hours = 0;
    int minutes = 0;
    if (!take_mark(&at, "Zz")) {
        if (!take_mark(&at, "+-") || !take_number(&at, 2, &hours))
            return false;
        (void)take_mark(&at, ":");
        if (!take_number(&at, 2, &minutes) || hours > 14 || minutes > 59)
            return false;
    }
    *ret_s = (is_west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return !*at;
}

static bool take_date(const char **at, int64_t *ret_days)
{
    int year;
    int month;
    int day;
    bool is_date = take_number(at, 4, &year) && take_mark(at, "-")
                   && take_number(at, 2, &month) && take_mark(at, "-")
                   && take_number(at, 2, &day);
    if (!is_date || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *ret_days = days_of(year, month, day);
    return true;
}

static bool take_clock(const char **at, double *ret_s)
{
    int hour;
    int minute;
    int second;
    bool is_clock = take_number(at, 2, &hour) && take_mark(at, ":")
                    && take_number(at, 2, &minute) && take_mark(at, ":")
                    && take_number(at, 2, &second);
    if (!is_clock || hour > 23 || minute > 59 || second > 60)
        return false;
    double unit = 1;
    *ret_s = hour * 3600 + minute * 60 + second;
    if (take_mark(at, "."))
        for (int digit; take_number(at, 1, &digit);)
            *ret_s += digit * (unit /= 10);
    return true;
}

static int64_t from_rfc3339(const char *at)
{
    int64_t days;
    double second;
    int offset_s;
    if (!take_date(&at, &days) || !take_mark(&at, "Tt ") || !take_clock(&at, &second)
        || !read_offset(at, &offset_s))
        return GW_TIME_NONE;
    return from_seconds((double)days * 86400 + second - offset_s);
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
