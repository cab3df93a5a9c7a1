/* entry_table.h - a table of entries about days, as an office keeps it: a row an entry
 * (登记,日期,班级,人数,…), or a row a class and day (日期,班级,请假,到校).
 *
 * Every row says its day, so that the table may be sent twice.  Thread: one.
 */
#ifndef CAMPUS_ENTRY_TABLE_H
#define CAMPUS_ENTRY_TABLE_H

#include "campus/entry.h"
#include "config/config.h"
#include "config/sheet.h"

struct entry_origin;

/* entry_table - Owner: list with free(), the rest is the arena's.
 * origins  of each entry of list, where it is written
 * rows     of the table that say something
 * empty    those that have no number, empty_count of them */
struct entry_table {
    struct sheet sheet;
    struct campus_entry_list *list;
    struct entry_origin *origins;
    size_t rows;
    const struct csv_row **empty;
    size_t empty_count;
};

/* entry_table_read - the entries of @csv; slips are faults, and then the list is a trial
 * of what can be read.  returns 0 or -ENOMEM */
int entry_table_read(struct config_source *src, const struct csv *csv,
                     struct entry_table *ret);

/* entry_table_empty - a class of a row without a number that @c has not is a fault. */
void entry_table_empty(const struct entry_table *t, const struct gw_campus *c);

/* entry_table_refused - what campus_enter_list() answered, as faults of their cells. */
void entry_table_refused(const struct entry_table *t, const char *answer);

/* entry_table_doubts - of what is to be entered at @time_us, entry_doubts.h: warnings of
 * their cells.  entry_table_clashes - of what was: of those that put two classes into one
 * room at a time. */
void entry_table_doubts(const struct entry_table *t, const struct gw_campus *c,
                        const struct config *config, int64_t time_us);
void entry_table_clashes(const struct entry_table *t, const struct gw_campus *c,
                         const struct config *config, int64_t time_us);

#endif
