/* csv.h - a table as a spreadsheet exports it: rows of cells, each with where it stood.
 *
 * Commas, semicolons or tabs, whichever the first row has most of; quotes as in RFC
 * 4180, a line of "sep=;" on top as Excel writes it.  UTF-8 with or without a mark, else
 * UTF-16 (Excel's "Unicode text") or GB18030 (Excel's CSV in a Chinese Windows).  Blank
 * rows, rows that begin with '#' and what stands in columns headed so are left out:
 * nothing of them is kept, for people may be named there.  Thread: one while it loads,
 * then any.
 */
#ifndef CONFIG_CSV_H
#define CONFIG_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema.h"

enum {
    CSV_SIZE_MAX = 1 << 20,
    CSV_ROWS_MAX = 5000,
    CSV_COLUMNS_MAX = 256,
    CSV_CELL_MAX = 200
};

/* What is said of a row that is one cell, its text. */
#define CSV_OTHER_SIGN                                                            \
    "this row's cells are parted by another sign than the heading's: '%.80s' is " \
    "one cell (allowed: one sign in the whole table)"

/* csv_cell - without the blanks around it; never NULL. */
struct csv_cell {
    const char *text;
    struct config_mark mark;
};

/* csv_row - number: as the spreadsheet shows it, 1.. */
struct csv_row {
    struct csv_cell *cells;
    size_t count;
    uint32_t number;
};

struct csv {
    const char *file; /* as the user would open it */
    const char *name; /* the same without folder and ending, for paths */
    struct csv_row *rows;
    size_t count;
    bool is_torn;        /* rows are missing, and were told */
    uint64_t hash;       /* of csv_plain() */
    const char *version; /* "24 rows, 3f5a…": another one when what is read is other */
};

/* csv_parse - @text of @size bytes; @file stands in the marks.  Slips are faults, and
 * reading goes on behind them.  returns NULL when nothing of it can be used (fault added)
 * Owner: the arena */
const struct csv *csv_parse(struct config_source *src, const char *file, const char *text,
                            size_t size);

/* csv_cell_at - of row @row (an index); beyond its end an empty cell at the row's end. */
struct csv_cell csv_cell_at(const struct csv_row *row, size_t column);

/* csv_plain - what is read of @csv, as a table again, each row in its line.  Read once
 * more it is the same.  returns NULL: out of memory.  Owner: caller; free() */
char *csv_plain(const struct csv *csv);

/* csv_version - of @csv; NULL for none. */
const char *csv_version(const struct csv *csv);

/* csv_path - "timetable.D4": the cell as spreadsheets name it; lives in the arena. */
const char *csv_path(struct config_source *src, const struct csv *csv,
                     const struct csv_row *row, size_t column);

/* csv_path_at - of the cell that stood at @mark; the table's name where none did. */
const char *csv_path_at(struct config_source *src, const struct csv *csv,
                        struct config_mark mark);

/* csv_is_workbook - the first bytes of .xlsx, .et or .xls files. */
bool csv_is_workbook(const char *text, size_t size);

/* csv_utf8 - @text as UTF-8 in the arena, without a mark; the text itself where it is so.
 * @ret_encoding: what it was.  returns NULL: none of those that are known, from byte
 * @ret_bad on
 * Errors: also out of memory, and a system without the tables */
const char *csv_utf8(struct config_source *src, const char *text, size_t size,
                     size_t *ret_size, const char **ret_encoding, size_t *ret_bad);

/* csv_is_comment - @text, the first of a row or a heading, says that nobody reads it: it
 * begins with #.  Not so what a spreadsheet writes for a cell that it could not reckon
 * (#REF!) or show (########). */
bool csv_is_comment(const char *text);

#endif
