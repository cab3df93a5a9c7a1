#include "cli/show_field.h"

#include <stdio.h>
#include <string.h>

const char *field_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && *text ? text : "-";
}

json_int_t field_count(const json_t *object, const char *key)
{
    return (json_int_t)json_number_value(json_object_get(object, key));
}

const char *field_clock(const json_t *object, const char *key, const char *now,
                        char ret[FIELD_CLOCK_MAX])
{
    enum { DATE = 10, CLOCK = 8, CLOCK_AT = 11 };
    const char *time = field_text(object, key);
    if (strlen(time) < CLOCK_AT + CLOCK)
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%s", "-");
    else if (now && strncmp(time, now, DATE) != 0)
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%.*s %.*s", DATE, time, CLOCK,
                       time + CLOCK_AT);
    else
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%.*s", CLOCK, time + CLOCK_AT);
    return ret;
}

const char *field_span(json_int_t seconds, char ret[FIELD_CLOCK_MAX])
{
    long long s = seconds;
    if (s >= 86400)
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%lld d %lld h", s / 86400,
                       s % 86400 / 3600);
    else if (s >= 3600)
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%lld h %lld min", s / 3600, s % 3600 / 60);
    else if (s >= 60)
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%lld min", s / 60);
    else
        (void)snprintf(ret, FIELD_CLOCK_MAX, "%lld s", s);
    return ret;
}
