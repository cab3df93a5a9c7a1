/* client_name.h - who is at the other end: the common name of a verified certificate.
 *
 * Either TLS ends here, and the certificate is looked at; or in a proxy, which says the
 * subject of the one that it has verified.  Thread: any.
 */
#ifndef INGEST_CLIENT_NAME_H
#define INGEST_CLIENT_NAME_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "gw/error.h"

enum { CLIENT_NAME_MAX = 128 };

/* client_name_of_session - @session: after its handshake.
 * returns 0, or -EACCES with why it is nobody's */
int client_name_of_session(gnutls_session_t session, char ret[CLIENT_NAME_MAX],
                           struct gw_error *err);

/* client_name_of_subject - of "CN=2153012345-gw-01,O=…" (RFC 4514) or of the name alone.
 * What is escaped, or has several names, is refused: no gateway's needs that. */
int client_name_of_subject(const char *subject, char ret[CLIENT_NAME_MAX],
                           struct gw_error *err);

/* client_name_is_of - {school}-{gateway}, as a gateway's certificate has it.
 * gateway  "<division>/<school>/<gateway>" */
bool client_name_is_of(const char *name, const char *gateway);

#endif
