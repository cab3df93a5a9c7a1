#include "base/arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_MIN = 4096 - 64, CHUNK_MAX = 256 * 1024 };

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

/* The newest chunk first; the others are full. */
struct arena {
    struct chunk *newest;
    size_t used;
};

int arena_new(struct arena **ret)
{
    struct arena *a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    *ret = a;
    return 0;
}

struct arena *arena_free(struct arena *a)
{
    if (!a)
        return NULL;
    for (struct chunk *c = a->newest; c;) {
        struct chunk *next = c->next;
        free(c);
        c = next;
    }
    free(a);
    return NULL;
}

static size_t round_up(size_t size)
{
    const size_t align = alignof(max_align_t);
    return (size + align - 1) / align * align;
}

/* Twice as large as the one before, up to the limit. */
static struct chunk *add_chunk(struct arena *a, size_t size)
{
    size_t room = a->newest ? 2 * a->newest->size : CHUNK_MIN;
    if (room > CHUNK_MAX)
        room = CHUNK_MAX;
    if (room < size)
        room = size;
    struct chunk *c = malloc(sizeof(*c) + room); /* cleared as far as it is given out */
    if (!c)
        return NULL;
    *c = (struct chunk){.next = a->newest, .size = room};
    a->newest = c;
    return c;
}

/* A chunk of its own behind the newest, which keeps its room: pages that the kernel
 * gives clear, and that take memory only as they are used. */
static struct chunk *add_large(struct arena *a, size_t size)
{
    struct chunk *c = calloc(1, sizeof(*c) + size);
    if (!c)
        return NULL;
    c->size = size;
    struct chunk **place = a->newest ? &a->newest->next : &a->newest;
    c->next = *place;
    *place = c;
    return c;
}

static struct chunk *chunk_with_room(struct arena *a, size_t size)
{
    struct chunk *c = a->newest;
    if (c && c->size - c->used >= size)
        return c;
    return size > CHUNK_MAX ? add_large(a, size) : add_chunk(a, size);
}

/* Not cleared, unless it is large. */
static void *take(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 4)
        return NULL;
    size_t rounded = round_up(size ? size : 1);
    struct chunk *c = chunk_with_room(a, rounded);
    if (!c)
        return NULL;
    void *bytes = c->bytes + c->used;
    c->used += rounded;
    a->used += rounded;
    return bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *bytes = take(a, size);
    if (bytes && round_up(size) <= CHUNK_MAX)
        memset(bytes, 0, size);
    return bytes;
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
    void *copy = take(a, size);
    if (copy && size)
        memcpy(copy, bytes, size);
    return copy;
}

char *arena_string(struct arena *a, const char *text)
{
    return arena_copy(a, text, strlen(text) + 1);
}

char *arena_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0)
        return NULL;
    char *text = take(a, (size_t)size + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)size + 1, format, args); /* measured above */
    va_end(args);
    return text;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
