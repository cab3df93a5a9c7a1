/* civil.h - days and dates of the Gregorian calendar, no zone.  Thread: any. */
#ifndef CAMPUS_CIVIL_H
#define CAMPUS_CIVIL_H

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

/* civil_floor - the quotient rounded down, also below zero. */
int64_t civil_floor(int64_t number, int64_t by);

#endif
