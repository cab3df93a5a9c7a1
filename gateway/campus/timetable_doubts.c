/* timetable_doubts.c - days, weeks and places of a timetable that are possible, and
 * hardly meant. */
#include <string.h>

#include "campus/names.h"
#include "campus/timetable_read.h"

enum { FRIDAY = 5 };

bool week_has_day(const struct week_reader *w, size_t class, int weekday)
{
    for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
        for (int parity = 0; parity <= 1; parity++) {
            const struct week_at at = {weekday, number, parity};
            const struct lesson_cell cell = week_cell(w, class, at);
            if (cell.subject > 0 || cell.is_free)
                return true;
        }
    return false;
}

const struct csv_row *week_written(const struct week_reader *w, size_t class,
                                   struct week_at at, size_t *ret_column)
{
    const struct timetable_mark mark = w->marks[week_index(class, at)];
    *ret_column = mark.column;
    return &w->csv->rows[mark.row - 1];
}

const struct csv_row *week_row(const struct week_reader *w, size_t class)
{
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int parity = 0; parity <= 1; parity++) {
                const struct week_at at = {weekday, number, parity};
                if (w->marks[week_index(class, at)].row > 0)
                    return &w->csv->rows[w->marks[week_index(class, at)].row - 1];
            }
    return NULL;
}

size_t week_lessons(const struct week_reader *w, size_t class)
{
    size_t lessons = 0;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            lessons +=
                week_cell(w, class, (struct week_at){weekday, number, false}).subject > 0;
    return lessons;
}

static size_t taught_on(const struct week_reader *w, int weekday)
{
    size_t taught = 0;
    for (size_t class = 0; class < w->c->class_count; class ++)
        taught += week_has_day(w, class, weekday);
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
            week_warning(w, &w->csv->rows[0], 0,
                         "no class has a lesson on %s (wanted: columns of that day, and "
                         "subjects below them)",
                         name_of_weekday(weekday, is_chinese));
}

/* is_same_week - and one with more than a few lessons. */
static bool is_same_week(const struct week_reader *w, size_t a, size_t b)
{
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
    return lessons >= WEEK_LESSONS_MIN;
}

/* check_copies - of a row that was filled down, told once: no two classes have the same
 * week, or their teachers would have to be in two rooms at a time. */
static void check_copies(const struct week_reader *w)
{
    size_t copies = 0;
    size_t of = 0;
    size_t first = 0;
    for (size_t b = 1; b < w->c->class_count; b++)
        for (size_t a = 0; a < b && week_row(w, b); a++) {
            if (!week_row(w, a) || !is_same_week(w, a, b))
                continue;
            if (copies++ == 0) {
                of = a;
                first = b;
            }
            break;
        }
    if (copies == 0)
        return;
    const struct csv_row *row = week_row(w, first);
    const char *id = w->c->classes[first].id;
    if (copies == 1)
        week_warning(w, row, 0,
                     "class '%s' has the same week as '%s' (wanted: each its own; leave "
                     "it where that is meant)",
                     id, w->c->classes[of].id);
    else
        week_warning(w, row, 0,
                     "class '%s' has the same week as '%s', and %zu more have one that "
                     "stands above (wanted: each its own; leave it where that is meant)",
                     id, w->c->classes[of].id, copies - 1);
}

/* is_taught_on - or it is said that nothing is. */
static bool is_taught_on(const struct week_reader *w, size_t class, int weekday)
{
    for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
        for (int parity = 0; parity <= 1; parity++)
            if (week_cell(w, class, (struct week_at){weekday, number, parity}).subject
                > 0)
                return true;
    return false;
}

/* check_free - a class that is said to have nothing all day while every other one of its
 * grade is taught. */
