/* notify_queue.h - what local topics have to say, until the broker takes it.
 *
 * One row a topic holds what it says now.  Alarms leave in order, each transition;
 * values leave newest first wins.  After a new connection every row is said again,
 * because the broker may have forgotten.
 *
 * Thread: main puts, notify's worker takes; one leaf lock.
 */
#ifndef NOTIFY_NOTIFY_QUEUE_H
#define NOTIFY_NOTIFY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/types.h"

enum {
    NOTIFY_ROWS = 16384, /* topics */
    NOTIFY_ALARMS = 256, /* transitions that wait; beyond, each alarm's newest is said */
    NOTIFY_PAYLOAD_MAX = 1024, /* bytes with the closing NUL */
};

struct notify_queue;

/* notify_queue_new - Owner: caller; notify_queue_free() accepts NULL, returns NULL. */
int notify_queue_new(struct notify_queue **ret);
struct notify_queue *notify_queue_free(struct notify_queue *q);

/* notify_queue_value - @reading on @topic; nothing when it says the same as before.
 * notify_queue_alarm - @payload on @topic, at most NOTIFY_PAYLOAD_MAX bytes.
 * returns  1 when the worker has to be woken: nothing waited before; 0, or -ENOMEM,
 * -ENOSPC (too many topics) */
int notify_queue_value(struct notify_queue *q, const char *topic,
                       const struct gw_reading *reading);
int notify_queue_alarm(struct notify_queue *q, const char *topic, const char *payload);

/* notify_item - one message to publish.
 * topic        lives until notify_queue_move() or the end of the queue
 * payload      of an alarm; empty = encode @reading */
struct notify_item {
    const char *topic;
    char payload[NOTIFY_PAYLOAD_MAX];
    struct gw_reading reading;
};

/* notify_queue_take - alarms first,   false: nothing waits. */
bool notify_queue_take(struct notify_queue *q, struct notify_item *ret);

/* notify_queue_move - topics below @from are below @to from now on.  0 or -ENOMEM: all
 * are as they were. notify_queue_hush - no value is said again before it is given again.
 * Thread: main, while nobody takes. */
int notify_queue_move(struct notify_queue *q, const char *from, const char *to);
void notify_queue_hush(struct notify_queue *q);

/* notify_queue_repeat - a new connection: every row waits again. */
void notify_queue_repeat(struct notify_queue *q);
size_t notify_queue_length(struct notify_queue *q);

#endif
