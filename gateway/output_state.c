#include "output_state.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/text.h"
#include "gw/driver.h"
#include "gw/log.h"

/* A device that said no is asked again, but not each second. */
static const int64_t refused_us = INT64_C(5) * 1000000;

/* output - is_sent: a command is on its way and will be told.
 * has_left    nobody has it any more; the place is free when it was taken, or
 * is_nowhere  when no bus had the point at the last try
 * retry_us    machine time, no earlier than this again */
struct output {
    struct output_states *states;
    uint32_t point;
    bool is_sent;
    bool has_left;
    bool is_nowhere;
    int64_t retry_us;
    struct output_row row;
    struct gw_complaint dead;
};

/* The outputs stay where they are once made: commands on their way point at them. */
struct output_states {
    pthread_mutex_t lock;
    int (*send)(void *ctx, const struct output_send *send);
    void *ctx;
    struct output *items[OUTPUT_STATES_MAX];
    size_t count; /* rises only; main's */
};

int output_states_new(int (*send)(void *ctx, const struct output_send *send), void *ctx,
                      struct output_states **ret)
{
    struct output_states *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    (void)pthread_mutex_init(&s->lock, NULL); /* cannot fail on Linux */
    s->send = send;
    s->ctx = ctx;
    *ret = s;
    return 0;
}

struct output_states *output_states_free(struct output_states *s)
{
    if (!s)
        return NULL;
    for (size_t i = 0; i < s->count; i++)
        free(s->items[i]);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
    return NULL;
}

/* --- how a command ended ----------------------------------------------------------- */

/* Overtaken: the newer one will be told.  Stopping: nobody's fault, and sent again if
 * another bus takes over. */
static bool is_fault(int result)
{
    return result != 0 && result != -ECANCELED && result != -ESHUTDOWN;
}

static void told(void *ctx, int result, const char *text)
{
    struct output *o = ctx;
    if (result == -ECANCELED)
        return;
    (void)pthread_mutex_lock(&o->states->lock);
    o->is_sent = false;
    o->row.is_taken = result == 0;
    o->retry_us = result == -EREMOTEIO ? gw_machine_us() + refused_us : 0;
    text_copy(o->row.fault, sizeof(o->row.fault), is_fault(result) ? text : "");
    (void)pthread_mutex_unlock(&o->states->lock);

    const struct gw_subject about = {"OUTPUT", o->row.name};
    if (is_fault(result))
        gw_complain(&o->dead, about, "%s; tried until it is taken", text);
    else if (result == 0)
        gw_relieve(&o->dead, about, "taken");
}

/* --- main's side ---------------------------------------------------------------------
 */

static void put(struct output *o)
{
    (void)pthread_mutex_lock(&o->states->lock);
    o->is_sent = true;
    o->is_nowhere = false;
    o->row.is_taken = false;
    (void)pthread_mutex_unlock(&o->states->lock);
    const struct output_send send = {
        .point = o->point, .is_on = o->row.is_on, .ctx = o, .done = told};
    int r = o->states->send(o->states->ctx, &send);
    if (r == 0)
        return;
    (void)pthread_mutex_lock(&o->states->lock);
    o->is_sent = false; /* no bus, or its queue is full: the next tick tries again */
    o->is_nowhere = r == -ENOENT;
    (void)pthread_mutex_unlock(&o->states->lock);
}

static bool is_free(const struct output *o)
{
    return o->has_left && !o->is_sent && (o->row.is_taken || o->is_nowhere);
}

/* Of one that has left, or a new one. */
static struct output *free_place(struct output_states *s)
{
    struct output *o = NULL;
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count && !o; i++)
        if (is_free(s->items[i]))
            o = s->items[i];
    (void)pthread_mutex_unlock(&s->lock);
    if (o || s->count == OUTPUT_STATES_MAX)
        return o;
    o = calloc(1, sizeof(*o));
    if (!o)
        return NULL;
    o->states = s;
    (void)pthread_mutex_lock(&s->lock);
    s->items[s->count++] = o;
    (void)pthread_mutex_unlock(&s->lock);
    return o;
}

static struct output *output_of(struct output_states *s, uint32_t point, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i]->point == point)
            return s->items[i];
    struct output *o = free_place(s);
    if (!o)
        return NULL;
    (void)pthread_mutex_lock(&s->lock);
    o->point = point;
    o->row = (struct output_row){.point = point};
    text_copy(o->row.name, sizeof(o->row.name), name);
    (void)pthread_mutex_unlock(&s->lock);
    return o;
}

void output_states_want(struct output_states *s, uint32_t point, const char *name,
                        bool is_on, int64_t now_us)
{
    struct output *o = output_of(s, point, name);
    if (!o) {
        gw_log(GW_LOG_ERROR, (struct gw_subject){"OUTPUT", name},
               "not switched: out of memory, or more than %d outputs", OUTPUT_STATES_MAX);
        return;
    }
    (void)pthread_mutex_lock(&s->lock);
    o->has_left = false;
    o->row.is_on = is_on;
    o->retry_us = now_us;
    (void)pthread_mutex_unlock(&s->lock);
    put(o);
    gw_log(GW_LOG_NOTICE, (struct gw_subject){"OUTPUT", name}, "%s",
           is_on ? "on" : "off");
}

void output_states_leave(struct output_states *s, uint32_t point, int64_t now_us)
{
    for (size_t i = 0; i < s->count; i++) {
        struct output *o = s->items[i];
        if (o->point != point || o->has_left)
            continue;
        if (o->row.is_on)
            output_states_want(s, point, o->row.name, false, now_us);
        (void)pthread_mutex_lock(&s->lock);
        o->has_left = true;
        (void)pthread_mutex_unlock(&s->lock);
    }
}

void output_states_again(struct output_states *s, uint32_t point)
{
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i]->point == point && !s->items[i]->has_left)
            s->items[i]->row.is_taken = false;
    (void)pthread_mutex_unlock(&s->lock);
}

void output_states_tick(struct output_states *s, int64_t now_us)
{
    for (size_t i = 0; i < s->count; i++) {
        struct output *o = s->items[i];
        (void)pthread_mutex_lock(&s->lock);
        bool is_due = !o->row.is_taken && !o->is_sent && o->retry_us <= now_us;
        (void)pthread_mutex_unlock(&s->lock);
        if (is_due)
            put(o);
    }
}

size_t output_states_rows(struct output_states *s, struct output_row *ret, size_t max)
{
    (void)pthread_mutex_lock(&s->lock);
    size_t n = 0;
    for (size_t i = 0; i < s->count && n < max; i++)
        if (!s->items[i]->has_left)
            ret[n++] = s->items[i]->row;
    (void)pthread_mutex_unlock(&s->lock);
    return n;
}