static void check_free(const struct week_reader *w, size_t class, int weekday)
{
    const struct gw_class *own = &w->c->classes[class];
    const int grade = name_grade(own->title.zh);
    struct week_at at = {weekday, 1, false};
    size_t column = 0;
    size_t others = 0;
    for (size_t i = 0; grade > 0 && i < w->c->class_count; i++) {
        const struct gw_class *other = &w->c->classes[i];
        if (i == class || other->stage != own->stage
            || name_grade(other->title.zh) != grade)
            continue;
        if (!is_taught_on(w, i, weekday))
            return;
        others++;
    }
    while (!week_cell(w, class, at).is_free && at.number < TIMETABLE_LESSONS_MAX)
        at.number++;
    if (others == 0 || !week_cell(w, class, at).is_free)
        return;
    const struct csv_row *row = week_written(w, class, at, &column);
    week_warning(
        w, row, column,
        "class '%s' has - in every lesson of %s, and the others of its grade are "
        "taught then (wanted: subjects; leave it where that is meant)",
        own->id, name_of_weekday(weekday, config_faults_is_chinese(w->src->faults)));
}

/* check_day - a class that has nothing all day while most of the others are taught; one
 * whose row is short was told of that. */
static void check_day(const struct week_reader *w, int weekday)
{
    const size_t taught = taught_on(w, weekday);
    for (size_t class = 0; class < w->c->class_count; class ++) {
        const struct csv_row *row = week_row(w, class);
        if (week_has_day(w, class, weekday) && !is_taught_on(w, class, weekday)
            && week_lessons(w, class) >= WEEK_LESSONS_MIN)
            check_free(w, class, weekday);
        bool is_odd = 2 * taught > w->c->class_count && !week_has_day(w, class, weekday);
        if (!is_odd || !row || row->count < w->csv->rows[0].count)
            continue;
        bool is_chinese = config_faults_is_chinese(w->src->faults);
        week_warning(w, row, 0,
                     "class '%s' has no lesson on %s (wanted: subjects; - in each "
                     "lesson where nothing is taught)",
                     w->c->classes[class].id, name_of_weekday(weekday, is_chinese));
    }
}

/* check_place - a lesson in a canteen or at a gate is a slip, told once a place. */
static void check_place(const struct week_reader *w, size_t place)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const struct week_at at = {weekday, number, false};
                size_t column = 0;
                if (week_cell(w, class, at).place != place + 1)
                    continue;
                const struct csv_row *row = week_written(w, class, at, &column);
                const struct config_kind *kind =
                    config_kind(w->config, w->c->places[place].kind, NULL);
                week_warning(w, row, column, PLACE_WITHOUT_LESSONS,
                             w->c->places[place].id,
                             config_faults_is_chinese(w->src->faults) ? kind->title.zh
                                                                      : kind->name);
                return;
            }
}

/* is_same_day - one with more than a few lessons, in all weeks. */
static bool is_same_day(const struct week_reader *w, size_t class, int day, int other)
{
    const size_t cells =
        timetable_index(class, 2, 1, false) - timetable_index(class, 1, 1, false);
    const size_t least = 8; /* four lessons, of odd and even weeks */
    size_t first = timetable_index(class, day, 1, false);
    size_t second = timetable_index(class, other, 1, false);
    size_t lessons = 0;
    for (size_t i = 0; i < cells; i++) {
        const struct lesson_cell a = w->cells[first + i];
        const struct lesson_cell b = w->cells[second + i];
        if (a.subject != b.subject || a.place != b.place)
            return false;
        lessons += a.subject > 0;
    }
    return lessons >= least;
}

static bool has_day_twice(const struct week_reader *w, size_t class, int *ret_day,
                          int *ret_other)
{
    for (*ret_other = 2; *ret_other <= FRIDAY; (*ret_other)++)
        for (*ret_day = 1; *ret_day < *ret_other; (*ret_day)++)
            if (is_same_day(w, class, *ret_day, *ret_other))
                return true;
    return false;
}

