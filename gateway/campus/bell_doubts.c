#include "campus/bell_doubts.h"

#include <assert.h>

#include "campus/bell_day.h"
#include "campus/bell_order.h"

enum { RECESSES_MIN = 3, OTHERS_MIN = 3, MINUTE_S = 60, LUNCH_GAP_MAX_S = 3600 };

static int minutes(int32_t s)
{
    return (int)(s / MINUTE_S);
}

/* Of a warning that says a time of day. */
#define CLOCK(s) (s) / 3600, (s) / 60 % 60

static struct config_mark at(const struct bell_row *row, const char *key)
{
    return config_where(config_child(row->item, key));
}

/* is_odd - half as long as lessons usually are or less, or twice and more. */
static bool is_odd(const struct bell_day *d, const struct bell_row *row)
{
    int32_t length_s = bell_row_length(row);
    return length_s != d->lesson_s
           && (2 * length_s <= d->lesson_s || length_s >= 2 * d->lesson_s);
}

/* is_moved - the bell between lesson @row and the gap of @gap_s beside it, @next behind
 * or before that, makes the one as much longer as the other is shorter. */
static bool is_moved(const struct bell_day *d, const struct bell_row *row,
                     const struct bell_row *next, int32_t gap_s)
{
    bool is_known = bell_row_is_lesson(next)
                        ? d->recess_s > 0
                        : bell_row_is_recess(next) || next->kind == GW_PHASE_LUNCH;
    int32_t wanted_s = bell_row_is_lesson(next) ? d->recess_s : 0;
    return is_known && gap_s >= 0 && gap_s != wanted_s
           && bell_row_length(row) + gap_s == d->lesson_s + wanted_s;
}

/* warn_moved - of lesson @index a bell that makes it and the break beside it odd.  false:
 * there is none. */
static bool warn_moved(const struct bell_day *d, size_t index)
{
    struct bell_row *row = &d->rows[index];
    struct bell_row *before = index > 0 ? &row[-1] : NULL;
    const struct bell_row *next = index + 1 < d->count ? &row[1] : NULL;
    bool is_end = next && is_moved(d, row, next, next->start_s - row->end_s);
    bool is_start =
        !is_end && before && is_moved(d, row, before, row->start_s - before->end_s);
    int32_t wanted_s = is_end ? row->start_s + d->lesson_s : row->end_s - d->lesson_s;
    if (is_end)
        config_warning(
            d->src->faults, at(row, "end"), d->path,
            "lesson %u lasts %d minutes, others %d, and the break behind it is "
            "as much off (wanted: its end; is %02d:%02d meant?)",
            (unsigned)row->lesson, minutes(bell_row_length(row)), minutes(d->lesson_s),
            CLOCK(wanted_s));
    if (is_start)
        config_warning(
            d->src->faults, at(row, "start"), d->path,
            "lesson %u lasts %d minutes, others %d, and the break before it is "
            "as much off (wanted: its start; is %02d:%02d meant?)",
            (unsigned)row->lesson, minutes(bell_row_length(row)), minutes(d->lesson_s),
            CLOCK(wanted_s));
    row->is_gap_told |= is_end;
    if (is_start)
        before->is_gap_told = true;
    return is_end || is_start;
}

/* is_alone - all lessons but @row last equally long. */
static bool is_alone(const struct bell_day *d, const struct bell_row *row)
{
    size_t others = 0;
    for (size_t i = 0; i < d->count; i++)
        if (bell_row_is_lesson(&d->rows[i]) && &d->rows[i] != row) {
            if (bell_row_length(&d->rows[i]) != d->lesson_s)
                return false;
            others++;
        }
    return others >= OTHERS_MIN;
}

/* warn_outer - of the first or last lesson a bell that makes it alone longer or shorter
 * than all others, where no break beside it says which. */
