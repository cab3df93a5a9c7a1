/* listen.h - the listening Unix socket; the addresses beside it are base/loopback.h's. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "gw/error.h"

/* listen_unix - a socket file of mode 0660; a left-over of a dead daemon is replaced, one
 * that answers is not.  returns the descriptor or gw_fail() */
int listen_unix(const char *path, struct gw_error *err);

#endif
