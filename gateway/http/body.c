#include "http/body.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool has_word(const char *const *words, const char *word)
{
    size_t i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return words[i] != NULL;
}

json_t *body_object(const struct request *request, const char *const *fields,
                    struct reply *reply)
{
    return body_renamed(request, fields, fields, NULL, reply);
}

json_t *body_renamed(const struct request *request, const char *const *fields,
                     const char *const *told, void (*rename)(json_t *body),
                     struct reply *reply)
{
    json_error_t error;
    const char *text = request->size > 0 ? request->body : "{}";
    size_t size = request->size > 0 ? request->size : 2;
    json_t *body = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!body) {
        reply_problem(reply, 400, NULL, "the body is no JSON: %s at byte %d", error.text,
                      error.position);
        return NULL;
    }
    const char *key = NULL;
    json_t *value = NULL;
    if (!json_is_object(body))
        reply_problem(reply, 422, fields, "the body is not an object");
    else if (rename)
        rename(body);
    json_object_foreach(body, key, value)
    {
        if (has_word(fields, key))
            continue;
        if (has_word(told, key))
            reply_problem(reply, 422, NULL, "“%s”写了两遍（只写一遍）", key);
        else
            reply_problem(
                reply, 422, told,
                request_is_chinese(request) ? "没有“%s”这一项" : "unknown key '%s'", key);
    }
    if (!reply->status)
        return body;
    json_decref(body);
    return NULL;
}

bool body_text(const json_t *body, const char *key, char *ret, size_t size,
               struct reply *reply)
{
    const json_t *value = json_object_get(body, key);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    ret[0] = '\0';
    bool is_text = !value || json_is_null(value) || json_is_string(value);
    for (const char *c = text; *c; c++)
        is_text = is_text && ((unsigned char)*c >= ' ' && *c != 0x7f);
    if (!is_text)
        reply_problem(reply, 422, NULL, "%s: not a text of one line", key);
    else if (strlen(text) >= size)
        reply_problem(reply, 422, NULL, "%s: %zu bytes (at most %zu)", key, strlen(text),
                      size - 1);
    else
        (void)snprintf(ret, size, "%s", text);
    return !reply->status;
}

/* Until users exist, people on loopback TCP have the role guard and the name they say. */
static const char tcp_prefix[] = "guard:";

bool body_actor(const struct request *request, const json_t *body, char ret[GW_ACTOR_MAX],
                struct reply *reply)
{
    char by[GW_ACTOR_MAX - sizeof(tcp_prefix) + 1];
    if (!body_text(body, "by", by, sizeof(by), reply))
        return false;
    if (request->peer.is_local)
        (void)snprintf(ret, GW_ACTOR_MAX, "%s", request->peer.actor);
    else if (*by)
        (void)snprintf(ret, GW_ACTOR_MAX, "%s%s", tcp_prefix, by);
    else
        reply_problem(reply, 422, NULL, "by: who does it is missing");
    return !reply->status;
}

void body_refused(int r, const struct gw_error *err, struct reply *reply)
{
    static const struct {
        int code;
        unsigned status;
    } table[] = {
        {-ENOENT, 404}, {-EPERM, 409},     {-EINVAL, 422},    {-EBUSY, 503},
        {-EAGAIN, 503}, {-ETIMEDOUT, 503}, {-ESHUTDOWN, 503}, {-EEXIST, 409},
        {-ENOSPC, 507}, {-ECANCELED, 503}, {-EUCLEAN, 503},   {-EACCES, 403},
        {-EROFS, 409},  {-ENOTDIR, 409},   {-ELOOP, 409},     {-ENAMETOOLONG, 422},
    };
    unsigned status = 500;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == r)
            status = table[i].status;
    reply_problem(reply, status, NULL, "%s", *err->text ? err->text : strerror(-r));
}
