#include "http/event_ring.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void event_ring_put(struct event_ring *ring, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ring->bytes[(ring->end + i) % EVENT_RING_SIZE] = bytes[i];
    ring->end += size;
}

bool event_ring_add(struct event_ring *ring, const char *type, const char *json)
{
    if (strpbrk(type, "\r\n") || strpbrk(json, "\r\n"))
        return false;
    char head[EVENT_TYPE_MAX + 16];
    int size = snprintf(head, sizeof(head), "event: %s\ndata: ", type);
    size_t length = strlen(json);
    if (size < 0 || (size_t)size >= sizeof(head) || length > EVENT_MAX)
        return false;
    event_ring_put(ring, head, (size_t)size);
    event_ring_put(ring, json, length);
    event_ring_put(ring, "\n\n", 2);
    return true;
}

int event_ring_read(const struct event_ring *ring, uint64_t *position, char *ret,
                    size_t max)
{
    uint64_t waiting = ring->end - *position;
    if (waiting > EVENT_RING_SIZE)
        return -EOVERFLOW;
    size_t n = waiting < max ? (size_t)waiting : max;
    for (size_t i = 0; i < n; i++)
        ret[i] = ring->bytes[(*position + i) % EVENT_RING_SIZE];
    *position += n;
    return (int)n;
}
