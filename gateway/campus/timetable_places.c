/* timetable_places.c - lessons in a place where the others of the subject are not, and
 * rooms that are not of the kind that is taught in them. */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "campus/names.h"
#include "campus/timetable_read.h"
#include "config/node.h"

/* The place of a lesson in the class's own room, and of what is none. */
static const uint32_t HOME = UINT32_MAX;
static const uint32_t NOWHERE = UINT32_MAX - 1;

/* taught - one lesson of the week; of odd and even weeks two, where they differ. */
struct taught {
    size_t class;
    struct week_at at;
    uint32_t subject;
    uint32_t place;
};

/* week - all of them.
 * subjects  lessons by subject and place, HOME behind all others
 * stages    lessons by place and stage */
struct week {
    const struct week_reader *w;
    struct taught *items;
    size_t count;
    uint32_t *subjects;
    uint32_t *stages;
};

/* of_subject - how many lessons of @subject are in @place. */
static uint32_t *of_subject(const struct week *week, uint32_t subject, uint32_t place)
{
    const size_t places = week->w->c->place_count;
    return &week->subjects[subject * (places + 1) + (place == HOME ? places : place)];
}

/* of_stage - how many lessons in @place are of classes of @stage. */
static uint32_t *of_stage(const struct week *week, uint32_t place, enum gw_stage stage)
{
    return &week->stages[(size_t)place * GW_STAGES + stage];
}

static uint32_t place_of(const struct week_reader *w, size_t class,
                         struct lesson_cell cell)
{
    const struct subject *subject = &w->c->subjects.items[cell.subject - 1];
    const char *home = w->c->classes[class].place_id;
    if (cell.place == 0) /* of a place that is none HOME, too */
        return subject->place ? text_map_get(w->c->place_ids, subject->place) : HOME;
    bool is_home = home && strcmp(w->c->places[cell.place - 1].id, home) == 0;
    return is_home ? HOME : cell.place - 1u;
}

static void add_lesson(struct week *week, const struct taught *lesson)
{
    enum gw_stage stage = week->w->c->classes[lesson->class].stage;
    week->items[week->count++] = *lesson;
    ++*of_subject(week, lesson->subject, lesson->place);
    if (lesson->place != HOME)
        ++*of_stage(week, lesson->place, stage);
}

static void add_class(struct week *week, size_t class)
{
    const struct week_reader *w = week->w;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int is_even = 0; is_even <= !w->is_weekly; is_even++) {
                const struct week_at at = {weekday, number, is_even};
                const struct lesson_cell odd =
                    week_cell(w, class, (struct week_at){weekday, number, false});
                const struct lesson_cell cell = week_cell(w, class, at);
                bool is_again =
                    is_even && cell.subject == odd.subject && cell.place == odd.place;
                if (cell.subject > 0 && !is_again)
                    add_lesson(week, &(struct taught){class, at, cell.subject - 1u,
                                                      place_of(w, class, cell)});
            }
}

/* others - the lessons of a subject beside the only one in its place.
 * count    all of them
 * place    of the first of the class's stage, or else of the first; NOWHERE = of none
 * is_one   it is that of all */
struct others {
    size_t count;
    uint32_t place;
    bool is_one;
};

static struct others others_of(const struct week *week, const struct taught *lesson)
{
    const struct gw_class *classes = week->w->c->classes;
    struct others ret = {.place = NOWHERE, .is_one = true};
    bool is_own = false;
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        if (other == lesson || other->subject != lesson->subject)
            continue;
        bool is_stage = classes[other->class].stage == classes[lesson->class].stage;
        ret.is_one &= ret.count++ == 0 || other->place == ret.place;
        if (ret.place == NOWHERE || (is_stage && !is_own))
            ret.place = other->place;
        is_own |= is_stage;
    }
    return ret;
}

/* hosts - what a place is for, by the lessons there beside one.
 * is_one    they are all of one subject
 * is_other  they are all of classes of another stage */
struct hosts {
    size_t count;
    uint32_t subject;
    bool is_one;
    bool is_other;
};

static struct hosts hosts_of(const struct week *week, const struct taught *lesson)
{
    const struct gw_class *classes = week->w->c->classes;
    struct hosts ret = {.is_one = true, .is_other = true};
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        if (other == lesson || other->place != lesson->place)
            continue;
        ret.subject = ret.count++ == 0 ? other->subject : ret.subject;
        ret.is_one &= other->subject == ret.subject;
        ret.is_other &= classes[other->class].stage != classes[lesson->class].stage;
    }
    return ret;
}

static const char *title_of(const struct week_reader *w, uint32_t subject)
{
    const struct gw_text *title = &w->c->subjects.items[subject].title;
    return config_faults_is_chinese(w->src->faults) ? title->zh : title->en;
}

/* id_of - of the place of @lesson. */
static const char *id_of(const struct week_reader *w, const struct taught *lesson)
{
    const char *home = w->c->classes[lesson->class].place_id;
    return lesson->place == HOME ? home : w->c->places[lesson->place].id;
}

