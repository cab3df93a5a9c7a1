/* request.h - one request from its first byte to its answer: limits, then the route. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <microhttpd.h>

/* request_serve - MHD's access handler; @ctx is the struct http. */
enum MHD_Result request_serve(void *ctx, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *bytes, size_t *size, void **state);

/* request_end - MHD's completed notification. */
void request_end(void *ctx, struct MHD_Connection *connection, void **state,
                 enum MHD_RequestTerminationCode code);

/* request_unescape - leaves targets as they came: route_decode() is stricter. */
size_t request_unescape(void *ctx, struct MHD_Connection *connection, char *text);

#endif
