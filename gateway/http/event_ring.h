/* event_ring.h - the last 64 KiB of server-sent events, read by many at their own pace.
 *
 * Positions only rise, for life.  A reader that was overtaken is told so.
 * Thread: one at a time; the owner locks.
 */
#ifndef HTTP_EVENT_RING_H
#define HTTP_EVENT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_RING_SIZE = 64 * 1024, EVENT_MAX = 8 * 1024, EVENT_TYPE_MAX = 32 };

/* event_ring - zero-initialise. */
struct event_ring {
    char bytes[EVENT_RING_SIZE];
    uint64_t end; /* bytes ever written; where a new reader starts */
};

/* event_ring_add - appends one event.
 * type      [a-z-]; json: one line
 * returns   false when it is longer than EVENT_MAX or holds a line break
 * Source:   WHATWG HTML, section 9.2 (event stream interpretation) */
bool event_ring_add(struct event_ring *ring, const char *type, const char *json);

/* event_ring_read - copies what follows *position, at most @max bytes, and moves it.
 * returns  the count, 0 = nothing new, -EOVERFLOW = overtaken: end the stream */
int event_ring_read(const struct event_ring *ring, uint64_t *position, char *ret,
                    size_t max);

#endif
