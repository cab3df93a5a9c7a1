/* timetable_check.c - what no single cell can tell. */
#include <string.h>

#include "campus/names.h"
#include "campus/timetable_read.h"

/* A slip that is made in every lesson is not told in every lesson. */
enum { TWICE_MAX = 20, FRIDAY = 5 };

/* week_at - one lesson of the week. */
struct week_at {
    int weekday;
    uint32_t number;
    bool is_even;
};

static size_t index_of(size_t class, struct week_at at)
{
    return timetable_index(class, at.weekday, at.number, at.is_even);
}

static struct lesson_cell cell_of(const struct week_reader *w, size_t class,
                                  struct week_at at)
{
    return w->cells[index_of(class, at)];
}

/* written_at - the row and column of a cell that is written. */
static const struct csv_row *written_at(const struct week_reader *w, size_t class,
                                        struct week_at at, size_t *ret_column)
{
    const struct timetable_mark mark = w->marks[index_of(class, at)];
    *ret_column = mark.column;
    return &w->csv->rows[mark.row - 1];
}

/* stage_bells - how many lessons of the week can be taught all the time.
 * season  the one that has no more, NULL = the ordinary bells
 * told    lessons too many, once of a stage and not of each class and day */
struct stage_bells {
    uint32_t last;
    const char *season;
    bool told[TIMETABLE_LESSONS_MAX + 1];
};

static void check_bells(const struct week_reader *w, size_t class, struct week_at at,
                        struct stage_bells stages[GW_STAGES])
{
    const struct gw_class *of = &w->c->classes[class];
    struct stage_bells *stage = &stages[of->stage];
    size_t column = 0;
    if (cell_of(w, class, at).subject == 0 || at.number <= stage->last
        || stage->told[at.number])
        return;
    stage->told[at.number] = true;
    const struct csv_row *row = written_at(w, class, at, &column);
    if (stage->season)
        week_fault(w, row, column,
                   "lesson %u of class '%s' has no bell in season '%s' (allowed: 1 .. "
                   "%u; or as many lessons in bells.%s of each season)",
                   (unsigned)at.number, of->id, stage->season, (unsigned)stage->last,
                   gw_stage_name(of->stage));
    else
        week_fault(w, row, column,
                   "lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons "
                   "of bells.%s)",
                   (unsigned)at.number, of->id, (unsigned)stage->last,
                   gw_stage_name(of->stage));
}

/* check_gap - nothing before the last lesson of a day, which has @last of them, is left
 * empty by mistake. */
static void check_gap(const struct week_reader *w, size_t class, struct week_at at,
                      uint32_t last)
{
    bool is_empty = w->marks[index_of(class, at)].row == 0;
    struct week_at later = at;
    while (is_empty && later.number < last && cell_of(w, class, later).subject == 0)
        later.number++;
    size_t column = 0;
    if (!is_empty || later.number > last || cell_of(w, class, later).subject == 0)
        return;
    static const char *const weeks[2][2] = {{" of odd weeks", " of even weeks"},
                                            {"单周", "双周"}};
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    const struct csv_row *row = written_at(w, class, later, &column);
    config_warning(
        w->src->faults, csv_cell_at(row, column).mark,
        csv_path(w->src, w->csv, row, column),
        "class '%s' has nothing in lesson %u on %s%s before this one (wanted: a "
        "subject; - = nothing is taught)",
        w->c->classes[class].id, (unsigned)at.number,
        name_of_weekday(at.weekday, is_chinese),
        w->is_weekly ? "" : weeks[is_chinese][at.is_even]);
}

/* room_of - the index of the room that only one class has at a time, UINT32_MAX = none:
 * a sports ground takes several, and so does a subject that is taught out of doors. */
static uint32_t room_of(const struct week_reader *w, size_t class, struct week_at at)
{
    const struct lesson_cell cell = cell_of(w, class, at);
    if (cell.subject == 0)
        return UINT32_MAX;
    const struct subject *subject = &w->c->subjects.items[cell.subject - 1];
    const char *home =
        subject->kind == GW_SUBJECT_ROOM ? w->c->classes[class].place_id : NULL;
    const char *id = subject->place ? subject->place : home;
    uint32_t place = cell.place > 0 ? cell.place - 1u : UINT32_MAX;
    if (cell.place == 0 && id)
        place = text_map_get(w->c->place_ids, id);
    if (place == UINT32_MAX || subject->kind == GW_SUBJECT_OUTDOOR)
        return UINT32_MAX;
    const struct config_kind *kind =
        config_kind(w->config, w->c->places[place].kind, NULL);
    return kind && kind->is_shared ? UINT32_MAX : place;
}

