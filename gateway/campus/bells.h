/* bells.h - the school day of one stage: its phases from midnight to midnight.
 * Immutable once loaded.  Thread: any. */
#ifndef CAMPUS_BELLS_H
#define CAMPUS_BELLS_H

#include "config/schema.h"
#include "gw/campus.h"

/* bell - one stretch [start_s, end_s) of a school day, seconds since midnight.
 * mark  where it is written; no file: a gap */
struct bell {
    enum gw_phase_kind kind;
    int32_t start_s;
    int32_t end_s;
    uint32_t lesson; /* 1.. for lessons, else 0 */
    struct config_mark mark;
};

/* bells - a partition of the day, gaps filled: between two lessons recess, else closed.
 * tail_s      a boarding night goes on so long into the next day
 * is_faulty   some phases were told and are not here: whoever counts lessons would accuse
 *             the timetable of it */
struct bells {
    struct bell *items;
    size_t count;
    int32_t tail_s;
    bool is_faulty;
};

/* bell_kinds - the words for enum gw_phase_kind, NULL-terminated; without holiday. */
extern const char *const bell_kinds[];
extern const struct gw_option bell_options[];

/* season - days of the year, months and days as 100 * month + day, both ends included;
 * from after to = over the turn of the year. */
struct season {
    const char *id;
    int from;
    int to;
    struct config_mark mark;
};

/* seasons - none over another. */
struct seasons {
    struct season *items;
    size_t count;
};

/* bells_load - from the list @node; faults are added.  Lives in the arena. */
void bells_load(struct config_source *src, const struct config_node *node,
                const char *path, struct bells *ret);

/* bells_times - of an item as far as it can be read; its faults are told by who loads
 * it. */
bool bells_times(const struct config_node *item, int32_t *ret_start_s,
                 int32_t *ret_end_s);

/* bells_lessons - how many lessons a day has. */
uint32_t bells_lessons(const struct bells *b);

/* bells_lesson - lesson @number, NULL: the day has no such one. */
const struct bell *bells_lesson(const struct bells *b, uint32_t number);

/* bells_mistaken - what is written as another phase and lasts exactly as long as the
 * first lessons; NULL = there is none. */
const struct bell *bells_mistaken(const struct bells *b);

/* bells_at - the stretch of second @second_s, 0..86399; bells must not be empty. */
const struct bell *bells_at(const struct bells *b, int32_t second_s);

#endif
