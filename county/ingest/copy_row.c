#include "ingest/copy_row.h"

#include <endian.h>
#include <string.h>
#include <time.h>

/* PostgreSQL counts from 2000-01-01. */
enum { EPOCH_DAYS = 10957, DAY_S = 86400 };

static const int64_t epoch_us = INT64_C(946684800000000);

static void add_16(struct strbuf *out, int16_t value)
{
    const uint16_t big = htobe16((uint16_t)value);
    strbuf_add_bytes(out, (const char *)&big, sizeof(big));
}

static void add_32(struct strbuf *out, int32_t value)
{
    const uint32_t big = htobe32((uint32_t)value);
    strbuf_add_bytes(out, (const char *)&big, sizeof(big));
}

static void add_64(struct strbuf *out, int64_t value)
{
    const uint64_t big = htobe64((uint64_t)value);
    strbuf_add_bytes(out, (const char *)&big, sizeof(big));
}

void copy_begin(struct strbuf *out)
{
    static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    strbuf_add_bytes(out, header, 19);
}

void copy_end(struct strbuf *out)
{
    add_16(out, -1);
}

void copy_row(struct strbuf *out, int fields)
{
    add_16(out, (int16_t)fields);
}

void copy_null(struct strbuf *out)
{
    add_32(out, -1);
}

void copy_text(struct strbuf *out, const char *text)
{
    size_t size = strlen(text);
    add_32(out, (int32_t)size);
    strbuf_add_bytes(out, text, size);
}

void copy_bigint(struct strbuf *out, int64_t value)
{
    add_32(out, 8);
    add_64(out, value);
}

void copy_jsonb(struct strbuf *out, const char *text, size_t size)
{
    static const char version = 1;
    add_32(out, (int32_t)size + 1);
    strbuf_add_bytes(out, &version, 1);
    strbuf_add_bytes(out, text, size);
}

void copy_time(struct strbuf *out, int64_t time_us)
{
    copy_bigint(out, time_us - epoch_us);
}

void copy_month(struct strbuf *out, int64_t time_us)
{
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm utc;
    (void)gmtime_r(&seconds, &utc);
    add_32(out, 4);
    add_32(out, (int32_t)(seconds / DAY_S) - (utc.tm_mday - 1) - EPOCH_DAYS);
}
