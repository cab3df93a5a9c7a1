/* arena.h - memory that is freed all at once: configuration, one batch.
 * Thread: one owner at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* arena_new - empty.  Owner: caller; release with arena_free(). */
int arena_new(struct arena **ret);

/* arena_free - NULL is a no-op; always returns NULL. */
struct arena *arena_free(struct arena *a);

/* arena_alloc - zeroed, aligned for any type; NULL = out of memory. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *bytes, size_t size);
char *arena_string(struct arena *a, const char *text);
char *arena_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* arena_used - bytes given out. */
size_t arena_used(const struct arena *a);

#endif
