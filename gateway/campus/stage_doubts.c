/* stage_doubts.c - figures of a stage that are not in order with the next one's: younger
 * pupils have smaller classes, begin no earlier and sleep no later. */
#include <stdint.h>

#include "base/arena.h"
#include "campus/school.h"

/* tell_clocks - @key of stage @name, and of @next, in the wrong order. */
static void tell_clocks(struct config_source *src, const struct config_node *node,
                        const char *name, const char *key, int32_t its_s,
                        const char *next, int32_t next_s)
{
    const char *path = arena_format(src->arena, "stages.%s", name);
    if (!path)
        return;
    config_warning(
        src->faults, config_where(config_child(node, key)), path,
        its_s < next_s ? "%s %02d:%02d is before that of %s, %02d:%02d (wanted: "
                         "not before that of older pupils)"
                       : "%s %02d:%02d is after that of %s, %02d:%02d (wanted: "
                         "not after that of older pupils)",
        key, its_s / 3600, its_s / 60 % 60, next, next_s / 3600, next_s / 60 % 60);
}

/* is_late - lessons begin before that, by the bells of the stage. */
static bool is_late(const struct school_stage *s)
{
    const struct bell *first = bells_lesson(&s->bells, 1);
    return first && first->start_s < s->first_lesson_s;
}

/* doubt_first - of the two in the wrong order the one that its own bells are before is
 * wrong. */
static void doubt_first(const struct gw_campus *c, struct config_source *src, int index)
{
    const struct school_stage *its = &c->stages[index];
    const struct school_stage *next = its + 1;
    if (its->first_lesson_s == 0 || its->first_lesson_s >= next->first_lesson_s)
        return;
    const char *path = arena_format(src->arena, "stages.%s", stage_names[index + 1]);
    const int32_t its_s = its->first_lesson_s;
    const int32_t next_s = next->first_lesson_s;
    if (path && is_late(next) && !is_late(its))
        config_warning(src->faults,
                       config_where(config_child(next->node, "first_lesson")), path,
                       "first_lesson %02d:%02d is after that of %s, %02d:%02d, and "
                       "lessons begin before it (wanted: not after them)",
                       next_s / 3600, next_s / 60 % 60, stage_names[index], its_s / 3600,
                       its_s / 60 % 60);
    else
        tell_clocks(src, its->node, stage_names[index], "first_lesson", its_s,
                    stage_names[index + 1], next_s);
}

/* doubt_limit - of the two in the wrong order the older pupils' is wrong where it is not
 * half of the other; else nobody knows. */
static void doubt_limit(const struct gw_campus *c, struct config_source *src, int index)
{
    const struct school_stage *its = &c->stages[index];
    const struct school_stage *next = its + 1;
    if (next->limit == 0 || its->limit <= next->limit || its->is_limit_told
        || next->is_limit_told)
        return;
    bool is_next = 2 * next->limit <= its->limit;
    const char *path =
        arena_format(src->arena, "stages.%s", stage_names[is_next ? index + 1 : index]);
    if (path && is_next)
        config_warning(src->faults, config_where(config_child(next->node, "limit")), path,
                       "limit %u is not half of that of %s, %u (wanted: what the policy "
                       "allows; is a digit missing?)",
                       (unsigned)next->limit, stage_names[index], (unsigned)its->limit);
    else if (path)
        config_warning(src->faults, config_where(config_child(its->node, "limit")), path,
                       "limit %u is above that of %s, %u (wanted: what the policy allows "
                       "in both; are they exchanged?)",
                       (unsigned)its->limit, stage_names[index + 1],
                       (unsigned)next->limit);
}

static void doubt(const struct gw_campus *c, struct config_source *src, int index)
{
    const struct school_stage *its = &c->stages[index];
    const struct school_stage *next = its + 1;
    const char *name = stage_names[index];
    const char *next_name = stage_names[index + 1];
    doubt_limit(c, src, index);
    doubt_first(c, src, index);
    if (next->lights_out_s > 0 && its->lights_out_s > next->lights_out_s)
        tell_clocks(src, its->node, name, "lights_out", its->lights_out_s, next_name,
                    next->lights_out_s);
}

void stages_doubt(const struct gw_campus *c, struct config_source *src)
{
    for (int i = 0; i + 1 < GW_STAGES; i++)
        doubt(c, src, i);
    for (int i = 0; i < GW_STAGES; i++) {
        const struct school_stage *s = &c->stages[i];
        if (s->service_until_s > 0 && s->service_from_s > s->service_until_s)
            config_fault(src->faults,
                         config_where(config_child(s->node, "service_end_from")),
                         arena_format(src->arena, "stages.%s", stage_names[i]),
                         "service_end_from %02d:%02d is after service_end_until, "
                         "%02d:%02d (allowed: at most as late)",
                         s->service_from_s / 3600, s->service_from_s / 60 % 60,
                         s->service_until_s / 3600, s->service_until_s / 60 % 60);
    }
}
