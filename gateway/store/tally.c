#include "store/tally.h"

void tally_begin(struct tally *t, int64_t hour_ms)
{
    bool is_near = t->value_ms >= hour_ms - AGGREGATE_STANDS_MS && t->value_ms > 0;
    struct block block;
    block_begin(&block, TALLY_MINUTE_MS);
    *t = (struct tally){
        .at_ms = hour_ms,
        .value = is_near ? t->value : (double)NAN,
        .value_ms = is_near ? t->value_ms : 0,
        .stands = is_near && t->stands,
        .minute = aggregate_none(),
        .pen = block.pen,
    };
}

static void take(struct tally *t, const struct tally_row *row)
{
    t->stands = row->is_good;
    if (!row->is_good)
        return;
    t->value = row->value;
    t->value_ms = row->time_ms;
}

void tally_before(struct tally *t, const struct tally_row *row)
{
    take(t, row);
}

static int64_t minute_end(const struct tally *t)
{
    return (t->at_ms / TALLY_MINUTE_MS + 1) * TALLY_MINUTE_MS;
}

bool tally_ends_minute(const struct tally *t, int64_t time_ms)
{
    return time_ms >= minute_end(t);
}

static void see(struct aggregate *minute, double value)
{
    if (!aggregate_has_value(minute))
        minute->min = minute->max = value;
    minute->min = value < minute->min ? value : minute->min;
    minute->max = value > minute->max ? value : minute->max;
    minute->last = value;
}

/* Up to @until_ms, within the minute. */
static void stand(struct tally *t, int64_t until_ms)
{
    int64_t end_ms = t->value_ms + AGGREGATE_STANDS_MS;
    end_ms = until_ms < end_ms ? until_ms : end_ms;
    int64_t stood_ms = end_ms - t->at_ms;
    t->at_ms = until_ms;
    if (!t->stands || stood_ms <= 0)
        return;
    see(&t->minute, t->value);
    t->integral += t->value * (double)stood_ms;
    t->minute.valid_ms += (uint32_t)stood_ms;
    t->minute.active_ms += t->value != 0 ? (uint32_t)stood_ms : 0;
}

/* A sum of rounded products may be a hair outside. */
static double mean(const struct tally *t)
{
    const struct aggregate *m = &t->minute;
    double mean = m->valid_ms > 0 ? t->integral / m->valid_ms : m->last;
    mean = mean < m->min ? m->min : mean;
    return mean > m->max ? m->max : mean;
}

/* The minute that begins at @start_ms. */
static void keep_minute(struct tally *t, struct block *block, int64_t start_ms)
{
    t->minute.mean = mean(t);
    block->pen = t->pen;
    block_add(block, (unsigned)(start_ms % TALLY_HOUR_MS / TALLY_MINUTE_MS), &t->minute);
    t->pen = block->pen;
    t->minute = aggregate_none();
    t->integral = 0;
}

void tally_advance(struct tally *t, struct block *block, int64_t time_ms)
{
    while (tally_ends_minute(t, time_ms)) {
        int64_t start_ms = minute_end(t) - TALLY_MINUTE_MS;
        stand(t, start_ms + TALLY_MINUTE_MS);
        keep_minute(t, block, start_ms);
    }
    if (time_ms > t->at_ms)
        stand(t, time_ms);
}

/* A counter begins anew now and then; what goes up and down is none. */
static void count_fall(struct tally *t, struct block *block, double fall)
{
    t->minute.fall += fall;
    t->falls++;
    if (t->falls != 2)
        return;
    block->pen = t->pen;
    block_forget_falls(block);
    t->pen = block->pen;
}

void tally_add(struct tally *t, struct block *block, const struct tally_row *row)
{
    if (row->is_good && row->value < t->value)
        count_fall(t, block, t->value - row->value);
    take(t, row);
    t->minute.count++;
    if (row->is_good)
        see(&t->minute, row->value);
}

void tally_peek(struct tally t, struct block *block, int64_t time_ms)
{
    tally_advance(&t, block, time_ms);
    if (t.at_ms % TALLY_MINUTE_MS != 0 || t.minute.count > 0)
        keep_minute(&t, block, t.at_ms / TALLY_MINUTE_MS * TALLY_MINUTE_MS);
    block->pen = t.pen;
}
