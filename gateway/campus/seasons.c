/* seasons.c - parts of the year with bells of their own (summer and winter time-tables,
 * 夏季、冬季作息). */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "campus/bell_doubts.h"
#include "campus/campus.h"
#include "campus/civil.h"
#include "campus/school.h"
#include "campus/season_doubts.h"

enum { DATE_SIZE = 5, YEAR_DAYS = 366 };

/* season_section - one item as written. */
struct season_section {
    const char *id;
    const char *dates;
    const struct config_node *bells;
};

const struct gw_option season_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = offsetof(struct season_section, id),
     .required = true,
     .help = "its short name, summer"},
    {.name = "dates",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct season_section, dates),
     .required = true,
     .help = "of every year, both ends included: 05-01..09-30; may cross the new year"},
    {.name = "bells",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct season_section, bells),
     .required = true,
     .help = "instead of the ordinary ones, by stage; a stage left out keeps those"},
    {0},
};

static bool is_in(const struct season *s, int day)
{
    return s->from <= s->to ? day >= s->from && day <= s->to
                            : day >= s->from || day <= s->to;
}

static bool is_whole_year(const struct season *s)
{
    const struct civil_date before =
        civil_date(civil_day(2024, s->from / 100, s->from % 100) - 1);
    return s->to == 100 * before.month + before.day;
}

/* dates_load - also that no day is of two seasons. */
static bool dates_load(struct gw_campus *c, struct config_source *src,
                       const struct config_node *node, const char *path,
                       const char *dates, struct season *ret)
{
    const struct config_mark mark = config_where(config_child(node, "dates"));
    const char *until = strlen(dates) > DATE_SIZE ? civil_until(dates + DATE_SIZE) : NULL;
    if (!until || strlen(until) != DATE_SIZE || !civil_month_day(dates, &ret->from)
        || !civil_month_day(until, &ret->to)) {
        config_fault(src->faults, mark, path,
                     "'%.80s' are no dates (allowed: 05-01..09-30)", dates);
        return false;
    }
    if (ret->from == ret->to)
        config_warning(
            src->faults, mark, path,
            "'%.80s' is one day (wanted: the first and last day of the season)", dates);
    if (is_whole_year(ret))
        config_warning(src->faults, mark, path,
                       "'%s' is the whole year, the ordinary bells never ring (wanted: "
                       "the first and last day of the season)",
                       dates);
    for (size_t i = 0; i < c->seasons.count; i++) {
        const struct season *other = &c->seasons.items[i];
        if (!is_in(other, ret->from) && !is_in(ret, other->from))
            continue;
        config_fault(src->faults, mark, path,
                     "days of season '%s' are in it too (allowed: a day in one season)",
                     other->id);
        return false;
    }
    return true;
}

/* is_named_twice - @id is that of a season before. */
static bool is_named_twice(const struct gw_campus *c, struct config_source *src,
                           const struct config_node *node, const char *path,
                           const char *id)
{
    for (size_t i = 0; i < c->seasons.count; i++) {
        const struct season *other = &c->seasons.items[i];
        if (strcmp(other->id, id) != 0)
            continue;
        config_fault(src->faults, config_where(config_child(node, "id")), path,
                     "'%s' is the season at %s:%d:%d already (allowed: an id of its own)",
                     id, other->mark.file, other->mark.line, other->mark.column);
        return true;
    }
    return false;
}

/* check_rest - told once of a stage, and then not of its classes and lessons too. */
static void check_rest(struct config_source *src, const struct config_node *node,
                       const char *path, struct school_stage *stage, const char *name)
{
    if (stage->bells.count > 0 || stage->are_bells_told)
        return;
    config_fault(src->faults, config_where(node), path,
                 "the stage has no bells for the rest of the year (allowed: also "
                 "bells.%s)",
                 name);
    stage->are_bells_told = true;
    stage->bells.is_faulty = true;
}

static void season_load(struct gw_campus *c, struct config_source *src,
                        const struct config_node *node, const char *path)
{
    struct season_section section = {0};
    struct season season = {0};
    const struct config_node *bells[GW_STAGES] = {0};
    if (!config_fill(src, node, path, season_options, &section, NULL)
        || is_named_twice(c, src, node, path, section.id)
        || !dates_load(c, src, node, path, section.dates, &season))
        return;
    const char *bells_path = arena_format(src->arena, "%s.bells", path);
    if (!bells_path)
        return;
    season.id = section.id;
    season.mark = config_where(config_child(node, "dates"));
    c->seasons.items[c->seasons.count] = season;
    season_doubt_dates(c, src, path, &season);
    (void)config_fill(src, section.bells, bells_path, by_stage_options, bells, NULL);
    for (int i = 0; i < GW_STAGES; i++) {
        const char *stage_path =
            arena_format(src->arena, "%s.%s", bells_path, stage_names[i]);
        struct bells *own = &c->stages[i].seasons[c->seasons.count];
        if (!bells[i] || !stage_path)
            continue;
        bells_load(src, bells[i], stage_path, own);
        if (!season_told_copy(c, src, bells[i], stage_path, i, c->seasons.count))
            bells_doubt(src, bells[i], stage_path, own, &c->stages[i]);
        check_rest(src, bells[i], stage_path, &c->stages[i], stage_names[i]);
    }
    c->seasons.count++;
}

