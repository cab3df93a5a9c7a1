#include "points/condition.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "points/deadlines.h"

enum { SILENCE_KEPT_VERSION = 1 };

/* Fixed widths without holes: the bytes are the form. */
struct silence_kept {
    uint32_t version;
    uint32_t point;
    int64_t left_us;
};

_Static_assert(sizeof(struct silence_kept) == 16, "the kept form has no holes");

/* By index of the point table.
 * left_us   of the last run; NULL = nothing was kept
 * before    the reading that an OFFLINE took the place of; NULL = there was none yet */
struct condition {
    const struct point_table *points;
    struct deadlines *silence;
    int64_t *left_us;
    struct gw_reading *before;
    bool is_log;
};

bool condition_is_failure(enum gw_reason reason)
{
    static const bool is_failure[GW_REASONS] = {
        [GW_REASON_STALE] = true,
        [GW_REASON_DEVICE] = true,
        [GW_REASON_OFFLINE] = true,
        [GW_REASON_REJECTED] = true,
    };
    return is_failure[reason];
}

int condition_new(const struct point_table *points, struct condition **ret)
{
    struct condition *c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    c->points = points;
    int r = deadlines_new(point_table_count(points), &c->silence);
    if (r < 0) {
        condition_free(c);
        return r;
    }
    *ret = c;
    return 0;
}

struct condition *condition_free(struct condition *c)
{
    if (!c)
        return NULL;
    deadlines_free(c->silence);
    free(c->left_us);
    free(c->before);
    free(c);
    return NULL;
}

static int64_t stale_of(const struct condition *c, size_t index)
{
    const struct point_entry *entry = point_table_entry(c->points, index);
    int64_t stale_us = entry->config ? entry->config->stale_us : 0;
    return c->is_log && stale_us > 0 ? stale_us + entry->metric->longest_silence_us
                                     : stale_us;
}

static void seen(struct condition *c, const struct point_entry *entry, int64_t time_us)
{
    size_t index = point_table_index(c->points, entry->id);
    int64_t stale_us = stale_of(c, index);
    if (stale_us > 0)
        deadlines_set(c->silence, index, time_us + stale_us);
}

void condition_read_log(struct condition *c)
{
    c->is_log = true;
}

/* How long the point may still be silent, which is 0 when it is stale. */
static int64_t left_of(const struct condition *c, size_t index, int64_t time_us)
{
    int64_t due_us = deadlines_get(c->silence, index);
    return due_us == DEADLINE_NEVER || due_us < time_us ? 0 : due_us - time_us;
}

int condition_keep(const struct condition *c, int64_t time_us, void **ret,
                   size_t *ret_size)
{
    size_t count = 0;
    struct silence_kept *kept = calloc(point_table_count(c->points) + 1, sizeof(*kept));
    if (!kept)
        return -ENOMEM;
    for (size_t i = 0; i < point_table_count(c->points); i++)
        if (stale_of(c, i) > 0)
            kept[count++] = (struct silence_kept){
                .version = SILENCE_KEPT_VERSION,
                .point = point_table_entry(c->points, i)->id,
                .left_us = left_of(c, i, time_us),
            };
    *ret = kept;
    *ret_size = count * sizeof(*kept);
    return 0;
}

/* left_us, all of it unknown before the first. */
static int make_left(struct condition *c)
{
    size_t count = point_table_count(c->points);
    if (c->left_us)
        return 0;
    c->left_us = calloc(count + 1, sizeof(*c->left_us));
    for (size_t i = 0; c->left_us && i < count; i++)
        c->left_us[i] = INT64_MAX;
    return c->left_us ? 0 : -ENOMEM;
}

int condition_restore(struct condition *c, const void *bytes, size_t size)
{
    struct silence_kept kept;
    if (size % sizeof(kept) != 0)
        return -EINVAL;
    if (make_left(c) < 0)
        return -ENOMEM;
    for (size_t at = 0; at < size; at += sizeof(kept)) {
        memcpy(&kept, (const char *)bytes + at, sizeof(kept));
        size_t index = point_table_index(c->points, kept.point);
        if (kept.version != SILENCE_KEPT_VERSION)
            return -EINVAL;
        if (index < point_table_count(c->points))
            c->left_us[index] = kept.left_us > 0 ? kept.left_us : 0;
    }
    return 0;
}

const struct gw_reading *condition_heard(const struct condition *c, size_t index)
{
    uint32_t id = point_table_entry(c->points, index)->id;
    const struct gw_reading *latest = point_table_get(c->points, id);
    bool has_before = c->before && c->before[index].point == id;
    return latest->reason == GW_REASON_OFFLINE && has_before ? &c->before[index] : latest;
}

int condition_hear(struct condition *c, const struct condition *old, size_t index,
                   int64_t time_us)
{
    if (stale_of(old, index) <= 0)
        return 0;
    int r = make_left(c);
    if (r == 0)
        c->left_us[index] = left_of(old, index, time_us);
    return r;
}

