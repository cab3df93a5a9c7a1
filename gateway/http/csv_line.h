/* csv_line.h - rows of a table as RFC 4180 has them, for programs and for Excel.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe in front.
 * Source: RFC 4180, section 2; OWASP, "CSV Injection".  Thread: one owner. */
#ifndef HTTP_CSV_LINE_H
#define HTTP_CSV_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* csv_line - zero-initialise; one row after the other. */
struct csv_line {
    struct strbuf *out;
    bool has_cell;
};

void csv_line_text(struct csv_line *row, const char *text); /* NULL = an empty cell */
void csv_line_number(struct csv_line *row, double value);   /* NAN = an empty cell */
void csv_line_end(struct csv_line *row);

#endif
