#include "field/command.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "field/device.h"

/* One more than may be put: the one that was taken finds its place again. */
enum { PLACES = COMMANDS_MAX + 1 };

/* is_tried  one was taken and has not ended: a copy of it */
struct commands {
    pthread_mutex_t lock;
    struct command tried;
    bool is_tried;
    size_t count;
    struct command items[PLACES]; /* oldest first */
};

/* --- the queue ------------------------------------------------------------------ */

static void tell(const struct command *c, int result, const char *text)
{
    if (c->asked.done)
        c->asked.done(c->asked.ctx, result, text);
}

int commands_new(struct commands **ret)
{
    struct commands *q = calloc(1, sizeof(*q));
    if (!q)
        return -ENOMEM;
    (void)pthread_mutex_init(&q->lock, NULL); /* cannot fail on Linux */
    *ret = q;
    return 0;
}

struct commands *commands_free(struct commands *q)
{
    if (!q)
        return NULL;
    commands_give_up(q, -ESHUTDOWN, "the gateway is stopping");
    (void)pthread_mutex_destroy(&q->lock);
    free(q);
    return NULL;
}

static void take_out(struct commands *q, size_t index, struct command *ret)
{
    *ret = q->items[index];
    q->count--;
    memmove(&q->items[index], &q->items[index + 1],
            (q->count - index) * sizeof(q->items[0]));
}

static size_t find(const struct commands *q, uint32_t point)
{
    size_t i = 0;
    while (i < q->count && q->items[i].asked.point != point)
        i++;
    return i;
}

static void tell_overtaken(const struct command *c)
{
    tell(c, -ECANCELED, "a newer value took its place");
}

int commands_put(struct commands *q, const struct command *c)
{
    struct command older;
    (void)pthread_mutex_lock(&q->lock);
    size_t at = find(q, c->asked.point);
    bool has_older = at < q->count;
    if (has_older)
        take_out(q, at, &older);
    bool has_room = q->count < COMMANDS_MAX;
    if (has_room)
        q->items[q->count++] = *c;
    (void)pthread_mutex_unlock(&q->lock);
    if (has_older)
        tell_overtaken(&older);
    return has_room ? 0 : -ENOBUFS;
}

/* The one that was taken is the bus's no more.  false: it was given up.  Locked. */
static bool end_try(struct commands *q)
{
    bool was_tried = q->is_tried;
    q->is_tried = false;
    return was_tried;
}

void commands_tell(struct commands *q, const struct command *c, int result,
                   const char *text)
{
    (void)pthread_mutex_lock(&q->lock);
    bool is_asked = end_try(q);
    (void)pthread_mutex_unlock(&q->lock);
    if (is_asked)
        tell(c, result, text);
}

static bool take_any(struct commands *q, struct command *ret)
{
    (void)pthread_mutex_lock(&q->lock);
    bool is_taken = true;
    if (end_try(q))
        *ret = q->tried;
    else if (q->count > 0)
        take_out(q, 0, ret);
    else
        is_taken = false;
    (void)pthread_mutex_unlock(&q->lock);
    return is_taken;
}

void commands_give_up(struct commands *q, int result, const char *text)
{
    struct command c;
    while (take_any(q, &c))
        tell(&c, result, text);
}

void commands_return(struct commands *q, const struct command *c)
{
    (void)pthread_mutex_lock(&q->lock);
    bool is_asked = end_try(q);
    bool is_overtaken = is_asked && find(q, c->asked.point) < q->count;
    if (is_asked && !is_overtaken) {
        memmove(&q->items[1], &q->items[0], q->count * sizeof(q->items[0]));
        q->items[0] = *c;
        q->count++;
    }
    (void)pthread_mutex_unlock(&q->lock);
    if (is_overtaken)
        tell_overtaken(c);
}

bool commands_take(struct commands *q, const struct device *devices, bool is_open,
                   int64_t now_us, struct command *ret, int64_t *ret_next_us)
{
    bool is_taken = false;
    *ret_next_us = INT64_MAX;
    (void)pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < q->count && !is_taken; i++) {
        const struct command *c = &q->items[i];
        int64_t due_us = c->asked.deadline_us;
        if (is_open && devices[c->device].write_due_us < due_us)
            due_us = devices[c->device].write_due_us;
        is_taken = due_us <= now_us;
        if (is_taken)
            take_out(q, i, ret);
        else if (due_us < *ret_next_us)
            *ret_next_us = due_us;
    }
    if (is_taken) {
        q->tried = *ret;
        q->is_tried = true;
    }
    (void)pthread_mutex_unlock(&q->lock);
    return is_taken;
}
