#include "stairs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "flow.h"

/* A sum of rates is no sharper: 8 times 0.15 is 1.2 and not a hair above it. */
#define PRECISION 1e6

/* Silence after which a gateway that was off knows nothing any more.  Source: the silence
 * that is called stale. */
#define UNHEARD_US (180 * INT64_C(1000000))

/* stair_line - one direction of one of its counters. */
struct stair_line {
    uint32_t point;
    uint32_t width;
    size_t stair; /* of stairs.items */
    bool is_bad;
    int64_t told_us;
    struct counter counter;
};

struct stair {
    const char *place;
    double width_m;
    uint32_t point;
    struct flow flow;
    double told; /* NAN: bad, or nothing yet */
};

struct stairs {
    struct gw_host *host;
    const struct occupancy_options *options;
    struct stair *items;
    size_t count;
    struct stair_line *lines;
    size_t line_count;
    bool is_restored;
};

static const char *const directions[] = {"people_in", "people_out"};
enum { DIRECTIONS = sizeof(directions) / sizeof(directions[0]) };

/* Room for @count lines more. */
static int grow(struct stairs *st, size_t count)
{
    struct stair_line *lines =
        reallocarray(st->lines, st->line_count + count + 1, sizeof(*lines));
    if (!lines)
        return -ENOMEM;
    st->lines = lines;
    return 0;
}

static int add_direction(struct stairs *st, size_t stair, const char *metric,
                         struct gw_error *err)
{
    const char *place = st->items[stair].place;
    size_t count = gw_points_of(st->host, place, metric, NULL, 0);
    struct gw_point_info *points = calloc(count + 1, sizeof(*points));
    if (!points || grow(st, count) < 0) {
        free(points);
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    }
    (void)gw_points_of(st->host, place, metric, points, count);
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        st->lines[st->line_count++] = (struct stair_line){.point = points[i].id,
                                                          .width = points[i].width,
                                                          .stair = stair,
                                                          .is_bad = true};
        r = gw_watch(st->host, points[i].id, err);
    }
    free(points);
    return r;
}

static int refuse_stair(const struct stairs *st, const char *id, double width_m,
                        const char *kind)
{
    if (width_m > 0)
        gw_refuse_option(st->host, "stair_width", NULL,
                         "'%s' is no place of kind %s (allowed: the id of one)", id,
                         kind);
    else
        gw_refuse_option(st->host, "stair_width", NULL,
                         "'%s: %g' is no width (allowed: metres above 0)", id, width_m);
    return 0;
}

static int add_stair(struct stairs *st, size_t width, const char *kind,
                     struct gw_error *err)
{
    const char *id = st->options->stair_width.keys[width];
    const struct gw_place *place = gw_campus_place(gw_host_campus(st->host), id);
    double width_m = st->options->stair_width.values[width];
    if (!place || strcmp(place->kind, kind) != 0 || !(width_m > 0))
        return refuse_stair(st, id, width_m, kind);
    size_t stair = st->count++;
    size_t before = st->line_count;
    st->items[stair] =
        (struct stair){.place = place->id, .width_m = width_m, .told = NAN};
    int r = 0;
    for (size_t i = 0; r == 0 && i < DIRECTIONS; i++)
        r = add_direction(st, stair, directions[i], err);
    if (r == 0 && st->line_count > before)
        r = gw_derive(st->host, place->id, "stair_flow", &st->items[stair].point, err);
    return r;
}

int stairs_new(struct gw_host *host, const struct occupancy_options *options,
               const char *kind, struct stairs **ret, struct gw_error *err)
{
    size_t count = options->stair_width.count;
    struct stairs *st = calloc(1, sizeof(*st));
    struct stair *items = calloc(count + 1, sizeof(*items));
    int r = 0;
    if (!st || !items) {
        free(st);
        free(items);
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    }
    *st = (struct stairs){.host = host, .options = options, .items = items};
    for (size_t i = 0; r == 0 && i < count; i++)
        r = add_stair(st, i, kind, err);
    if (r < 0)
        (void)stairs_free(st);
    else
        *ret = st;
    return r;
}

struct stairs *stairs_free(struct stairs *st)
{
    if (!st)
        return NULL;
    free(st->items);
    free(st->lines);
    free(st);
    return NULL;
}

static bool is_bad(const struct stairs *st, size_t stair)
{
    for (size_t i = 0; i < st->line_count; i++)
        if (st->lines[i].stair == stair && st->lines[i].is_bad)
            return true;
    return false;
}

static void tell(struct stairs *st, size_t index, int64_t time_us)
{
    struct stair *stair = &st->items[index];
    bool is_unknown = is_bad(st, index);
    double flow = is_unknown ? NAN : flow_rate(&stair->flow, time_us) / stair->width_m;
    flow = round(flow * PRECISION) / PRECISION;
    if (flow == stair->told || (isnan(flow) && isnan(stair->told)))
        return;
    stair->told = flow;
    gw_publish(st->host, stair->point, flow, is_unknown ? GW_BAD : GW_GOOD,
               is_unknown ? GW_REASON_INPUT : GW_REASON_NONE, time_us);
}

static void ask_to_be_woken(struct stairs *st)
{
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < st->count; i++) {
        int64_t due_us = flow_next(&st->items[i].flow);
        next_us = due_us < next_us ? due_us : next_us;
    }
    gw_wake(st->host, next_us);
}

