/* civil.h - days and dates of the Gregorian calendar, no zone.  Thread: any. */
#ifndef CAMPUS_CIVIL_H
#define CAMPUS_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

enum { CIVIL_DAY_S = 86400 };

struct civil_date {
    int year, month, day; /* 2026, 1..12, 1..31 */
};

/* civil_day - days since 1970-01-01. */
int64_t civil_day(int year, int month, int day);
struct civil_date civil_date(int64_t day);

/* civil_weekday - 1 Monday .. 7 Sunday. */
int civil_weekday(int64_t day);

/* civil_parse - "2026-10-01", which must exist.  returns 0 or -EINVAL */
int civil_parse(const char *text, int64_t *ret_day);

/* civil_scan - 2026-11-23, also 2026/11/23, 2026.11.23, 2026年11月23日 and 20261123, with
 * 0:00 behind it or not, whether there is such a day or not. */
bool civil_scan(const char *text, struct civil_date *ret);

/* civil_read - a day that there is, in any form of civil_scan(), as people write it
 * (text_fold()).  returns 0 or -EINVAL */
int civil_read(const char *text, int64_t *ret_day);

/* civil_until - what stands behind the sign between two days at @text, "..", "~", "～" or
 * 至, blanks around it or none; NULL = no such sign is there. */
const char *civil_until(const char *text);

/* civil_month_day - what "05-01" begins, as 501; the leap day is a day. */
bool civil_month_day(const char *text, int *ret);

/* civil_month_days - 28..31; @month is 1..12. */
int civil_month_days(int year, int month);

/* civil_floor - the quotient rounded down, also below zero. */
int64_t civil_floor(int64_t number, int64_t by);

#endif