void seasons_load(struct gw_campus *c, struct config_source *src,
                  const struct config_node *list)
{
    size_t count = config_is_list(list) ? config_count(list) : 0;
    if (list && !config_is_list(list))
        config_fault(src->faults, config_where(list), "seasons",
                     "no list stands here (allowed: a list of seasons)");
    if (count > YEAR_DAYS)
        count = YEAR_DAYS; /* one of them shares a day with another, and is told so */
    c->seasons.items = arena_alloc(src->arena, (count + 1) * sizeof(*c->seasons.items));
    bool is_good = c->seasons.items != NULL;
    for (int i = 0; i < GW_STAGES; i++) {
        c->stages[i].seasons =
            arena_alloc(src->arena, (count + 1) * sizeof(*c->stages[i].seasons));
        is_good &= c->stages[i].seasons != NULL;
    }
    for (size_t i = 0; is_good && i < count; i++) {
        const struct config_node *node = config_item(list, i);
        season_load(c, src, node, config_path_item(src, "seasons", node, i));
    }
}

bool season_has(const struct season *s, int64_t day)
{
    const struct civil_date date = civil_date(day);
    return is_in(s, 100 * date.month + date.day);
}

static size_t season_of(const struct seasons *s, int64_t day)
{
    for (size_t i = 0; i < s->count; i++)
        if (season_has(&s->items[i], day))
            return i;
    return SIZE_MAX;
}

const char *school_season(const struct gw_campus *c, int64_t day)
{
    size_t season = season_of(&c->seasons, day);
    return season == SIZE_MAX ? NULL : c->seasons.items[season].id;
}

static uint32_t phases_of(const struct bells *bells)
{
    uint32_t phases = 0;
    for (size_t i = 0; i < bells->count; i++)
        phases |= 1u << bells->items[i].kind;
    return phases;
}

uint32_t campus_phases_rung(const struct gw_campus *c)
{
    uint32_t phases = 1u << GW_PHASE_CLOSED | 1u << GW_PHASE_HOLIDAY;
    for (int i = 0; i < GW_STAGES; i++) {
        phases |= phases_of(&c->stages[i].bells);
        for (size_t season = 0; season < c->seasons.count; season++)
            phases |= phases_of(&c->stages[i].seasons[season]);
    }
    return phases;
}

static int32_t longest_of(const struct bells *bells, uint32_t phases)
{
    int32_t longest_s = 0;
    int32_t run_s = 0;
    for (size_t i = 0; i < bells->count; i++) {
        const struct bell *bell = &bells->items[i];
        run_s = phases >> bell->kind & 1 ? run_s + bell->end_s - bell->start_s : 0;
        longest_s = run_s > longest_s ? run_s : longest_s;
    }
    return longest_s;
}

int32_t campus_longest_s(const struct gw_campus *c, uint32_t phases)
{
    static const uint32_t open_ended =
        1u << GW_PHASE_CLOSED | 1u << GW_PHASE_HOLIDAY | 1u << GW_PHASE_BOARDING_NIGHT;
    int32_t longest_s = phases & open_ended ? INT32_MAX : 0;
    for (int i = 0; i < GW_STAGES; i++)
        for (size_t season = 0; season <= c->seasons.count; season++) {
            const struct school_stage *stage = &c->stages[i];
            int32_t s = longest_of(season < c->seasons.count ? &stage->seasons[season]
                                                             : &stage->bells,
                                   phases);
            longest_s = s > longest_s ? s : longest_s;
        }
    return longest_s;
}

/* rung - the bells of @stage on a school day @day. */
static const struct bells *rung(const struct gw_campus *c, enum gw_stage stage,
                                int64_t day)
{
    const struct school_stage *s = &c->stages[stage];
    size_t season = season_of(&c->seasons, day);
    return season != SIZE_MAX && s->seasons[season].count > 0 ? &s->seasons[season]
                                                              : &s->bells;
}

const struct bells *school_bells(const struct gw_campus *c, enum gw_stage stage,
                                 int64_t day)
{
    enum gw_day_kind kind = calendar_day(&c->calendar, day);
    if (c->stages[stage].bells.count == 0 || kind == GW_DAY_HOLIDAY
        || kind == GW_DAY_WEEKEND)
        return NULL;
    return rung(c, stage, day);
}

/* fewest - of the days of @span, if it is fewer than *@ret. */
static void fewest(const struct gw_campus *c, enum gw_stage stage,
                   const struct calendar_span *span, uint32_t *ret,
                   const char **ret_season)
{
    for (int64_t day = span->from; day <= span->to && day < span->from + YEAR_DAYS;
         day++) {
        const struct bells *bells = rung(c, stage, day);
        uint32_t count = bells_lessons(bells);
        if (count >= *ret)
            continue;
        *ret = count;
        *ret_season = bells == &c->stages[stage].bells ? NULL : school_season(c, day);
    }
}

uint32_t school_lessons(const struct gw_campus *c, enum gw_stage stage,
                        const char **ret_season)
{
    const struct calendar_span year = {.from = civil_day(2024, 1, 1),
                                       .to = civil_day(2024, 12, 31),
                                       .kind = GW_DAY_SCHOOL};
    const struct calendar_span *spans = c->calendar.terms;
    size_t count = c->calendar.term_count;
    uint32_t least = UINT32_MAX;
    *ret_season = NULL;
    if (count == 0)
        fewest(c, stage, &year, &least, ret_season);
    for (size_t i = 0; i < count; i++)
        fewest(c, stage, &spans[i], &least, ret_season);
    if (bells_lessons(&c->stages[stage].bells) == least)
        *ret_season = NULL; /* it is no fault of the season */
    return least;
}
