/* array_text.h - a list as PostgreSQL's text form of an array, for one parameter of a
 * statement.  Thread: one owner.
 */
#ifndef INGEST_ARRAY_TEXT_H
#define INGEST_ARRAY_TEXT_H

#include <stdint.h>

#include "base/strbuf.h"

/* The list begins with its first element; array_text_end() also of an empty one. */
void array_text_add(struct strbuf *list, const char *text);
void array_text_add_number(struct strbuf *list, int64_t number);
void array_text_end(struct strbuf *list);

#endif
