#include "http/body.h"

#include <string.h>

json_t *body_object(const struct request *request, const char *const *fields,
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
    json_object_foreach(body, key, value)
    {
        size_t i = 0;
        while (fields[i] && strcmp(fields[i], key) != 0)
            i++;
        if (!fields[i])
            reply_problem(reply, 422, fields, "unknown key '%s'", key);
    }
    if (!reply->status)
        return body;
    json_decref(body);
    return NULL;
}
