/* entry_doubts.h - entries that are possible and hardly meant: whoever entered one is
 * told, and it stands.
 */
#ifndef CAMPUS_ENTRY_DOUBTS_H
#define CAMPUS_ENTRY_DOUBTS_H

#include "campus/entry.h"
#include "config/config.h"

/* entry_doubts - of @entry, given at @time_us and not yet in the day book: it changes
 * nothing, has a class taught where none is or has no room, or what its grade is not, or
 * has more present than there are.
 * ret  its is_chinese is the entry's
 * Thread: any */
void entry_doubts(const struct gw_campus *c, const struct config *config,
                  const struct campus_entry *entry, int64_t time_us,
                  struct entry_refusals *ret);

#endif
