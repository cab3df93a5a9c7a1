/* file.h - the bytes of a configuration file.  Thread: the one that loads. */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include <stdint.h>

#include "config/schema.h"

enum { CONFIG_FILE_MAX = 1 << 20 };

/* config_file - the ordinary file @path, at most 1 MiB, its bytes folded into *@hash.
 * ret_mark   its first character
 * returns    *@ret_size bytes, or NULL (fault added)
 * Owner:     the arena */
char *config_file(struct config_source *src, const char *path, uint64_t *hash,
                  struct config_mark *ret_mark, size_t *ret_size);

#endif
