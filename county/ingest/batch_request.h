/* batch_request.h - one POST, from its head to the end of its body.
 *
 * What cannot be taken is known by its head; the body is read all the same and forgotten,
 * or the client would miss why.  Thread: one owner.
 */
#ifndef INGEST_BATCH_REQUEST_H
#define INGEST_BATCH_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "ingest/batches.h"
#include "ingest/message.h"

enum {
    BATCH_REQUEST_MAX = 2 * 1024 * 1024, /* of a body, as the contract says */
    BATCH_ELEMENTS_MAX = 500,
    BATCH_WHY_MAX = 160,
};

/* batch_request
 * gateway  "<division>/<school>/<gateway>" of the path
 * is_gzip  the body came packed; until batch_request_unpack()
 * status   0 while it can be taken; else what it is answered, and why */
struct batch_request {
    char gateway[MESSAGE_GATEWAY_MAX];
    struct strbuf body;
    bool is_gzip;
    unsigned status;
    char why[BATCH_WHY_MAX];
};

/* batch_request_head - @url and @method as they came.  returns NULL: out of memory.
 * Owner: caller; batch_request_free() */
struct batch_request *batch_request_head(const struct batches_setup *setup,
                                         struct MHD_Connection *connection,
                                         const char *url, const char *method);
struct batch_request *batch_request_free(struct batch_request *q);

/* batch_request_refuse - the first reason stays. */
void batch_request_refuse(struct batch_request *q, unsigned status, const char *why);

/* batch_request_add - a piece of the body. */
void batch_request_add(struct batch_request *q, const char *bytes, size_t size);

/* batch_request_unpack - the whole body, where it came packed. */
void batch_request_unpack(struct batch_request *q);

#endif