void condition_start(struct condition *c, int64_t time_us)
{
    for (size_t i = 0; i < point_table_count(c->points); i++) {
        int64_t left_us = stale_of(c, i);
        if (left_us <= 0)
            continue;
        if (c->left_us && c->left_us[i] < left_us)
            left_us = c->left_us[i];
        deadlines_set(c->silence, i, time_us + left_us);
    }
    free(c->left_us);
    c->left_us = NULL;
}

void condition_clock_step(struct condition *c, int64_t delta_us)
{
    deadlines_shift(c->silence, delta_us);
}

/* The deadline of a silence that began under @old's configuration. */
static int64_t taken_due(const struct condition *c, size_t index,
                         const struct condition *old, size_t before, int64_t time_us)
{
    int64_t stale_us = stale_of(c, index);
    if (stale_us <= 0)
        return DEADLINE_NEVER;
    if (before == POINT_NOWHERE || stale_of(old, before) <= 0)
        return time_us + stale_us;
    int64_t due_us = deadlines_get(old->silence, before);
    if (due_us == DEADLINE_NEVER)
        return DEADLINE_NEVER; /* it is stale, and said so */
    due_us += stale_us - stale_of(old, before);
    return due_us > time_us ? due_us : time_us;
}

static void take_before(struct condition *c, const struct condition *old,
                        const size_t *from)
{
    size_t count = point_table_count(c->points);
    c->before = old->before ? calloc(count + 1, sizeof(*c->before)) : NULL;
    for (size_t i = 0; c->before && i < count; i++)
        if (from[i] != POINT_NOWHERE)
            c->before[i] = old->before[from[i]];
}

void condition_take_over(struct condition *c, const struct condition *old,
                         const size_t *from, int64_t time_us)
{
    take_before(c, old, from);
    for (size_t i = 0; i < point_table_count(c->points); i++)
        deadlines_set(c->silence, i, taken_due(c, i, old, from[i], time_us));
    free(c->left_us);
    c->left_us = NULL;
}

static bool is_invalid(const struct config_point *point, double raw)
{
    for (size_t i = 0; i < point->invalid.count; i++)
        if (point->invalid.items[i] == raw)
            return true;
    return false;
}

static bool is_known_state(const struct config_metric *metric, double value)
{
    if (metric->kind != METRIC_STATE || metric->states.count == 0)
        return true;
    for (size_t i = 0; i < metric->states.count; i++)
        if (metric->states.values[i] == value)
            return true;
    return false;
}

/* Comparisons with an open bound (NAN) are false. */
static bool is_in_range(const struct config_metric *metric, double value)
{
    return !(value < metric->min) && !(value > metric->max)
           && is_known_state(metric, value);
}

static void make_bad(struct gw_reading *r, enum gw_reason reason)
{
    r->quality = GW_BAD;
    r->reason = (uint8_t)reason;
    r->value = NAN;
}

static bool is_amount(const struct config_metric *metric)
{
    return metric->kind == METRIC_GAUGE || metric->kind == METRIC_COUNTER;
}

static void judge_value(const struct config_metric *metric, struct gw_reading *r)
{
    if (r->quality == GW_BAD)
        r->value = NAN;
    else if (!isfinite(r->value) || (r->flags & GW_TRUTH && is_amount(metric)))
        make_bad(r, GW_REASON_DEVICE);
    else if (!is_in_range(metric, r->value))
        make_bad(r, GW_REASON_RANGE);
}

/* With its own time a kept value is as old as that says. */
static bool judge_dated(struct condition *c, const struct point_entry *entry,
                        const struct gw_reading *latest, struct gw_reading *r)
{
    int64_t taken_us = r->source_us < r->time_us ? r->source_us : r->time_us;
    if (latest->quality == GW_GOOD && latest->time_us >= taken_us)
        return false;
    int64_t stale_us = entry->config->stale_us;
    if (stale_us > 0 && taken_us + stale_us <= r->time_us)
        make_bad(r, GW_REASON_STALE);
    else
        seen(c, entry, taken_us);
    return true;
}

/* A broker kept it from before: state, not news. */
static bool judge_retained(struct condition *c, const struct point_entry *entry,
                           struct gw_reading *r)
{
    const struct gw_reading *latest = point_table_get(c->points, entry->id);
    r->flags &= (uint16_t)~GW_EVENT;
    if (r->source_us != GW_TIME_NONE)
        return judge_dated(c, entry, latest, r);
    if (r->quality != GW_BAD && latest->quality == GW_GOOD && latest->value == r->value)
        return false;
    if (r->quality == GW_GOOD) {
        r->quality = GW_UNCERTAIN;
        r->reason = GW_REASON_RETAINED;
    }
    return true;
}

/* A driver that tells changes only says in between that it still looks. */
static bool judge_repeated(struct condition *c, const struct point_entry *entry,
                           struct gw_reading *r)
{
    const struct gw_reading *latest = point_table_get(c->points, entry->id);
    r->flags &= (uint16_t)~GW_REPEAT;
    seen(c, entry, r->time_us);
    if (r->quality == GW_BAD)
        return latest->quality != GW_BAD || latest->reason != r->reason;
    return latest->quality != r->quality || latest->value != r->value;
}

