/* screen.h - everything that can be refused by the head of a request alone. */
#ifndef HTTP_SCREEN_H
#define HTTP_SCREEN_H

#include <stdbool.h>

struct request;

/* screen_request - finds the route, the item and the peer of @request, and checks target,
 * parameters, lengths, type, origin and role.
 * returns  false: the reply holds the problem.  Thread: the connection's */
bool screen_request(struct request *request, const char *method, const char *url);

/* screen_host - @host (a Host header's value) names this machine's loopback; anything
 * else on a loopback listener is DNS rebinding.
 * screen_origin - a browser sent it from our own page, or it was no browser.  @site and
 * @origin: Sec-Fetch-Site and Origin, NULL = absent.
 * Source:  W3C Fetch Metadata, section 2.3; RFC 6454, section 7 */
bool screen_host(const char *host);
bool screen_origin(const char *site, const char *origin, const char *host);

#endif
