#include "ingest/gunzip.h"

#include <errno.h>
#include <stdint.h>
#include <zlib.h>

enum { GZIP_ALONE = 15 + 16 }; /* no other form of zlib's */

/* A piece at a time, so that nothing is made that is then too much. */
static int unpack(z_stream *z, size_t max, struct strbuf *ret)
{
    char piece[16384];
    int r = Z_OK;
    while (r == Z_OK) {
        z->next_out = (Bytef *)piece;
        z->avail_out = sizeof(piece);
        r = inflate(z, Z_NO_FLUSH);
        size_t size = sizeof(piece) - z->avail_out;
        if (ret->used + size > max)
            return -E2BIG;
        strbuf_add_bytes(ret, piece, size);
        if (ret->has_failed || r == Z_MEM_ERROR)
            return -ENOMEM;
    }
    return r == Z_STREAM_END && z->avail_in == 0 ? 0 : -EINVAL;
}

int gunzip(const char *bytes, size_t size, size_t max, struct strbuf *ret)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    if (inflateInit2(&z, GZIP_ALONE) != Z_OK)
        return -ENOMEM;
    int r = unpack(&z, max, ret);
    (void)inflateEnd(&z);
    return r;
}
