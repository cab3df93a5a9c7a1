#include "facts/fact_span.h"

#include <stdio.h>

#include "campus/civil.h"

static struct fact_span month_of(int64_t day)
{
    struct civil_date date = civil_date(day);
    bool is_last = date.month == 12;
    return (struct fact_span){
        GW_PERIOD_MONTH, civil_day(date.year, date.month, 1),
        civil_day(date.year + is_last, is_last ? 1 : date.month + 1, 1) - 1};
}

struct fact_span fact_span_of(enum gw_period period, int64_t day)
{
    int64_t monday = day - (civil_weekday(day) - 1);
    if (period == GW_PERIOD_MONTH)
        return month_of(day);
    if (period == GW_PERIOD_WEEK)
        return (struct fact_span){GW_PERIOD_WEEK, monday, monday + 6};
    return (struct fact_span){GW_PERIOD_DAY, day, day};
}

void fact_date(int64_t day, char ret[FACT_DATE_MAX])
{
    struct civil_date date = civil_date(day);
    char text[4 * FACT_DATE_MAX];
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year, date.month, date.day);
    (void)snprintf(ret, FACT_DATE_MAX, "%.*s", FACT_DATE_MAX - 1, text);
}
