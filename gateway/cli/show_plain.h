/* show_plain.h - any JSON value as lines and tables, for answers of plugins that
 * campusctl has no form of its own for. */
#ifndef CLI_SHOW_PLAIN_H
#define CLI_SHOW_PLAIN_H

#include <jansson.h>
#include <stdio.h>

/* show_plain - a list of objects is a table with their keys above it, an object a line
 * for each key; lists inside stand below, under their names.  Four levels deep. */
void show_plain(const json_t *value, FILE *out);

#endif
