/* entry_clash.h - changed lessons that put two classes into one room at a time.  Classes
 * may be taught together: whoever entered it is told, and it stands.
 */
#ifndef CAMPUS_ENTRY_CLASH_H
#define CAMPUS_ENTRY_CLASH_H

#include "campus/entry.h"
#include "config/config.h"

enum { ENTRY_CLASHES_MAX = 2 };

/* What is said of one: the room, the other class and its lesson. */
#define ENTRY_CLASH_FORMAT                                                       \
    "'%s' is taught in then by class '%s' in lesson %u (wanted: one class in a " \
    "room at a time, unless they are taught together)"

/* entry_clash - class @class_id has lesson @lesson of @day in @room, too; @key of the
 * entry is about it. */
struct entry_clash {
    enum entry_key key;
    const char *room;
    const char *class_id;
    int64_t day;
    uint32_t lesson;
};

/* entry_clashes - of @entry, given at @time_us and in the day book already; how many.
 * Thread: any */
size_t entry_clashes(const struct gw_campus *c, const struct config *config,
                     const struct campus_entry *entry, int64_t time_us,
                     struct entry_clash ret[ENTRY_CLASHES_MAX]);

#endif
