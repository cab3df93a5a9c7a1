#include "ingest/month_tables.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MONTHS_AHEAD = 2 };

/* The partition of one month; who is first makes it. */
static int make_month(struct postgres *p, int month, struct gw_error *err)
{
    char sql[320];
    int year = month / 12;
    int number = month % 12 + 1;
    (void)snprintf(sql, sizeof(sql), "SELECT to_regclass('messages_%04d_%02d') IS NULL",
                   year, number);
    PGresult *result = NULL;
    int r = postgres_ask(p, sql, NULL, 0, &result, err);
    bool is_missing = r == 0 && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    if (r < 0 || !is_missing)
        return r;
    (void)snprintf(sql, sizeof(sql),
                   "BEGIN; LOCK TABLE campus_county;"
                   " CREATE TABLE IF NOT EXISTS messages_%04d_%02d PARTITION OF messages"
                   " FOR VALUES IN ('%04d-%02d-01'); COMMIT",
                   year, number, year, number);
    return postgres_run(p, sql, err);
}

int month_tables_make(struct postgres *p, int64_t time_us, int *made,
                      struct gw_error *err)
{
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm utc;
    (void)gmtime_r(&seconds, &utc);
    int month = (utc.tm_year + 1900) * 12 + utc.tm_mon;
    int r = 0;
    for (int i = 0; r == 0 && month != *made && i < MONTHS_AHEAD; i++)
        r = make_month(p, month + i, err);
    if (r == 0)
        *made = month;
    return r;
}
