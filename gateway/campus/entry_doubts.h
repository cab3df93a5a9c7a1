/* entry_doubts.h - entries that are possible and hardly meant: whoever entered one is
 * told, and it stands.
 */
#ifndef CAMPUS_ENTRY_DOUBTS_H
#define CAMPUS_ENTRY_DOUBTS_H

#include "campus/entry.h"
#include "config/config.h"

/* entry_doubts - of @entry, given at @time_us and not yet in the day book: it changes
 * nothing, has a class taught where none is or has no room, or what its grade is not, has
 * more present than there are, or exempts while the school is closed.
 * ret  its is_chinese is the entry's
 * Thread: any */
void entry_doubts(const struct gw_campus *c, const struct config *config,
                  const struct campus_entry *entry, int64_t time_us,
                  struct entry_refusals *ret);

/* entry_doubt_again - of an entry that is no row of a table, which may come twice: that
 * the two lessons were exchanged already, and are now as before. */
void entry_doubt_again(const struct gw_campus *c, const struct campus_entry *entry,
                       int64_t time_us, struct entry_refusals *ret);

#endif
