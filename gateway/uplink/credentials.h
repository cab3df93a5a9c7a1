/* credentials.h - what the uplink trusts and shows: the county's CA, this gateway's
 * certificate and its key.
 *
 * Read as one set that fits and kept in memory from then on: a connection takes this copy
 * and never a file that somebody is just replacing.  Immutable.  Thread: any.
 */
#ifndef UPLINK_CREDENTIALS_H
#define UPLINK_CREDENTIALS_H

#include <stdint.h>

#include "gw/error.h"

struct credentials;

enum credential { CREDENTIAL_CA, CREDENTIAL_CERTIFICATE, CREDENTIAL_KEY, CREDENTIALS };

/* credential_name - "ca", "certificate", "key": as in gateway.yaml. */
const char *credential_name(enum credential which);

/* credentials_read
 * files    paths of PEM files; NULL = there is none.  The certificate's own is the first
 *          of its file, others of its chain behind it; the CA's may hold several
 * ret_bad  which file @err is about
 * returns  0, -errno of a file, -EINVAL: not PEM, cut short, a key with a password, a
 *          certificate that is not this key's; or -ENOMEM
 * Owner:   caller; credentials_free() */
int credentials_read(const char *const files[CREDENTIALS], struct credentials **ret,
                     enum credential *ret_bad, struct gw_error *err);

/* credentials_free - NULL is a no-op; always returns NULL. */
struct credentials *credentials_free(struct credentials *c);

/* credentials_path - of the copy, for who opens it by name; valid as long as @c.  NULL =
 * there is none. */
const char *credentials_path(const struct credentials *c, enum credential which);

/* credentials_end_us - when it stops being of use: microseconds since 1970; INT64_MAX =
 * there is nothing that ends.  Of the CA's file it is the last of several that counts.
 * ret_which  may be NULL: the first to end */
int64_t credentials_end_us(const struct credentials *c, enum credential *ret_which);

#endif