/* room_is_told - that class @b is in @room at @then, where class @a is at @at. */
static void room_is_told(const struct week_reader *w, uint32_t room, size_t a,
                         struct week_at at, size_t b, struct week_at then)
{
    size_t column = 0;
    size_t other_column = 0;
    const struct csv_row *row = written_at(w, b, then, &column);
    const struct csv_row *other = written_at(w, a, at, &other_column);
    const struct config_mark mark = csv_cell_at(other, other_column).mark;
    config_warning(
        w->src->faults, csv_cell_at(row, column).mark,
        csv_path(w->src, w->csv, row, column),
        "'%s' is taught in then by class '%s' at %s:%d:%d (wanted: one class in "
        "a room at a time, unless they are taught together)",
        w->c->places[room].id, w->c->classes[a].id, mark.file, mark.line, mark.column);
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
        return room_of(w, b, at) == room;
    for (ret->number = 1; ret->number <= TIMETABLE_LESSONS_MAX; ret->number++)
        if (room_of(w, b, *ret) == room
            && overlap(w->c, stage, at.number, other, ret->number))
            return true;
    return false;
}

/* check_rooms - of one lesson of the week: no place for two classes. */
static void check_rooms(const struct week_reader *w, struct week_at at, size_t *told)
{
    for (size_t a = 0; a < w->c->class_count && *told < TWICE_MAX; a++) {
        uint32_t room = room_of(w, a, at);
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

/* check_weekend - lessons of a Saturday or Sunday that no make-up day is taught by. */
static void check_weekend(const struct week_reader *w, int weekday)
{
    const struct calendar *calendar = &w->c->calendar;
    for (size_t i = 0; i < calendar->count; i++)
        if (calendar->spans[i].kind == GW_DAY_MAKE_UP
            && calendar->spans[i].weekday == weekday)
            return;
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            const struct week_at at = {weekday, number, false};
            size_t column = 0;
            if (cell_of(w, class, at).subject == 0)
                continue;
            const struct csv_row *row = written_at(w, class, at, &column);
            bool is_chinese = config_faults_is_chinese(w->src->faults);
            config_warning(
                w->src->faults, csv_cell_at(row, column).mark,
                csv_path(w->src, w->csv, row, column),
                "what stands under %s is never taught (wanted: no such column, "
                "or a day of calendar.make_up that says so, - 2026-10-10: %s)",
                name_of_weekday(weekday, is_chinese),
                weekday == 6 ? "saturday" : "sunday");
            return;
        }
}

/* has_day - something is taught to @class that day, or it is said that nothing is. */
static bool has_day(const struct week_reader *w, size_t class, int weekday)
{
    for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
        for (int parity = 0; parity <= 1; parity++) {
            const struct week_at at = {weekday, number, parity};
            const struct lesson_cell cell = cell_of(w, class, at);
            if (cell.subject > 0 || cell.is_free)
                return true;
        }
    return false;
}

/* row_of - a row that is written for @class, or NULL. */
static const struct csv_row *row_of(const struct week_reader *w, size_t class)
{
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int parity = 0; parity <= 1; parity++) {
                const struct week_at at = {weekday, number, parity};
                if (w->marks[index_of(class, at)].row > 0)
                    return &w->csv->rows[w->marks[index_of(class, at)].row - 1];
            }
    return NULL;
}

static size_t taught_on(const struct week_reader *w, int weekday)
{
    size_t taught = 0;
    for (size_t class = 0; class < w->c->class_count; class ++)
        taught += has_day(w, class, weekday);
    return taught;
}

/* check_week - a weekday on which nobody is taught, of a week that most days have. */
static void check_week(const struct week_reader *w)
{
    enum { DAYS_MIN = 3 };
    int days = 0;
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    for (int weekday = 1; weekday <= FRIDAY; weekday++)
        days += taught_on(w, weekday) > 0;
    for (int weekday = 1; weekday <= FRIDAY && days >= DAYS_MIN; weekday++)
        if (taught_on(w, weekday) == 0)
            config_warning(
                w->src->faults, csv_cell_at(&w->csv->rows[0], 0).mark,
                csv_path(w->src, w->csv, &w->csv->rows[0], 0),
                "no class has a lesson on %s (wanted: columns of that day, and "
                "subjects below them)",
                name_of_weekday(weekday, is_chinese));
}

/* is_same_week - and one with more than a few lessons. */
static bool is_same_week(const struct week_reader *w, size_t a, size_t b)
{
    enum { LESSONS_MIN = 10 };
    size_t first = timetable_index(a, 1, 1, false);
    size_t other = timetable_index(b, 1, 1, false);
    size_t count = timetable_index(a + 1, 1, 1, false) - first;
    size_t lessons = 0;
    for (size_t i = 0; i < count; i++) {
        if (w->cells[first + i].subject != w->cells[other + i].subject
            || w->cells[first + i].place != w->cells[other + i].place)
            return false;
        lessons += w->cells[first + i].subject > 0;
    }
    return lessons >= LESSONS_MIN;
}

/* check_copies - of a row that was filled down, told once: no two classes have the same
 * week, or their teachers would have to be in two rooms at a time. */
