#include "ingest/batch_request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/client_name.h"
#include "ingest/gunzip.h"

enum { DIVISION_DIGITS = 6, SCHOOL_DIGITS = 10 };

static const char media_type[] = "application/cloudevents-batch+json";

void batch_request_refuse(struct batch_request *q, unsigned status, const char *why)
{
    if (q->status != 0)
        return;
    q->status = status;
    (void)snprintf(q->why, sizeof(q->why), "%s", why);
    strbuf_free(&q->body);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool are_digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") == count && text[count] == '/';
}

/* "/campus/v1/530502/2153012345/gw-01/batch": as a topic. */
static void read_path(struct batch_request *q, const char *url)
{
    static const char last[] = "batch";
    const char *slash = strrchr(url, '/');
    if (url[0] == '/' && strcmp(slash + 1, last) == 0)
        message_gateway(url + 1, q->gateway);
    if (!q->gateway[0] || !are_digits(q->gateway, DIVISION_DIGITS)
        || !are_digits(q->gateway + DIVISION_DIGITS + 1, SCHOOL_DIGITS))
        batch_request_refuse(q, MHD_HTTP_NOT_FOUND,
                             "the path must be "
                             "/campus/v1/{division}/{school}/{gateway}/batch");
}

static void read_form(struct batch_request *q, struct MHD_Connection *connection)
{
    const char *type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    size_t size = type ? strcspn(type, "; ") : 0;
    if (size != sizeof(media_type) - 1 || strncasecmp(type, media_type, size) != 0)
        batch_request_refuse(q, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                             "the type must be application/cloudevents-batch+json");
    const char *coding = header(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
    q->is_gzip = coding && strcasecmp(coding, "gzip") == 0;
    if (coding && !q->is_gzip)
        batch_request_refuse(q, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                             "the body must come as it is, or in gzip");
}

/* The only proof of who asks. */
static int read_name(const struct batches_setup *setup, struct MHD_Connection *connection,
                     char ret[CLIENT_NAME_MAX], struct gw_error *err)
{
    const char *subject =
        setup->name_header ? header(connection, setup->name_header) : NULL;
    if (setup->name_header)
        return client_name_of_subject(subject ? subject : "", ret, err);
    const union MHD_ConnectionInfo *session =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return client_name_of_session(session->tls_session, ret, err);
}

static void judge_client(struct batch_request *q, const struct batches_setup *setup,
                         struct MHD_Connection *connection)
{
    char name[CLIENT_NAME_MAX];
    struct gw_error err;
    if (read_name(setup, connection, name, &err) < 0)
        batch_request_refuse(q, MHD_HTTP_FORBIDDEN, err.text);
    else if (!client_name_is_of(name, q->gateway))
        batch_request_refuse(q, MHD_HTTP_FORBIDDEN,
                             "the certificate is another gateway's (its common name must "
                             "be {school}-{gateway} of the path)");
    else if (setup->division
             && strncmp(q->gateway, setup->division, strlen(setup->division)) != 0)
        batch_request_refuse(q, MHD_HTTP_FORBIDDEN,
                             "the division is none of this county's");
}

struct batch_request *batch_request_head(const struct batches_setup *setup,
                                         struct MHD_Connection *connection,
                                         const char *url, const char *method)
{
    struct batch_request *q = calloc(1, sizeof(*q));
    if (!q)
        return NULL;
    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        batch_request_refuse(q, MHD_HTTP_METHOD_NOT_ALLOWED, "POST only");
    read_path(q, url);
    judge_client(q, setup, connection);
    read_form(q, connection);
    return q;
}

struct batch_request *batch_request_free(struct batch_request *q)
{
    if (q)
        strbuf_free(&q->body);
    free(q);
    return NULL;
}

void batch_request_add(struct batch_request *q, const char *bytes, size_t size)
{
    if (q->status != 0)
        return;
    if (q->body.used + size > BATCH_REQUEST_MAX) {
        batch_request_refuse(q, MHD_HTTP_CONTENT_TOO_LARGE, "more than 2 MB");
        return;
    }
    strbuf_add_bytes(&q->body, bytes, size);
    if (q->body.has_failed)
        batch_request_refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory");
}

void batch_request_unpack(struct batch_request *q)
{
    struct strbuf text = {0};
    if (!q->is_gzip || q->status != 0)
        return;
    int r =
        gunzip(q->body.text ? q->body.text : "", q->body.used, BATCH_REQUEST_MAX, &text);
    strbuf_free(&q->body);
    q->body = text;
    if (r == -E2BIG)
        batch_request_refuse(q, MHD_HTTP_CONTENT_TOO_LARGE, "more than 2 MB");
    else if (r == -ENOMEM)
        batch_request_refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory");
    else if (r < 0)
        batch_request_refuse(q, MHD_HTTP_BAD_REQUEST, "the body is no gzip");
}
