#include "campus/zone_rule.h"

#include <errno.h>
#include <string.h>

#include "campus/civil.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* take_name - "CET" or "<+03>". */
static bool take_name(const char **p)
{
    const char *start = *p;

    if (**p == '<') {
        const char *end = strchr(*p, '>');
        *p = end ? end + 1 : *p;
        return end != NULL;
    }
    while (is_letter(**p))
        (*p)++;
    return *p - start >= 3;
}

static bool take_number(const char **p, int most, int *ret)
{
    int number = 0;

    if (!is_digit(**p))
        return false;
    for (; is_digit(**p) && number <= most; (*p)++)
        number = number * 10 + (**p - '0');
    *ret = number;
    return number <= most;
}

/* take_time - "[+-]h[h][:mm[:ss]]", hours up to a week. */
static bool take_time(const char **p, int32_t *ret_s)
{
    static const int most[] = {167, 59, 59};
    static const int unit[] = {3600, 60, 1};
    int sign = **p == '-' ? -1 : 1;
    int32_t seconds = 0;

    if (**p == '-' || **p == '+')
        (*p)++;
    for (int i = 0; i < 3; i++) {
        int number = 0;
        if (!take_number(p, most[i], &number))
            return false;
        seconds += number * unit[i];
        if (**p != ':')
            break;
        (*p)++;
    }
    *ret_s = sign * seconds;
    return true;
}

static bool take_dot(const char **p)
{
    bool is_dot = **p == '.';
    *p += is_dot;
    return is_dot;
}

/* take_change - ",M3.5.0/2", ",J60", ",59". */
static bool take_change(const char **p, struct zone_change *ret)
{
    struct zone_change c = {.kind = CHANGE_DAY, .time_s = 2 * 3600};
    bool is_good = false;

    if (*(*p)++ != ',')
        return false;
    if (**p == 'M') {
        (*p)++;
        c.kind = CHANGE_WEEKDAY;
        is_good = take_number(p, 12, &c.month) && take_dot(p)
                  && take_number(p, 5, &c.week) && take_dot(p)
                  && take_number(p, 6, &c.day) && c.month > 0 && c.week > 0;
    } else {
        if (**p == 'J') {
            (*p)++;
            c.kind = CHANGE_JULIAN;
        }
        is_good = take_number(p, 365, &c.day);
    }
    if (is_good && **p == '/') {
        (*p)++;
        is_good = take_time(p, &c.time_s);
    }
    *ret = c;
    return is_good;
}

int zone_rule_parse(const char *text, struct zone_rule *ret)
{
    struct zone_rule rule = {0};
    const char *p = text;
    int32_t west_s = 0;

    if (!take_name(&p) || !take_time(&p, &west_s))
        return -EINVAL;
    rule.standard_s = -west_s;
    rule.saving_s = rule.standard_s + 3600;
    if (*p != '\0') {
        rule.has_saving = true;
        if (!take_name(&p))
            return -EINVAL;
        if (*p != ',') {
            if (!take_time(&p, &west_s))
                return -EINVAL;
            rule.saving_s = -west_s;
        }
        if (!take_change(&p, &rule.begin) || !take_change(&p, &rule.end) || *p != '\0')
            return -EINVAL;
    }
    *ret = rule;
    return 0;
}

/* change_local - local seconds of the change in @year. */
static int64_t change_local(const struct zone_change *c, int year)
{
    int64_t day = civil_day(year, 1, 1) + c->day;

    if (c->kind == CHANGE_JULIAN) {
        bool is_leap = civil_day(year, 3, 1) - civil_day(year, 2, 1) == 29;
        day += is_leap && c->day >= 60 ? 0 : -1;
    } else if (c->kind == CHANGE_WEEKDAY) {
        int64_t first = civil_day(year, c->month, 1);
        int64_t next =
            c->month < 12 ? civil_day(year, c->month + 1, 1) : civil_day(year + 1, 1, 1);
        int wanted = c->day == 0 ? 7 : c->day;
        day =
            first + (wanted - civil_weekday(first) + 7) % 7 + 7 * (int64_t)(c->week - 1);
        if (day >= next)
            day -= 7;
    }
    return day * CIVIL_DAY_S + c->time_s;
}

int32_t zone_rule_offset(const struct zone_rule *rule, int64_t utc_s)
{
    if (!rule->has_saving)
        return rule->standard_s;

    int year = civil_date(civil_floor(utc_s + rule->standard_s, CIVIL_DAY_S)).year;
    int64_t begin = change_local(&rule->begin, year) - rule->standard_s;
    int64_t end = change_local(&rule->end, year) - rule->saving_s;
    bool is_saving = begin < end ? utc_s >= begin && utc_s < end /* north */
                                 : utc_s >= begin || utc_s < end;
    return is_saving ? rule->saving_s : rule->standard_s;
}
