#include "http/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/order.h"
#include "http/peer.h"
#include "http/resource.h"
#include "http/screen.h"
#include "http/server.h"

/* Source: OWASP secure headers; frame-ancestors and base-uri do not fall back to
 * default-src (CSP level 3, section 6.1). */
static const struct {
    const char *name;
    const char *value;
} fixed_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
     "media-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
     "form-action 'self'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
};

size_t request_unescape(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx;
    (void)connection;
    return strlen(text);
}

void request_end(void *ctx, struct MHD_Connection *connection, void **state,
                 enum MHD_RequestTerminationCode code)
{
    (void)ctx;
    (void)connection;
    (void)code;
    struct request *request = *state;
    if (!request)
        return;
    atomic_fetch_sub(&request->http->requests, 1);
    reply_done(&request->reply);
    free(request->outcome.answer);
    if (request->kept_free)
        request->kept_free(request->kept);
    free(request->body);
    free(request);
    *state = NULL;
}

/* request_response - the content of @reply as MHD's; takes it over. */
static struct MHD_Response *request_response(struct reply *reply)
{
    struct MHD_Response *response = NULL;
    if (reply->stream) {
        response = reply->stream;
        reply->stream = NULL;
        return response;
    }
    enum MHD_ResponseMemoryMode mode =
        reply->is_borrowed ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE;
    response = MHD_create_response_from_buffer(reply->size, reply->text, mode);
    if (response)
        reply->text = NULL;
    return response;
}

static enum MHD_Result request_answer(struct request *request)
{
    struct reply *reply = &request->reply;
    unsigned status = reply->status;
    struct MHD_Response *response = request_response(reply);
    if (!response)
        return MHD_NO;

    enum MHD_Result ok = MHD_add_response_header(response, "Content-Type", reply->type);
    for (size_t i = 0; i < sizeof(fixed_headers) / sizeof(fixed_headers[0]); i++)
        ok &= MHD_add_response_header(response, fixed_headers[i].name,
                                      fixed_headers[i].value);
    if (reply->allow)
        ok &= MHD_add_response_header(response, "Allow", reply->allow);
    if (reply->retry_s) {
        char seconds[16];
        (void)snprintf(seconds, sizeof(seconds), "%u", reply->retry_s);
        ok &= MHD_add_response_header(response, "Retry-After", seconds);
    }
    if (reply->closes)
        ok &= MHD_add_response_header(response, "Connection", "close");
    if (ok)
        ok = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    return ok;
}

/* request_collect - one piece of the body; its length was checked when it was told. */
static enum MHD_Result request_collect(struct request *request, const char *bytes,
                                       size_t *size)
{
    if (*size > request->expected - request->size)
        return MHD_NO;
    if (!request->body)
        request->body = malloc(request->expected);
    if (!request->body)
        return MHD_NO;
    memcpy(request->body + request->size, bytes, *size);
    request->size += *size;
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result request_begin(struct http *http, struct MHD_Connection *connection,
                                     const char *method, const char *url, void **state)
{
    struct request *request = calloc(1, sizeof(*request));
    if (!request)
        return MHD_NO;
    *state = request;
    request->http = http;
    atomic_fetch_add(&http->requests, 1);
    request->connection = connection;
    if (screen_request(request, method, url))
        return MHD_YES;
    /* what comes after a refused head is not worth reading */
    request->reply.closes = true;
    return request_answer(request);
}

enum MHD_Result request_serve(void *ctx, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *bytes, size_t *size, void **state)
{
    (void)version;
    struct request *request = *state;
    if (!request)
        return request_begin(ctx, connection, method, url, state);
    if (*size > 0)
        return request_collect(request, bytes, size);

    if (request->route->is_slow && !request->is_deferred) {
        request->is_deferred = true;
        lane_take(request->http->lane, request);
        return MHD_YES;
    }
    if (!request->is_deferred) {
        request->route->serve(request, &request->reply);
        if (request->is_deferred)
            return MHD_YES; /* suspended: whoever resumes it has filled the reply */
    }
    order_finish(request);
    return request_answer(request);
}
