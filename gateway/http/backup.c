/* backup.c - a copy of the database, made while the gateway runs. */
#include "http/body.h"
#include "http/order.h"
#include "http/server.h"

enum { FILE_MAX = 4096 };

static const char *const fields[] = {"file", "by", NULL};

static void backup_done(struct request *request, struct reply *reply)
{
    if (!order_refused(request, reply))
        reply_json(reply, order_answer(request));
}

void backup_post(struct request *request, struct reply *reply)
{
    char file[FILE_MAX];
    char actor[GW_ACTOR_MAX];
    struct gw_error err = {0};
    json_t *body = body_object(request, fields, reply);
    bool is_fine = body && body_text(body, "file", file, sizeof(file), reply)
                   && body_actor(request, body, actor, reply);
    json_decref(body);
    if (!is_fine)
        return;
    const struct http_backup asked = {.file = file, .actor = actor};
    const struct http_ops *ops = &request->http->ops;
    const struct outcome_to to = order_begin(request, backup_done);
    order_given(request, ops->backup(ops->ctx, &asked, &to, &err), &err);
}
