/* hash.h - 64-bit FNV-1a and a map from text to a small number.  Thread: one owner. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t size);

struct text_map;

int text_map_new(size_t expected, struct text_map **ret);
struct text_map *text_map_free(struct text_map *m);

/* text_map_put - @key is copied.  returns 0, -EEXIST (value unchanged) or -ENOMEM */
int text_map_put(struct text_map *m, const char *key, uint32_t value);

/* text_map_set - @key has @value from now on.  returns 0 or -ENOMEM */
int text_map_set(struct text_map *m, const char *key, uint32_t value);

/* text_map_get - the value, or UINT32_MAX. */
uint32_t text_map_get(const struct text_map *m, const char *key);

/* text_map_each - every key, in no order, until @each says other than 0; returns that. */
int text_map_each(const struct text_map *m,
                  int (*each)(void *ctx, const char *key, uint32_t value), void *ctx);

#endif
