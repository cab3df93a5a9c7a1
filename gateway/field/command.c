#include "field/command.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "field/device.h"

/* One more than may be put: the one that was taken finds its place again. */
enum { PLACES = COMMANDS_MAX + 1 };

struct commands {
    pthread_mutex_t lock;
    size_t count;
    struct command items[PLACES]; /* oldest first */
};

/* --- the queue ------------------------------------------------------------------ */

void command_tell(const struct command *c, int result, const char *text)
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
    for (size_t i = 0; i < q->count; i++)
        command_tell(&q->items[i], -ESHUTDOWN, "the gateway is stopping");
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
    command_tell(c, -ECANCELED, "a newer value took its place");
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

void commands_return(struct commands *q, const struct command *c)
{
    (void)pthread_mutex_lock(&q->lock);
    bool is_overtaken = find(q, c->asked.point) < q->count;
    if (!is_overtaken) {
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
    (void)pthread_mutex_unlock(&q->lock);
    return is_taken;
}
