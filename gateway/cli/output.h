/* output.h - the file that a command writes, which gets its name when it is whole.
 *
 * Only a regular file is ever replaced; a character device or FIFO is written to as it
 * is.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "gw/error.h"

/* output - to @stream; Owner: caller, output_close().
 * part  what bears the name until then; NULL = @file itself */
struct output {
    const char *file;
    char *part;
    FILE *stream;
};

/* output_open - @file is borrowed.  returns 0; -EEXIST: something is there that is not
 * replaced; or -errno */
int output_open(const char *file, struct output *ret, struct gw_error *err);

/* output_close - @is_whole: it takes its name; else what was there stays.  0 or -errno */
int output_close(struct output *o, bool is_whole, struct gw_error *err);

#endif
