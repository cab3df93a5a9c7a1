#include "points/sample_queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* One place of the ring.  after: items of the same message that follow. */
struct slot {
    struct queue_item item;
    uint32_t after;
    bool is_replaceable;
};

/* A commit waits until everything pushed before it has been taken. */
struct commit {
    uint64_t ticket;
    uint64_t position;
    uint16_t bus;
};

/* Positions only grow; slot = position % capacity. */
struct sample_queue {
    pthread_mutex_t lock; /* leaf: guards all below */
    int fd;
    size_t capacity;
    uint64_t head;  /* next position to take */
    uint64_t tail;  /* next position to fill */
    size_t refused; /* places that the largest refused push wants */
    uint64_t overwritten;
    bool is_called; /* the consumer knows that something waits */
    bool is_inside; /* the item taken last was not its message's last; the consumer's */
    size_t commit_count;
    struct commit commits[SAMPLE_QUEUE_BUSES_MAX]; /* by position, oldest first */
    struct slot slots[];
};

int sample_queue_new(size_t capacity, struct sample_queue **ret)
{
    if (capacity < 1 || capacity > SAMPLE_QUEUE_MAX)
        return -EINVAL;
    struct sample_queue *q = calloc(1, sizeof(*q) + capacity * sizeof(q->slots[0]));
    if (!q)
        return -ENOMEM;
    q->capacity = capacity;
    q->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (q->fd < 0) {
        int r = -errno;
        free(q);
        return r;
    }
    int r = pthread_mutex_init(&q->lock, NULL);
    if (r != 0) {
        (void)close(q->fd);
        free(q);
        return -r;
    }
    *ret = q;
    return 0;
}

struct sample_queue *sample_queue_free(struct sample_queue *q)
{
    if (!q)
        return NULL;
    (void)pthread_mutex_destroy(&q->lock);
    (void)close(q->fd);
    free(q);
    return NULL;
}

static void lock(struct sample_queue *q)
{
    int r = pthread_mutex_lock(&q->lock);
    assert(r == 0);
    (void)r;
}

static void unlock(struct sample_queue *q)
{
    int r = pthread_mutex_unlock(&q->lock);
    assert(r == 0);
    (void)r;
}

static size_t length(const struct sample_queue *q)
{
    return (size_t)(q->tail - q->head) + q->commit_count;
}

static size_t room(const struct sample_queue *q)
{
    return q->capacity - (size_t)(q->tail - q->head);
}

/* Whether the consumer is to be woken, which happens without the lock. */
static bool begin_call(struct sample_queue *q)
{
    bool is_new = !q->is_called && length(q) > 0;
    q->is_called = q->is_called || is_new;
    return is_new;
}

/* Cannot fail: the counter would have to reach 2^64 - 1 to block. */
static void signal_consumer(struct sample_queue *q)
{
    (void)eventfd_write(q->fd, 1);
}

static struct slot *slot_at(struct sample_queue *q, uint64_t position)
{
    return &q->slots[position % q->capacity];
}

static void append(struct sample_queue *q, struct slot slot)
{
    *slot_at(q, q->tail++) = slot;
}

static void append_sample(struct sample_queue *q, const struct gw_sample *sample,
                          uint32_t after, bool is_replaceable)
{
    append(q, (struct slot){.item = {.kind = QUEUE_SAMPLE, .sample = *sample},
                            .after = after,
                            .is_replaceable = is_replaceable});
}

/* The point's newest sample that may give way, or NULL. */
static struct slot *find_older(struct sample_queue *q, uint32_t point)
{
    for (uint64_t at = q->tail; at > q->head; at--) {
        struct slot *slot = slot_at(q, at - 1);
        if (slot->is_replaceable && slot->item.sample.point == point)
            return slot;
    }
    return NULL;
}

static bool is_gauge(const struct gw_sample *sample)
{
    return !(sample->flags & GW_EVENT);
}

/* Is there a place, or an older value, for each of @samples?  Strangers end the search
 * early: it walks the queue while every bus waits. */
static bool fits_by_replacing(struct sample_queue *q, const struct gw_sample *samples,
                              size_t n)
{
    size_t wanted = 0;
    for (size_t i = 0; i < n && wanted <= room(q); i++)
        if (!is_gauge(&samples[i]) || !find_older(q, samples[i].point))
            wanted++;
    return wanted <= room(q);
}

static void replace_or_append(struct sample_queue *q, const struct gw_sample *sample)
{
    struct slot *older = is_gauge(sample) ? find_older(q, sample->point) : NULL;
    if (older) {
        older->item.sample = *sample;
        q->overwritten++;
    } else {
        append_sample(q, sample, 0, is_gauge(sample));
    }
}

static void append_message(struct sample_queue *q, const struct gw_sample *samples,
                           size_t n, const struct gw_delivery *delivery)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t after = delivery ? (uint32_t)(n - i) : 0;
        append_sample(q, &samples[i], after, !delivery && is_gauge(&samples[i]));
    }
    if (delivery)
        append(q, (struct slot){.item = {.kind = QUEUE_DELIVERY, .delivery = *delivery}});
}

