/* copy_row.h - rows as PostgreSQL's binary COPY reads them.  Thread: one owner. */
#ifndef INGEST_COPY_ROW_H
#define INGEST_COPY_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* copy_begin - the header, once; copy_end - the trailer. */
void copy_begin(struct strbuf *out);
void copy_end(struct strbuf *out);

/* copy_row - a row of @fields fields; as many of the others follow. */
void copy_row(struct strbuf *out, int fields);

void copy_null(struct strbuf *out);
void copy_text(struct strbuf *out, const char *text);
void copy_bigint(struct strbuf *out, int64_t value);
void copy_jsonb(struct strbuf *out, const char *text, size_t size);

/* copy_time - timestamptz; copy_month - the date of the first day of @time_us's month in
 * UTC.  Microseconds since 1970. */
void copy_time(struct strbuf *out, int64_t time_us);
void copy_month(struct strbuf *out, int64_t time_us);

#endif
