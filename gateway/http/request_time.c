/* request_time.c - moments as people and programs write them. */
#include <string.h>

#include "base/clock.h"
#include "campus/local_time.h"
#include "http/resource.h"
#include "http/server.h"

static bool parse_moment(const struct gw_campus *campus, const char *text,
                         int64_t *ret_us)
{
    int64_t now_us = clock_school_us();
    if (strcmp(text, "today") == 0)
        *ret_us = campus_midnight(campus, now_us, 0);
    else if (strcmp(text, "yesterday") == 0)
        *ret_us = campus_midnight(campus, now_us, -1);
    else
        return clock_parse(text, ret_us) == 0
               || campus_local_time(campus, text, ret_us) == 0;
    return true;
}

bool request_time(const struct request *request, const char *name, int64_t *ret_us,
                  struct reply *reply)
{
    char text[REQUEST_VALUE_MAX];
    struct sources_hold hold;
    if (!request_value(request, name, text))
        return true;
    sources_use(&request->http->sources, &hold);
    bool is_fine = parse_moment(hold.sources.campus, text, ret_us);
    sources_done(&request->http->sources, &hold);
    if (!is_fine)
        reply_problem(reply, 422, NULL,
                      "%s: '%s' is no time (allowed: today, yesterday, 2026-11-23, "
                      "2026-11-23T08:20, 2026-11-23T08:20:00+08:00, with + written %%2B)",
                      name, text);
    return is_fine;
}
