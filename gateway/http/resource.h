/* resource.h - what a resource is given, and the resources of the route table.
 *
 * A resource reads snapshots, formats without a lock and fills the reply.  Thread: a
 * listener's, or the slow lane's.
 */
#ifndef HTTP_RESOURCE_H
#define HTTP_RESOURCE_H

#include <jansson.h>

#include "base/outcome.h"
#include "http/http.h"
#include "http/reply.h"
#include "http/route.h"

struct MHD_Connection;
struct query;

/* Limits on one request. */
enum {
    REQUEST_BODY_MAX = 64 * 1024,
    REQUEST_PATH_MAX = 512,
    REQUEST_VALUE_MAX = 256, /* one query parameter, decoded */
};

/* peer - who asks.
 * actor    the user's name on the Unix socket; "" on loopback TCP, where an action's
 *          "by" tells, see action.c */
struct peer {
    bool is_local; /* the Unix socket */
    enum role role;
    char actor[GW_ACTOR_MAX];
};

/* request - one request, complete.
 * outcome  of an order, from which finish fills the reply when it is resumed; see order.h
 * again    instead of the route's, each further turn on the slow lane; see export.c
 * kept     what finish needs besides; freed with kept_free unless that is NULL */
struct request {
    struct http *http;
    struct MHD_Connection *connection;
    const struct route *route;
    struct peer peer;
    char item[ROUTE_ITEM_MAX];
    char *body; /* @size bytes, not terminated; NULL = none */
    size_t size;
    size_t expected;
    struct query **history; /* the slow lane's reader, opened when first needed */
    struct reply reply;
    bool is_deferred; /* suspended: the slow lane, a bus or an order fills the reply */
    struct outcome outcome;
    void (*again)(struct request *request);
    void (*finish)(struct request *request, struct reply *reply);
    void *kept;
    void (*kept_free)(void *kept);
    struct request *next;
};

/* request_value - the decoded parameter @name in @ret, false when absent.
 * (Broken ones were refused before the resource was called.) */
bool request_value(const struct request *request, const char *name,
                   char ret[REQUEST_VALUE_MAX]);

/* request_is_chinese - by its Accept-Language; without one the language of the system. */
bool request_is_chinese(const struct request *request);

/* resource_point - the point that request->item names, or whose id it is; NULL = none. */
const struct point_entry *resource_point(const struct request *request,
                                         const struct http_sources *sources);

/* resource_time - @time_us as text of the school's zone, null when nobody knows. */
json_t *resource_time(int64_t time_us, int offset_s);
json_t *resource_number(double value); /* null for NAN and infinities */
/* request_time, request_limit - a parameter that is a time, or how many rows; @ret stays
 * where it is not given.  returns false and a problem */
bool request_time(const struct request *request, const char *name, int64_t *ret_us,
                  struct reply *reply);
bool request_limit(const struct request *request, size_t *ret, struct reply *reply);

/* request_ask - asks the store by the slow lane's connection.  Who meets a broken page is
 * asked once more on a fresh one; after that the store is told.
 * returns what @ask did, or -errno: there is no connection */
int request_ask(struct request *request,
                int (*ask)(void *ctx, struct query *query, struct gw_error *err),
                void *ctx, struct gw_error *err);

json_t *resource_title(const struct gw_text *text);
json_t *resource_string(const char *text); /* null for NULL and "" */

void page_answer(struct request *request, struct reply *reply);
void page_file_answer(struct request *request, struct reply *reply);
void health_answer(struct request *request, struct reply *reply);
void metrics_answer(struct request *request, struct reply *reply);
void status_answer(struct request *request, struct reply *reply);
void devices_answer(struct request *request, struct reply *reply);
void buses_answer(struct request *request, struct reply *reply);
void outbox_answer(struct request *request, struct reply *reply);
void places_answer(struct request *request, struct reply *reply);
void points_answer(struct request *request, struct reply *reply);
void facts_answer(struct request *request, struct reply *reply);
void history_answer(struct request *request, struct reply *reply);
void export_answer(struct request *request, struct reply *reply);
void alarms_answer(struct request *request, struct reply *reply);
void action_post(struct request *request, struct reply *reply);
void write_post(struct request *request, struct reply *reply);
void rules_answer(struct request *request, struct reply *reply);
void backup_post(struct request *request, struct reply *reply);
void reload_post(struct request *request, struct reply *reply);
void calendar_answer(struct request *request, struct reply *reply);
void calendar_check_answer(struct request *request, struct reply *reply);
void calendar_post(struct request *request, struct reply *reply);
void calendar_table_post(struct request *request, struct reply *reply);
void commands_answer(struct request *request, struct reply *reply);
void command_get(struct request *request, struct reply *reply);
void command_post(struct request *request, struct reply *reply);
void events_answer(struct request *request, struct reply *reply);

#endif
