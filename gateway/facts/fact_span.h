/* fact_span.h - the days, weeks and months that facts are of, in local dates.
 * Thread: any. */
#ifndef FACTS_FACT_SPAN_H
#define FACTS_FACT_SPAN_H

#include <stdint.h>

#include "gw/record.h"

enum { FACT_DATE_MAX = 16 };

/* fact_span - days since 1970-01-01, both included; weeks begin on Monday. */
struct fact_span {
    enum gw_period period;
    int64_t first;
    int64_t last;
};

/* fact_span_of - the day, week or month that @day is in. */
struct fact_span fact_span_of(enum gw_period period, int64_t day);

/* fact_date - "2026-11-23". */
void fact_date(int64_t day, char ret[FACT_DATE_MAX]);

#endif