/* kept_line - as it was told last; known by its point's id, which is stable for life. */
struct kept_line {
    uint32_t version;
    uint32_t is_bad;
    int64_t told_us;
    struct counter counter;
};

struct kept_flow {
    uint32_t version;
    uint32_t count;
    struct flow_step steps[FLOW_STEPS_MAX];
};

enum { KEPT_VERSION = 1 };

static void line_key(const struct stair_line *line, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "stair-line/%u", line->point);
}

static void flow_key(const struct stair *stair, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "stair-flow/%s", stair->place);
}

static size_t flow_size(uint32_t count)
{
    return offsetof(struct kept_flow, steps) + count * sizeof(struct flow_step);
}

static void save_line(const struct stairs *st, const struct stair_line *line)
{
    char key[GW_NAME_MAX];
    const struct kept_line kept = {.version = KEPT_VERSION,
                                   .is_bad = line->is_bad,
                                   .told_us = line->told_us,
                                   .counter = line->counter};
    line_key(line, key);
    gw_state_save(st->host, key, &kept, sizeof(kept));
}

static void save_flow(const struct stairs *st, const struct stair *stair)
{
    char key[GW_NAME_MAX];
    const struct flow *flow = &stair->flow;
    struct kept_flow kept = {.version = KEPT_VERSION, .count = flow->count};
    memcpy(kept.steps, flow->steps, flow->count * sizeof(flow->steps[0]));
    flow_key(stair, key);
    gw_state_save(st->host, key, &kept, flow_size(flow->count));
}

static void save_all(const struct stairs *st)
{
    for (size_t i = 0; i < st->line_count; i++)
        save_line(st, &st->lines[i]);
    for (size_t i = 0; i < st->count; i++)
        save_flow(st, &st->items[i]);
}

static void advance(struct stairs *st, struct stair_line *line,
                    const struct gw_reading *reading)
{
    struct stair *stair = &st->items[line->stair];
    double people = counter_advance(&line->counter, reading->value, line->width);
    flow_add(&stair->flow, people, reading->time_us - line->told_us,
             st->options->stair_window_us, reading->time_us);
    line->told_us = reading->time_us;
    line->is_bad = line->counter.is_backwards;
    if (people > 0)
        save_flow(st, stair);
}

/* Kept each time: from a total of long ago, all who came since would be a crowd. */
bool stairs_reading(struct stairs *st, const struct gw_reading *reading)
{
    struct stair_line *line = NULL;
    for (size_t i = 0; i < st->line_count; i++)
        if (st->lines[i].point == reading->point)
            line = &st->lines[i];
    if (!line)
        return false;
    line->is_bad = reading->quality != GW_GOOD;
    if (!line->is_bad)
        advance(st, line, reading);
    save_line(st, line);
    tell(st, line->stair, reading->time_us);
    ask_to_be_woken(st);
    return true;
}

/* What a counter said before a restart is still so if that was just now. */
static bool is_heard(const struct stairs *st, size_t stair, int64_t time_us)
{
    for (size_t i = 0; i < st->line_count; i++)
        if (st->lines[i].stair == stair && time_us - st->lines[i].told_us > UNHEARD_US)
            return false;
    return true;
}

void stairs_due(struct stairs *st, int64_t time_us)
{
    for (size_t i = 0; i < st->count; i++)
        if (!st->is_restored || is_heard(st, i, time_us))
            tell(st, i, time_us);
    st->is_restored = false;
    ask_to_be_woken(st);
}

static void load_line(struct stairs *st, struct stair_line *line)
{
    char key[GW_NAME_MAX];
    struct kept_line kept;
    line_key(line, key);
    if (gw_state_load(st->host, key, &kept, sizeof(kept)) != sizeof(kept)
        || kept.version != KEPT_VERSION)
        return;
    line->is_bad = kept.is_bad != 0;
    line->told_us = kept.told_us;
    line->counter = kept.counter;
}

static void load_flow(struct stairs *st, struct stair *stair)
{
    char key[GW_NAME_MAX];
    struct kept_flow kept = {0};
    flow_key(stair, key);
    size_t size = gw_state_load(st->host, key, &kept, sizeof(kept));
    if (size < flow_size(0) || kept.version != KEPT_VERSION || kept.count > FLOW_STEPS_MAX
        || size != flow_size(kept.count))
        return;
    memcpy(stair->flow.steps, kept.steps, kept.count * sizeof(kept.steps[0]));
    stair->flow.count = kept.count;
}

void stairs_load(struct stairs *st)
{
    for (size_t i = 0; i < st->line_count; i++)
        load_line(st, &st->lines[i]);
    for (size_t i = 0; i < st->count; i++)
        load_flow(st, &st->items[i]);
    st->is_restored = true;
    if (st->count > 0)
        gw_wake(st->host, 0); /* there is no time here yet */
}

void stairs_clock_step(struct stairs *st, int64_t delta_us)
{
    for (size_t i = 0; i < st->line_count; i++)
        st->lines[i].told_us += delta_us;
    for (size_t i = 0; i < st->count; i++)
        flow_move(&st->items[i].flow, delta_us);
    save_all(st);
    ask_to_be_woken(st);
}
