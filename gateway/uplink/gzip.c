#include "uplink/gzip.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
    GZIP_FORM = 15 + 16, /* zlib's largest window, with gzip's head */
    MEMORY = 8,
    LEVEL = 6,
};

int gzip_pack(const char *text, size_t size, char **ret, size_t *ret_size)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)size};
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_FORM, MEMORY, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return -ENOMEM;
    size_t room = deflateBound(&z, size);
    char *packed = malloc(room);
    int r = Z_MEM_ERROR;
    if (packed) {
        z.next_out = (Bytef *)packed;
        z.avail_out = (uInt)room;
        r = deflate(&z, Z_FINISH);
    }
    (void)deflateEnd(&z);
    if (r != Z_STREAM_END) {
        free(packed);
        return -ENOMEM;
    }
    *ret = packed;
    *ret_size = z.total_out;
    return 0;
}

/* "gzip", "gzip ;q=0.5": its weight says "not at all" when it is 0, 0. or 0.000. */
static bool is_wanted(const char *coding, size_t size)
{
    static const char name[] = "gzip";
    size_t length = strcspn(coding, ";, \t");
    if (length != sizeof(name) - 1 || strncasecmp(coding, name, length) != 0)
        return false;
    const char *weight = memchr(coding, '=', size);
    if (!weight)
        return true;
    size_t rest = size - (size_t)(weight + 1 - coding);
    return strspn(weight + 1, " 0.") < rest;
}

bool gzip_is_taken(const char *accept)
{
    while (accept && *accept) {
        accept += strspn(accept, ", \t");
        size_t size = strcspn(accept, ",");
        if (is_wanted(accept, size))
            return true;
        accept += size;
    }
    return false;
}
