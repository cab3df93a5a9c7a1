#include "campus/civil.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WRITTEN_MAX = 64 /* bytes of a date as people write it */, YEAR_DIGITS = 4 };

/* The era of 400 years repeats exactly; years are counted from March, so that the leap
 * day is the last one of a year. */
enum { ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

int64_t civil_floor(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

int64_t civil_day(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = civil_floor(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

struct civil_date civil_date(int64_t day)
{
    int64_t era = civil_floor(day + EPOCH_DAYS, ERA_DAYS);
    int64_t day_of_era = day + EPOCH_DAYS - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct civil_date){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

int civil_weekday(int64_t day)
{
    /* 1970-01-01 was a Thursday. */
    return (int)(day + 3 - civil_floor(day + 3, 7) * 7) + 1;
}

int civil_parse(const char *text, int64_t *ret_day)
{
    static const char form[] = "dddd-dd-dd";
    int parts[3] = {0};
    size_t part = 0;

    if (strlen(text) != sizeof(form) - 1)
        return -EINVAL;
    for (size_t i = 0; form[i]; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '-' ? text[i] != '-' : !is_digit)
            return -EINVAL;
        if (form[i] == '-')
            part++;
        else
            parts[part] = parts[part] * 10 + (text[i] - '0');
    }
    if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1)
        return -EINVAL;
    int64_t day = civil_day(parts[0], parts[1], parts[2]);
    if (civil_date(day).day != parts[2])
        return -EINVAL;
    *ret_day = day;
    return 0;
}

/* is_midnight - what spreadsheets put behind a date, or nothing. */
static bool is_midnight(const char *rest)
{
    static const char *const words[] = {"", "0:00", "00:00", "0:00:00", "00:00:00"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(rest, words[i]) == 0)
            return true;
    return false;
}

bool civil_scan(const char *text, struct civil_date *ret)
{
    static const char *const forms[] = {"%4d-%2d-%2d%n", "%4d/%2d/%2d%n", "%4d.%2d.%2d%n",
                                        "%4d年%2d月%2d日%n", "%4d%2d%2d%n"};
    if (strspn(text, "0123456789") < YEAR_DIGITS)
        return false;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct civil_date date = {0};
        int size = 0;
        if (sscanf(text, forms[i], &date.year, &date.month, &date.day, &size) != 3
            || !size || !is_midnight(text + size))
            continue;
        *ret = date;
        return true;
    }
    return false;
}

int civil_read(const char *text, int64_t *ret_day)
{
    char folded[WRITTEN_MAX];
    char iso[WRITTEN_MAX];
    struct civil_date date;
    text_fold(text, folded, sizeof(folded));
    if (!civil_scan(folded, &date))
        return -EINVAL;
    (void)snprintf(iso, sizeof(iso), "%04d-%02d-%02d", date.year, date.month, date.day);
    return civil_parse(iso, ret_day);
}

int civil_month_days(int year, int month)
{
    int64_t first = civil_day(year, month, 1);
    int64_t next =
        month == 12 ? civil_day(year + 1, 1, 1) : civil_day(year, month + 1, 1);
    return (int)(next - first);
}

const char *civil_until(const char *text)
{
    static const char *const signs[] = {"..", "~", "～", "至"};
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t size = strlen(signs[i]);
        if (strncmp(text, signs[i], size) == 0)
            return text + size + strspn(text + size, " ");
    }
    return NULL;
}

static bool digits(const char *text, int *ret)
{
    bool is_good = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    *ret = is_good ? (text[0] - '0') * 10 + text[1] - '0' : 0;
    return is_good;
}

bool civil_month_day(const char *text, int *ret)
{
    char date[sizeof("2024-05-01")];
    int month = 0;
    int day = 0;
    int64_t ignored = 0;
    if (!digits(text, &month) || text[2] != '-' || !digits(text + 3, &day))
        return false;
    (void)snprintf(date, sizeof(date), "2024-%02d-%02d", month, day);
    *ret = 100 * month + day;
    return civil_parse(date, &ignored) == 0;
}
