/* table.h - rows of text in aligned columns; Chinese characters count two cells. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 12 };

struct table;

/* table_new - @heads: NULL-terminated, of words.h; one that starts with '>' is aligned
 * right.
 * Owner: caller; table_free(). */
int table_new(const char *const *heads, struct table **ret);
struct table *table_free(struct table *t);

/* table_cell - the next cell, row by row; control characters become '?'.
 * returns 0 or -ENOMEM */
int table_cell(struct table *t, const char *text);
int table_format(struct table *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

size_t table_rows(const struct table *t);
void table_print(const struct table *t, FILE *out);

/* table_width - cells that @text takes on a terminal.
 * Source: Unicode Standard Annex 11, wide and fullwidth ranges; marks of zero width */
size_t table_width(const char *text);

#endif