static bool push_locked(struct sample_queue *q, const struct gw_sample *samples, size_t n,
                        const struct gw_delivery *delivery)
{
    size_t places = n + (delivery ? 1 : 0);
    if (places <= room(q)) {
        append_message(q, samples, n, delivery);
        return true;
    }
    if (!delivery && fits_by_replacing(q, samples, n)) {
        for (size_t i = 0; i < n; i++)
            replace_or_append(q, &samples[i]);
        return true;
    }
    if (places > q->refused)
        q->refused = places;
    return false;
}

bool sample_queue_push(struct sample_queue *q, const struct gw_sample *samples, size_t n,
                       const struct gw_delivery *delivery)
{
    size_t overwritten = 0;
    return sample_queue_push_over(q, samples, n, delivery, false, &overwritten);
}

static bool has_event(const struct gw_sample *samples, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_gauge(&samples[i]))
            return true;
    return false;
}

bool sample_queue_push_over(struct sample_queue *q, const struct gw_sample *samples,
                            size_t n, const struct gw_delivery *delivery, bool has_more,
                            size_t *ret_overwritten)
{
    bool is_pressing = !has_more || has_event(samples, n);
    lock(q);
    uint64_t before = q->overwritten;
    bool is_taken = push_locked(q, samples, n, delivery);
    *ret_overwritten = (size_t)(q->overwritten - before);
    is_pressing = is_pressing || !is_taken || length(q) >= SAMPLE_QUEUE_GATHERED;
    bool is_news = is_pressing && begin_call(q);
    unlock(q);
    if (is_news)
        signal_consumer(q);
    return is_taken;
}

void sample_queue_call(struct sample_queue *q)
{
    lock(q);
    bool is_news = begin_call(q);
    unlock(q);
    if (is_news)
        signal_consumer(q);
}

static void remove_commit(struct sample_queue *q, size_t index)
{
    q->commit_count--;
    memmove(&q->commits[index], &q->commits[index + 1],
            (q->commit_count - index) * sizeof(q->commits[0]));
}

void sample_queue_push_commit(struct sample_queue *q, uint16_t bus, uint64_t ticket)
{
    lock(q);
    for (size_t i = 0; i < q->commit_count; i++)
        if (q->commits[i].bus == bus) {
            remove_commit(q, i);
            break;
        }
    if (q->commit_count == SAMPLE_QUEUE_BUSES_MAX)
        remove_commit(q, 0); /* the one that comes now covers what it asked for */
    q->commits[q->commit_count++] =
        (struct commit){.ticket = ticket, .position = q->tail, .bus = bus};
    bool is_news = begin_call(q);
    unlock(q);
    if (is_news)
        signal_consumer(q);
}

static bool take_commit(struct sample_queue *q, struct queue_item *ret)
{
    if (q->commit_count == 0 || q->commits[0].position > q->head)
        return false;
    *ret = (struct queue_item){
        .kind = QUEUE_COMMIT,
        .delivery = {.bus = q->commits[0].bus, .ticket = q->commits[0].ticket}};
    remove_commit(q, 0);
    return true;
}

static size_t take_locked(struct sample_queue *q, struct queue_item *ret, size_t max)
{
    size_t n = 0;
    while (n < max) {
        if (take_commit(q, &ret[n])) {
            n++;
            continue;
        }
        if (q->head == q->tail)
            break;
        const struct slot *slot = slot_at(q, q->head);
        if (n > 0 && !q->is_inside && slot->after + 1 > max - n)
            break;
        ret[n++] = slot->item;
        q->is_inside = slot->after > 0;
        q->head++;
    }
    return n;
}

static bool is_called(struct sample_queue *q)
{
    lock(q);
    bool is_called = q->is_called;
    unlock(q);
    return is_called;
}

/* An empty queue goes on at its first slot: one that is never long stays in few pages of
 * memory. */
static void start_over(struct sample_queue *q)
{
    q->tail += (q->capacity - q->tail % q->capacity) % q->capacity;
    q->head = q->tail;
}

size_t sample_queue_take(struct sample_queue *q, struct queue_item *ret, size_t max)
{
    lock(q);
    size_t n = take_locked(q, ret, max);
    bool is_empty = length(q) == 0;
    if (is_empty)
        start_over(q);
    q->is_called = q->is_called && !is_empty;
    unlock(q);
    if (!is_empty)
        return n;

    /* A call between unlock and this read loses its signal: look again. */
    eventfd_t ignored;
    (void)eventfd_read(q->fd, &ignored);
    if (is_called(q))
        signal_consumer(q);
    return n;
}

bool sample_queue_is_inside(const struct sample_queue *q)
{
    return q->is_inside;
}

int sample_queue_fd(const struct sample_queue *q)
{
    return q->fd;
}

size_t sample_queue_length(struct sample_queue *q)
{
    lock(q);
    size_t n = length(q);
    unlock(q);
    return n;
}

bool sample_queue_had_refusal(struct sample_queue *q)
{
    lock(q);
    bool is_room = q->refused > 0 && (q->refused <= room(q) || q->head == q->tail);
    if (is_room)
        q->refused = 0;
    unlock(q);
    return is_room;
}

uint64_t sample_queue_overwritten(struct sample_queue *q)
{
    lock(q);
    uint64_t n = q->overwritten;
    unlock(q);
    return n;
}
