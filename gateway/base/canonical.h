/* canonical.h - one form of a JSON value, whoever has stored it: what is signed and what
 * is hashed.
 *
 * Keys are sorted, nothing stands between the parts, and a number is the shortest one
 * that reads back as the same double: 1.0, 1 and 10e-1 are "1", whatever a database made
 * of them on the way.
 * Source: RFC 8785, JSON Canonicalization Scheme.  Thread: any.
 */
#ifndef BASE_CANONICAL_H
#define BASE_CANONICAL_H

#include <jansson.h>
#include <stddef.h>

enum { CANONICAL_DIGEST = 32, CANONICAL_HEX_MAX = 2 * CANONICAL_DIGEST + 1 };

/* How a text is read that is to be written so: every number is a double. */
#define CANONICAL_READ (JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL)

/* canonical_json - returns NULL: out of memory, or an integer that no double is.
 * Owner: caller; free() */
char *canonical_json(const json_t *value);

/* canonical_digest - SHA-256 of canonical_json().  0, or -EINVAL where that is NULL */
int canonical_digest(const json_t *value, unsigned char ret[CANONICAL_DIGEST]);

/* canonical_hex - in small letters. */
void canonical_hex(const unsigned char digest[CANONICAL_DIGEST],
                   char ret[CANONICAL_HEX_MAX]);

#endif