/* is_single - a place where one class is taught at a time: in others lessons may be as
 * the weather is. */
static bool is_single(const struct week_reader *w, const struct taught *lesson)
{
    return lesson->place == HOME
           || (place_is_single(w->config, &w->c->places[lesson->place], GW_SUBJECT_ROOM)
               && place_has_lessons(w->config, &w->c->places[lesson->place]));
}

/* check_room - all other lessons of the subject are in one room and this one in another,
 * or all of them have a room and this one has none.  returns false: it is not so */
static bool check_room(const struct week_reader *w, const struct taught *lesson,
                       const struct others *others)
{
    enum { OTHERS_MIN = 5 };
    bool has_none = week_cell(w, lesson->class, lesson->at).place == 0;
    size_t column = 0;
    if (others->count < OTHERS_MIN || others->place == HOME
        || (!has_none && (!others->is_one || !is_single(w, lesson))))
        return false;
    const struct csv_row *row = week_written(w, lesson->class, lesson->at, &column);
    const char *room = w->c->places[others->place].id;
    if (has_none)
        week_warning(w, row, column,
                     "no room stands here, and all other lessons of the subject have "
                     "one, such as '%s' (wanted: subject@room; leave it where it is "
                     "meant)",
                     room);
    else
        week_warning(w, row, column,
                     "this lesson is in '%s', and all others of the subject in '%s' "
                     "(wanted: the same; leave it where it is meant)",
                     id_of(w, lesson), room);
    return true;
}

/* check_guest - the only lesson of the subject in a room that is another class's, or for
 * another subject.  returns false: it is not so */
static bool check_guest(const struct week *week, const struct taught *lesson,
                        const struct others *others)
{
    enum { OTHERS_MIN = 3 };
    const struct week_reader *w = week->w;
    size_t column = 0;
    if (lesson->place == HOME || others->count < OTHERS_MIN)
        return false;
    const struct csv_row *row = week_written(w, lesson->class, lesson->at, &column);
    const struct gw_place *place = &w->c->places[lesson->place];
    const struct hosts hosts = hosts_of(week, lesson);
    if (place->class_id)
        week_warning(w, row, column,
                     "this is the only lesson of the subject in '%s', the room of class "
                     "'%s' (wanted: the right room; leave it where it is meant)",
                     place->id, place->class_id);
    else if (hosts.is_one && hosts.count >= OTHERS_MIN)
        week_warning(w, row, column,
                     "this is the only lesson of the subject in '%s', where all others "
                     "are '%s' (wanted: the right room; leave it where it is meant)",
                     place->id, title_of(w, hosts.subject));
    else
        return false;
    return true;
}

/* check_stage - a room in which all others are of another stage, while this class's has
 * one of its own for the subject. */
static void check_stage(const struct week *week, const struct taught *lesson)
{
    enum { OTHERS_MIN = 3 };
    const struct week_reader *w = week->w;
    const struct gw_class *classes = w->c->classes;
    const struct hosts hosts = hosts_of(week, lesson);
    const struct taught *own = NULL;
    size_t owns = 0;
    size_t column = 0;
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        if (other->subject != lesson->subject || other->place == lesson->place
            || other->place == HOME
            || classes[other->class].stage != classes[lesson->class].stage)
            continue;
        own = own ? own : other;
        owns += other->place == own->place;
    }
    if (!is_single(w, lesson) || !hosts.is_other || hosts.count < OTHERS_MIN
        || owns < OTHERS_MIN)
        return;
    const struct csv_row *row = week_written(w, lesson->class, lesson->at, &column);
    week_warning(w, row, column,
                 "all other lessons in '%s' are of classes of another stage; those of "
                 "this one have the subject in '%s' (wanted: the right room; leave it "
                 "where it is meant)",
                 id_of(w, lesson), id_of(w, own));
}

/* is_free - nobody is taught in @place at @at of the bells of @stage; those of another
 * stage are a lesson apart at most. */
static bool is_free(const struct week *week, uint32_t place, enum gw_stage stage,
                    struct week_at at)
{
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        const uint32_t apart = week->w->c->classes[other->class].stage != stage;
        if (other->place == place && other->at.weekday == at.weekday
            && other->at.number + apart >= at.number
            && at.number + apart >= other->at.number)
            return false;
    }
    return true;
}

/* grade_room - where the other classes of the grade of @lesson, two or more, have all
 * their lessons of its subject; NOWHERE: there is no such room, or it may not hold them.
 */
static uint32_t grade_room(const struct week *week, const struct taught *lesson)
{
    const struct gw_class *classes = week->w->c->classes;
    const struct gw_class *own = &classes[lesson->class];
    const int grade = name_grade(own->title.zh);
    uint32_t ret = NOWHERE;
    size_t others = 0;
    size_t last = lesson->class;
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        const struct gw_class *of = &classes[other->class];
        if (other->class == lesson->class || other->subject != lesson->subject
            || of->stage != own->stage || name_grade(of->title.zh) != grade)
            continue;
        if (other->place == HOME || (ret != NOWHERE && other->place != ret))
            return NOWHERE;
        ret = other->place;
        others += other->class != last;
        last = other->class;
    }
    if (grade == 0 || others < 2)
        return NOWHERE;
    const uint32_t capacity = week->w->c->places[ret].capacity;
    return capacity > 0 && capacity < own->enrolled ? NOWHERE : ret;
}

