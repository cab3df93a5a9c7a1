#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

uint64_t hash_bytes(const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ p[i]) * 0x100000001b3u;
    return hash;
}

struct slot {
    const char *key; /* NULL = free */
    uint32_t hash;
    uint32_t value;
};

/* The lower half tells keys apart as well, and leaves a slot at 16 bytes. */
static uint32_t hash_key(const char *key)
{
    return (uint32_t)hash_bytes(key, strlen(key));
}

/* Open addressing; the size is a power of two and at most three quarters full. */
struct text_map {
    struct arena *keys;
    struct slot *slots;
    size_t size;
    size_t used;
};

int text_map_new(size_t expected, struct text_map **ret)
{
    size_t size = 16;
    while (size / 4 * 3 <= expected && size < SIZE_MAX / 2 / sizeof(struct slot))
        size *= 2;
    struct text_map *m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    m->size = size;
    m->slots = calloc(size, sizeof(*m->slots));
    if (!m->slots || arena_new(&m->keys) < 0) {
        text_map_free(m);
        return -ENOMEM;
    }
    *ret = m;
    return 0;
}

struct text_map *text_map_free(struct text_map *m)
{
    if (!m)
        return NULL;
    arena_free(m->keys);
    free(m->slots);
    free(m);
    return NULL;
}

/* The slot of @key, or the free one where it belongs. */
static struct slot *find(const struct text_map *m, const char *key, uint32_t hash)
{
    size_t i = hash & (m->size - 1);
    while (m->slots[i].key
           && (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0))
        i = (i + 1) & (m->size - 1);
    return &m->slots[i];
}

static int grow(struct text_map *m)
{
    struct text_map wider = *m;
    wider.size = 2 * m->size;
    wider.slots = calloc(wider.size, sizeof(*wider.slots));
    if (!wider.slots)
        return -ENOMEM;
    for (size_t i = 0; i < m->size; i++)
        if (m->slots[i].key)
            *find(&wider, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    free(m->slots);
    *m = wider;
    return 0;
}

static int add(struct text_map *m, const char *key, uint32_t hash, uint32_t value)
{
    if (m->used >= m->size / 4 * 3 && grow(m) < 0)
        return -ENOMEM;
    char *copy = arena_string(m->keys, key);
    if (!copy)
        return -ENOMEM;
    *find(m, key, hash) = (struct slot){.key = copy, .hash = hash, .value = value};
    m->used++;
    return 0;
}

int text_map_put(struct text_map *m, const char *key, uint32_t value)
{
    uint32_t hash = hash_key(key);
    return find(m, key, hash)->key ? -EEXIST : add(m, key, hash, value);
}

int text_map_set(struct text_map *m, const char *key, uint32_t value)
{
    uint32_t hash = hash_key(key);
    struct slot *slot = find(m, key, hash);
    if (!slot->key)
        return add(m, key, hash, value);
    slot->value = value;
    return 0;
}

uint32_t text_map_get(const struct text_map *m, const char *key)
{
    const struct slot *slot = find(m, key, hash_key(key));
    return slot->key ? slot->value : UINT32_MAX;
}

int text_map_each(const struct text_map *m,
                  int (*each)(void *ctx, const char *key, uint32_t value), void *ctx)
{
    int r = 0;
    for (size_t i = 0; i < m->size && r == 0; i++)
        if (m->slots[i].key)
            r = each(ctx, m->slots[i].key, m->slots[i].value);
    return r;
}
