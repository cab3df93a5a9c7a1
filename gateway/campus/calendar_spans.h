/* calendar_spans.h - spans of days in order, none over another.  Thread: any; those that
 * take a source while it loads. */
#ifndef CAMPUS_CALENDAR_SPANS_H
#define CAMPUS_CALENDAR_SPANS_H

#include "campus/calendar.h"

/* calendar_spans_sort - by their first day.
 * returns  false: one is over another, a fault */
bool calendar_spans_sort(struct config_source *src, struct calendar_span *spans,
                         size_t count);

/* calendar_days_sort - puts the make-up days of @c among its spans of holidays and
 * examinations, which have room for them and one more an examination.  A day is one thing
 * only, else a fault; but one of an examination and of make_up is one of examinations. */
void calendar_days_sort(struct config_source *src, struct calendar *c);

/* calendar_spans_until - how many of @spans begin on @day or before. */
size_t calendar_spans_until(const struct calendar_span *spans, size_t count, int64_t day);

/* calendar_span_of - the one that @day is in, or NULL. */
const struct calendar_span *calendar_span_of(const struct calendar_span *spans,
                                             size_t count, int64_t day);

#endif
