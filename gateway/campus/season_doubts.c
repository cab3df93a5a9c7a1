#include "campus/season_doubts.h"

#include <string.h>

#include "base/arena.h"
#include "campus/civil.h"

static bool is_same(const struct bells *a, const struct bells *b)
{
    bool is_so = a->count > 0 && a->count == b->count && a->tail_s == b->tail_s
                 && !a->is_faulty && !b->is_faulty;
    for (size_t i = 0; is_so && i < a->count; i++)
        is_so = a->items[i].kind == b->items[i].kind
                && a->items[i].start_s == b->items[i].start_s
                && a->items[i].end_s == b->items[i].end_s;
    return is_so;
}

/* Of a stage: what else rings.  Its own ordinary bells, those of another stage, and what
 * it and others have in this season or one before. */
static const char *copy_of(const struct gw_campus *c, struct config_source *src,
                           int stage, size_t season)
{
    const struct bells *own = &c->stages[stage].seasons[season];
    const struct season *seasons = c->seasons.items;
    if (is_same(own, &c->stages[stage].bells))
        return arena_format(src->arena, "bells.%s", stage_names[stage]);
    for (size_t i = 0; i < season; i++)
        if (is_same(own, &c->stages[stage].seasons[i]))
            return arena_format(src->arena, "seasons.%s.bells.%s", seasons[i].id,
                                stage_names[stage]);
    for (int other = 0; other < GW_STAGES; other++) {
        const struct school_stage *s = &c->stages[other];
        if (other == stage || is_same(&c->stages[stage].bells, &s->bells))
            continue;
        if (is_same(own, &s->bells))
            return arena_format(src->arena, "bells.%s", stage_names[other]);
        if (other < stage && is_same(own, &s->seasons[season]))
            return arena_format(src->arena, "seasons.%s.bells.%s", seasons[season].id,
                                stage_names[other]);
    }
    return NULL;
}

bool season_told_copy(const struct gw_campus *c, struct config_source *src,
                      const struct config_node *node, const char *path, int stage,
                      size_t season)
{
    const char *other = copy_of(c, src, stage, season);
    if (other)
        config_warning(src->faults, config_where_key(node), path,
                       "these bells are those of %s (wanted: those of this season; a "
                       "stage left out keeps its ordinary ones)",
                       other);
    return other != NULL;
}

static int month_end(int month)
{
    return civil_month_days(2024, month);
}

/* is_turned - from the end of a month to the beginning of another, over the new year. */
static bool is_turned(const struct season *s)
{
    return s->from > s->to && s->to % 100 == 1
           && (s->from % 100 == month_end(s->from / 100) || s->from == 228);
}

/* is_idle - no day of the terms is in @s, though terms of a whole year are known. */
static bool is_idle(const struct gw_campus *c, const struct season *s)
{
    const struct calendar *calendar = &c->calendar;
    if (calendar->term_count < 2 || !calendar->is_sound || calendar->are_terms_doubtful)
        return false;
    for (size_t i = 0; i < calendar->term_count; i++)
        for (int64_t day = calendar->terms[i].from; day <= calendar->terms[i].to; day++)
            if (season_has(s, day))
                return false;
    return true;
}

void season_doubt_dates(const struct gw_campus *c, struct config_source *src,
                        const char *path, const struct season *s)
{
    if (is_turned(s))
        config_warning(src->faults, s->mark, path,
                       "from %02d-%02d over the new year to %02d-%02d (wanted: the first "
                       "day first; is %02d-%02d..%02d-%02d meant?)",
                       s->from / 100, s->from % 100, s->to / 100, s->to % 100,
                       s->to / 100, s->to % 100, s->from / 100, s->from % 100);
    else if (is_idle(c, s))
        config_warning(src->faults, s->mark, path,
                       "no day of the terms is in %02d-%02d..%02d-%02d, its bells never "
                       "ring (wanted: days with school; is the month right?)",
                       s->from / 100, s->from % 100, s->to / 100, s->to % 100);
}