/* check_days - columns that were copied, told once. */
static void check_days(const struct week_reader *w)
{
    size_t classes = 0;
    size_t first = 0;
    struct week_at again = {0, 1, false};
    int of = 0;
    for (size_t class = 0; class < w->c->class_count; class ++) {
        int day = 0;
        int other = 0;
        if (!has_day_twice(w, class, &day, &other) || classes++ > 0)
            continue;
        first = class;
        again.weekday = other;
        of = day;
    }
    while (again.number <= TIMETABLE_LESSONS_MAX && classes > 0
           && week_cell(w, first, again).subject == 0)
        again.number++;
    if (classes == 0)
        return;
    size_t column = 0;
    const struct csv_row *row = week_written(w, first, again, &column);
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    if (classes == 1)
        week_warning(w, row, column,
                     "class '%s' has the lessons of %s on %s again (wanted: each day its "
                     "own; leave it where that is meant)",
                     w->c->classes[first].id, name_of_weekday(of, is_chinese),
                     name_of_weekday(again.weekday, is_chinese));
    else
        week_warning(w, row, column,
                     "class '%s' has the lessons of %s on %s again, and %zu more classes "
                     "have a day twice (wanted: each day its own; leave it where that is "
                     "meant)",
                     w->c->classes[first].id, name_of_weekday(of, is_chinese),
                     name_of_weekday(again.weekday, is_chinese), classes - 1);
}

/* check_seats - a room, not the class's own, that is too small for a class which is
 * taught there; told once a room. */
static void check_seats(const struct week_reader *w, uint32_t place)
{
    const struct gw_place *room = &w->c->places[place];
    for (size_t class = 0; room->capacity > 0 && class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const struct week_at at = {weekday, number, false};
                const struct gw_class *of = &w->c->classes[class];
                size_t column = 0;
                if (week_room(w, class, at) != place || of->enrolled <= room->capacity
                    || (of->place_id && strcmp(of->place_id, room->id) == 0))
                    continue;
                const struct csv_row *row = week_written(w, class, at, &column);
                week_warning(w, row, column, ROOM_TOO_SMALL, room->id,
                             (unsigned)room->capacity, of->id, (unsigned)of->enrolled);
                return;
            }
}

/* capacity_of - where that of place @id stands; a class's own room is told by classes. */
static const struct config_node *capacity_of(const struct week_reader *w, const char *id,
                                             const char **ret_path)
{
    const struct config_node *list = config_child(w->config->campus, "places");
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *item = config_item(list, i);
        const char *its = config_scalar(config_child(item, "id"));
        *ret_path = config_path_item(w->src, "places", item, i);
        if (its && strcmp(its, id) == 0 && !config_child(item, "class"))
            return config_child(item, "capacity");
    }
    return NULL;
}

/* check_size - a room, not a class's own, that could hold many of the classes which are
 * taught there, one at a time: a digit too many. */
static void check_size(const struct week_reader *w, uint32_t place)
{
    enum { CLASSES = 8 };
    const struct gw_place *room = &w->c->places[place];
    const char *path = NULL;
    uint32_t most = 0;
    for (size_t class = 0; room->capacity > 0 && class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const uint32_t pupils = w->c->classes[class].enrolled;
                if (week_room(w, class, (struct week_at){weekday, number, false}) == place
                    && pupils > most)
                    most = pupils;
            }
    if (most == 0 || room->capacity <= CLASSES * most)
        return;
    const struct config_node *node = capacity_of(w, room->id, &path);
    if (node)
        config_warning(
            w->src->faults, config_where(node), path,
            "capacity %u, and the classes that are taught here have %u at most "
            "(wanted: what the room may hold; leave it where it is so)",
            (unsigned)room->capacity, (unsigned)most);
}

/* check_stage - a room that says a stage, and no class of it is taught there, but one of
 * another; told once a room. */
