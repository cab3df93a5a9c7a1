#include "gw/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

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
    else
        text_mend(err->text);
    return code;
}
