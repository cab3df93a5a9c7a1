/* entry_counts.h - numbers of leave and attendance that are hardly meant, as only the
 * table shows them.  Thread: any.
 */
#ifndef CAMPUS_ENTRY_COUNTS_H
#define CAMPUS_ENTRY_COUNTS_H

#include "campus/entry_table.h"
#include "campus/school.h"

/* entry_counts_doubt - of a table that has both columns: numbers that are exchanged or
 * far too small; and of one without the column 登记 a row whose day is another one. */
void entry_counts_doubt(const struct entry_table *t, const struct gw_campus *c);

#endif
