#include "ingest/array_text.h"

#include <inttypes.h>

void array_text_add(struct strbuf *list, const char *text)
{
    strbuf_add(list, list->used == 0 ? "{\"" : ",\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            strbuf_add(list, "\\");
        strbuf_add_bytes(list, c, 1);
    }
    strbuf_add(list, "\"");
}

void array_text_add_number(struct strbuf *list, int64_t number)
{
    strbuf_format(list, "%c%" PRId64, list->used == 0 ? '{' : ',', number);
}

void array_text_end(struct strbuf *list)
{
    strbuf_add(list, list->used == 0 ? "{}" : "}");
}
