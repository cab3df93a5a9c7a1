/* timetable_check.c - what no single cell can tell. */
#include <string.h>

#include "campus/names.h"
#include "campus/timetable_read.h"

/* A slip that is made in every lesson is not told in every lesson. */
enum { TWICE_MAX = 20 };

/* stage_bells - how many lessons of the week can be taught all the time.
 * season  the one that has no more, NULL = the ordinary bells
 * told    lessons too many, once of a stage and not of each class and day */
struct stage_bells {
    uint32_t last;
    const char *season;
    bool told[TIMETABLE_LESSONS_MAX + 1];
};

/* fewest_bells - those that @stage lacks a lesson in: of a season, or the ordinary ones.
 */
static const struct bells *fewest_bells(const struct gw_campus *c, enum gw_stage stage,
                                        const char *season)
{
    for (size_t i = 0; season && i < c->seasons.count; i++)
        if (strcmp(c->seasons.items[i].id, season) == 0)
            return &c->stages[stage].seasons[i];
    return &c->stages[stage].bells;
}

/* tell_bell - lesson @number of class @of has none: another phase may be the one, else
 * the last lesson shows where they are written. */
static void tell_bell(const struct week_reader *w, const struct csv_row *row,
                      size_t column, const struct gw_class *of, uint32_t number,
                      const struct stage_bells *stage)
{
    const struct bells *bells = fewest_bells(w->c, of->stage, stage->season);
    const struct bell *mistaken = bells_mistaken(bells);
    const struct bell *last = bells_lesson(bells, stage->last);
    const struct config_mark at = mistaken ? mistaken->mark
                                  : last   ? last->mark
                                           : config_where(w->config->campus);
    const char *name = gw_stage_name(of->stage);
    if (mistaken)
        week_fault(w, row, column,
                   "lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons "
                   "of bells.%s; is the %s at %s:%d:%d one, as long as it is?)",
                   (unsigned)number, of->id, (unsigned)stage->last, name,
                   bell_kinds[mistaken->kind], at.file, at.line, at.column);
    else if (stage->season)
        week_fault(w, row, column,
                   "lesson %u of class '%s' has no bell in season '%s' (allowed: 1 .. "
                   "%u; or as many lessons in bells.%s of each season, see %s:%d:%d)",
                   (unsigned)number, of->id, stage->season, (unsigned)stage->last, name,
                   at.file, at.line, at.column);
    else
        week_fault(w, row, column,
                   "lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons "
                   "of bells.%s, see %s:%d:%d)",
                   (unsigned)number, of->id, (unsigned)stage->last, name, at.file,
                   at.line, at.column);
}

static void check_bells(const struct week_reader *w, size_t class, struct week_at at,
                        struct stage_bells stages[GW_STAGES])
{
    const struct gw_class *of = &w->c->classes[class];
    struct stage_bells *stage = &stages[of->stage];
    size_t column = 0;
    if (week_cell(w, class, at).subject == 0 || at.number <= stage->last
        || stage->told[at.number])
        return;
    stage->told[at.number] = true;
    const struct csv_row *row = week_written(w, class, at, &column);
    tell_bell(w, row, column, of, at.number, stage);
}

uint32_t week_room(const struct week_reader *w, size_t class, struct week_at at)
{
    const struct lesson_cell cell = week_cell(w, class, at);
    if (cell.subject == 0)
        return UINT32_MAX;
    const struct subject *subject = &w->c->subjects.items[cell.subject - 1];
    const char *home =
        subject->kind == GW_SUBJECT_ROOM ? w->c->classes[class].place_id : NULL;
    const char *id = subject->place ? subject->place : home;
    uint32_t place = cell.place > 0 ? cell.place - 1u : UINT32_MAX;
    if (cell.place == 0 && id)
        place = text_map_get(w->c->place_ids, id);
    bool is_single = place != UINT32_MAX
                     && place_is_single(w->config, &w->c->places[place], subject->kind);
    return is_single ? place : UINT32_MAX;
}

/* room_is_told - that class @b is in @room at @then, where class @a is at @at. */
static void room_is_told(const struct week_reader *w, uint32_t room, size_t a,
                         struct week_at at, size_t b, struct week_at then)
{
    size_t column = 0;
    size_t other_column = 0;
    const struct csv_row *row = week_written(w, b, then, &column);
    const struct csv_row *other = week_written(w, a, at, &other_column);
    const struct config_mark mark = csv_cell_at(other, other_column).mark;
    week_warning(w, row, column,
                 "'%s' is taught in then by class '%s' at %s:%d:%d (wanted: one class in "
                 "a room at a time, unless they are taught together)",
                 w->c->places[room].id, w->c->classes[a].id, mark.file, mark.line,
                 mark.column);
}

/* season_bells - of @stage in season @season (an index; beyond them the ordinary ones).
 */
static const struct bells *season_bells(const struct gw_campus *c, enum gw_stage stage,
                                        size_t season)
{
    const struct school_stage *s = &c->stages[stage];
    return season < c->seasons.count && s->seasons[season].count > 0 ? &s->seasons[season]
                                                                     : &s->bells;
}

/* overlap - lesson @number of @stage and lesson @then of @other share a time of the day,
 * in some season. */
