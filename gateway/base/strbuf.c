#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for @size more bytes and the NUL. */
static bool reserve(struct strbuf *b, size_t size)
{
    if (b->has_failed || size > SIZE_MAX / 4 - b->used) {
        b->has_failed = true;
        return false;
    }
    size_t needed = b->used + size + 1;
    if (needed <= b->room)
        return true;
    size_t room = b->room ? b->room : 128;
    while (room < needed)
        room *= 2;
    char *text = realloc(b->text, room);
    if (!text) {
        b->has_failed = true;
        return false;
    }
    b->text = text;
    b->room = room;
    return true;
}

void strbuf_add_bytes(struct strbuf *b, const char *bytes, size_t size)
{
    if (!reserve(b, size))
        return;
    if (size)
        memcpy(b->text + b->used, bytes, size);
    b->used += size;
    b->text[b->used] = '\0';
}

void strbuf_add(struct strbuf *b, const char *text)
{
    strbuf_add_bytes(b, text, strlen(text));
}

void strbuf_format(struct strbuf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || !reserve(b, (size_t)size))
        return;
    va_start(args, format);
    (void)vsnprintf(b->text + b->used, (size_t)size + 1, format, args);
    va_end(args);
    b->used += (size_t)size;
}

char *strbuf_take(struct strbuf *b)
{
    char *text = NULL;
    if (reserve(b, 0)) {
        b->text[b->used] = '\0';
        text = b->text;
        b->text = NULL;
    }
    strbuf_free(b);
    return text;
}

void strbuf_clear(struct strbuf *b)
{
    b->used = 0;
    b->has_failed = false;
    if (b->text)
        b->text[0] = '\0';
}

void strbuf_free(struct strbuf *b)
{
    free(b->text);
    *b = (struct strbuf){0};
}
