/* pack.h - the hours of one point over four days as one blob.
 *
 * Four, so that a row of it is written and deleted seldom (decision 0038).
 *
 *     version  1 byte, PACK_VERSION
 *     hours    in their order: the hour 0..95, 1 byte; the size of its block, 2 bytes,
 *              little-endian; the block (block.h)
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "store/block.h"

enum {
    PACK_VERSION = 0x14,
    PACK_DAYS = 4,
    PACK_HOURS = 24 * PACK_DAYS,
    PACK_HOUR_BYTES_MAX = 4096, /* more than 60 minutes ever need */
    PACK_BYTES_MAX = 1 + PACK_HOURS * (3 + PACK_HOUR_BYTES_MAX),
};

/* pack_hour - borrowed; size 0 = none. */
struct pack_hour {
    const void *bytes;
    size_t size;
};

/* pack_read - of any bytes, as far as they read. */
void pack_read(const void *bytes, size_t size, struct pack_hour ret[PACK_HOURS]);

/* pack_size - of what pack_write() makes of them: at most PACK_BYTES_MAX. */
size_t pack_size(const struct pack_hour hours[PACK_HOURS]);

/* pack_write - @ret has room for it.  returns its size */
size_t pack_write(const struct pack_hour hours[PACK_HOURS], uint8_t *ret);

/* pack_quarters - the same as quarters of an hour. */
void pack_quarters(const struct pack_hour hours[PACK_HOURS], struct block *ret);

#endif
