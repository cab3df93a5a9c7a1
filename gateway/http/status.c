/* status.c - what the daemon composes as a whole: status, devices, buses, outbox. */
#include <string.h>

#include "http/resource.h"
#include "http/server.h"

/* The daemon's own look at what a reload replaces is held like a resource's. */
static void status_pass(struct http *http, char *(*compose)(void *ctx),
                        struct reply *reply)
{
    struct sources_hold hold;
    sources_use(&http->sources, &hold);
    char *text = compose(http->ops.ctx);
    sources_done(&http->sources, &hold);
    if (text)
        reply_text(reply, "application/json", text, strlen(text));
    else
        reply_problem(reply, 503, NULL, "the gateway cannot tell at the moment");
}

void status_answer(struct request *request, struct reply *reply)
{
    status_pass(request->http, request->http->ops.status, reply);
}

void devices_answer(struct request *request, struct reply *reply)
{
    status_pass(request->http, request->http->ops.devices, reply);
}

void buses_answer(struct request *request, struct reply *reply)
{
    status_pass(request->http, request->http->ops.buses, reply);
}

void outbox_answer(struct request *request, struct reply *reply)
{
    status_pass(request->http, request->http->ops.outbox, reply);
}

void health_answer(struct request *request, struct reply *reply)
{
    static const char alive[] = "{\"status\":\"ok\"}";
    (void)request;
    reply_static(reply, "application/json", alive, sizeof(alive) - 1);
}
