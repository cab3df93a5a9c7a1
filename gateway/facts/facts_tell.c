/* facts_tell.c - which days, weeks and months are due, and what is said of them. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "facts/fact_cover.h"
#include "facts/fact_figure.h"
#include "facts/facts_parts.h"

enum { KEPT_DAYS_MAX = 100, VALUES_MAX = FACT_FIGURES_MAX + FACT_REASONS };

/* telling - one run of facts_tell(). */
struct telling {
    struct facts *f;
    int64_t time_us;
    int64_t today;
    int32_t second;
    double online[KEPT_DAYS_MAX];
    struct fact_school school;
};

/* message - what is said of one object and span. */
struct message {
    size_t plan;
    const struct fact_span *span;
    const char *object;
    struct gw_fact_value values[VALUES_MAX];
    size_t count;
    double completeness;
};

static bool is_past(const struct telling *t, int64_t day, int32_t second)
{
    return t->today > day || (t->today == day && t->second >= second);
}

static bool is_due(const struct telling *t, const struct fact_plan *plan,
                   const struct fact_span *span)
{
    const struct fact_plans *at = &t->f->plans;
    if (span->period != GW_PERIOD_DAY)
        return is_past(t, span->last + 1, at->period_s);
    return plan->is_morning ? is_past(t, span->last + 1, at->morning_s)
                            : is_past(t, span->last, at->evening_s);
}

static bool has_changed(const struct telling *t, size_t plan,
                        const struct fact_span *span)
{
    size_t count = 0;
    struct fact_row *const *rows = fact_book_rows(t->f->book, plan, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i]->is_dirty && rows[i]->day >= span->first
            && rows[i]->day <= span->last)
            return true;
    return false;
}

static double to_places(double value)
{
    return round(value * 10000) / 10000;
}

static const char *word_of(const struct fact_plan *plan, double index)
{
    return index >= 0 && index < (double)plan->words.count
               ? plan->words.items[(size_t)index]
               : NULL;
}

static void add_figures(struct message *m, const struct fact_plan *plan,
                        const struct fact_cover *cover)
{
    for (size_t i = 0; i < plan->figure_count; i++) {
        const struct fact_figure *f = &plan->figures[i];
        if (!(f->periods & 1u << m->span->period))
            continue;
        double value = fact_figure_of(f, cover->rows, cover->count);
        bool is_word = f->fold == FACT_WORD;
        m->values[m->count++] =
            (struct gw_fact_value){.name = f->id,
                                   .value = is_word ? (double)NAN : value,
                                   .text = is_word ? word_of(plan, value) : NULL};
    }
}

static void add_missing(struct message *m, const struct fact_cover *cover)
{
    for (size_t i = 0; i < FACT_REASONS; i++) {
        double share = to_places(cover->missing[i] / cover->expected);
        if (share > 0)
            m->values[m->count++] =
                (struct gw_fact_value){.name = fact_reason_names[i], .value = share};
    }
}

static uint64_t hash_of(const struct message *m)
{
    struct strbuf text = {0};
    strbuf_format(&text, "%.4f", m->completeness);
    for (size_t i = 0; i < m->count; i++) {
        const struct gw_fact_value *v = &m->values[i];
        strbuf_format(&text, "\n%s ", v->name);
        if (v->text)
            strbuf_add(&text, v->text);
        else if (!isnan(v->value)) /* its sign is nobody's */
            strbuf_format(&text, "%.4f", v->value);
    }
    uint64_t hash = text.text ? hash_bytes(text.text, text.used) : 0;
    strbuf_free(&text);
    return hash;
}

static int64_t start_of(const struct telling *t, int64_t day)
{
    const struct gw_campus *campus = t->f->setup.campus;
    return gw_campus_midnight(campus, fact_day_noon(campus, day));
}

/* Once, and again with the next revision when it says something else. */
static void say(struct telling *t, const struct message *m)
{
    struct facts *f = t->f;
    const struct fact_plan *plan = &f->plans.items[m->plan];
    const struct fact_told *before = fact_book_told(f->book, m->plan, m->span, m->object);
    struct fact_told told = {m->plan, m->object, *m->span,
                             before ? before->revision + 1 : 1, hash_of(m)};
    if ((before && before->hash == told.hash) || fact_book_tell(f->book, &told) < 0)
        return;
    const struct gw_fact fact = {
        .kind = plan->id,
        .object = m->object,
        .start_us = start_of(t, m->span->first),
        .end_us = start_of(t, m->span->last + 1),
        .time_us = t->time_us,
        .values = m->values,
        .count = m->count,
        .completeness = m->completeness,
        .period = m->span->period,
        .revision = told.revision,
    };
    f->setup.emit(f->setup.ctx,
                  &(struct gw_record){.kind = GW_RECORD_FACT, .fact = fact});
}