/* is_for - nothing but @subject is taught in @room, and that in more than a few lessons.
 */
static bool is_for(const struct week *week, uint32_t room, uint32_t subject)
{
    enum { LESSONS_MIN = 5 };
    size_t lessons = 0;
    for (int stage = 0; stage < GW_STAGES; stage++)
        lessons += *of_stage(week, room, (enum gw_stage)stage);
    return lessons >= LESSONS_MIN && lessons == *of_subject(week, subject, room);
}

/* check_home - a lesson in the class's own room, where the others of its grade have one
 * that is for the subject alone and free then. */
static void check_home(const struct week *week, const struct taught *lesson)
{
    const struct week_reader *w = week->w;
    size_t column = 0;
    const uint32_t room = grade_room(week, lesson);
    if (week_cell(w, lesson->class, lesson->at).place > 0 || room == NOWHERE
        || !is_for(week, room, lesson->subject)
        || !is_free(week, room, w->c->classes[lesson->class].stage, lesson->at))
        return;
    const struct csv_row *row = week_written(w, lesson->class, lesson->at, &column);
    week_warning(w, row, column,
                 "no room stands here, and the other classes of the grade have the "
                 "subject in '%s', which is free then (wanted: subject@room; leave it "
                 "where it is meant)",
                 w->c->places[room].id);
}

/* stage_room - where the first of the other lessons of the subject in the stage is, all
 * of which, more than a few, have a room; NOWHERE: it is not so. */
static uint32_t stage_room(const struct week *week, const struct taught *lesson)
{
    enum { OTHERS_MIN = 5 };
    const struct gw_class *classes = week->w->c->classes;
    uint32_t ret = NOWHERE;
    size_t others = 0;
    for (size_t i = 0; i < week->count; i++) {
        const struct taught *other = &week->items[i];
        if (other == lesson || other->subject != lesson->subject
            || classes[other->class].stage != classes[lesson->class].stage)
            continue;
        if (other->place == HOME)
            return NOWHERE;
        ret = others++ == 0 ? other->place : ret;
    }
    return others >= OTHERS_MIN ? ret : NOWHERE;
}

/* check_staged - the only lesson of the subject in the stage that is in the class's own
 * room, and theirs is free then and holds it.  returns false: it is not so */
static bool check_staged(const struct week *week, const struct taught *lesson)
{
    const struct week_reader *w = week->w;
    const struct gw_class *own = &w->c->classes[lesson->class];
    const uint32_t room = stage_room(week, lesson);
    size_t column = 0;
    if (room == NOWHERE || week_cell(w, lesson->class, lesson->at).place > 0
        || !is_free(week, room, own->stage, lesson->at))
        return false;
    const struct gw_place *place = &w->c->places[room];
    if (place->capacity > 0 && place->capacity < own->enrolled)
        return false;
    const struct csv_row *row = week_written(w, lesson->class, lesson->at, &column);
    week_warning(
        w, row, column,
        "no room stands here, and all other lessons of the subject in the stage "
        "have one, such as '%s', which is free then (wanted: subject@room; leave "
        "it where it is meant)",
        place->id);
    return true;
}

static void check_lesson(const struct week *week, const struct taught *lesson)
{
    const struct gw_campus *c = week->w->c;
    enum gw_stage stage = c->classes[lesson->class].stage;
    bool is_home = lesson->place == HOME;
    if (*of_subject(week, lesson->subject, lesson->place) == 1) {
        const struct others others = others_of(week, lesson);
        if (check_room(week->w, lesson, &others) || check_guest(week, lesson, &others))
            return;
    }
    if (is_home && !check_staged(week, lesson))
        check_home(week, lesson);
    else if (!is_home && *of_stage(week, lesson->place, stage) == 1)
        check_stage(week, lesson);
}

void timetable_places(const struct week_reader *w)
{
    const struct gw_campus *c = w->c;
    struct arena *arena = node_passing(w->src);
    const size_t most = timetable_index(c->class_count, 1, 1, false);
    const size_t pairs = (c->subjects.count + 1) * (c->place_count + 1);
    struct week week = {
        .w = w,
        .items = arena_alloc(arena, (most + 1) * sizeof(*week.items)),
        .subjects = arena_alloc(arena, pairs * sizeof(*week.subjects)),
        .stages =
            arena_alloc(arena, (c->place_count + 1) * GW_STAGES * sizeof(*week.stages)),
    };
    if (!week.items || !week.subjects || !week.stages)
        return;
    for (size_t class = 0; class < c->class_count; class ++)
        add_class(&week, class);
    for (size_t i = 0; i < week.count; i++)
        check_lesson(&week, &week.items[i]);
}
