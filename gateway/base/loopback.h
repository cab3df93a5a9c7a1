/* loopback.h - TCP listeners that only this machine reaches: an address and a port, as
 * 127.0.0.1:8080 or [::1]:8080; port 0 = any free one.
 */
#ifndef BASE_LOOPBACK_H
#define BASE_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "gw/error.h"

enum { LOOPBACK_BACKLOG = 64, LOOPBACK_TEXT_MAX = 80 };

/* loopback_parse - @key: where @text stands, for the message.
 * returns  0, or gw_fail() with -EINVAL (no such form) or -EACCES (not loopback) */
int loopback_parse(const char *key, const char *text, struct sockaddr_storage *ret,
                   socklen_t *ret_size, struct gw_error *err);

/* loopback_is_same - both of the form above, and one would find the port of the other
 * taken.
 */
bool loopback_is_same(const char *a, const char *b);

/* loopback_listen - returns the descriptor, and the address as bound as a URL, or
 * gw_fail().
 * wide_listen - the same on any address, for who knows its clients by other means. */
int loopback_listen(const char *key, const char *text,
                    char ret_address[LOOPBACK_TEXT_MAX], struct gw_error *err);
int wide_listen(const char *key, const char *text, char ret_address[LOOPBACK_TEXT_MAX],
                struct gw_error *err);

#endif
