#include "http/resource.h"

#include <math.h>
#include <microhttpd.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/language.h"

bool request_value(const struct request *request, const char *name,
                   char ret[REQUEST_VALUE_MAX])
{
    const char *value =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
    return value && route_decode(value, ret, REQUEST_VALUE_MAX);
}

bool request_is_chinese(const struct request *request)
{
    return language_accepts_chinese(MHD_lookup_connection_value(
        request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
}

const struct point_entry *resource_point(const struct request *request,
                                         const struct http_sources *sources)
{
    const struct point_entry *entry = point_table_named(sources->points, request->item);
    char *end = NULL;
    unsigned long id = strtoul(request->item, &end, 10);
    if (!entry && !*end && id < UINT32_MAX)
        entry = point_table_find(sources->points, (uint32_t)id);
    return entry;
}

json_t *resource_time(int64_t time_us, int offset_s)
{
    if (time_us == GW_TIME_NONE)
        return json_null();
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, offset_s, text);
    return json_string(text);
}

json_t *resource_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *resource_title(const struct gw_text *text)
{
    const char *zh = text->zh ? text->zh : text->en;
    const char *en = text->en ? text->en : text->zh;
    return zh ? json_pack("{s:s, s:s}", "zh", zh, "en", en) : json_null();
}

json_t *resource_string(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}
