/* entry_judge.h - one entry against a day book.  For entry*.c only. */
#ifndef CAMPUS_ENTRY_JUDGE_H
#define CAMPUS_ENTRY_JUDGE_H

#include "campus/day_book.h"
#include "campus/entry.h"

/* entry_judge - judges @entry at @time_us and, where nothing speaks against it, writes it
 * into @book, which is @c's or a copy of it.
 * refusals  why not
 * returns 0 (also when it is refused), -ENOSPC or -ENOMEM */
int entry_judge(const struct gw_campus *c, struct day_book *book,
                const struct campus_entry *entry, int64_t time_us, struct entry_days *ret,
                struct entry_refusals *refusals, struct gw_error *err);

/* entry_judge_sum - of leave or attendance that is in @book: both together are no more
 * than the class has. */
void entry_judge_sum(const struct gw_campus *c, struct day_book *book,
                     const struct campus_entry *entry, int64_t time_us,
                     struct entry_refusals *refusals);

/* entry_judge_class - the class that @text is the id or title of, "" = none is asked for.
 * returns NULL: there is none, and @refusals says why */
const struct gw_class *entry_judge_class(const struct gw_campus *c, const char *text,
                                         struct entry_refusals *refusals);

#endif
