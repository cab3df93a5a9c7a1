#include "facts/fact_cover.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "campus/campus.h"

/* Less of a day than that, and the gateway is to blame for what is not there. */
static const double online_share = 0.9;

enum { PHASES_MAX = 96 };

const char *const fact_reason_names[FACT_REASONS] = {
    [FACT_NO_SENSOR] = "missing.no-sensor",
    [FACT_GATEWAY_OFF] = "missing.gateway-off",
    [FACT_UNKNOWN] = "missing.unknown",
    [FACT_NO_EVIDENCE] = "missing.no-evidence",
    [FACT_SMALL_GROUP] = "missing.small-group",
};

/* cover - one run. */
struct cover {
    const struct fact_school *school;
    const struct fact_plan *plan;
    size_t index;
    const char *object;
    struct fact_cover *out;
};

int64_t fact_day_noon(const struct gw_campus *campus, int64_t day)
{
    struct campus_day at = {0};
    char date[FACT_DATE_MAX];
    fact_date(day, date);
    (void)campus_day(campus, date, 0, &at);
    return at.noon_us;
}

static bool has_service(const struct gw_campus *campus, int64_t noon_us)
{
    struct gw_phase phases[PHASES_MAX];
    size_t count = gw_campus_phases(campus, NULL, noon_us, phases, PHASES_MAX);
    for (size_t i = 0; i < count && i < PHASES_MAX; i++)
        if (phases[i].kind == GW_PHASE_AFTER_SCHOOL)
            return true;
    return false;
}

static bool any_lessons(const struct gw_campus *campus, int64_t noon_us)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    for (size_t i = 0; i < count; i++)
        if (gw_campus_lessons(campus, classes[i].id, noon_us, NULL, 0) > 0)
            return true;
    return false;
}

/* Is something to be heard of @class (NULL = the school) on @day? */
static bool is_expected(const struct cover *c, const char *class_id, int64_t day,
                        const struct fact_row *row)
{
    const struct gw_campus *campus = c->school->campus;
    if (row && c->plan->exempt != FACT_NONE && row->values[c->plan->exempt] > 0)
        return false;
    switch (c->plan->days) {
    case FACT_DAYS_ALL:
        return true;
    case FACT_DAYS_LESSONS:
        return class_id ? gw_campus_lessons(campus, class_id, fact_day_noon(campus, day),
                                            NULL, 0)
                              > 0
                        : any_lessons(campus, fact_day_noon(campus, day));
    case FACT_DAYS_SERVICE:
        return has_service(campus, fact_day_noon(campus, day));
    case FACT_DAYS_SEEN:
    default:
        return row != NULL;
    }
}

static bool was_off(const struct fact_school *s, int64_t day)
{
    int64_t at = day - s->online_first;
    return at >= 0 && (size_t)at < s->online_count && !(s->online[at] >= online_share);
}

static bool is_known(const struct fact_plan *plan, const struct fact_row *row)
{
    return plan->known == FACT_NONE || !isnan(row->values[plan->known]);
}

/* What says nothing is not counted at all: a sum is of those that do. */
static void take(struct cover *c, const struct fact_row *row)
{
    if (!is_known(c->plan, row)) {
        c->out->missing[FACT_UNKNOWN]++;
        return;
    }
    c->out->rows[c->out->count++] = row;
    c->out->good += row->share;
    c->out->missing[FACT_UNKNOWN] += 1 - row->share;
}

/* One expected row, there or not. */
static void count_row(struct cover *c, const char *object, const bool *is_equipped,
                      int64_t day)
{
    const struct fact_row *row = fact_book_find(c->school->book, c->index, object, day);
    bool is_class = c->plan->about == FACT_ABOUT_CLASSES;
    if (!is_expected(c, is_class ? object : NULL, day, row))
        return;
    c->out->expected++;
    if (row)
        take(c, row);
    else if (is_equipped && !*is_equipped)
        c->out->missing[FACT_NO_SENSOR]++;
    else if (was_off(c->school, day))
        c->out->missing[FACT_GATEWAY_OFF]++;
    else
        c->out->missing[FACT_NO_EVIDENCE]++;
}

static bool is_meant(const struct cover *c, const struct gw_class *class)
{
    if (strcmp(c->object, FACT_ALL) == 0)
        return true;
    if (strcmp(c->object, FACT_OTHERS) == 0)
        return gw_campus_is_withheld(c->school->campus, class->id);
    return strcmp(c->object, class->id) == 0;
}

/* The rows from @first on are of too few pupils: they were never there. */
static void withhold(struct cover *c, size_t first)
{
    for (size_t i = first; i < c->out->count; i++) {
        c->out->good -= c->out->rows[i]->share;
        c->out->missing[FACT_UNKNOWN] -= 1 - c->out->rows[i]->share;
        c->out->missing[FACT_SMALL_GROUP]++;
    }
    c->out->count = first;
}

static uint32_t pupils_behind(const struct cover *c, size_t first)
{
    uint32_t pupils = 0;
    for (size_t i = first; i < c->out->count; i++) {
        const struct gw_class *class =
            gw_campus_class(c->school->campus, c->out->rows[i]->object);
        pupils += class ? class->enrolled : 0;
    }
    return pupils;
}

/* Of a day by itself: weeks and months add up what days may say, so that a week less its
 * other days tells no more. */
static void count_classes(struct cover *c, int64_t day)
{
    const struct fact_school *s = c->school;
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(s->campus, &count);
    size_t first = c->out->count;
    for (size_t i = 0; i < count; i++)
        if (is_meant(c, &classes[i]))
            count_row(c, classes[i].id, s->equipped ? &s->equipped[i] : NULL, day);
    if (c->plan->is_pupils
        && pupils_behind(c, first) < gw_campus_school(s->campus)->smallest_group)
        withhold(c, first);
}

/* Whatever has a row, in any order. */
static void count_seen(struct cover *c, int64_t day)
{
    size_t count = 0;
    struct fact_row *const *rows = fact_book_rows(c->school->book, c->index, &count);
    bool is_all = !c->plan->is_listed;
    for (size_t i = 0; i < count; i++)
        if (rows[i]->day == day && (is_all || strcmp(rows[i]->object, c->object) == 0))
            count_row(c, rows[i]->object, NULL, day);
}

static void count_school(struct cover *c, int64_t day)
{
    const struct gw_school *school = gw_campus_school(c->school->campus);
    size_t first = c->out->count;
    count_row(c, FACT_ALL, NULL, day);
    if (c->plan->is_pupils && school->enrolled < school->smallest_group)
        withhold(c, first);
}

int fact_cover_make(const struct fact_school *s, const struct fact_plan *plan,
                    size_t index, const struct fact_span *span, const char *object,
                    struct fact_cover *ret)
{
    struct cover c = {s, plan, index, object, ret};
    size_t rows = 0;
    (void)fact_book_rows(s->book, index, &rows);
    *ret = (struct fact_cover){.rows = calloc(rows + 1, sizeof(struct fact_row *))};
    if (!ret->rows)
        return -ENOMEM;
    for (int64_t day = span->first; day <= span->last; day++) {
        if (plan->about == FACT_ABOUT_CLASSES)
            count_classes(&c, day);
        else if (plan->about == FACT_ABOUT_PLACES || plan->by)
            count_seen(&c, day);
        else
            count_school(&c, day);
    }
    return 0;
}
