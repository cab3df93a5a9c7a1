#include "output_state.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "gw/driver.h"
#include "gw/log.h"

/* A device that said no is asked again, but not each second. */
static const int64_t refused_us = INT64_C(5) * 1000000;

/* What somebody else had written meanwhile has its time to be tried, see app_write.c. */
static const int64_t overtaken_us = INT64_C(10) * 1000000;

/* side - on or off as a command carries it: who is told learns which of them it was. */
struct side {
    struct output *output;
    bool is_on;
};

/* A relay moves, and its contact is read, some time after its yes. */
static const int64_t settle_us = 500000;

/* output - on_way: commands that will be told yet; of two the newer counts.
 * has_left    nobody has it any more; the place is free when it was taken, or
 * is_nowhere  when no bus had the point at the last try
 * has_news    how the last command ended is to be said
 * is_doubted  read back as what is not wanted; taken when it reads back right
 * is_overruled  it took what a person wrote since
 * taken_us    machine time of the device's last yes, -1: none to what is wanted now
 * retry_us    machine time, no earlier than this again */
struct output {
    struct output_states *states;
    struct side sides[2];
    uint32_t point;
    unsigned on_way;
    bool has_left;
    bool is_nowhere;
    bool has_news;
    bool is_doubted;
    bool is_overruled;
    int64_t taken_us;
    int64_t retry_us;
    struct output_row row;
    struct gw_complaint dead; /* main's */
};

/* The outputs stay where they are once made: commands on their way point at them. */
struct output_states {
    pthread_mutex_t lock;
    int (*send)(void *ctx, const struct output_send *send, struct gw_error *err);
    void *ctx;
    struct output *items[OUTPUT_STATES_MAX];
    size_t count; /* rises only; main's */
};

int output_states_new(int (*send)(void *ctx, const struct output_send *send,
                                  struct gw_error *err),
                      void *ctx, struct output_states **ret)
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

/* Overtaken: what came instead will be told, or ours is sent again.  Stopping, or between
 * two buses of a reload: nobody's fault, and sent again. */
static bool is_fault(int result)
{
    return result != 0 && result != -ECANCELED && result != -ESHUTDOWN
           && result != -ENOENT;
}

/* Under the lock. */
static void set_row(struct output *o, bool is_on, bool is_taken, const char *fault)
{
    bool is_same = o->row.is_on == is_on && o->row.is_taken == is_taken
                   && !o->row.fault[0] == !fault[0];
    if (!is_same || o->row.since_us == 0)
        o->row.since_us = clock_school_is_known() ? clock_school_us() : GW_TIME_NONE;
    o->row.is_on = is_on;
    o->row.is_taken = is_taken;
    if (fault != o->row.fault)
        text_copy(o->row.fault, sizeof(o->row.fault), fault);
}

/* Of one that is doubted. */
static const char *reads_back(const struct output *o)
{
    return o->row.is_on ? "reads back off" : "reads back on";
}

/* Under the lock. */
static int64_t pause_after(const struct output *o, int result)
{
    bool is_in_vain = result == 0 && o->is_doubted && !o->row.is_taken;
    return result == -EREMOTEIO || is_in_vain ? refused_us
           : result == -ECANCELED             ? overtaken_us
                                              : 0;
}

/* A device's yes is not enough once it was no true one. */
static void answered(struct output *o, bool is_wanted, int result, const char *text)
{
    bool is_yes = result == 0 && is_wanted;
    bool is_taken = is_yes && (!o->is_doubted || o->has_left);
    const char *before = result == -ECANCELED ? o->row.fault : "";
    if (is_yes) {
        o->taken_us = clock_machine_us();
        o->is_overruled = false;
    }
    if (is_yes && !is_taken)
        before = reads_back(o);
    set_row(o, o->row.is_on, is_taken, is_fault(result) ? text : before);
    o->has_news = o->has_news || is_taken || is_fault(result);
    o->retry_us = clock_machine_us() + pause_after(o, result);
}

static void told(void *ctx, int result, const char *text)
{
    const struct side *side = ctx;
    struct output *o = side->output;
    (void)pthread_mutex_lock(&o->states->lock);
    if (--o->on_way == 0)
        answered(o, side->is_on == o->row.is_on, result, text);
    (void)pthread_mutex_unlock(&o->states->lock);
}

