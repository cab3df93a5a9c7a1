/* day_entries.c - what people enter about a day: into the day book, and kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campus/civil.h"
#include "pipeline/pipeline_parts.h"

enum { DATE_SIZE = sizeof("2026-11-23"), EXEMPTIONS_MAX = 96 };

static const char owner[] = PIPELINE_DAY_BOOK;

static void keep_day(struct pipeline *p, int64_t day)
{
    const struct civil_date date = civil_date(day);
    char key[4 * DATE_SIZE];
    int r = 0;
    char *text = day_book_text(campus_book(p->campus), day, &r);
    (void)snprintf(key, sizeof(key), "%04d-%02d-%02d", date.year, date.month, date.day);
    const struct gw_state state = {
        .owner = owner, .key = key, .bytes = text, .size = text ? strlen(text) : 0};
    if (r == 0)
        p->ops.emit(p->ops.ctx,
                    &(struct gw_record){.kind = GW_RECORD_STATE, .state = state});
    else
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STATE", key},
               "out of memory: what was entered is not kept over a restart");
    free(text);
}

int pipeline_enter_again(struct pipeline *p, const struct campus_entry *entry,
                         int64_t given_us, struct gw_error *err)
{
    struct entry_days changed = {0};
    int r = campus_enter(p->campus, entry, given_us, &changed, err);
    for (size_t i = 0; r == 0 && i < changed.count; i++)
        keep_day(p, changed.days[i]);
    return r;
}

int pipeline_enter(struct pipeline *p, const struct campus_entry *entry, int64_t time_us,
                   struct gw_error *err)
{
    pipeline_advance(p, time_us);
    return pipeline_enter_again(p, entry, p->now_us, err);
}

int pipeline_enter_list_again(struct pipeline *p, const struct campus_entry_list *list,
                              int64_t given_us, char **ret_answer, struct gw_error *err)
{
    int64_t *days = NULL;
    size_t count = 0;
    int r = campus_enter_list(p->campus, list, given_us, &days, &count, ret_answer, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        keep_day(p, days[i]);
    free(days);
    return r;
}

int pipeline_enter_list(struct pipeline *p, const struct campus_entry_list *list,
                        int64_t time_us, char **ret_answer, struct gw_error *err)
{
    pipeline_advance(p, time_us);
    return pipeline_enter_list_again(p, list, p->now_us, ret_answer, err);
}

int day_entries_restore(struct pipeline *p, const struct gw_state *state)
{
    int64_t day = 0;
    if (strcmp(state->owner, owner) != 0)
        return -ENOENT;
    if (civil_parse(state->key, &day) < 0)
        return -EINVAL;
    return day_book_restore(campus_book(p->campus), day, state->bytes, state->size);
}

void day_entries_forget(struct pipeline *p, int64_t time_us)
{
    const struct gw_local today = gw_campus_local(p->campus, time_us);
    int64_t first = civil_day(today.year, today.month, today.day) - DAY_BOOK_KEPT_DAYS;
    struct day_book *book = campus_book(p->campus);
    int64_t day = 0;
    while (day_book_oldest(book, &day) && day < first) {
        if (day_book_forget(book, day) < 0)
            return; /* tomorrow, then */
        keep_day(p, day);
    }
}

/* --- measured ------------------------------------------------------------------------
 */

/* measured - the exemptions of rules at one moment. */
struct measured {
    struct day_book *book;
    int64_t day;
    int32_t now_s;
    struct rule_exemption rules[EXEMPTIONS_MAX];
    size_t count;
};

static void origin_of(const struct rule_exemption *rule, char ret[DAY_BOOK_ORIGIN_MAX])
{
    (void)snprintf(ret, DAY_BOOK_ORIGIN_MAX, "%s@%s", rule->rule, rule->object);
}

static bool is_measured(const struct measured *m, const char *origin)
{
    char known[DAY_BOOK_ORIGIN_MAX];
    bool is_there = false;
    for (size_t i = 0; i < m->count && !is_there; i++) {
        origin_of(&m->rules[i], known);
        is_there = strcmp(known, origin) == 0;
    }
    return is_there;
}

/* measured_end - what rules had set and is so no more.  returns 1 when the book changed,
 * 0, or as the book does */
static int measured_end(const struct measured *m)
{
    struct day_exemption rows[EXEMPTIONS_MAX];
    size_t count = day_book_exemptions(m->book, m->day, rows, EXEMPTIONS_MAX);
    int changed = 0;
    for (size_t i = 0; i < count && i < EXEMPTIONS_MAX; i++) {
        if (!*rows[i].origin || rows[i].to_s <= m->now_s
            || is_measured(m, rows[i].origin))
            continue;
        int r = day_book_end_exemption(m->book, m->day, rows[i].bits, m->now_s,
                                       rows[i].origin);
        if (r < 0)
            return r;
        changed = 1;
    }
    return changed;
}

/* A sensor that is not heard begins nothing: rain of yesterday is none of today. */
static int measured_begin(const struct measured *m)
{
    int changed = 0;
    for (size_t i = 0; i < m->count; i++) {
        char origin[DAY_BOOK_ORIGIN_MAX];
        origin_of(&m->rules[i], origin);
        const struct day_exemption what = {m->rules[i].bits, m->now_s, CIVIL_DAY_S,
                                           origin};
        int r = m->rules[i].is_heard ? day_book_measured(m->book, m->day, &what) : 0;
        if (r < 0)
            return r;
        changed |= r;
    }
    return changed;
}

void day_entries_measure(struct pipeline *p, int64_t time_us)
{
    const struct gw_local at = gw_campus_local(p->campus, time_us);
    struct measured m = {.book = campus_book(p->campus),
                         .day = civil_day(at.year, at.month, at.day),
                         .now_s = at.hour * 3600 + at.minute * 60 + at.second};
    m.count = rules_exemptions(p->river.rules, m.rules, EXEMPTIONS_MAX);
    int ended = measured_end(&m);
    int begun = ended < 0 ? ended : measured_begin(&m);
    if (begun < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"RULE", "exempt"},
               "the day book takes no more (%s): an exemption is not as measured",
               strerror(-begun));
    if (ended > 0 || begun > 0)
        keep_day(p, m.day);
}
