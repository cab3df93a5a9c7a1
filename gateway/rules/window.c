#include "rules/window.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

struct segment {
    int64_t time_us;
    double value; /* NAN: not good */
};

/* A ring: segments[first], … count of them. */
struct window {
    int64_t span_us;
    struct segment *segments;
    size_t room; /* a power of two */
    size_t first;
    size_t count;
};

int window_new(int64_t span_us, struct window **ret)
{
    struct window *w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    w->span_us = span_us;
    *ret = w;
    return 0;
}

struct window *window_free(struct window *w)
{
    if (w)
        free(w->segments);
    free(w);
    return NULL;
}

static struct segment *segment_at(const struct window *w, size_t index)
{
    return &w->segments[(w->first + index) & (w->room - 1)];
}

static void window_drop_first(struct window *w)
{
    w->first = (w->first + 1) & (w->room - 1);
    w->count--;
}

/* A segment is over when the next one begins. */
static void window_forget(struct window *w, int64_t before_us)
{
    while (w->count > 1 && segment_at(w, 1)->time_us <= before_us)
        window_drop_first(w);
}

static int window_grow(struct window *w)
{
    if (w->count < w->room)
        return 0;
    if (w->room == WINDOW_READINGS_MAX) {
        window_drop_first(w);
        return 0;
    }
    size_t room = w->room > 0 ? 2 * w->room : FIRST_ROOM;
    struct segment *segments = calloc(room, sizeof(*segments));
    if (!segments)
        return -ENOMEM;
    for (size_t i = 0; i < w->count; i++)
        segments[i] = *segment_at(w, i);
    free(w->segments);
    w->segments = segments;
    w->room = room;
    w->first = 0;
    return 0;
}

int window_push(struct window *w, int64_t time_us, double value)
{
    if (w->count > 0 && segment_at(w, w->count - 1)->time_us > time_us)
        w->count = 0;
    if (w->span_us > 0)
        window_forget(w, time_us - w->span_us);
    int r = window_grow(w);
    if (r < 0)
        return r;
    w->count++;
    *segment_at(w, w->count - 1) = (struct segment){time_us, value};
    return 0;
}

bool window_is_bad(const struct window *w)
{
    return w->count > 0 && isnan(segment_at(w, w->count - 1)->value);
}

/* What one walk over the window finds. */
struct tally {
    double good_us;
    double integral; /* value × microseconds */
    double on_us;    /* value not 0, or above the threshold */
    double min;
    double max;
    double first;
    double last;
    double readings;
    double changes;
    double above;
};

static void tally_segment(struct tally *t, const struct segment *s, int64_t from_us,
                          int64_t end_us)
{
    if (isnan(s->value))
        return;
    bool is_on = isnan(t->above) ? s->value != 0 : s->value > t->above;
    bool is_inside = s->time_us > from_us;
    double held_us = (double)(end_us - (is_inside ? s->time_us : from_us));
    t->good_us += held_us;
    t->integral += s->value * held_us;
    t->on_us += is_on ? held_us : 0;
    t->min = fmin(t->min, s->value);
    t->max = fmax(t->max, s->value);
    t->changes += !isnan(t->last) && s->value != t->last;
    t->first = isnan(t->first) ? s->value : t->first;
    t->last = s->value;
    t->readings += is_inside;
}

static struct tally window_tally(const struct window *w, int64_t from_us, int64_t to_us,
                                 double above)
{
    struct tally t = {.min = NAN, .max = NAN, .first = NAN, .last = NAN, .above = above};
    for (size_t i = 0; i < w->count; i++) {
        const struct segment *s = segment_at(w, i);
        int64_t end_us = i + 1 < w->count ? segment_at(w, i + 1)->time_us : to_us;
        if (s->time_us > to_us)
            break;
        if (end_us > to_us)
            end_us = to_us;
        if (end_us > from_us || s->time_us > from_us)
            tally_segment(&t, s, from_us, end_us);
    }
    return t;
}

/* weighed - a value and how long it held. */
struct weighed {
    double value;
    double held_us;
};

static int weighed_order(const void *a, const void *b)
{
    double left = ((const struct weighed *)a)->value;
    double right = ((const struct weighed *)b)->value;
    return (left > right) - (left < right);
}

/* The good values of (from, to] with their times, in order of value. */
static size_t window_weigh(const struct window *w, int64_t from_us, int64_t to_us,
                           struct weighed *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++) {
        const struct segment *s = segment_at(w, i);
        int64_t start_us = s->time_us > from_us ? s->time_us : from_us;
        int64_t end_us = i + 1 < w->count ? segment_at(w, i + 1)->time_us : to_us;
        end_us = end_us < to_us ? end_us : to_us;
        if (!isnan(s->value) && end_us > start_us)
            ret[count++] = (struct weighed){s->value, (double)(end_us - start_us)};
    }
    qsort(ret, count, sizeof(*ret), weighed_order);
    return count;
}

/* Without memory for the order nobody knows the middle. */
static double window_median(const struct window *w, int64_t from_us, int64_t to_us,
                            double good_us)
{
    struct weighed *values = calloc(w->count, sizeof(*values));
    double answer = NAN;
    double before_us = 0;
    size_t count = values ? window_weigh(w, from_us, to_us, values) : 0;
    for (size_t i = 0; i < count && 2 * before_us < good_us; i++) {
        before_us += values[i].held_us;
        answer = values[i].value;
    }
    free(values);
    return answer;
}

double window_value(struct window *w, enum window_function function, int64_t from_us,
                    int64_t to_us, double valid, double above)
{
    static const double minute_us = 60e6;
    window_forget(w, from_us);
    struct tally t = window_tally(w, from_us, to_us, above);
    if (function == WINDOW_COUNT)
        return t.readings;
    if (function == WINDOW_LAST)
        return t.last;
    double span_us = (double)(to_us - from_us);
    if (span_us <= 0 || t.good_us <= 0 || t.good_us + 1 < valid * span_us)
        return NAN;
    if (function == WINDOW_MEDIAN)
        return window_median(w, from_us, to_us, t.good_us);
    const double answers[WINDOW_FUNCTIONS] = {
        [WINDOW_MEAN] = t.integral / t.good_us,
        [WINDOW_MIN] = t.min,
        [WINDOW_MAX] = t.max,
        [WINDOW_DELTA] = t.last - t.first,
        [WINDOW_SHARE] = t.on_us / t.good_us,
        [WINDOW_DURATION] = t.on_us / minute_us,
        [WINDOW_CHANGES] = t.changes,
    };
    return answers[function];
}

void window_shift(struct window *w, int64_t delta_us)
{
    for (size_t i = 0; i < w->count; i++)
        segment_at(w, i)->time_us += delta_us;
}

size_t window_length(const struct window *w)
{
    return w->count;
}
