#include "minute.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const int64_t minute_us = 60000000;
static const int64_t longest_us = 90000000; /* the first after the clock was set */

static int by_people(const void *a, const void *b)
{
    double left = ((const struct minute_piece *)a)->people;
    double right = ((const struct minute_piece *)b)->people;
    if (isnan(left) || isnan(right))
        return isnan(left) - isnan(right);
    return (left > right) - (left < right);
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Where there are too many pieces, the shortest gives its time to its like, or its
 * neighbour's: a median hardly feels it. */
static struct minute_piece *make_room(struct minute *m)
{
    if (m->count < MINUTE_PIECES_MAX)
        return &m->pieces[m->count++];
    size_t shortest = 0;
    for (size_t i = 1; i < m->count; i++)
        if (m->pieces[i].span_us < m->pieces[shortest].span_us)
            shortest = i;
    size_t neighbour = shortest > 0 ? shortest - 1 : 1;
    m->pieces[neighbour].span_us += m->pieces[shortest].span_us;
    return &m->pieces[shortest];
}

static void close_piece(struct minute *m, int64_t time_us)
{
    int64_t span_us = time_us - m->since_us;
    if (span_us > longest_us)
        span_us = minute_us;
    m->since_us = time_us;
    if (span_us <= 0)
        return;
    for (size_t i = 0; i < m->count; i++)
        if (is_same(m->pieces[i].people, m->people)) {
            m->pieces[i].span_us += span_us;
            return;
        }
    *make_room(m) = (struct minute_piece){m->people, span_us};
}

void minute_hold(struct minute *m, double people, int64_t time_us)
{
    close_piece(m, time_us);
    m->people = people;
}

static double known_us(const struct minute *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->count; i++)
        sum += isnan(m->pieces[i].people) ? 0 : (double)m->pieces[i].span_us;
    return sum;
}

void minute_step(struct minute *m, int64_t delta_us)
{
    m->since_us += delta_us;
}

double minute_end(struct minute *m, double valid, int64_t length_us, int64_t time_us)
{
    close_piece(m, time_us);
    qsort(m->pieces, m->count, sizeof(m->pieces[0]), by_people);
    double known = known_us(m);
    double median = NAN;
    double below = 0;
    for (size_t i = 0; i < m->count && known > 0 && known >= valid * (double)length_us;
         i++) {
        below += (double)m->pieces[i].span_us;
        median = m->pieces[i].people;
        if (below >= known / 2)
            break;
    }
    m->count = 0;
    return median;
}
