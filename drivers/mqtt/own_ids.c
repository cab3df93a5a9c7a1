#include "own_ids.h"

#include <string.h>

static uint16_t *chain_of(struct mqtt_own_ids *ids, uint64_t hash)
{
    return &ids->newest[(hash ^ hash >> 32) % OWN_ID_CHAINS];
}

static bool is_known(struct mqtt_own_ids *ids, uint64_t hash)
{
    uint16_t place = *chain_of(ids, hash);
    while (place && ids->hashes[place] != hash)
        place = ids->older[place];
    return place;
}

/* The oldest stands at the end of its chain. */
static void forget_oldest(struct mqtt_own_ids *ids, uint16_t oldest)
{
    uint16_t *link = chain_of(ids, ids->hashes[oldest]);
    while (*link != oldest)
        link = &ids->older[*link];
    *link = 0;
    ids->count--;
}

bool mqtt_own_ids_take(struct mqtt_own_ids *ids, uint64_t hash)
{
    if (is_known(ids, hash))
        return true;
    ids->last = ids->last == OWN_IDS ? 1 : (uint16_t)(ids->last + 1);
    if (ids->count == OWN_IDS)
        forget_oldest(ids, ids->last);
    uint16_t *newest = chain_of(ids, hash);
    ids->hashes[ids->last] = hash;
    ids->older[ids->last] = *newest;
    *newest = ids->last;
    ids->count++;
    return false;
}

void mqtt_own_ids_clear(struct mqtt_own_ids *ids)
{
    memset(ids->newest, 0, sizeof(ids->newest));
    ids->last = 0;
    ids->count = 0;
}

void mqtt_own_ids_untake(struct mqtt_own_ids *ids)
{
    *chain_of(ids, ids->hashes[ids->last]) = ids->older[ids->last];
    ids->last = ids->last == 1 ? OWN_IDS : (uint16_t)(ids->last - 1);
    ids->count--;
}