/* --- main's side ---------------------------------------------------------------------
 */

static void put(struct output *o)
{
    struct gw_error err = {0};
    (void)pthread_mutex_lock(&o->states->lock);
    o->on_way++;
    struct side *side = &o->sides[o->row.is_on];
    set_row(o, o->row.is_on, false, o->row.fault);
    (void)pthread_mutex_unlock(&o->states->lock);
    const struct output_send send = {
        .point = o->point, .is_on = side->is_on, .ctx = side, .done = told};
    int r = o->states->send(o->states->ctx, &send, &err);
    o->is_nowhere = r == -ENOENT;
    if (r < 0) /* no bus, or its queue is full: the next tick tries again */
        told(side, r, err.text);
}

/* Once for each fault and its end, and from one thread. */
static void say_news(struct output *o)
{
    (void)pthread_mutex_lock(&o->states->lock);
    const struct output_row row = o->row;
    bool has_news = o->has_news;
    o->has_news = false;
    (void)pthread_mutex_unlock(&o->states->lock);
    const struct gw_subject about = {"OUTPUT", row.name};
    const char *value = row.is_on ? "on" : "off";
    if (has_news && row.fault[0])
        gw_complain(&o->dead, about, "not %s: %s; tried until it is taken", value,
                    row.fault);
    else if (has_news && row.is_taken)
        gw_relieve(&o->dead, about, "%s, taken", value);
}

static bool is_free(const struct output *o)
{
    return o->has_left && o->on_way == 0 && (o->row.is_taken || o->is_nowhere);
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
    o->sides[false] = (struct side){.output = o, .is_on = false};
    o->sides[true] = (struct side){.output = o, .is_on = true};
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
    o->dead = (struct gw_complaint){0};
    o->has_news = false;
    o->is_overruled = false;
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
    o->is_doubted = false;
    o->taken_us = -1;
    set_row(o, is_on, false, o->row.fault);
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

/* Under the lock. */
static void send_anew(struct output *o)
{
    set_row(o, o->row.is_on, false, o->row.fault);
    o->retry_us = 0;
}

void output_states_again(struct output_states *s, uint32_t point)
{
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i]->point == point && !s->items[i]->has_left)
            send_anew(s->items[i]);
    (void)pthread_mutex_unlock(&s->lock);
}

/* Under the lock. */
static void compare(struct output *o, bool is_on, int64_t read_us)
{
    bool is_comparable =
        o->on_way == 0 && o->taken_us >= 0 && read_us > o->taken_us + settle_us;
    bool is_right = is_on == o->row.is_on;
    if (!is_comparable || o->is_overruled || is_right == !o->is_doubted)
        return;
    o->is_doubted = !is_right;
    set_row(o, o->row.is_on, is_right, is_right ? "" : reads_back(o));
    o->has_news = true;
    o->retry_us = 0;
}

void output_states_read(struct output_states *s, uint32_t point, bool is_on,
                        int64_t read_us)
{
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i]->point == point && !s->items[i]->has_left)
            compare(s->items[i], is_on, read_us);
    (void)pthread_mutex_unlock(&s->lock);
}

void output_states_overrule(struct output_states *s, uint32_t point)
{
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i]->point == point)
            s->items[i]->is_overruled = true;
    (void)pthread_mutex_unlock(&s->lock);
}

void output_states_tick(struct output_states *s, int64_t now_us)
{
    for (size_t i = 0; i < s->count; i++) {
        struct output *o = s->items[i];
        (void)pthread_mutex_lock(&s->lock);
        bool is_due = !o->row.is_taken && o->on_way == 0 && o->retry_us <= now_us;
        (void)pthread_mutex_unlock(&s->lock);
        say_news(o);
        if (is_due)
            put(o);
    }
}

size_t output_states_failing(struct output_states *s)
{
    (void)pthread_mutex_lock(&s->lock);
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++)
        n += !s->items[i]->has_left && s->items[i]->row.fault[0];
    (void)pthread_mutex_unlock(&s->lock);
    return n;
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
