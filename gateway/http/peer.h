/* peer.h - who is at the other end of a connection. */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H

#include "http/resource.h"

/* peer_identify - of the connected socket @fd.
 *
 * Unix socket: root and the daemon's own user are admin; else the highest of the
 * process's groups campus-viewer … campus-admin; else viewer, since the file's mode let
 * it in.  Loopback TCP: guard, without a name, until users exist.
 * returns  0 or -errno */
int peer_identify(int fd, struct peer *ret);

#endif
