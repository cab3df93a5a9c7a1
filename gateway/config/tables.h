/* tables.h - the files of an office beside campus.yaml.  Thread: any. */
#ifndef CONFIG_TABLES_H
#define CONFIG_TABLES_H

#include <stdbool.h>

/* table_is_read - @name is classes.csv, rooms.csv or timetable.csv. */
bool table_is_read(const char *name);

/* table_plain - the table @path as csv_plain() has it.
 * returns  0, -EBADMSG: nothing of it can be read, or -ENOMEM
 * Owner:   caller; free() */
int table_plain(const char *path, char **ret);

#endif
