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

/* Chunks before `current` are full, those after it are kept from before a reset. */
struct arena {
    struct chunk *first;
    struct chunk *current;
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
    for (struct chunk *c = a->first; c;) {
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

/* A new chunk goes in behind the current one, twice as large up to the limit. */
static struct chunk *add_chunk(struct arena *a, size_t size)
{
    size_t room = a->current ? 2 * a->current->size : CHUNK_MIN;
    if (room > CHUNK_MAX)
        room = CHUNK_MAX;
    if (room < size)
        room = size;
    struct chunk *c = malloc(sizeof(*c) + room);
    if (!c)
        return NULL;
    c->size = room;
    c->used = 0;
    c->next = a->current ? a->current->next : a->first;
    if (a->current)
        a->current->next = c;
    else
        a->first = c;
    return c;
}

static struct chunk *chunk_with_room(struct arena *a, size_t size)
{
    struct chunk *c = a->current ? a->current : a->first;
    while (c && c->size - c->used < size)
        c = c->next;
    return c ? c : add_chunk(a, size);
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 4)
        return NULL;
    size_t rounded = round_up(size ? size : 1);
    struct chunk *c = chunk_with_room(a, rounded);
    if (!c)
        return NULL;
    void *bytes = c->bytes + c->used;
    c->used += rounded;
    a->current = c;
    a->used += rounded;
    return memset(bytes, 0, rounded);
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
    void *copy = arena_alloc(a, size);
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
    char *text = arena_alloc(a, (size_t)size + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)size + 1, format, args); /* measured above */
    va_end(args);
    return text;
}

void arena_reset(struct arena *a)
{
    for (struct chunk *c = a->first; c; c = c->next)
        c->used = 0;
    a->current = a->first;
    a->used = 0;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
