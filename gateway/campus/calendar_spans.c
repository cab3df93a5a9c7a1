#include "campus/calendar_spans.h"

#include <stdlib.h>

#include "campus/civil.h"

static int by_date(const void *a, const void *b)
{
    const struct calendar_span *x = a;
    const struct calendar_span *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void tell_twice(struct config_source *src, const struct calendar_span *one,
                       const struct calendar_span *other)
{
    const struct civil_date date = civil_date(other->from);
    config_fault(src->faults, other->mark, "calendar",
                 "%04d-%02d-%02d stands also at %s:%d:%d (allowed: a day in one list, "
                 "once)",
                 date.year, date.month, date.day, one->mark.file, one->mark.line,
                 one->mark.column);
}

/* tell_long - @one, not @other that it takes in, is written wrong. */
static void tell_long(struct config_source *src, struct calendar_span *one,
                      const struct calendar_span *other)
{
    const struct civil_date date = civil_date(other->from);
    if (one->is_told)
        return;
    one->is_told = true;
    config_fault(src->faults, one->mark, "calendar",
                 "lasts %d days, and %04d-%02d-%02d among them stands also at %s:%d:%d "
                 "(allowed: a day in one list, once; is the year right?)",
                 (int)(one->to - one->from + 1), date.year, date.month, date.day,
                 other->mark.file, other->mark.line, other->mark.column);
}

/* tell_over - @one, which begins first, goes on into @other. */
static void tell_over(struct config_source *src, struct calendar_span *one,
                      const struct calendar_span *other)
{
    if (one->kind != GW_DAY_SCHOOL && one->to - one->from >= CALENDAR_SPAN_DAYS_MAX)
        tell_long(src, one, other);
    else
        tell_twice(src, one, other);
}

bool calendar_spans_sort(struct config_source *src, struct calendar_span *spans,
                         size_t count)
{
    bool are_apart = true;
    qsort(spans, count, sizeof(*spans), by_date);
    for (size_t i = 1; i < count; i++) {
        if (spans[i].from > spans[i - 1].to)
            continue;
        tell_over(src, &spans[i - 1], &spans[i]);
        are_apart = false;
    }
    return are_apart;
}

size_t calendar_spans_until(const struct calendar_span *spans, size_t count, int64_t day)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].from <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct calendar_span *calendar_span_of(const struct calendar_span *spans,
                                             size_t count, int64_t day)
{
    size_t n = calendar_spans_until(spans, count, day);
    return n > 0 && day <= spans[n - 1].to ? &spans[n - 1] : NULL;
}

/* after - the first of the spans of @c, @count of them, that ends on @day or later. */
static size_t after(const struct calendar *c, size_t count, int64_t day)
{
    size_t n = calendar_spans_until(c->spans, count, day);
    return n > 0 && day <= c->spans[n - 1].to ? n - 1 : n;
}

/* tell_holiday - a day of @span is among the holidays, too. */
static void tell_holiday(struct config_source *src, struct calendar *c, size_t count,
                         struct calendar_span *span)
{
    size_t i = after(c, count, span->from);
    while (i < count && c->spans[i].kind != GW_DAY_HOLIDAY)
        i++;
    if (i == count || c->spans[i].from > span->to)
        return;
    if (c->spans[i].from <= span->from)
        tell_over(src, &c->spans[i], span);
    else
        tell_over(src, span, &c->spans[i]);
}

/* put_make_up - the days of @span that are not among the first @count spans. */
static void put_make_up(struct calendar *c, size_t count, struct calendar_span span)
{
    size_t i = after(c, count, span.from);
    for (; i < count && c->spans[i].from <= span.to; i++) {
        struct calendar_span before = span;
        before.to = c->spans[i].from - 1;
        if (before.from <= before.to)
            c->spans[c->count++] = before;
        span.from = c->spans[i].to + 1;
    }
    if (span.from <= span.to)
        c->spans[c->count++] = span;
}

void calendar_days_sort(struct config_source *src, struct calendar *c)
{
    const size_t count = c->count;
    bool are_apart = calendar_spans_sort(src, c->spans, count);
    are_apart &= calendar_spans_sort(src, c->make_up, c->make_up_count);
    for (size_t i = 0; are_apart && i < c->make_up_count; i++) {
        tell_holiday(src, c, count, &c->make_up[i]);
        put_make_up(c, count, c->make_up[i]);
    }
    qsort(c->spans, c->count, sizeof(*c->spans), by_date);
}
