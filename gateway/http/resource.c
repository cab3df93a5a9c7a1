#include "http/resource.h"

#include <math.h>
#include <microhttpd.h>

#include "base/clock.h"

bool request_value(const struct request *request, const char *name,
                   char ret[REQUEST_VALUE_MAX])
{
    const char *value =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
    return value && route_decode(value, ret, REQUEST_VALUE_MAX);
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
