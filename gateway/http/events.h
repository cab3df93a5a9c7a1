/* events.h - every open event stream: suspended while it has nothing to send.
 *
 * A worker resumes the streams when an event came, and each second with a heartbeat, so
 * that a dead browser is noticed and a living one knows that we live.
 */
#ifndef HTTP_EVENTS_H
#define HTTP_EVENTS_H

#include <stdint.h>

struct MHD_Connection;
struct MHD_Response;
struct events;

enum { EVENTS_STREAMS_MAX = 120, EVENTS_HEARTBEAT_US = 1000000 };

/* events_new - starts the worker.  Owner: caller; events_free(). */
int events_new(struct events **ret);

/* events_close - no new streams, every stream ends at its next turn; before the daemons
 * stop.  events_free - after they did; NULL is a no-op; returns NULL. */
void events_close(struct events *e);
struct events *events_free(struct events *e);

/* events_add - one event to every stream.  Thread: who closes; never blocks. */
void events_add(struct events *e, const char *type, const char *json);

/* events_stream - a response that never ends by itself.
 * returns  0 and *ret, -EBUSY too many streams or closing, -ENOMEM
 * Owner:   caller (MHD_destroy_response)  Thread: @connection's */
int events_stream(struct events *e, struct MHD_Connection *connection,
                  struct MHD_Response **ret);

#endif
