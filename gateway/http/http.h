/* http.h - the API, the alarm page and live events on libmicrohttpd.
 *
 * Listens on the Unix socket (peer credentials are the identity) and on loopback TCP.
 * One file a resource; a resource reads snapshots and never holds a lock while it
 * formats.  Orders go through http_ops and are answered when they are done and kept;
 * nobody else waits for them.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/outcome.h"
#include "campus/entry.h"
#include "config/config.h"
#include "gw/error.h"
#include "gw/plugin.h"
#include "alarms/alarm.h"
#include "points/point_table.h"
#include "rules/rule.h"

struct http;
struct block;

/* http_config - gateway.yaml's section "http". */
struct http_config {
    const char *socket;       /* /run/campus-gateway/api.sock */
    struct gw_strings listen; /* "127.0.0.1:8080"; loopback only until users exist */
};
extern const struct gw_option http_options[];

/* http_write - a value for an output.
 * done   how it ended: 0 or -errno and a sentence; once, on any thread */
struct http_write {
    uint32_t point;
    double value;
    void *ctx;
    void (*done)(void *ctx, int result, const char *text);
};

/* http_reload - what is asked of the configuration.
 * confirm_us   of APPLY: back to the last confirmed files unless CONFIRM follows in this
 *              time; 0 = for good */
enum http_reload_do { HTTP_RELOAD_DIFF, HTTP_RELOAD_APPLY, HTTP_RELOAD_CONFIRM };
struct http_reload {
    enum http_reload_do what;
    int64_t confirm_us;
    char actor[GW_ACTOR_MAX];
};

/* http_backup - file: an absolute path, "" = by the time, in the folder of backups. */
struct http_backup {
    const char *file;
    const char *actor;
};

/* http_ops - called on http's threads.
 * operate   hands an operator's action on, never blocks.  0 (@to is told) or -errno and
 *           @err
 * command   one to a plugin, likewise; its answer is a JSON text or NULL
 * enter     an entry of the day book, likewise
 * enter_list  many, all or none; takes @list.  Its answer as of campus_enter_list()
 * backup    begins a copy of the database, likewise; its answer is a JSON text
 * write     hands @write on, never blocks.  0 (done will be called) or -errno and @err
 * reload    does it and waits for its end; a JSON text, caller frees, and its HTTP status
 * status    the whole status as a JSON text; caller frees
 * devices, buses, outbox: likewise */
struct http_ops {
    void *ctx;
    int (*operate)(void *ctx, const struct alarm_command *command,
                   const struct outcome_to *to, struct gw_error *err);
    int (*command)(void *ctx, const struct gw_command *command,
                   const struct outcome_to *to, struct gw_error *err);
    int (*enter)(void *ctx, const struct campus_entry *entry, const char *actor,
                 const struct outcome_to *to, struct gw_error *err);
    int (*enter_list)(void *ctx, struct campus_entry_list *list, const char *actor,
                      const struct outcome_to *to, struct gw_error *err);
    int (*backup)(void *ctx, const struct http_backup *asked, const struct outcome_to *to,
                  struct gw_error *err);
    int (*write)(void *ctx, const struct http_write *write, struct gw_error *err);
    char *(*reload)(void *ctx, const struct http_reload *asked, unsigned *ret_status);
    char *(*status)(void *ctx);
    char *(*devices)(void *ctx);
    char *(*buses)(void *ctx);
    char *(*outbox)(void *ctx);
    void (*broken)(void *ctx); /* history meets a broken page, again and again */
    bool (*running)(void *ctx, uint32_t point, int64_t now_us, int64_t *ret_hour_us,
                    struct block *ret); /* as store_peek(); NULL = nobody knows */
};

/* http_sources - what resources read; swapped as a whole at a reload. */
struct http_sources {
    struct point_table *points;
    struct alarms *alarms;
    const struct rules *rules;
    const struct gw_command_info *const *commands; /* NULL-terminated; NULL = none */
    const struct gw_campus *campus;
    const struct config *config; /* with its faults; NULL = none is told */
    const struct config_faults *faults;
    const char *store_path;
    int offset_s; /* of the school's zone */
};

/* http_check - what of @config could not be listened on, on whatever machine.
 * returns 0 or gw_fail() */
int http_check(const struct http_config *config, struct gw_error *err);

/* http_try - listens wherever http_start() will, and lets go again: whoever cannot is
 * told before he has touched anything that another gateway uses.
 * returns 0 or gw_fail() */
int http_try(const struct http_config *config, struct gw_error *err);

int http_start(const struct http_config *config, const struct http_sources *sources,
               const struct http_ops *ops, struct http **ret, struct gw_error *err);

/* http_stop - waits for its own requests, not for what others still owe: whoever answers
 * writes, operations and reloads has ended, so that no connection is suspended.
 * returns NULL */
struct http *http_stop(struct http *h);

/* http_put - new @sources from now on; http_settle - no request reads the old ones any
 * more.  Of one at a time.  Thread: main, which never waits; any. */
void http_put(struct http *h, const struct http_sources *sources);
void http_settle(struct http *h);

/* http_address - "http://127.0.0.1:8080/" as bound (port 0 = chosen), or "". */
const char *http_address(const struct http *h);

/* http_alarm_event - @transition as the data of an "alarm" event, one line of JSON.
 * Owner: caller; free().  NULL = out of memory */
char *http_alarm_event(const struct gw_transition *transition, int offset_s);

/* http_event - one server-sent event to every stream.  Thread: main; never blocks. */
void http_event(struct http *h, const char *type, const char *json);

#endif