static void warn_outer(const struct bell_day *d, const struct bell_row *row)
{
    bool is_first = row->lesson == 1;
    bool is_last = true;
    for (const struct bell_row *each = row + 1; each < d->rows + d->count; each++)
        is_last &= !bell_row_is_lesson(each);
    if (row->is_gap_told || !(is_first || is_last) || !is_alone(d, row))
        return;
    int32_t wanted_s = is_first ? row->end_s - d->lesson_s : row->start_s + d->lesson_s;
    config_warning(d->src->faults, at(row, is_first ? "start" : "end"), d->path,
                   "lesson %u lasts %d minutes, all others %d (wanted: its bells; is "
                   "%02d:%02d meant? Leave it where it is)",
                   (unsigned)row->lesson, minutes(bell_row_length(row)),
                   minutes(d->lesson_s), CLOCK(wanted_s));
}

/* warn_lengths - of lessons whose bells are written wrong. */
static void warn_lengths(const struct bell_day *d)
{
    for (size_t i = 0; i < d->count; i++) {
        struct bell_row *row = &d->rows[i];
        if (!bell_row_is_lesson(row) || bell_row_length(row) == d->lesson_s)
            continue;
        if (!is_odd(d, row)) {
            if (!warn_moved(d, i))
                warn_outer(d, row);
            continue;
        }
        config_warning(d->src->faults, at(row, "end"), d->path,
                       "lesson %u lasts %d minutes, others %d (wanted: its bells)",
                       (unsigned)row->lesson, minutes(bell_row_length(row)),
                       minutes(d->lesson_s));
        row->is_gap_told = true;
        if (i > 0)
            row[-1].is_gap_told = true;
    }
}

/* warn_breaks - of a break as long as a lesson that neither begins where a phase ends nor
 * ends where a lesson begins, or that follows another recess: a lesson is meant. */
static void warn_breaks(const struct bell_day *d)
{
    int32_t before_s = -1;
    for (size_t i = 0; i < d->count; i++) {
        struct bell_row *row = &d->rows[i];
        const struct bell_row *next = i + 1 < d->count ? &row[1] : NULL;
        bool is_free =
            row->start_s > before_s
            && !(next && bell_row_is_lesson(next) && next->start_s == row->end_s);
        bool is_break = bell_row_is_recess(row) || row->kind == GW_PHASE_LUNCH;
        before_s = row->end_s;
        if (!is_break || bell_row_length(row) != d->lesson_s
            || !(is_free || (i > 0 && bell_row_is_recess(&row[-1]))))
            continue;
        config_warning(d->src->faults, at(row, "phase"), d->path,
                       "a break of %d minutes, as long as a lesson, from %02d:%02d "
                       "(wanted: phase: lesson, if it is one)",
                       minutes(d->lesson_s), CLOCK(row->start_s));
        row->is_gap_told = true;
        if (i > 0)
            row[-1].is_gap_told = true;
    }
}

/* warn_no_recess - of the first lesson that begins where another ends. */
static void warn_no_recess(const struct bell_day *d)
{
    for (size_t i = 1; i < d->count; i++) {
        struct bell_row *row = &d->rows[i];
        if (!bell_row_is_lesson(row) || !bell_row_is_lesson(&row[-1])
            || row->start_s > row[-1].end_s || row[-1].is_gap_told)
            continue;
        config_warning(d->src->faults, at(row, "start"), d->path,
                       "lesson %u begins when the one before it ends (wanted: a recess "
                       "between them; leave it where they are taught as one)",
                       (unsigned)row->lesson);
        row->is_gap_told = true;
        return;
    }
}

/* is_taught - a lesson, or what is only between lessons. */
static bool is_taught(const struct bell_row *row)
{
    return bell_row_is_lesson(row) || bell_row_is_recess(row);
}

/* is_empty - nothing rings for as long as a lesson, and there would be lessons; or before
 * a service that is shorter than a lesson. */
static bool is_empty(const struct bell_day *d, const struct bell_row *row,
                     const struct bell_row *next)
{
    return next->start_s - row->end_s >= d->lesson_s && is_taught(row)
           && (is_taught(next) || next->kind == GW_PHASE_LUNCH
               || (next->kind == GW_PHASE_AFTER_SCHOOL
                   && bell_row_length(next) < d->lesson_s));
}

