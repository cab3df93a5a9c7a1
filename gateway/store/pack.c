#include "store/pack.h"

#include <string.h>

enum { HEAD = 3, HOUR_MINUTES = 60, QUARTER_MINUTES = 15, HOUR_QUARTERS = 4 };
enum { MINUTE_MS = 60000, QUARTER_MS = 900000 };

void pack_read(const void *bytes, size_t size, struct pack_hour ret[PACK_HOURS])
{
    const uint8_t *at = bytes;
    const uint8_t *end = at + size;
    memset(ret, 0, PACK_HOURS * sizeof(*ret));
    if (size == 0 || *at++ != PACK_VERSION)
        return;
    while (end - at >= HEAD) {
        unsigned hour = at[0];
        size_t length = at[1] | (size_t)at[2] << 8;
        at += HEAD;
        if (hour >= PACK_HOURS || length > (size_t)(end - at))
            return;
        ret[hour] = (struct pack_hour){at, length};
        at += length;
    }
}

static bool is_there(const struct pack_hour *h)
{
    return h->size > 0 && h->size <= PACK_HOUR_BYTES_MAX;
}

size_t pack_size(const struct pack_hour hours[PACK_HOURS])
{
    size_t size = 1;
    for (unsigned hour = 0; hour < PACK_HOURS; hour++)
        size += is_there(&hours[hour]) ? HEAD + hours[hour].size : 0;
    return size;
}

size_t pack_write(const struct pack_hour hours[PACK_HOURS], uint8_t *ret)
{
    size_t used = 0;
    ret[used++] = PACK_VERSION;
    for (unsigned hour = 0; hour < PACK_HOURS; hour++) {
        const struct pack_hour *h = &hours[hour];
        if (!is_there(h))
            continue;
        ret[used++] = (uint8_t)hour;
        ret[used++] = (uint8_t)h->size;
        ret[used++] = (uint8_t)(h->size >> 8);
        memcpy(ret + used, h->bytes, h->size);
        used += h->size;
    }
    return used;
}

static void add_hour(unsigned hour, const struct pack_hour *h, struct block *ret)
{
    struct aggregate quarters[HOUR_QUARTERS];
    struct block_reader r;
    struct aggregate a;
    unsigned minute = 0;
    for (unsigned i = 0; i < HOUR_QUARTERS; i++)
        quarters[i] = aggregate_none();
    block_open(&r, h->bytes, h->size, MINUTE_MS, HOUR_MINUTES);
    while (block_next(&r, &minute, &a))
        aggregate_add(&quarters[minute / QUARTER_MINUTES], &a);
    for (unsigned i = 0; i < HOUR_QUARTERS; i++)
        block_add(ret, hour * HOUR_QUARTERS + i, &quarters[i]);
}

void pack_quarters(const struct pack_hour hours[PACK_HOURS], struct block *ret)
{
    block_begin(ret, QUARTER_MS);
    for (unsigned hour = 0; hour < PACK_HOURS; hour++)
        if (hours[hour].size > 0)
            add_hour(hour, &hours[hour], ret);
}
