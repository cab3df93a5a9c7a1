/* response.h - one HTTP/1.1 response, parsed as its bytes come.
 *
 * Bounded: head, body and chunk lines have limits.  Pure: no descriptor.
 * Source:  RFC 9112, sections 4, 6 and 7.1
 */
#ifndef CLI_RESPONSE_H
#define CLI_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

enum { RESPONSE_LINE_MAX = 4096, RESPONSE_HEAD_MAX = 16 * 1024 };
enum { RESPONSE_BODY_MAX = 32 * 1024 * 1024 };

enum response_state {
    RESPONSE_STATUS_LINE,
    RESPONSE_HEADER,
    RESPONSE_BODY,        /* of a told length */
    RESPONSE_BODY_TO_END, /* until the peer closes */
    RESPONSE_CHUNK_SIZE,
    RESPONSE_CHUNK,
    RESPONSE_CHUNK_END,
    RESPONSE_TRAILER,
    RESPONSE_DONE,
};

/* response - zero-initialise; response_free().
 * body   what came so far; a reader of a stream may take it and clear it */
struct response {
    enum response_state state;
    int status;
    bool is_chunked;
    bool has_length;
    uint64_t left; /* of the body or the chunk */
    size_t head;   /* bytes of head, chunk sizes and trailers in a row */
    size_t used;   /* of line */
    char line[RESPONSE_LINE_MAX];
    struct strbuf body;
};

/* response_feed - the next bytes.
 * returns  0, -EBADMSG not HTTP/1.1, -EFBIG over a limit, -ENOMEM */
int response_feed(struct response *r, const char *bytes, size_t size);

/* response_end - the peer closed: true when the response is whole. */
bool response_end(struct response *r);

void response_free(struct response *r);

#endif
