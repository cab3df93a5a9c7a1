/* sheet.h - a table whose first row says what its columns are: a record a row, as
 * classes.csv and rooms.csv.  Thread: one while it loads.
 */
#ifndef CONFIG_SHEET_H
#define CONFIG_SHEET_H

#include "config/exchange.h"

enum { SHEET_COLUMNS_MAX = 16, SHEET_FOLDED_MAX = 256 };

/* sheet_column - what may head it: folded words (text_fold()), ended by NULL; the first
 * is the one that messages name.  "人数(人)" is 人数. */
struct sheet_column {
    const char *const *words;
    bool is_required;
};

/* sheet - at: the column of each of @columns, SIZE_MAX = the table has none. */
struct sheet {
    struct config_source *src;
    const struct csv *csv;
    const struct sheet_column *columns;
    size_t count;
    size_t at[SHEET_COLUMNS_MAX];
};

/* sheet_open - reads the heading of @csv; a column headed "#…" is not read.  Words that
 * head none, columns that are twice or missing and cells under no heading are faults.
 * returns false when no row can be read */
bool sheet_open(struct config_source *src, const struct csv *csv,
                const struct sheet_column *columns, size_t count, struct sheet *ret);

/* sheet_are_exchanged - true, and one fault: two headings stand above what belongs to the
 * other.  traits  by column */
bool sheet_are_exchanged(const struct sheet *s, const struct column_trait *traits,
                         const void *ctx);

/* sheet_at - where @column (an index of columns) stands; the first one for one that is
 * not there. */
size_t sheet_at(const struct sheet *s, size_t column);

/* sheet_cell - its cell of @row; empty where there is no such column. */
struct csv_cell sheet_cell(const struct sheet *s, const struct csv_row *row,
                           size_t column);

/* sheet_fault, sheet_warning - at that cell, named as the spreadsheet does. */
void sheet_fault(const struct sheet *s, const struct csv_row *row, size_t column,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
void sheet_warning(const struct sheet *s, const struct csv_row *row, size_t column,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* sheet_whole - a number min .. max, also in wide digits.  returns false and a fault */
bool sheet_whole(const struct sheet *s, const struct csv_row *row, size_t column,
                 uint32_t min, uint32_t max, uint32_t *ret);

/* sheet_is_date - what spreadsheets make of "3-1": 3月1日, 1-Mar, 2026/3/1. */
bool sheet_is_date(const char *text);

/* sheet_told_date - the cell of the table's column @column that is such a date is a
 * fault, told once: at the first one of the column, with their number.  returns false: it
 * is none */
bool sheet_told_date(struct config_source *src, const struct csv *csv,
                     const struct csv_row *row, size_t column);

/* sheet_doubts_date - a warning, likewise, of what may be one and could be an id as well:
 * 2026-03-01, 46082. */
void sheet_doubts_date(struct config_source *src, const struct csv *csv,
                       const struct csv_row *row, size_t column);

#endif
