#include "campus/entry_clash.h"

#include <string.h>

#include "campus/civil.h"
#include "campus/names.h"
#include "campus/school.h"
#include "campus/timetable.h"

/* day_lessons - of one class on one day. */
struct day_lessons {
    struct gw_lesson items[TIMETABLE_LESSONS_MAX];
    size_t count;
};

static struct day_lessons lessons_of(const struct gw_campus *c, const char *class_id,
                                     int64_t noon_us)
{
    struct day_lessons ret;
    ret.count = gw_campus_lessons(c, class_id, noon_us, ret.items, TIMETABLE_LESSONS_MAX);
    if (ret.count > TIMETABLE_LESSONS_MAX)
        ret.count = TIMETABLE_LESSONS_MAX;
    return ret;
}

/* room_of - the room that @lesson has to itself, NULL = none. */
static const char *room_of(const struct gw_campus *c, const struct config *config,
                           const struct gw_lesson *lesson)
{
    const struct gw_place *place =
        lesson->place_id ? gw_campus_place(c, lesson->place_id) : NULL;
    return place && place_is_single(config, place, lesson->subject_kind) ? place->id
                                                                         : NULL;
}

/* guest - the lesson that class @class_id has in @room while @lesson lasts. */
static bool guest(const struct gw_campus *c, const struct config *config,
                  const struct gw_lesson *lesson, const char *room, const char *class_id,
                  int64_t noon_us, uint32_t *ret_number)
{
    const struct day_lessons others = lessons_of(c, class_id, noon_us);
    for (size_t i = 0; i < others.count; i++) {
        const struct gw_lesson *other = &others.items[i];
        const char *its = room_of(c, config, other);
        if (!its || strcmp(its, room) != 0 || other->start_us >= lesson->end_us
            || lesson->start_us >= other->end_us)
            continue;
        *ret_number = other->number;
        return true;
    }
    return false;
}

/* clash_at - of lesson @number of class @class_id on @day. */
static bool clash_at(const struct gw_campus *c, const struct config *config,
                     const char *class_id, int64_t day, uint32_t number,
                     struct entry_clash *ret)
{
    int64_t noon_us = school_time(c, day, CIVIL_DAY_S / 2);
    const struct day_lessons own = lessons_of(c, class_id, noon_us);
    size_t at = 0;
    while (at < own.count && own.items[at].number != number)
        at++;
    const char *room = at < own.count ? room_of(c, config, &own.items[at]) : NULL;
    for (size_t i = 0; room && i < c->class_count; i++) {
        const char *other = c->classes[i].id;
        if (strcmp(other, class_id) == 0
            || !guest(c, config, &own.items[at], room, other, noon_us, &ret->lesson))
            continue;
        ret->room = room;
        ret->class_id = other;
        ret->day = day;
        return true;
    }
    return false;
}

size_t entry_clashes(const struct gw_campus *c, const struct config *config,
                     const struct campus_entry *entry, int64_t time_us,
                     struct entry_clash ret[ENTRY_CLASHES_MAX])
{
    int64_t day = entry->day == ENTRY_TODAY ? school_day(c, time_us) : entry->day;
    int64_t with_day = entry->with_day == ENTRY_TODAY ? day : entry->with_day;
    uint32_t class = name_get(c->class_names, entry->class_id);
    size_t count = 0;
    if (entry->kind != ENTRY_SWAP || entry->is_undo || class == UINT32_MAX)
        return 0;
    const char *id = c->classes[class].id;
    if (clash_at(c, config, id, day, entry->lesson, &ret[count]))
        ret[count++].key = ENTRY_KEY_LESSON;
    if (entry->with > 0 && clash_at(c, config, id, with_day, entry->with, &ret[count]))
        ret[count++].key = ENTRY_KEY_WITH;
    return count;
}