/* is_at_lunch - @gap_s between a lesson and lunch, too short to go home in. */
static bool is_at_lunch(const struct bell_row *row, const struct bell_row *next,
                        int32_t gap_s)
{
    return gap_s <= LUNCH_GAP_MAX_S
           && ((row->kind == GW_PHASE_LUNCH && bell_row_is_lesson(next))
               || (bell_row_is_lesson(row) && next->kind == GW_PHASE_LUNCH));
}

static bool told_hole(const struct bell_day *d, const struct bell_row *row,
                      const struct bell_row *next)
{
    bool is_before = bell_row_is_recess(row) || row->kind == GW_PHASE_LUNCH;
    struct config_mark mark = is_before ? at(row, "end") : at(next, "start");
    int32_t gap_s = next->start_s - row->end_s;
    if (is_empty(d, row, next))
        config_warning(d->src->faults, at(next, "start"), d->path,
                       "nothing stands between %02d:%02d and %02d:%02d, for %d minutes "
                       "(wanted: what is then; is a lesson or lunch missing, or a bell "
                       "wrong?)",
                       CLOCK(row->end_s), CLOCK(next->start_s), minutes(gap_s));
    else if (bell_row_is_recess(row) || bell_row_is_recess(next))
        config_warning(d->src->faults, mark, d->path,
                       "beside this recess the school is closed from %02d:%02d to "
                       "%02d:%02d (wanted: bells that follow on one another)",
                       CLOCK(row->end_s), CLOCK(next->start_s));
    else if (is_at_lunch(row, next, gap_s))
        config_warning(d->src->faults, mark, d->path,
                       "between lunch and the lesson the school is closed from "
                       "%02d:%02d to %02d:%02d (wanted: bells that follow on one "
                       "another)",
                       CLOCK(row->end_s), CLOCK(next->start_s));
    else
        return false;
    return true;
}

/* warn_holes - of the time that is in no phase, where the school would be closed. */
static void warn_holes(const struct bell_day *d)
{
    for (size_t i = 1; i < d->count; i++) {
        struct bell_row *row = &d->rows[i - 1];
        if (d->rows[i].start_s > row->end_s && !row->is_gap_told && d->lesson_s > 0)
            row->is_gap_told = told_hole(d, row, &d->rows[i]);
    }
}

/* warn_recess - the recess behind lesson @index is not as others are. */
static void warn_recess(const struct bell_day *d, size_t index)
{
    bool is_long = false;
    int32_t recess_s = bell_day_recess(d, index, &is_long);
    const struct bell_row *next = &d->rows[index + 1];
    while (recess_s >= 0 && !bell_row_is_lesson(next))
        next++;
    if (recess_s <= 0 || is_long || d->rows[index].is_gap_told)
        return;
    if (d->recesses >= RECESSES_MIN && 2 * recess_s < d->recess_s)
        config_warning(d->src->faults, at(next, "start"), d->path,
                       "the recess before lesson %u lasts %d minutes, others %d (wanted: "
                       "its bells)",
                       (unsigned)next->lesson, minutes(recess_s), minutes(d->recess_s));
    else if (d->recesses >= RECESSES_MIN && recess_s > 2 * d->recess_s
             && !d->has_long_recess)
        config_warning(d->src->faults, at(next, "start"), d->path,
                       "the recess before lesson %u lasts %d minutes, others %d, and the "
                       "day has no long_recess (wanted: phase: long_recess there, if it "
                       "is the long one)",
                       (unsigned)next->lesson, minutes(recess_s), minutes(d->recess_s));
}

/* warn_long_recess - of one that is as short as those that are none or as long as two
 * lessons, and of a recess between lessons that is longer than one. */
