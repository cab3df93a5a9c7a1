/* reply.h - what a resource answers: a body with its type, or a problem document.
 *
 * A plain value; whoever serves the request turns it into a response and frees it.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct MHD_Response;

/* reply - zero-initialise.
 * text       owned by the reply unless is_borrowed
 * allow      the methods of a 405, NULL otherwise
 * retry_s    Retry-After of a 503, 0 = none
 * closes     the connection ends with this answer
 * stream     instead of text: a response of unknown length (events) */
struct reply {
    unsigned status;
    const char *type;
    char *text;
    size_t size;
    const char *allow;
    unsigned retry_s;
    bool is_borrowed;
    bool closes;
    struct MHD_Response *stream;
};

/* reply_text - takes @text (from malloc; NULL becomes a 500). */
void reply_text(struct reply *reply, const char *type, char *text, size_t size);

/* reply_static - @text lives for ever. */
void reply_static(struct reply *reply, const char *type, const char *text, size_t size);

/* reply_json - writes @value out and drops the reference; NULL becomes a 500. */
void reply_json(struct reply *reply, json_t *value);

/* reply_problem - an RFC 9457 document; replaces what was there.
 * allowed   NULL-terminated words that would have been right, or NULL
 * Source:   RFC 9457, section 3; type "about:blank" = the title is the status phrase */
void reply_problem(struct reply *reply, unsigned status, const char *const *allowed,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* reply_lines - a list of the lines of @text; NULL: out of memory.  Owner: caller */
json_t *reply_lines(const char *text);

/* reply_faults - a 422 problem @detail whose "faults" are the lines of @text. */
void reply_faults(struct reply *reply, const char *detail, const char *text);

/* reply_done - frees the content. */
void reply_done(struct reply *reply);

#endif