static void check_copies(const struct week_reader *w)
{
    size_t copies = 0;
    size_t of = 0;
    size_t first = 0;
    for (size_t b = 1; b < w->c->class_count; b++)
        for (size_t a = 0; a < b && row_of(w, b); a++) {
            if (!row_of(w, a) || !is_same_week(w, a, b))
                continue;
            if (copies++ == 0) {
                of = a;
                first = b;
            }
            break;
        }
    if (copies == 0)
        return;
    const struct csv_row *row = row_of(w, first);
    const struct config_mark mark = csv_cell_at(row, 0).mark;
    const char *path = csv_path(w->src, w->csv, row, 0);
    const char *id = w->c->classes[first].id;
    if (copies == 1)
        config_warning(
            w->src->faults, mark, path,
            "class '%s' has the same week as '%s' (wanted: each its own; leave "
            "it where that is meant)",
            id, w->c->classes[of].id);
    else
        config_warning(
            w->src->faults, mark, path,
            "class '%s' has the same week as '%s', and %zu more have one that "
            "stands above (wanted: each its own; leave it where that is meant)",
            id, w->c->classes[of].id, copies - 1);
}

/* check_day - a class that has nothing all day while most of the others are taught; one
 * whose row is short was told of that. */
static void check_day(const struct week_reader *w, int weekday)
{
    const size_t taught = taught_on(w, weekday);
    for (size_t class = 0; class < w->c->class_count; class ++) {
        const struct csv_row *row = row_of(w, class);
        bool is_odd = 2 * taught > w->c->class_count && !has_day(w, class, weekday);
        if (!is_odd || !row || row->count < w->csv->rows[0].count)
            continue;
        bool is_chinese = config_faults_is_chinese(w->src->faults);
        config_warning(w->src->faults, csv_cell_at(row, 0).mark,
                       csv_path(w->src, w->csv, row, 0),
                       "class '%s' has no lesson on %s (wanted: subjects; - in each "
                       "lesson where nothing is taught)",
                       w->c->classes[class].id, name_of_weekday(weekday, is_chinese));
    }
}

/* is_for_lessons - classes are taught in such a place, by the catalogue; of a kind that
 * it does not know nobody can say. */
static bool is_for_lessons(const struct week_reader *w, size_t place)
{
    const struct config_kind *kind =
        config_kind(w->config, w->c->places[place].kind, NULL);
    bool is_known = false;
    for (size_t i = 0; i < w->config->kind_count; i++)
        is_known |= w->config->kinds[i].is_home;
    return !kind || !is_known || kind->is_home || kind->is_shared || kind->is_taught;
}

/* check_place - a lesson in a canteen or at a gate is a slip, told once a place. */
static void check_place(const struct week_reader *w, size_t place)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const struct week_at at = {weekday, number, false};
                size_t column = 0;
                if (cell_of(w, class, at).place != place + 1)
                    continue;
                const struct csv_row *row = written_at(w, class, at, &column);
                const struct config_kind *kind =
                    config_kind(w->config, w->c->places[place].kind, NULL);
                config_warning(
                    w->src->faults, csv_cell_at(row, column).mark,
                    csv_path(w->src, w->csv, row, column),
                    "a lesson in '%s', a %s (wanted: a room where lessons are taught)",
                    w->c->places[place].id,
                    config_faults_is_chinese(w->src->faults) ? kind->title.zh
                                                             : kind->name);
                return;
            }
}

/* lessons_of - as school_lessons(); of bells with a fault nobody knows how many. */
static uint32_t lessons_of(const struct gw_campus *c, enum gw_stage stage,
                           const char **ret_season)
{
    for (size_t season = 0; season <= c->seasons.count; season++)
        if (season_bells(c, stage, season)->is_faulty)
            return TIMETABLE_LESSONS_MAX;
    return school_lessons(c, stage, ret_season);
}

void timetable_check(const struct week_reader *w)
{
    size_t told = 0;
    struct stage_bells stages[GW_STAGES] = {0};
    for (int i = 0; i < GW_STAGES; i++)
        stages[i].last = lessons_of(w->c, (enum gw_stage)i, &stages[i].season);
    /* a class that lacks its room for an error elsewhere is told of that one */
    bool is_clean = config_faults_errors(w->src->faults) == 0;
    for (size_t class = 0; is_clean && class < w->c->class_count; class ++)
        check_class(w, class);
    check_week(w);
    check_copies(w);
    for (int weekday = 1; weekday <= FRIDAY; weekday++)
        check_day(w, weekday);
    for (size_t place = 0; place < w->c->place_count; place++)
        if (!is_for_lessons(w, place))
            check_place(w, place);
    check_weekend(w, 6);
    check_weekend(w, 7);
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int parity = 0; parity <= !w->is_weekly; parity++) {
                const struct week_at at = {weekday, number, parity};
                for (size_t class = 0; class < w->c->class_count; class ++) {
                    check_bells(w, class, at, stages);
                    check_gap(w, class, at, stages[w->c->classes[class].stage].last);
                }
                check_rooms(w, at, &told);
            }
}
