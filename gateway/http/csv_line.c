#include "http/csv_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void begin_cell(struct csv_line *row)
{
    if (row->has_cell)
        strbuf_add(row->out, ",");
    row->has_cell = true;
}

static bool is_number(const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    return end != text && !*end && isfinite(value);
}

static bool is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text) && !is_number(text);
}

void csv_line_text(struct csv_line *row, const char *text)
{
    begin_cell(row);
    if (!text || !*text)
        return;
    bool is_guarded = is_formula(text);
    bool is_quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (is_quoted)
        strbuf_add(row->out, "\"");
    if (is_guarded)
        strbuf_add(row->out, "'");
    for (const char *c = text; *c;) {
        size_t plain = strcspn(c, "\"");
        strbuf_add_bytes(row->out, c, plain);
        c += plain;
        if (*c) {
            strbuf_add(row->out, "\"\"");
            c++;
        }
    }
    if (is_quoted)
        strbuf_add(row->out, "\"");
}

/* As many digits as in the API's JSON. */
void csv_line_number(struct csv_line *row, double value)
{
    begin_cell(row);
    if (isfinite(value))
        strbuf_format(row->out, "%.12g", value);
}

void csv_line_end(struct csv_line *row)
{
    strbuf_add(row->out, "\r\n");
    row->has_cell = false;
}