static void warn_long_recess(const struct bell_day *d)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct bell_row *row = &d->rows[i];
        bool is_short = row->kind == GW_PHASE_LONG_RECESS && d->recess_s > 0
                        && !row->is_gap_told && bell_row_length(row) <= d->recess_s;
        bool is_between = i > 0 && bell_row_is_lesson(&row[-1]) && i + 1 < d->count
                          && bell_row_is_lesson(&row[1]);
        bool is_lasting = row->kind == GW_PHASE_LONG_RECESS
                              ? bell_row_length(row) >= 2 * d->lesson_s
                              : bell_row_length(row) > d->lesson_s;
        if (is_short)
            config_warning(d->src->faults, at(row, "end"), d->path,
                           "a long_recess of %d minutes, and others are %d (wanted: "
                           "longer than a recess)",
                           minutes(bell_row_length(row)), minutes(d->recess_s));
        else if (bell_row_is_recess(row) && is_between && is_lasting)
            config_warning(d->src->faults, at(row, "end"), d->path,
                           "a recess of %d minutes, and lessons are %d (wanted: its "
                           "bells)",
                           minutes(bell_row_length(row)), minutes(d->lesson_s));
    }
}

/* warn_early - the first lesson is before what the stage allows, or that is wrong:
 * lessons do not all begin before it. */
static void warn_early(const struct bell_day *d, struct school_stage *stage)
{
    struct bell_row *first = NULL;
    const struct bell_row *second = NULL;
    for (size_t i = 0; i < d->count && !second; i++) {
        struct bell_row *row = bell_row_is_lesson(&d->rows[i]) ? &d->rows[i] : NULL;
        second = first ? row : NULL;
        first = first ? first : row;
    }
    int32_t allowed_s = stage->first_lesson_s;
    if (!first || first->start_s >= allowed_s || stage->is_first_lesson_told)
        return;
    first->is_gap_told = true;
    stage->is_first_lesson_told = second && second->start_s < allowed_s;
    if (stage->is_first_lesson_told)
        config_warning(d->src->faults,
                       config_where(config_child(stage->node, "first_lesson")), d->path,
                       "first_lesson %02d:%02d of the stage is after lesson 2, which "
                       "begins at %02d:%02d (wanted: when the first lesson may begin)",
                       CLOCK(allowed_s), CLOCK(second->start_s));
    else
        config_warning(d->src->faults, at(first, "start"), d->path,
                       "the first lesson is before first_lesson of the stage, %02d:%02d "
                       "(wanted: not earlier)",
                       CLOCK(allowed_s));
}

/* late_of - the first phase that ends after @lights_s; a lesson before others. */
static const struct bell_row *late_of(const struct bell_day *d, int32_t lights_s)
{
    const struct bell_row *late = NULL;
    for (size_t i = 0; i < d->count; i++) {
        const struct bell_row *row = &d->rows[i];
        bool is_night =
            row->kind == GW_PHASE_BOARDING_NIGHT || row->kind == GW_PHASE_CLOSED;
        if (is_night || row->end_s <= lights_s)
            continue;
        if (bell_row_is_lesson(row))
            return row;
        late = late ? late : row;
    }
    return late;
}

static const struct bell_row *service_of(const struct bell_day *d)
{
    const struct bell_row *last = NULL;
    for (size_t i = 0; i < d->count; i++)
        last = d->rows[i].kind == GW_PHASE_AFTER_SCHOOL ? &d->rows[i] : last;
    return last;
}

/* warn_late - a phase ends after the lights go out.  Lessons do not go on into the night,
 * nor does the service where it ends as allowed: then lights_out is wrong, not the bell.
 * returns what ends late */
