/* sample_queue.h - bounded queue from every bus thread to the pipeline.
 *
 * Many producers, one consumer.  When it is full, a polled gauge replaces its older
 * value and is counted; an event makes its bus wait.  fd() turns readable when a producer
 * calls the consumer, which can sleep in sd-event until then, and stays so until all is
 * taken.  A producer that reads one message after another calls once for many.
 */
#ifndef POINTS_SAMPLE_QUEUE_H
#define POINTS_SAMPLE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/types.h"

struct sample_queue;

enum queue_item_kind { QUEUE_SAMPLE, QUEUE_DELIVERY, QUEUE_COMMIT };

struct queue_item {
    enum queue_item_kind kind;
    union {
        struct gw_sample sample;
        struct gw_delivery delivery; /* COMMIT uses bus and ticket */
    };
};

enum {
    SAMPLE_QUEUE_MAX = 65536,     /* items */
    SAMPLE_QUEUE_BUSES_MAX = 256, /* commits that wait at once */
    SAMPLE_QUEUE_GATHERED = 64    /* items that wait uncalled; 0.5 ms of a flood */
};

/* sample_queue_new - @capacity items, 1..SAMPLE_QUEUE_MAX.
 * returns  0 and *ret, or -EINVAL, -ENOMEM, -errno of eventfd(2)
 * Owner:   caller; sample_queue_free() after all producers ended */
int sample_queue_new(size_t capacity, struct sample_queue **ret);
struct sample_queue *sample_queue_free(struct sample_queue *q);

/* sample_queue_push - all of @samples and @delivery (may be NULL), or none.
 * Without GW_EVENT and @delivery a sample is a gauge: in a full queue it replaces its
 * point's newest older one.  false: full and not all are replaceable gauges (a message
 * longer than the capacity never fits).  Never blocks.  Thread: any. */
bool sample_queue_push(struct sample_queue *q, const struct gw_sample *samples, size_t n,
                       const struct gw_delivery *delivery);

/* sample_queue_push_over - the same, and in @ret_overwritten how many older gauges gave
 * way.  @has_more: the producer goes on at once and ends with sample_queue_call(); until
 * then only an event, a refusal or SAMPLE_QUEUE_GATHERED items call the consumer. */
bool sample_queue_push_over(struct sample_queue *q, const struct gw_sample *samples,
                            size_t n, const struct gw_delivery *delivery, bool has_more,
                            size_t *ret_overwritten);

/* sample_queue_call - wakes the consumer for what waits uncalled, if anything does.
 * Thread: any. */
void sample_queue_call(struct sample_queue *q);

/* sample_queue_push_commit - behind everything pushed so far; always finds room (one
 * reserved place a bus: a second one moves the first to the end).  A commit covers all
 * buses, so that of more than SAMPLE_QUEUE_BUSES_MAX the oldest gives way.  Thread: any.
 */
void sample_queue_push_commit(struct sample_queue *q, uint16_t bus, uint64_t ticket);

/* sample_queue_take - at most @max items, never splitting a message from its
 * delivery unless it alone exceeds @max.  Thread: the consumer. */
size_t sample_queue_take(struct sample_queue *q, struct queue_item *ret, size_t max);

/* sample_queue_is_inside - the last take ended within a message: its rest is next.
 * Thread: the consumer. */
bool sample_queue_is_inside(const struct sample_queue *q);

int sample_queue_fd(const struct sample_queue *q);

/* sample_queue_length - items waiting, commits included.  Thread: any. */
size_t sample_queue_length(struct sample_queue *q);

/* sample_queue_had_refusal - true once after a push was refused and room came back:
 * the consumer then wakes the buses. */
bool sample_queue_had_refusal(struct sample_queue *q);

/* sample_queue_overwritten - gauges replaced since the start.  Thread: any. */
uint64_t sample_queue_overwritten(struct sample_queue *q);

#endif
