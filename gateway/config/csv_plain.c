/* csv_plain.c - a table as it was understood, written again. */
#include <string.h>

#include "base/strbuf.h"
#include "config/csv.h"

/* add_cell - in quotes, those in it doubled.  returns its line ends */
static int add_cell(struct strbuf *b, const char *text)
{
    int lines = 0;
    if (!text[0])
        return 0;
    strbuf_add(b, "\"");
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
        strbuf_add_bytes(b, c, 1);
        if (*c == '"')
            strbuf_add(b, "\"");
    }
    strbuf_add(b, "\"");
    return lines;
}

char *csv_plain(const struct csv *csv)
{
    struct strbuf b = {0};
    int line = 1;
    for (size_t i = 0; i < csv->count; i++) {
        const struct csv_row *row = &csv->rows[i];
        for (; line < row->cells[0].mark.line; line++)
            strbuf_add(&b, "\n");
        for (size_t k = 0; k < row->count; k++) {
            strbuf_add(&b, k > 0 ? "," : "");
            line += add_cell(&b, row->cells[k].text);
        }
    }
    strbuf_add(&b, "\n");
    return strbuf_take(&b);
}