static bool overlap(const struct gw_campus *c, enum gw_stage stage, uint32_t number,
                    enum gw_stage other, uint32_t then)
{
    for (size_t season = 0; season <= c->seasons.count; season++) {
        const struct bells *of = season_bells(c, stage, season);
        const struct bells *with = season_bells(c, other, season);
        const struct bell *x = bells_lesson(of, number);
        const struct bell *y = bells_lesson(with, then);
        if (x && y && !of->is_faulty && !with->is_faulty && x->start_s < y->end_s
            && y->start_s < x->end_s)
            return true;
    }
    return false;
}

/* guest - which lesson class @b has in @room while class @a has lesson @at: the same one,
 * or one of another stage's bells.  returns false: none */
static bool guest(const struct week_reader *w, uint32_t room, size_t a, struct week_at at,
                  size_t b, struct week_at *ret)
{
    enum gw_stage stage = w->c->classes[a].stage;
    enum gw_stage other = w->c->classes[b].stage;
    *ret = at;
    if (stage == other)
        return week_room(w, b, at) == room;
    for (ret->number = 1; ret->number <= TIMETABLE_LESSONS_MAX; ret->number++)
        if (week_room(w, b, *ret) == room
            && overlap(w->c, stage, at.number, other, ret->number))
            return true;
    return false;
}

/* check_rooms - of one lesson of the week: no place for two classes. */
static void check_rooms(const struct week_reader *w, struct week_at at, size_t *told)
{
    for (size_t a = 0; a < w->c->class_count && *told < TWICE_MAX; a++) {
        uint32_t room = week_room(w, a, at);
        struct week_at then;
        for (size_t b = a + 1; room != UINT32_MAX && b < w->c->class_count; b++) {
            if (!guest(w, room, a, at, b, &then))
                continue;
            room_is_told(w, room, a, at, b, then);
            (*told)++;
            break;
        }
    }
}

/* is_roomless - classes.csv was told so of it. */
static bool is_roomless(const struct config *c, const char *id)
{
    for (size_t i = 0; i < c->roomless_count; i++)
        if (strcmp(c->roomless[i], id) == 0)
            return true;
    return false;
}

static void check_class(const struct week_reader *w, size_t class)
{
    const struct gw_class *of = &w->c->classes[class];
    const struct config_mark top = {w->csv->file, 1, 1};
    if (!w->has_rows[class])
        config_warning(w->src->faults, top, w->csv->name,
                       "class '%s' has no timetable (wanted: a row; without one every "
                       "lesson is taken to be in its own room)",
                       of->id);
    else if (!of->place_id && !is_roomless(w->config, of->id))
        config_warning(w->src->faults, top, w->csv->name,
                       "class '%s' has no room (wanted: class: %s at a place of "
                       "campus.yaml)",
                       of->id, of->id);
}

bool week_is_made_up(const struct week_reader *w, int weekday)
{
    const struct calendar *calendar = &w->c->calendar;
    for (size_t i = 0; i < calendar->make_up_count; i++)
        if (calendar->make_up[i].weekday == weekday)
            return true;
    return false;
}

/* check_weekend - lessons of a Saturday or Sunday that no make-up day is taught by. */
static void check_weekend(const struct week_reader *w, int weekday)
{
    if (week_is_made_up(w, weekday))
        return;
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            const struct week_at at = {weekday, number, false};
            size_t column = 0;
            if (week_cell(w, class, at).subject == 0)
                continue;
            const struct csv_row *row = week_written(w, class, at, &column);
            bool is_chinese = config_faults_is_chinese(w->src->faults);
            week_warning(w, row, column,
                         "what stands under %s is never taught (wanted: no such column, "
                         "or a day of calendar.make_up that says so, - 2026-10-10: %s)",
                         name_of_weekday(weekday, is_chinese),
                         weekday == 6 ? "saturday" : "sunday");
            return;
        }
}

uint32_t week_last(const struct week_reader *w, enum gw_stage stage,
                   const char **ret_season)
{
    for (size_t season = 0; season <= w->c->seasons.count; season++)
        if (season_bells(w->c, stage, season)->is_faulty)
            return TIMETABLE_LESSONS_MAX;
    return school_lessons(w->c, stage, ret_season);
}

/* is_quiet - nothing was told: what is wrong explains mostly what is unlike the others.
 */
static bool is_quiet(const struct week_reader *w)
{
    return config_faults_errors(w->src->faults) == 0
           && config_faults_warnings(w->src->faults) == w->warnings;
}

void timetable_check(const struct week_reader *w)
{
    size_t told = 0;
    struct stage_bells stages[GW_STAGES] = {0};
    for (int i = 0; i < GW_STAGES; i++)
        stages[i].last = week_last(w, (enum gw_stage)i, &stages[i].season);
    /* a class that lacks its room for an error elsewhere is told of that one */
    bool is_clean = config_faults_errors(w->src->faults) == 0;
    for (size_t class = 0; is_clean && class < w->c->class_count; class ++)
        check_class(w, class);
    timetable_doubts(w);
    check_weekend(w, 6);
    check_weekend(w, 7);
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int parity = 0; parity <= !w->is_weekly; parity++) {
                const struct week_at at = {weekday, number, parity};
                for (size_t class = 0; class < w->c->class_count; class ++)
                    check_bells(w, class, at, stages);
                timetable_gaps(w, at);
                check_rooms(w, at, &told);
            }
    if (is_quiet(w))
        timetable_columns(w);
    if (is_quiet(w))
        timetable_missing(w);
    if (is_quiet(w))
        timetable_counts(w);
}
