/* subjects.h - what is taught: its names and where it is taught as a rule.
 * Immutable once loaded.  Thread: any. */
#ifndef CAMPUS_SUBJECTS_H
#define CAMPUS_SUBJECTS_H

#include "base/hash.h"
#include "config/schema.h"
#include "gw/campus.h"

/* subject - also: further words for it in a timetable.
 * place     id of the room or ground that it is taught in unless a cell says otherwise,
 *           NULL = the class's own room (kind room), or nobody knows */
struct subject {
    const char *id;
    struct gw_text title;
    enum gw_subject_kind kind;
    const char *place;
    struct gw_strings also;
};

struct subjects {
    struct subject *items;
    size_t count;
    struct text_map *names; /* folded: ids, titles and further words */
};

extern const struct gw_option subject_options[];

/* subjects_load - the list @node; faults are added.  returns 0 or -ENOMEM
 * Owner: names with text_map_free(), the rest is the arena's */
int subjects_load(struct config_source *src, const struct config_node *node,
                  struct subjects *ret);

#endif
