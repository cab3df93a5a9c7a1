#include "campus/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "campus/civil.h"

enum { DATE_SIZE = 10 };

/* calendar_lists - the section as written. */
struct calendar_lists {
    const struct config_node *holidays;
    const struct config_node *make_up;
    const struct config_node *exams;
};

const struct gw_option calendar_options[] = {
    {.name = "holidays",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, holidays),
     .help = "no school: dates, or spans 2026-10-01..2026-10-07"},
    {.name = "make_up",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, make_up),
     .help = "weekend days with school (调休)"},
    {.name = "exams",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, exams),
     .help = "school days of examinations"},
    {0},
};

/* span_parse - "2026-10-01" or "2026-10-01..2026-10-07". */
static bool span_parse(const char *text, struct calendar_span *ret)
{
    char from[DATE_SIZE + 1];
    size_t size = strlen(text);
    bool is_span = size == 2 * DATE_SIZE + 2 && strncmp(text + DATE_SIZE, "..", 2) == 0;

    if (!is_span && size != DATE_SIZE)
        return false;
    memcpy(from, text, DATE_SIZE);
    from[DATE_SIZE] = '\0';
    return civil_parse(from, &ret->from) == 0
           && civil_parse(is_span ? text + DATE_SIZE + 2 : text, &ret->to) == 0
           && ret->from <= ret->to;
}

static void spans_load(struct config_source *src, const struct config_node *list,
                       const char *path, enum gw_day_kind kind, struct calendar *c)
{
    if (list && !config_is_list(list))
        config_fault(src->faults, config_where(list), path,
                     "no list stands here (allowed: a list of dates)");
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *node = config_item(list, i);
        const char *text = config_scalar(node);
        struct calendar_span span = {.kind = kind, .mark = config_where(node)};
        if (text && span_parse(text, &span))
            c->spans[c->count++] = span;
        else
            config_fault(src->faults, config_where(node), path,
                         "'%.80s' is no date (allowed: 2026-10-01, or "
                         "2026-10-01..2026-10-07)",
                         text ? text : "");
    }
}

static int by_date(const void *a, const void *b)
{
    const struct calendar_span *x = a;
    const struct calendar_span *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* spans_check - a day is one thing only. */
static void spans_check(struct config_source *src, const struct calendar *c)
{
    for (size_t i = 1; i < c->count; i++) {
        const struct calendar_span *last = &c->spans[i - 1];
        const struct calendar_span *span = &c->spans[i];
        if (span->from <= last->to)
            config_fault(src->faults, span->mark, "calendar",
                         "stands also at %s:%d:%d (allowed: a day in one list, once)",
                         last->mark.file, last->mark.line, last->mark.column);
    }
}

void calendar_load(struct config_source *src, const struct config_node *node,
                   struct calendar *ret)
{
    struct calendar_lists lists = {0};
    struct calendar c = {0};

    (void)config_fill(src, node, "calendar", calendar_options, &lists, NULL);
    size_t most = config_count(lists.holidays) + config_count(lists.make_up)
                  + config_count(lists.exams);
    c.spans = arena_alloc(src->arena, (most + 1) * sizeof(*c.spans));
    if (!c.spans)
        return;
    spans_load(src, lists.holidays, "calendar.holidays", GW_DAY_HOLIDAY, &c);
    spans_load(src, lists.make_up, "calendar.make_up", GW_DAY_MAKE_UP, &c);
    spans_load(src, lists.exams, "calendar.exams", GW_DAY_EXAM, &c);
    qsort(c.spans, c.count, sizeof(*c.spans), by_date);
    spans_check(src, &c);
    *ret = c;
}

static const struct calendar_span *span_of(const struct calendar *c, int64_t day)
{
    size_t low = 0;
    size_t high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->spans[middle].from <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && day <= c->spans[low - 1].to ? &c->spans[low - 1] : NULL;
}

enum gw_day_kind calendar_day(const struct calendar *c, int64_t day)
{
    const struct calendar_span *span = span_of(c, day);
    if (span)
        return span->kind;
    return civil_weekday(day) >= 6 ? GW_DAY_WEEKEND : GW_DAY_SCHOOL;
}

struct calendar_run calendar_run(const struct calendar *c, int64_t day)
{
    const struct calendar_span *span = span_of(c, day);
    return span ? (struct calendar_run){span->from, span->to}
                : (struct calendar_run){day, day};
}
