/* route.h - the table of what is served where, and how a target is matched to it.
 *
 * Pure: no connection, no state.  Thread: any.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/types.h"

/* What people may do; the names are those of the Unix groups "campus-<role>". */
enum role {
    ROLE_NONE,
    ROLE_VIEWER,
    ROLE_GUARD,
    ROLE_LEADER,
    ROLE_ENGINEER,
    ROLE_ADMIN,
    ROLES
};
const char *role_name(enum role role);

enum { ROUTE_ITEM_MAX = GW_NAME_MAX + 32 };

struct request;
struct reply;

/* route - one row.
 * path      "{}" stands for one or more segments (point names hold a slash)
 * query     NULL-terminated names of allowed parameters, NULL = none
 * role      the least role that may
 * is_slow   served on the slow lane, apart from the guard's acknowledge
 * is_table  takes text/csv instead of application/json */
struct route {
    const char *method; /* "GET" serves HEAD too */
    const char *path;
    const char *const *query;
    enum role role;
    bool is_slow;
    bool is_table;
    void (*serve)(struct request *request, struct reply *reply);
};

/* route_find - the row for @method and the decoded @path.
 * ret_item   what "{}" matched, "" without one; ROUTE_ITEM_MAX bytes
 * ret_allow  the methods that the path has, NULL = no such path
 * returns    NULL when there is no path, or not that method */
const struct route *route_find(const char *method, const char *path,
                               char ret_item[ROUTE_ITEM_MAX], const char **ret_allow);

/* route_decode - percent-decodes @text into @ret.  returns false for broken escapes,
 * control characters (also encoded ones) and what is longer than @size. */
bool route_decode(const char *text, char *ret, size_t size);

#endif
