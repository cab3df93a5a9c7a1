#include "uplink/command_keys.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

#define ALLOWED "(allowed: an Ed25519 public key, 32 bytes as base64)"

static const struct county_key *find(const struct county_keys *keys,
                                     const unsigned char bytes[COUNTY_KEY_BYTES])
{
    for (size_t i = 0; i < keys->count; i++)
        if (memcmp(keys->items[i].bytes, bytes, COUNTY_KEY_BYTES) == 0)
            return &keys->items[i];
    return NULL;
}

/* The bytes of @text into @ret; else a fault.  A secret key is twice as long. */
static bool decode(struct config_source *src, const struct config_node *node,
                   const char *path, unsigned char ret[COUNTY_KEY_BYTES])
{
    unsigned char bytes[2 * COUNTY_KEY_BYTES];
    size_t size = 0;
    const char *text = config_scalar(node);
    if (!text
        || sodium_base642bin(bytes, sizeof(bytes), text, strlen(text), NULL, &size, NULL,
                             sodium_base64_VARIANT_ORIGINAL)
               != 0) {
        config_fault(src->faults, config_where(node), path, "no base64 " ALLOWED);
        return false;
    }
    bool is_good =
        size == COUNTY_KEY_BYTES && crypto_core_ed25519_is_valid_point(bytes) == 1;
    if (size != COUNTY_KEY_BYTES)
        config_fault(src->faults, config_where(node), path, "%zu bytes " ALLOWED, size);
    else if (!is_good)
        config_fault(src->faults, config_where(node), path,
                     "no key that can sign " ALLOWED);
    memcpy(ret, bytes, COUNTY_KEY_BYTES);
    sodium_memzero(bytes, sizeof(bytes));
    return is_good;
}

/* One key behind those that are there. */
static void load_key(struct config_source *src, const char *name,
                     const struct config_node *node, struct county_key *items,
                     struct county_keys *ret)
{
    struct county_key key = {.name = name};
    const char *path = arena_format(src->arena, "county.command_keys.%s", name);
    path = path ? path : "county.command_keys";
    if (!config_is_id(name)) {
        config_fault(src->faults, config_where_key(node), path,
                     "'%s' is no name of a key (allowed: letters, digits, . _ -)", name);
        return;
    }
    if (!decode(src, node, path, key.bytes))
        return;
    const struct county_key *twin = find(ret, key.bytes);
    if (twin) {
        config_fault(src->faults, config_where(node), path, "the same key as '%s'",
                     twin->name);
        return;
    }
    items[ret->count++] = key;
}

void command_keys_load(struct config_source *src, const struct config_node *node,
                       struct county_keys *ret)
{
    *ret = (struct county_keys){0};
    if (!node)
        return;
    size_t count = config_count(node);
    if (!config_is_map(node) || count > COUNTY_KEYS_MAX || sodium_init() < 0) {
        config_fault(src->faults, config_where(node), "county.command_keys",
                     "no list of keys (allowed: at most %d of name: key)",
                     COUNTY_KEYS_MAX);
        return;
    }
    struct county_key *items = arena_alloc(src->arena, (count + 1) * sizeof(*items));
    ret->items = items;
    for (size_t i = 0; items && i < count; i++)
        load_key(src, config_key(node, i), config_value(node, i), items, ret);
}
