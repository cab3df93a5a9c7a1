/* listen.h - the listening sockets: the Unix socket and loopback addresses. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "gw/error.h"

enum { LISTEN_BACKLOG = 64, LISTEN_TEXT_MAX = 80 };

/* listen_parse - "127.0.0.1:8080", "[::1]:8080"; port 0 = any free one.
 * returns  0, or gw_fail() with -EINVAL (no such form) or -EACCES (not loopback) */
int listen_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_size,
                 struct gw_error *err);

/* listen_is_same - both of the form above, and one would find the port of the other
 * taken.
 */
bool listen_is_same(const char *a, const char *b);

/* listen_tcp - @text as above.  returns the descriptor and the address as bound, or
 * gw_fail(). */
int listen_tcp(const char *text, char ret_address[LISTEN_TEXT_MAX], struct gw_error *err);

/* listen_unix - a socket file of mode 0660; a left-over of a dead daemon is replaced, one
 * that answers is not.  returns the descriptor or gw_fail() */
int listen_unix(const char *path, struct gw_error *err);

#endif
