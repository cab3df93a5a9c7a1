/* server.h - the parts of one http, for its own files only. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdatomic.h>

#include "base/loopback.h"
#include "http/events.h"
#include "http/http.h"
#include "http/lane.h"
#include "http/sources.h"

struct MHD_Daemon;

enum { HTTP_LISTEN_MAX = 4 };

struct http {
    struct http_ops ops;
    struct sources sources;
    struct events *events;
    struct lane *lane;
    struct MHD_Daemon *daemons[HTTP_LISTEN_MAX + 1]; /* the socket's and listen's */
    size_t daemon_count;
    atomic_uint requests;            /* begun, and not answered to the last byte */
    char address[LOOPBACK_TEXT_MAX]; /* of the first of listen */
    char socket[128];                /* unlinked at the end; "" = none */
};

#endif