/* "Offline" and "rejected" come from the bus, not from the device's life. */
static bool is_sign_of_life(const struct gw_reading *r)
{
    return r->reason != GW_REASON_OFFLINE && r->reason != GW_REASON_REJECTED;
}

/* The bus cannot reach it: what it said last is kept for its return.  Without memory it
 * stays offline until it speaks. */
static void keep_before(struct condition *c, const struct point_entry *entry)
{
    const struct gw_reading *latest = point_table_get(c->points, entry->id);
    if (latest->reason == GW_REASON_OFFLINE)
        return;
    if (!c->before)
        c->before = calloc(point_table_count(c->points) + 1, sizeof(*c->before));
    if (c->before)
        c->before[point_table_index(c->points, entry->id)] = *latest;
}

/* The bus is back and nothing was missed: as it was, unless that is too long ago now. */
static bool judge_resumed(const struct condition *c, const struct point_entry *entry,
                          struct gw_reading *r)
{
    size_t index = point_table_index(c->points, entry->id);
    const struct gw_reading *before = c->before ? &c->before[index] : NULL;
    if (point_table_get(c->points, entry->id)->reason != GW_REASON_OFFLINE || !before
        || before->point != entry->id)
        return false;
    /* The key pressed before the outage was not pressed again. */
    r->flags = entry->metric->kind == METRIC_EVENT ? GW_RESUMED : 0;
    r->quality = before->quality;
    r->reason = before->reason;
    r->value = before->value;
    r->source_us = before->source_us;
    if (stale_of(c, index) > 0 && deadlines_get(c->silence, index) == DEADLINE_NEVER)
        make_bad(r, GW_REASON_STALE);
    return true;
}

static bool judge(struct condition *c, const struct point_entry *entry,
                  struct gw_reading *r)
{
    if (r->flags & GW_RESUMED)
        return judge_resumed(c, entry, r);
    judge_value(entry->metric, r);
    if (r->reason == GW_REASON_OFFLINE)
        keep_before(c, entry);
    if (r->flags & GW_RETAINED)
        return judge_retained(c, entry, r);
    if (r->flags & GW_REPEAT)
        return judge_repeated(c, entry, r);
    if (is_sign_of_life(r))
        seen(c, entry, r->time_us);
    return true;
}

void condition_history(struct condition *c, const struct gw_reading *reading)
{
    const struct point_entry *entry = point_table_find(c->points, reading->point);
    if (entry && reading->reason != GW_REASON_STALE && is_sign_of_life(reading))
        seen(c, entry, reading->time_us);
}

bool condition_sample(struct condition *c, const struct gw_sample *sample,
                      int64_t time_us, struct gw_reading *ret)
{
    const struct point_entry *entry = point_table_find(c->points, sample->point);
    if (!entry || !entry->config)
        return false;
    struct gw_reading r = {
        .point = sample->point,
        .flags = sample->flags,
        .quality = sample->quality,
        .reason = sample->reason,
        .value = sample->raw * entry->config->scale + entry->config->offset,
        .time_us = time_us,
        .source_us = sample->source_us,
        .mono_us = sample->mono_us,
    };
    if (r.quality != GW_BAD && is_invalid(entry->config, sample->raw))
        make_bad(&r, GW_REASON_DEVICE);
    if (!judge(c, entry, &r))
        return false;
    *ret = r;
    return true;
}

bool condition_reading(struct condition *c, const struct gw_reading *reading,
                       struct gw_reading *ret)
{
    const struct point_entry *entry = point_table_find(c->points, reading->point);
    if (!entry || !entry->config)
        return false;
    struct gw_reading r = *reading;
    if (!judge(c, entry, &r))
        return false;
    *ret = r;
    return true;
}

int64_t condition_next_due(const struct condition *c)
{
    return deadlines_first(c->silence);
}

/* Why the bus cannot reach a point says more than that it is silent; once is enough. */
static bool is_explained(const struct gw_reading *latest)
{
    return latest->quality == GW_BAD
           && (!is_sign_of_life(latest) || latest->reason == GW_REASON_STALE);
}

bool condition_expire(struct condition *c, int64_t time_us, struct gw_reading *ret)
{
    while (deadlines_first(c->silence) <= time_us) {
        int64_t due_us = deadlines_first(c->silence);
        if (due_us == DEADLINE_NEVER)
            break;
        const struct point_entry *entry =
            point_table_entry(c->points, deadlines_pop(c->silence));
        if (is_explained(point_table_get(c->points, entry->id)))
            continue;
        *ret = (struct gw_reading){.point = entry->id,
                                   .quality = GW_BAD,
                                   .reason = GW_REASON_STALE,
                                   .value = NAN,
                                   .time_us = due_us,
                                   .source_us = GW_TIME_NONE};
        return true;
    }
    return false;
}