static const struct bell_row *warn_late(const struct bell_day *d,
                                        struct school_stage *stage)
{
    const int32_t lights_s = stage->lights_out_s;
    const struct bell_row *late = lights_s > 0 ? late_of(d, lights_s) : NULL;
    if (!late || stage->is_lights_out_told)
        return NULL;
    stage->is_lights_out_told =
        bell_row_is_lesson(late)
        || (late == service_of(d) && late->end_s <= stage->service_until_s);
    config_warning(d->src->faults,
                   stage->is_lights_out_told
                       ? config_where(config_child(stage->node, "lights_out"))
                       : at(late, "end"),
                   d->path,
                   "a phase ends at %02d:%02d, after lights_out of the stage, "
                   "%02d:%02d (wanted: before the lights go out)",
                   CLOCK(late->end_s), CLOCK(lights_s));
    return late;
}

/* warn_service - after-school service ends when the stage does not allow it, or there is
 * none. */
static void warn_service(const struct bell_day *d, const struct config_node *node,
                         const struct school_stage *stage)
{
    const struct bell_row *last = service_of(d);
    if (!last && stage->service_from_s > 0)
        config_warning(d->src->faults, config_where_key(node), d->path,
                       "no after_school stands here, and service_end_from of the stage "
                       "is %02d:%02d (wanted: phase: after_school; or a stage without "
                       "service_end_from)",
                       CLOCK(stage->service_from_s));
    if (last && last->end_s < stage->service_from_s)
        config_warning(d->src->faults, at(last, "end"), d->path,
                       "after-school service ends at %02d:%02d, before service_end_from "
                       "of the stage, %02d:%02d (wanted: not earlier)",
                       CLOCK(last->end_s), CLOCK(stage->service_from_s));
    if (last && stage->service_until_s > 0 && last->end_s > stage->service_until_s)
        config_warning(d->src->faults, at(last, "end"), d->path,
                       "after-school service ends at %02d:%02d, after service_end_until "
                       "of the stage, %02d:%02d (wanted: not later)",
                       CLOCK(last->end_s), CLOCK(stage->service_until_s));
}

/* warn_night - the night ends on the next day when the school has begun already. */
static void warn_night(const struct bell_day *d)
{
    const struct bell_row *last = d->count > 1 ? &d->rows[d->count - 1] : NULL;
    if (last && bell_row_length(last) < 0 && last->end_s > d->rows[0].start_s)
        config_warning(d->src->faults, at(last, "end"), d->path,
                       "the night ends at %02d:%02d, and the first phase begins at "
                       "%02d:%02d (wanted: not after it)",
                       CLOCK(last->end_s), CLOCK(d->rows[0].start_s));
}

/* warn_service_from - the service might end while lessons are taught: then the stage's
 * time is wrong, and not the bells. */
static bool warn_service_from(const struct bell_day *d, struct school_stage *stage)
{
    const struct bell_row *last = NULL;
    for (size_t i = 0; i < d->count; i++)
        last = bell_row_is_lesson(&d->rows[i]) ? &d->rows[i] : last;
    if (!last || stage->service_from_s == 0 || stage->service_from_s >= last->end_s
        || stage->is_service_told)
        return false;
    stage->is_service_told = true;
    config_warning(d->src->faults,
                   config_where(config_child(stage->node, "service_end_from")), d->path,
                   "service_end_from %02d:%02d of the stage is before the last lesson "
                   "ends, at %02d:%02d (wanted: when after-school service may end)",
                   CLOCK(stage->service_from_s), CLOCK(last->end_s));
    return true;
}

void bells_doubt(struct config_source *src, const struct config_node *node,
                 const char *path, const struct bells *b, struct school_stage *stage)
{
    struct bell_day d;
    if (b->is_faulty || !config_is_list(node) || !bell_day_read(src, node, path, &d))
        return;
    assert(d.rows);
    warn_early(&d, stage);
    warn_lengths(&d);
    warn_breaks(&d);
    warn_no_recess(&d);
    warn_holes(&d);
    for (size_t i = 0; i < d.count; i++)
        warn_recess(&d, i);
    warn_long_recess(&d);
    bell_order_doubt(&d);
    warn_night(&d);
    bool is_from_told = warn_service_from(&d, stage);
    if (!warn_late(&d, stage) && !is_from_told)
        warn_service(&d, node, stage);
}
