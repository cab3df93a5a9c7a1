/* entry_columns.h - what stands where in a table of entries.  Thread: any. */
#ifndef CAMPUS_ENTRY_COLUMNS_H
#define CAMPUS_ENTRY_COLUMNS_H

#include "campus/entry_table.h"

enum entry_column {
    COLUMN_DO,
    COLUMN_DAY,
    COLUMN_CLASS,
    COLUMN_COUNT,
    COLUMN_LEAVE,
    COLUMN_ATTENDANCE,
    COLUMN_LESSON,
    COLUMN_WITH,
    COLUMN_WITH_DAY,
    COLUMN_SUBJECT,
    COLUMN_PLACE,
    COLUMN_REASON,
    COLUMN_FROM,
    COLUMN_UNTIL,
    COLUMN_UNDO,
    COLUMNS
};

/* A row of a class and day has leave and attendance. */
enum { ENTRIES_OF_A_ROW = 2 };

/* entry_origin - count: the column that has the number. */
struct entry_origin {
    const struct csv_row *row;
    size_t count;
};

#endif
