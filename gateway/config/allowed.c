#include <stdarg.h>
#include <string.h>

#include "config/quantity.h"
#include "config/value.h"

/* How a type is told in a fault, and in short in the manual. */
static const struct {
    const char *sentence;
    const char *word;
} forms[] = {
    [GW_OPT_BOOL] = {"true or false", "true or false"},
    [GW_OPT_INT] = {"a whole number", "whole"},
    [GW_OPT_UINT] = {"a whole number from 0", "whole"},
    [GW_OPT_NUMBER] = {"a number", "number"},
    [GW_OPT_SHARE] = {"a share such as 80%", "share"},
    [GW_OPT_STRING] = {"a text", "text"},
    [GW_OPT_ID] = {"an id of letters, digits, '.', '_' and '-', at most 63", "id"},
    [GW_OPT_TEXT] = {"a text, or {zh: …, en: …}", "text or {zh, en}"},
    [GW_OPT_ENUM] = {"", ""},
    [GW_OPT_DURATION] = {"a duration such as 300ms, 5s, 10min, 2h, 3d", "duration"},
    [GW_OPT_CLOCK] = {"a time of day such as \"08:20\"", "clock"},
    [GW_OPT_STRINGS] = {"a list of texts", "texts"},
    [GW_OPT_NUMBERS] = {"a list of numbers", "numbers"},
    [GW_OPT_MAP] = {"a mapping of names to numbers", "names: numbers"},
    [GW_OPT_NODE] = {"a mapping or a list", "see below"},
    [GW_OPT_PATH] = {"a path", "path"},
    [GW_OPT_FILE] = {"the path of a file", "path"},
};
static void append(char *ret, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char *ret, size_t size, const char *format, ...)
{
    size_t used = strlen(ret);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(ret + used, size - used, format, args); /* cut off is fine */
    va_end(args);
}

/* @faults: in whose language; NULL = the manual's */
static const char *say(const struct config_faults *faults, const char *english)
{
    return faults ? config_faults_say(faults, english) : english;
}

static void append_bounds(const struct config_faults *faults,
                          const struct gw_option *option, char *ret, size_t size)
{
    char low[32];
    char high[32];

    if (option->min == 0 && option->max == 0)
        return;
    switch (option->type) {
    case GW_OPT_DURATION:
        quantity_duration_text((int64_t)option->min, low, sizeof(low));
        quantity_duration_text((int64_t)option->max, high, sizeof(high));
        append(ret, size, ", %s..%s", low, high);
        break;
    case GW_OPT_SHARE:
        append(ret, size, ", %g%%..%g%%", option->min * 100, option->max * 100);
        break;
    case GW_OPT_STRINGS:
    case GW_OPT_NUMBERS:
    case GW_OPT_MAP:
        append(ret, size, ", %g..%g%s", option->min, option->max,
               say(faults, " of them"));
        break;
    case GW_OPT_PATH:
    case GW_OPT_FILE:
        append(ret, size, "%s%g..%g%s", say(faults, " of "), option->min, option->max,
               say(faults, " bytes"));
        break;
    default:
        append(ret, size, ", %.15g..%.15g", option->min, option->max);
        break;
    }
}

static void append_choices(const struct gw_option *option, char *ret, size_t size)
{
    for (size_t i = 0; option->type == GW_OPT_ENUM && option->choices[i]; i++)
        append(ret, size, "%s%s", i ? ", " : "", option->choices[i]);
}

void value_allowed(const struct config_faults *faults, const struct gw_option *option,
                   char *ret, size_t size)
{
    bool is_bounded = option->type == GW_OPT_UINT && option->max > 0;

    *ret = '\0';
    append(ret, size, "%s",
           say(faults, forms[is_bounded ? GW_OPT_INT : option->type].sentence));
    append_choices(option, ret, size);
    append_bounds(faults, option, ret, size);
}

void value_allowed_brief(const struct gw_option *option, char *ret, size_t size)
{
    *ret = '\0';
    append(ret, size, "%s", forms[option->type].word);
    append_choices(option, ret, size);
    append_bounds(NULL, option, ret, size);
}