static void check_stage(const struct week_reader *w, uint32_t place)
{
    const struct gw_place *room = &w->c->places[place];
    const struct csv_row *row = NULL;
    const struct gw_class *other = NULL;
    size_t column = 0;
    for (size_t class = 0; room->stage < GW_STAGES && class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const struct week_at at = {weekday, number, false};
                if (week_room(w, class, at) != place)
                    continue;
                if ((int)w->c->classes[class].stage == room->stage)
                    return;
                if (!row)
                    row = week_written(w, class, at, &column);
                other = other ? other : &w->c->classes[class];
            }
    if (!row || (other->place_id && strcmp(other->place_id, room->id) == 0))
        return; /* of a class's own room that is told by classes */
    week_warning(
        w, row, column,
        "'%s' is of stage '%s', and taught in by class '%s' and no class of it "
        "(wanted: no stage, or that of the classes)",
        room->id,
        config_faults_say(w->src->faults, gw_stage_name((enum gw_stage)room->stage)),
        other->id);
}

/* has_number - some class of @stage has lesson @number on some day, or says that it has
 * none. */
static bool has_number(const struct week_reader *w, enum gw_stage stage, uint32_t number)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (int parity = 0; parity <= 1; parity++)
                if (w->c->classes[class].stage == stage
                    && w->marks[timetable_index(class, weekday, number, parity)].row > 0)
                    return true;
    return false;
}

/* has_lesson - some class of @stage is taught lesson @number on some day. */
static bool has_lesson(const struct week_reader *w, enum gw_stage stage, uint32_t number)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            if (w->c->classes[class].stage == stage
                && week_cell(w, class, (struct week_at){weekday, number, false}).subject
                       > 0)
                return true;
    return false;
}

/* stranger - a stage whose bells have no lesson @number, and a class of which has it;
 * GW_STAGES = none. */
static int stranger(const struct week_reader *w, uint32_t number)
{
    int stage = 0;
    while (stage < GW_STAGES
           && (w->last[stage] == 0 || w->last[stage] >= number
               || !has_lesson(w, (enum gw_stage)stage, number)))
        stage++;
    return stage;
}

/* check_bells - the last lesson that a stage's bells have is taught to nobody: columns
 * are missing, or the classes were sorted and their lessons not. */
static void check_bells(const struct week_reader *w, enum gw_stage stage)
{
    const uint32_t last = w->last[stage];
    bool is_taught = false;
    for (size_t class = 0; class < w->c->class_count; class ++)
        is_taught |= w->c->classes[class].stage == stage
                     && week_lessons(w, class) >= WEEK_LESSONS_MIN;
    if (!is_taught || last < 1 || last >= TIMETABLE_LESSONS_MAX
        || has_number(w, stage, last))
        return;
    const struct csv_row *row = &w->csv->rows[0];
    const int other = stranger(w, last);
    if (other < GW_STAGES)
        week_warning(
            w, row, 0,
            "lesson %u of bells.%s is taught to nobody all week, and to a class "
            "of %s, which has no bell for it (wanted: each class beside its own "
            "lessons; sorted with them)",
            (unsigned)last, gw_stage_name(stage),
            config_faults_say(w->src->faults, gw_stage_name((enum gw_stage)other)));
    else
        week_warning(
            w, row, 0,
            "lesson %u of bells.%s is taught to nobody all week (wanted: columns of "
            "it; or bells without it)",
            (unsigned)last, gw_stage_name(stage));
}

void timetable_doubts(const struct week_reader *w)
{
    for (int stage = 0; stage < GW_STAGES; stage++)
        check_bells(w, (enum gw_stage)stage);
    check_week(w);
    check_copies(w);
    for (int weekday = 1; weekday <= FRIDAY; weekday++)
        check_day(w, weekday);
    check_days(w);
    timetable_subjects(w);
    timetable_places(w);
    timetable_kinds(w);
    for (uint32_t place = 0; place < w->c->place_count; place++) {
        check_seats(w, place);
        check_size(w, place);
        check_stage(w, place);
        if (!place_has_lessons(w->config, &w->c->places[place]))
            check_place(w, place);
    }
}