/* Where nothing was to be expected there is nothing to tell, unless it was told before.
 */
static void tell_object(struct telling *t, size_t plan, const struct fact_span *span,
                        const char *object)
{
    const struct fact_plan *p = &t->f->plans.items[plan];
    struct message m = {.plan = plan, .span = span, .object = object};
    struct fact_cover cover;
    if (fact_cover_make(&t->school, p, plan, span, object, &cover) < 0) {
        gw_complain(&t->f->short_of_memory, (struct gw_subject){"FACTS", p->id},
                    "out of memory: it is not told of");
        return;
    }
    if (cover.expected > 0) {
        m.completeness = to_places(cover.good / cover.expected);
        add_figures(&m, p, &cover);
        add_missing(&m, &cover);
        say(t, &m);
    }
    free(cover.rows);
}

/* Classes that may not stand alone are one object together, when that is large enough. */
static void tell_classes(struct telling *t, size_t plan, const struct fact_span *span)
{
    const struct gw_campus *campus = t->f->setup.campus;
    bool is_pupils = t->f->plans.items[plan].is_pupils;
    uint32_t others = 0;
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_pupils && gw_campus_is_withheld(campus, classes[i].id))
            others += classes[i].enrolled;
        else
            tell_object(t, plan, span, classes[i].id);
    }
    if (others >= gw_campus_school(campus)->smallest_group)
        tell_object(t, plan, span, FACT_OTHERS);
}

static bool is_first_of(struct fact_row *const *rows, size_t index,
                        const struct fact_span *span)
{
    for (size_t i = 0; i < index; i++)
        if (rows[i]->day >= span->first && rows[i]->day <= span->last
            && strcmp(rows[i]->object, rows[index]->object) == 0)
            return false;
    return rows[index]->day >= span->first && rows[index]->day <= span->last;
}

/* In the order in which they were first heard of. */
static void tell_seen(struct telling *t, size_t plan, const struct fact_span *span)
{
    size_t count = 0;
    struct fact_row *const *rows = fact_book_rows(t->f->book, plan, &count);
    for (size_t i = 0; i < count; i++)
        if (is_first_of(rows, i, span))
            tell_object(t, plan, span, rows[i]->object);
}

static void tell_span(struct telling *t, size_t plan, const struct fact_span *span)
{
    const struct fact_plan *p = &t->f->plans.items[plan];
    struct fact_told mark = {.plan = plan, .object = "", .span = *span};
    t->school.equipped = p->needs ? t->f->equipped + plan * t->f->class_count : NULL;
    if (!p->is_listed)
        tell_object(t, plan, span, FACT_ALL);
    else if (p->about == FACT_ABOUT_CLASSES)
        tell_classes(t, plan, span);
    else
        tell_seen(t, plan, span);
    if (!fact_book_told(t->f->book, plan, span, ""))
        (void)fact_book_tell(t->f->book, &mark); /* looked at again, else */
}

static void tell_period(struct telling *t, size_t plan, enum gw_period period)
{
    const struct fact_plan *p = &t->f->plans.items[plan];
    int64_t first = facts_first_kept(t->today);
    struct fact_span span = fact_span_of(period, first);
    if (span.first < first)
        span = fact_span_of(period, span.last + 1);
    for (; is_due(t, p, &span); span = fact_span_of(period, span.last + 1))
        if (span.last >= fact_book_clock(t->f->book)->since_day
            && (!fact_book_told(t->f->book, plan, &span, "")
                || has_changed(t, plan, &span)))
            tell_span(t, plan, &span);
}

void facts_tell(struct facts *f, int64_t time_us)
{
    struct telling t = {.f = f, .time_us = time_us};
    t.today = facts_day(f, time_us, &t.second);
    t.school = (struct fact_school){.campus = f->setup.campus,
                                    .book = f->book,
                                    .online = t.online,
                                    .online_first = facts_first_kept(t.today)};
    for (int64_t day = t.school.online_first;
         day <= t.today && t.school.online_count < KEPT_DAYS_MAX; day++)
        t.online[t.school.online_count++] = facts_online(f, day);
    if (f->plans.count > 0 && isnan(t.online[0]))
        t.school.online_count = 0;
    for (size_t p = 0; p < f->plans.count; p++)
        for (unsigned period = GW_PERIOD_DAY; period <= GW_PERIOD_MONTH; period++)
            if (f->is_equipped[p] && (f->plans.items[p].periods & 1u << period))
                tell_period(&t, p, (enum gw_period)period);
    fact_book_clean(f->book);
}
