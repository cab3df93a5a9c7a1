/* entry_judge.h - one entry against a day book.  For entry*.c only. */
#ifndef CAMPUS_ENTRY_JUDGE_H
#define CAMPUS_ENTRY_JUDGE_H

#include "campus/day_book.h"
#include "campus/entry.h"

/* entry_judge - judges @entry at @time_us and writes it into @book, which is @c's or a
 * copy of it; as campus_enter().
 * ret_key  the key that a refusal is about, "count" */
int entry_judge(const struct gw_campus *c, struct day_book *book,
                const struct campus_entry *entry, int64_t time_us, struct entry_days *ret,
                const char **ret_key, struct gw_error *err);

#endif
