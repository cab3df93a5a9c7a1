/* gzip.h - a body in gzip's form, for a platform that says it takes it.  Thread: any. */
#ifndef UPLINK_GZIP_H
#define UPLINK_GZIP_H

#include <stdbool.h>
#include <stddef.h>

enum { GZIP_WORTH_IT = 1024 }; /* bytes; below, the answer's time is all */

/* gzip_pack - returns 0 and *ret, *ret_size, or -ENOMEM.  Owner: caller; free() */
int gzip_pack(const char *text, size_t size, char **ret, size_t *ret_size);

/* gzip_is_taken - by a header Accept-Encoding of an answer; NULL = there was none.
 * Source: RFC 9110, 12.5.3 and RFC 7694 */
bool gzip_is_taken(const char *accept);

#endif
