/* reload.c - the configuration: show what would change, do it, confirm it. */
#include <string.h>

#include "http/body.h"
#include "http/server.h"

enum { CONFIRM_S_MAX = 24 * 3600 };

static const char *const fields[] = {"do", "confirm_within_s", NULL};
static const char *const verbs[] = {[HTTP_RELOAD_DIFF] = "diff",
                                    [HTTP_RELOAD_APPLY] = "apply",
                                    [HTTP_RELOAD_CONFIRM] = "confirm",
                                    NULL};

static bool reload_verb(const json_t *body, struct http_reload *asked,
                        struct reply *reply)
{
    const char *verb = json_string_value(json_object_get(body, "do"));
    for (int i = 0; verb && verbs[i]; i++)
        if (!strcmp(verbs[i], verb)) {
            asked->what = (enum http_reload_do)i;
            return true;
        }
    reply_problem(reply, 422, verbs, "do: '%s' is nothing to do", verb ? verb : "");
    return false;
}

static bool reload_window(const json_t *body, struct http_reload *asked,
                          struct reply *reply)
{
    const json_t *value = json_object_get(body, "confirm_within_s");
    json_int_t seconds = json_integer_value(value);
    if (!value)
        return true;
    if (asked->what != HTTP_RELOAD_APPLY || seconds < 1 || seconds > CONFIRM_S_MAX) {
        reply_problem(reply, 422, NULL,
                      "confirm_within_s: a whole number 1..%d, of 'apply' only",
                      CONFIRM_S_MAX);
        return false;
    }
    asked->confirm_us = (int64_t)seconds * 1000000;
    return true;
}

void reload_post(struct request *request, struct reply *reply)
{
    struct http_reload asked = {0};
    json_t *body = body_object(request, fields, reply);
    bool is_fine =
        body && reload_verb(body, &asked, reply) && reload_window(body, &asked, reply);
    json_decref(body);
    if (!is_fine)
        return;
    (void)snprintf(asked.actor, sizeof(asked.actor), "%s", request->peer.actor);
    /* no source is held here: the reload waits until nobody holds the old ones */
    const struct http_ops *ops = &request->http->ops;
    unsigned status = 503;
    char *text = ops->reload(ops->ctx, &asked, &status);
    if (text)
        reply_text(reply, "application/json", text, strlen(text));
    else
        reply_problem(reply, 503, NULL, "the gateway is starting or stopping");
    if (text)
        reply->status = status;
}
