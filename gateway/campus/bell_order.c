#include "campus/bell_order.h"

enum {
    HOUR_S = 3600,
    EVENING_S = 17 * HOUR_S, /* no lunch begins later */
    MORNING_S = 11 * HOUR_S, /* no lunch is over so early */
    CLOSED_MIN_S = HOUR_S,   /* long enough to go home in */
};

/* Of a warning that says a time of day. */
#define CLOCK(s) (s) / HOUR_S, (s) / 60 % 60

/* around - the lessons before and behind row @index.  false: it is not between two. */
static bool around(const struct bell_day *d, size_t index,
                   const struct bell_row **ret_before, const struct bell_row **ret_next)
{
    size_t before = index;
    size_t next = index + 1;
    while (before > 0 && !bell_row_is_lesson(&d->rows[before - 1]))
        before--;
    while (next < d->count && !bell_row_is_lesson(&d->rows[next]))
        next++;
    if (before == 0 || next == d->count)
        return false;
    *ret_before = &d->rows[before - 1];
    *ret_next = &d->rows[next];
    return true;
}

static bool has_lunch(const struct bell_row *from, const struct bell_row *until)
{
    for (const struct bell_row *row = from; row < until; row++)
        if (row->kind == GW_PHASE_LUNCH)
            return true;
    return false;
}

static bool has_lesson(const struct bell_row *from, const struct bell_row *until)
{
    for (const struct bell_row *row = from; row < until; row++)
        if (bell_row_is_lesson(row))
            return true;
    return false;
}

/* is_impossible - no school has @row between the lessons @before and @next.  Some look
 * after pupils at midday, or teach again in the evening. */
static bool is_impossible(const struct bell_row *row, const struct bell_row *before,
                          const struct bell_row *next)
{
    if (next->start_s >= EVENING_S)
        return row->kind == GW_PHASE_BOARDING_NIGHT;
    switch (row->kind) {
    case GW_PHASE_BOARDING_NIGHT:
    case GW_PHASE_EVENING_STUDY:
        return true;
    case GW_PHASE_AFTER_SCHOOL:
        return !has_lunch(before, next);
    case GW_PHASE_CLOSED:
        return next->start_s - before->end_s < CLOSED_MIN_S;
    case GW_PHASE_LUNCH:
        return row->end_s <= MORNING_S;
    default:
        return false;
    }
}

static void tell_between(const struct bell_day *d, const struct bell_row *row,
                         const struct bell_row *before, const struct bell_row *next)
{
    config_warning(d->src->faults, config_where(config_child(row->item, "phase")),
                   d->path,
                   "%s from %02d:%02d to %02d:%02d is between lessons %u and %u (wanted: "
                   "recess, long_recess or lunch)",
                   bell_kinds[row->kind], CLOCK(row->start_s), CLOCK(row->end_s),
                   (unsigned)before->lesson, (unsigned)next->lesson);
}

/* longer_lunch - one with a lesson between it and @row; NULL = there is none. */
static const struct bell_row *longer_lunch(const struct bell_day *d,
                                           const struct bell_row *row)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct bell_row *other = &d->rows[i];
        bool is_before = other < row;
        if (other->kind == GW_PHASE_LUNCH && bell_row_length(other) > bell_row_length(row)
            && has_lesson(is_before ? other : row, is_before ? row : other))
            return other;
    }
    return NULL;
}

static void warn_lunch(const struct bell_day *d, const struct bell_row *row)
{
    const struct bell_row *other = longer_lunch(d, row);
    const struct config_mark mark = config_where(config_child(row->item, "phase"));
    if (row->start_s >= EVENING_S)
        config_warning(d->src->faults, mark, d->path,
                       "lunch from %02d:%02d to %02d:%02d, in the evening (wanted: what "
                       "is then, such as evening_study; nothing for a meal)",
                       CLOCK(row->start_s), CLOCK(row->end_s));
    else if (other)
        config_warning(d->src->faults, mark, d->path,
                       "lunch from %02d:%02d to %02d:%02d, and there is one from "
                       "%02d:%02d to %02d:%02d (wanted: one a day; recess or "
                       "long_recess, if it is one)",
                       CLOCK(row->start_s), CLOCK(row->end_s), CLOCK(other->start_s),
                       CLOCK(other->end_s));
}

void bell_order_doubt(const struct bell_day *d)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct bell_row *row = &d->rows[i];
        const struct bell_row *before = NULL;
        const struct bell_row *next = NULL;
        if (row->is_gap_told || bell_row_is_lesson(row))
            continue;
        if (around(d, i, &before, &next) && is_impossible(row, before, next))
            tell_between(d, row, before, next);
        else if (row->kind == GW_PHASE_LUNCH)
            warn_lunch(d, row);
    }
}
