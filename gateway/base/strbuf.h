/* strbuf.h - a text that grows as it is written.  Thread: one owner.
 *
 * A failed allocation is remembered, not returned each time: write everything,
 * then strbuf_take() once.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise.  text is NULL until the first write. */
struct strbuf {
    char *text;
    size_t used; /* without the NUL */
    size_t room;
    bool has_failed;
};

void strbuf_add(struct strbuf *b, const char *text);
void strbuf_add_bytes(struct strbuf *b, const char *bytes, size_t size);
void strbuf_format(struct strbuf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* strbuf_take - the text, "" when nothing was written; NULL = out of memory.  The
 * buffer is empty afterwards.  Owner: caller; free(). */
char *strbuf_take(struct strbuf *b);

/* strbuf_clear - empties it and keeps the memory; strbuf_free - frees it. */
void strbuf_clear(struct strbuf *b);
void strbuf_free(struct strbuf *b);

#endif
