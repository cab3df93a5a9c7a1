/* client.h - the gateway's HTTP API over its Unix socket.  Thread: one. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "gw/error.h"

/* client_answer - Owner: caller; client_answer_free().
 * text     the body as it came
 * json     of it, NULL when it is none */
struct client_answer {
    int status;
    char *text;
    json_t *json;
};

/* client_ask - one request, one whole answer.
 * method  "GET" or "POST"; body: JSON text or NULL
 * table   of client_ask_table: a CSV file's bytes
 * returns 0 (also for a problem: see status), or gw_fail() when nobody answered */
int client_ask(const char *socket_path, const char *method, const char *target,
               const char *body, struct client_answer *ret, struct gw_error *err);
int client_ask_table(const char *socket_path, const char *target, const char *table,
                     size_t size, struct client_answer *ret, struct gw_error *err);

/* client_ask_long - a POST that takes its time: waits for the answer as long as it takes.
 */
int client_ask_long(const char *socket_path, const char *target, const char *body,
                    struct client_answer *ret, struct gw_error *err);
void client_answer_free(struct client_answer *answer);

/* client_stream - the body of a GET to @out as it comes, however long.
 * returns 0, also for a problem, which is in @ret; or gw_fail(): @out has a part of it */
int client_stream(const char *socket_path, const char *target, FILE *out,
                  struct client_answer *ret, struct gw_error *err);

/* client_follow - every server-sent event of @target until the gateway ends it.
 * each    returns false to stop
 * returns 0, or gw_fail() */
int client_follow(const char *socket_path, const char *target,
                  bool (*each)(void *ctx, const char *type, const char *data), void *ctx,
                  struct gw_error *err);

/* client_escape - @text as one path segment or parameter, percent-encoded. */
int client_escape(const char *text, char *ret, size_t size);

#endif
