#include "gw/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text cut in the middle of a UTF-8 character would no longer be UTF-8. */
static void trim_partial_character(char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0xC0)
        text[start - 1] = '\0';
}

int gw_fail(struct gw_error *err, int code, const char *format, ...)
{
    if (!err)
        return code;
    err->code = code;
    va_list args;
    va_start(args, format);
    int size = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    if (size < 0)
        err->text[0] = '\0';
    else if ((size_t)size >= sizeof(err->text))
        trim_partial_character(err->text, strlen(err->text));
    return code;
}
