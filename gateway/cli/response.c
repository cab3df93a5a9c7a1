#include "cli/response.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int response_status(struct response *r)
{
    static const char version[] = "HTTP/1.";
    const char *code = r->line + sizeof(version) + 1;
    if (strncmp(r->line, version, sizeof(version) - 1) != 0 || strlen(r->line) < 12
        || code[-1] != ' ')
        return -EBADMSG;
    char *end = NULL;
    long status = strtol(code, &end, 10);
    if (end != code + 3 || status < 100 || status > 599)
        return -EBADMSG;
    r->status = (int)status;
    r->state = RESPONSE_HEADER;
    return 0;
}

/* response_number - all of @text up to blanks or ';', in @base. */
static int response_number(const char *text, int base, uint64_t *ret)
{
    char *end = NULL;
    bool is_digit = *text >= '0' && *text <= '9';
    bool is_letter = base == 16 && strchr("abcdefABCDEF", *text) && *text;
    errno = 0;
    unsigned long long number = strtoull(text, &end, base);
    if (!(is_digit || is_letter) || errno || (*end && !strchr(" \t;", *end)))
        return -EBADMSG;
    if (number > RESPONSE_BODY_MAX)
        return -EFBIG;
    *ret = number;
    return 0;
}

/* response_body - what the head said about the length decides what follows. */
static void response_body(struct response *r)
{
    r->head = 0;
    if (r->status / 100 == 1) {
        r->state = RESPONSE_STATUS_LINE; /* an interim answer: the real one follows */
        r->is_chunked = false;
        r->has_length = false;
    } else if (r->status == 204 || r->status == 304) {
        r->state = RESPONSE_DONE;
    } else if (r->is_chunked) {
        r->state = RESPONSE_CHUNK_SIZE;
    } else if (r->has_length) {
        r->state = r->left > 0 ? RESPONSE_BODY : RESPONSE_DONE;
    } else {
        r->state = RESPONSE_BODY_TO_END;
    }
}

static int response_header(struct response *r)
{
    if (r->used == 0) {
        response_body(r);
        return 0;
    }
    char *value = strchr(r->line, ':');
    if (!value)
        return -EBADMSG;
    *value++ = '\0';
    value += strspn(value, " \t");
    if (!strcasecmp(r->line, "Transfer-Encoding")) {
        r->is_chunked = !strcasecmp(value, "chunked");
        return r->is_chunked ? 0 : -EBADMSG;
    }
    if (strcasecmp(r->line, "Content-Length") != 0)
        return 0;
    if (r->has_length)
        return -EBADMSG;
    r->has_length = true;
    return response_number(value, 10, &r->left);
}

static int response_chunk(struct response *r)
{
    r->head = 0;
    int error = response_number(r->line, 16, &r->left);
    r->state = r->left > 0 ? RESPONSE_CHUNK : RESPONSE_TRAILER;
    return error;
}

/* response_line - one whole line of head, chunk frame or trailer. */
static int response_line(struct response *r)
{
    switch (r->state) {
    case RESPONSE_STATUS_LINE:
        return response_status(r);
    case RESPONSE_HEADER:
        return response_header(r);
    case RESPONSE_CHUNK_SIZE:
        return response_chunk(r);
    case RESPONSE_CHUNK_END:
        r->state = RESPONSE_CHUNK_SIZE;
        return r->used == 0 ? 0 : -EBADMSG;
    case RESPONSE_TRAILER:
        r->state = r->used == 0 ? RESPONSE_DONE : RESPONSE_TRAILER;
        return 0;
    default:
        return -EBADMSG;
    }
}

static int response_byte(struct response *r, char c)
{
    if (++r->head > RESPONSE_HEAD_MAX)
        return -EFBIG;
    if (c != '\n') {
        if (r->used + 1 >= sizeof(r->line))
            return -EFBIG;
        r->line[r->used++] = c;
        return 0;
    }
    if (r->used > 0 && r->line[r->used - 1] == '\r')
        r->used--;
    r->line[r->used] = '\0';
    int error = response_line(r);
    r->used = 0;
    return error;
}

/* response_content - takes what belongs to the body.  returns the count, or -errno */
static ssize_t response_content(struct response *r, const char *bytes, size_t size)
{
    bool is_told = r->state != RESPONSE_BODY_TO_END;
    size_t n = is_told && r->left < size ? (size_t)r->left : size;
    if (n > RESPONSE_BODY_MAX - r->body.used)
        return -EFBIG;
    strbuf_add_bytes(&r->body, bytes, n);
    if (r->body.has_failed)
        return -ENOMEM;
    r->left -= is_told ? n : 0;
    if (is_told && r->left == 0)
        r->state = r->state == RESPONSE_BODY ? RESPONSE_DONE : RESPONSE_CHUNK_END;
    return (ssize_t)n;
}

int response_feed(struct response *r, const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && r->state != RESPONSE_DONE) {
        if (r->state == RESPONSE_BODY || r->state == RESPONSE_CHUNK
            || r->state == RESPONSE_BODY_TO_END) {
            ssize_t taken = response_content(r, bytes + at, size - at);
            if (taken < 0)
                return (int)taken;
            at += (size_t)taken;
        } else {
            int error = response_byte(r, bytes[at++]);
            if (error < 0)
                return error;
        }
    }
    return 0;
}

bool response_end(struct response *r)
{
    if (r->state == RESPONSE_BODY_TO_END)
        r->state = RESPONSE_DONE;
    return r->state == RESPONSE_DONE;
}

void response_free(struct response *r)
{
    strbuf_free(&r->body);
    *r = (struct response){0};
}
