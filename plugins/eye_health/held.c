#include "held.h"

#include <math.h>

const struct held held_nothing = {.value = NAN, .least = NAN, .most = NAN};

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* What stood from @from_us, or later, to @to_us goes into the minute. */
static void close_span(struct held *h, int64_t from_us, int64_t to_us)
{
    int64_t span_us = to_us - (h->since_us > from_us ? h->since_us : from_us);
    if (span_us <= 0 || isnan(h->value))
        return;
    h->sum += h->value * (double)span_us;
    h->known_us += (double)span_us;
    h->least = fmin(h->least, h->value);
    h->most = fmax(h->most, h->value);
}

bool held_take(struct held *h, double value, int64_t from_us, int64_t time_us)
{
    if (is_same(h->value, value))
        return false;
    close_span(h, from_us, time_us);
    h->value = value;
    h->since_us = time_us;
    return true;
}

void held_step(struct held *h, int64_t delta_us)
{
    h->since_us += delta_us;
}

struct held_minute held_end(struct held *h, double valid, int64_t from_us,
                            int64_t time_us)
{
    close_span(h, from_us, time_us);
    struct held_minute minute = {NAN, NAN, NAN};
    if (h->known_us > 0 && h->known_us >= valid * (double)(time_us - from_us) - 1)
        minute = (struct held_minute){h->sum / h->known_us, h->least, h->most};
    h->sum = 0;
    h->known_us = 0;
    h->least = NAN;
    h->most = NAN;
    return minute;
}
