#include "http/order.h"

#include <microhttpd.h>

#include "http/body.h"

/* On any thread: what is more than to wake the connection is for its own. */
static void order_told(void *ctx, struct outcome *outcome)
{
    struct request *request = ctx;
    request->outcome = *outcome;
    MHD_resume_connection(request->connection);
}

struct outcome_to order_begin(struct request *request,
                              void (*finish)(struct request *request,
                                             struct reply *reply))
{
    /* before it is handed on: whoever does it may be quicker than we are */
    request->is_deferred = true;
    request->finish = finish;
    MHD_suspend_connection(request->connection);
    return (struct outcome_to){request, order_told};
}

void order_given(struct request *request, int r, const struct gw_error *err)
{
    if (r < 0)
        order_told(request, &(struct outcome){.result = r, .err = *err});
}

void order_finish(struct request *request)
{
    if (request->finish)
        request->finish(request, &request->reply);
    request->finish = NULL;
}

bool order_refused(struct request *request, struct reply *reply)
{
    const struct outcome *outcome = &request->outcome;
    if (outcome->result < 0)
        body_refused(outcome->result, &outcome->err, reply);
    return outcome->result < 0;
}

json_t *order_answer(const struct request *request)
{
    const char *text = request->outcome.answer;
    json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    return value ? value : json_null();
}

json_t *order_kept(const struct request *request, json_t *answer)
{
    const struct outcome *outcome = &request->outcome;
    bool is_kept = outcome->keeping == OUTCOME_KEPT;
    if (outcome->keeping == OUTCOME_NOTHING)
        return answer;
    (void)json_object_set_new(answer, "kept", json_boolean(is_kept));
    if (!is_kept)
        (void)json_object_set_new(answer, "why", resource_string(outcome->err.text));
    return answer;
}
