#include "http/route.h"

#include <string.h>

#include "http/resource.h"

static const char *const roles[ROLES] = {"none",   "viewer",   "guard",
                                         "leader", "engineer", "admin"};

const char *role_name(enum role role)
{
    return roles[role];
}

static const char *const no_query[] = {NULL};
static const char *const points_query[] = {"glob", NULL};
static const char *const history_query[] = {"from",  "to",     "limit",
                                            "level", "format", NULL};
static const char *const export_query[] = {"from", "to", "point", "excel", NULL};
static const char *const alarms_query[] = {"all", NULL};
static const char *const calendar_query[] = {"day", NULL};
static const char *const facts_query[] = {"kind", "object", "before", "limit", NULL};
static const char *const table_query[] = {"file", "by", NULL};
static const char *const command_query[] = {"target", NULL};

/* Longer paths before their prefixes: the first row that matches serves. */
static const struct route routes[] = {
    {"GET", "/", no_query, ROLE_VIEWER, false, false, page_answer},
    {"GET", "/ui/{}", no_query, ROLE_VIEWER, false, false, page_file_answer},
    {"GET", "/healthz", no_query, ROLE_VIEWER, false, false, health_answer},
    {"GET", "/metrics", no_query, ROLE_VIEWER, false, false, metrics_answer},
    {"GET", "/api/v1/status", no_query, ROLE_VIEWER, false, false, status_answer},
    {"GET", "/api/v1/places", no_query, ROLE_VIEWER, false, false, places_answer},
    {"GET", "/api/v1/points", points_query, ROLE_VIEWER, false, false, points_answer},
    {"GET", "/api/v1/points/{}/history", history_query, ROLE_VIEWER, true, false,
     history_answer},
    {"GET", "/api/v1/export/{}", export_query, ROLE_VIEWER, true, false, export_answer},
    {"POST", "/api/v1/points/{}/write", no_query, ROLE_ENGINEER, false, false,
     write_post},
    {"GET", "/api/v1/alarms", alarms_query, ROLE_VIEWER, false, false, alarms_answer},
    {"POST", "/api/v1/alarms/{}", no_query, ROLE_GUARD, false, false, action_post},
    {"GET", "/api/v1/devices", no_query, ROLE_VIEWER, false, false, devices_answer},
    {"GET", "/api/v1/buses", no_query, ROLE_VIEWER, false, false, buses_answer},
    {"GET", "/api/v1/rules", no_query, ROLE_VIEWER, false, false, rules_answer},
    {"GET", "/api/v1/facts", facts_query, ROLE_LEADER, true, false, facts_answer},
    {"GET", "/api/v1/outbox", no_query, ROLE_VIEWER, false, false, outbox_answer},
    {"GET", "/api/v1/calendar", calendar_query, ROLE_VIEWER, false, false,
     calendar_answer},
    {"GET", "/api/v1/calendar/check", no_query, ROLE_VIEWER, false, false,
     calendar_check_answer},
    {"POST", "/api/v1/calendar/entries", no_query, ROLE_LEADER, false, false,
     calendar_post},
    {"POST", "/api/v1/calendar/table", table_query, ROLE_LEADER, false, true,
     calendar_table_post},
    {"GET", "/api/v1/commands", no_query, ROLE_VIEWER, false, false, commands_answer},
    {"GET", "/api/v1/commands/{}", command_query, ROLE_VIEWER, false, false, command_get},
    {"POST", "/api/v1/commands/{}", no_query, ROLE_VIEWER, false, false, command_post},
    {"POST", "/api/v1/backup", no_query, ROLE_ENGINEER, false, false, backup_post},
    {"POST", "/api/v1/reload", no_query, ROLE_ADMIN, true, false, reload_post},
    {"GET", "/api/v1/events", no_query, ROLE_VIEWER, false, false, events_answer},
};

/* route_match - @pattern against @path; the part under "{}" goes to @ret_item. */
static bool route_match(const char *pattern, const char *path,
                        char ret_item[ROUTE_ITEM_MAX])
{
    ret_item[0] = '\0';
    const char *hole = strstr(pattern, "{}");
    if (!hole)
        return !strcmp(pattern, path);

    size_t before = (size_t)(hole - pattern);
    size_t after = strlen(hole + 2);
    size_t length = strlen(path);
    if (length <= before + after || length - before - after >= ROUTE_ITEM_MAX)
        return false;
    if (strncmp(path, pattern, before) != 0
        || strcmp(path + length - after, hole + 2) != 0)
        return false;
    memcpy(ret_item, path + before, length - before - after);
    ret_item[length - before - after] = '\0';
    return true;
}

/* route_is_shared - the next row has the same path, with another method. */
static bool route_is_shared(size_t i)
{
    return i + 1 < sizeof(routes) / sizeof(routes[0])
           && !strcmp(routes[i].path, routes[i + 1].path);
}

const struct route *route_find(const char *method, const char *path,
                               char ret_item[ROUTE_ITEM_MAX], const char **ret_allow)
{
    *ret_allow = NULL;
    if (!strcmp(method, "HEAD"))
        method = "GET";
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (!route_match(routes[i].path, path, ret_item))
            continue;
        if (!strcmp(routes[i].method, method))
            return &routes[i];
        bool is_get = !strcmp(routes[i].method, "GET");
        *ret_allow = *ret_allow ? "GET, HEAD, POST"
                     : is_get   ? "GET, HEAD"
                                : routes[i].method;
        if (!route_is_shared(i))
            return NULL;
    }
    return NULL;
}

static int route_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool route_decode(const char *text, char *ret, size_t size)
{
    size_t n = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '%') {
            int high = route_digit(text[1]);
            int low = high < 0 ? -1 : route_digit(text[2]);
            if (low < 0)
                return false;
            c = (unsigned char)(high * 16 + low);
            text += 2;
        }
        if (c < ' ' || c == 0x7f || n + 1 >= size)
            return false;
        ret[n++] = (char)c;
    }
    ret[n] = '\0';
    return true;
}
