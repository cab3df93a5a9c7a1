/* write.c - a value for an output; the connection is suspended until the bus has told. */
#include <errno.h>
#include <microhttpd.h>
#include <string.h>

#include "gw/log.h"
#include "http/body.h"
#include "http/server.h"

static const char *const fields[] = {"value", NULL};

/* write_value - a number, or the word of a state. */
static bool write_value(const json_t *value, const struct point_entry *entry, double *ret,
                        struct reply *reply)
{
    const struct gw_map *states = &entry->metric->states;
    const char *word = json_string_value(value);
    if (json_is_number(value)) {
        *ret = json_number_value(value);
        return true;
    }
    for (size_t i = 0; word && i < states->count; i++)
        if (!strcmp(states->keys[i], word)) {
            *ret = states->values[i];
            return true;
        }
    const char *words[32] = {NULL};
    for (size_t i = 0; i < states->count && i + 1 < sizeof(words) / sizeof(words[0]); i++)
        words[i] = states->keys[i];
    reply_problem(reply, 422, words, "value: %s%s%s", word ? "'" : "",
                  word ? word : "a number is missing", word ? "' is no value of it" : "");
    return false;
}

/* write_read - the point of the path and the value of the body. */
static bool write_read(struct request *request, struct http_write *write,
                       struct reply *reply)
{
    json_t *body = body_object(request, fields, reply);
    if (!body)
        return false;
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    const struct point_entry *entry = resource_point(request, &hold.sources);
    bool is_fine =
        entry && write_value(json_object_get(body, "value"), entry, &write->value, reply);
    if (entry)
        write->point = entry->id;
    else
        reply_problem(reply, 404, NULL, "there is no point '%s'", request->item);
    sources_done(&request->http->sources, &hold);
    json_decref(body);
    return is_fine;
}

/* write_refused - what the bus's -errno is over HTTP. */
static void write_refused(int r, const char *text, struct reply *reply)
{
    static const struct {
        int code;
        unsigned status;
    } table[] = {
        {-ENOENT, 404},    {-EROFS, 409},  {-EREMOTEIO, 409}, {-ECANCELED, 409},
        {-ERANGE, 422},    {-EINVAL, 422}, {-ENOBUFS, 503},   {-ESHUTDOWN, 503},
        {-ETIMEDOUT, 504}, {-ETIME, 504},  {-EBUSY, 504},
    };
    unsigned status = 500;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == r)
            status = table[i].status;
    reply_problem(reply, status, NULL, "%s", text);
}

/* write_done - fills the reply and wakes the connection; @ctx is gone after it. */
static void write_done(void *ctx, int result, const char *text)
{
    struct request *request = ctx;
    gw_log(result == 0 ? GW_LOG_NOTICE : GW_LOG_WARNING,
           (struct gw_subject){"POINT", request->item}, "write by %s: %s",
           request->peer.actor, text);
    if (result == 0)
        reply_json(&request->reply,
                   json_pack("{s:s, s:s}", "point", request->item, "result", text));
    else
        write_refused(result, text, &request->reply);
    MHD_resume_connection(request->connection);
}

void write_post(struct request *request, struct reply *reply)
{
    struct http_write write = {.ctx = request, .done = write_done};
    if (!write_read(request, &write, reply))
        return;
    /* suspended before it is handed on: the bus may be quicker than we are */
    request->is_deferred = true;
    MHD_suspend_connection(request->connection);
    struct gw_error err = {0};
    int r = request->http->ops.write(request->http->ops.ctx, &write, &err);
    if (r < 0)
        write_done(request, r, err.text);
}
