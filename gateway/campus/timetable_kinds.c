/* timetable_kinds.c - rooms whose kind is not that of what is taught in them. */
#include <string.h>

#include "campus/timetable_read.h"

/* HOMES_MIN: so many classes are at home in rooms of one kind before another is odd. */
enum { HOMES_MIN = 5, ALIKE_MIN = 3 };

/* homes_of - how many classes are at home in a room of @kind. */
static size_t homes_of(const struct gw_campus *c, const char *kind)
{
    size_t homes = 0;
    for (size_t i = 0; i < c->place_count; i++)
        homes += c->places[i].class_id && strcmp(c->places[i].kind, kind) == 0;
    return homes;
}

/* usual_kind - of the rooms in which most classes are at home, or NULL. */
static const char *usual_kind(const struct gw_campus *c)
{
    for (size_t i = 0; i < c->place_count; i++) {
        const char *kind = c->places[i].kind;
        size_t homes = c->places[i].class_id ? homes_of(c, kind) : 0;
        if (homes >= HOMES_MIN && 2 * homes > c->class_count)
            return kind;
    }
    return NULL;
}

/* written - where @key of @place was.
 * returns  its path; NULL = nowhere */
static const char *written(const struct week_reader *w, const struct gw_place *place,
                           const char *key, struct config_mark *ret)
{
    const struct config_node *list = config_child(w->config->campus, "places");
    for (size_t i = 0; i < config_count(list); i++) {
        const struct config_node *item = config_item(list, i);
        const char *id = config_scalar(config_child(item, "id"));
        if (!id || strcmp(id, place->id) != 0)
            continue;
        *ret = config_where(config_child(item, key));
        return config_path_item(w->src, "places", item, i);
    }
    return NULL;
}

static const char *title_of(const struct week_reader *w, const char *kind)
{
    const struct config_kind *of = config_kind(w->config, kind, NULL);
    return of && config_faults_is_chinese(w->src->faults) ? of->title.zh : kind;
}

/* is_begun_alike - the titles begin with the same, up to the last digits of both:
 * 小学楼103 and 小学楼201. */
static bool is_begun_alike(const struct gw_place *a, const struct gw_place *b)
{
    static const char digits[] = "0123456789";
    const char *left = a->title.zh;
    const char *right = b->title.zh;
    size_t same = strcspn(left, digits);
    return same > 0 && left[same] && strcspn(right, digits) == same && right[same]
           && strncmp(left, right, same) == 0;
}

/* check_home - the room of one class is of another kind than those of all others, and has
 * a name as theirs. */
static void check_home(const struct week_reader *w, const struct gw_place *place,
                       const char *usual)
{
    const struct gw_campus *c = w->c;
    struct config_mark mark;
    size_t alike = 0;
    size_t homes = 0;
    for (size_t i = 0; i < c->place_count; i++) {
        const struct gw_place *other = &c->places[i];
        homes += other->class_id != NULL;
        alike += other->class_id && strcmp(other->kind, usual) == 0
                 && is_begun_alike(place, other);
    }
    const char *path = written(w, place, "kind", &mark);
    const struct config_kind *kind = config_kind(w->config, place->kind, NULL);
    if (path && kind && kind->is_home && alike >= ALIKE_MIN
        && homes_of(c, usual) + 1 == homes)
        config_warning(w->src->faults, mark, path,
                       "'%s' is a %s, and the rooms of all other classes are each a %s "
                       "(wanted: the same; leave it where it is meant)",
                       place->id, title_of(w, place->kind), title_of(w, usual));
}

/* is_taught - class @class has a lesson in the room @place.
 * ret_subject  of which one, plus one; 0 = none yet
 * ret_is_one   false = of several */
static bool is_taught(const struct week_reader *w, size_t class, uint32_t place,
                      uint32_t *ret_subject, bool *ret_is_one)
{
    bool is_there = false;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int is_even = 0; is_even <= 1; is_even++) {
                const struct week_at at = {weekday, number, is_even};
                const uint32_t subject = week_cell(w, class, at).subject;
                if (week_room(w, class, at) != place)
                    continue;
                *ret_is_one &= *ret_subject == 0 || *ret_subject == subject;
                *ret_subject = subject;
                is_there = true;
            }
    return is_there;
}

/* check_guests - a class is at home in a room of another kind than the others, and these
 * are taught there, too. */
static void check_guests(const struct week_reader *w, uint32_t place)
{
    enum { CLASSES_MIN = 3 };
    const struct gw_place *room = &w->c->places[place];
    struct config_mark mark;
    uint32_t ignored = 0;
    bool is_ignored = true;
    size_t classes = 0;
    for (size_t class = 0; class < w->c->class_count; class ++)
        classes += strcmp(w->c->classes[class].id, room->class_id) != 0
                   && is_taught(w, class, place, &ignored, &is_ignored);
    const char *path = written(w, room, "class", &mark);
    if (path && classes >= CLASSES_MIN)
        config_warning(w->src->faults, mark, path,
                       "'%s', a %s, is the room of class '%s', and %zu more classes are "
                       "taught there (wanted: a room of its own; leave it where it is "
                       "meant)",
                       room->id, title_of(w, room->kind), room->class_id, classes);
}

/* check_special - a room of the kind of classrooms, in which no class is at home and
 * several are taught one subject. */
static void check_special(const struct week_reader *w, uint32_t place)
{
    enum { CLASSES_MIN = 3 };
    const struct gw_place *room = &w->c->places[place];
    struct config_mark mark;
    uint32_t subject = 0;
    size_t classes = 0;
    bool is_one = true;
    for (size_t class = 0; class < w->c->class_count; class ++)
        classes += is_taught(w, class, place, &subject, &is_one);
    const char *path = written(w, room, "kind", &mark);
    if (!path || classes < CLASSES_MIN || !is_one)
        return;
    const struct gw_text *title = &w->c->subjects.items[subject - 1].title;
    config_warning(w->src->faults, mark, path,
                   "'%s' is a %s, no class is at home there, and %zu classes are taught "
                   "'%s' there (wanted: the kind of a special room; leave it where it is "
                   "meant)",
                   room->id, title_of(w, room->kind), classes,
                   config_faults_is_chinese(w->src->faults) ? title->zh : title->en);
}

void timetable_kinds(const struct week_reader *w)
{
    const char *usual = usual_kind(w->c);
    for (uint32_t i = 0; usual && i < w->c->place_count; i++) {
        const struct gw_place *place = &w->c->places[i];
        bool is_usual = strcmp(place->kind, usual) == 0;
        if (is_usual && !place->class_id)
            check_special(w, i);
        if (is_usual || !place->class_id)
            continue;
        check_home(w, place, usual);
        check_guests(w, i);
    }
}
