#include "notify/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "notify/output_rows.h"

/* request - an unacknowledged alarm that asks for outputs.
 * rows        bits of the rows that fit it
 * since_us    it came; each row's on_for counts from here */
struct request {
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    uint64_t rows;
    int64_t since_us;
};

/* output - one point, which several rows may name. */
struct output {
    const struct point_entry *point;
    uint64_t rows;
    bool is_on;
};

struct outputs {
    struct outputs_setup setup;
    struct arena *arena;
    struct output_rows rows;
    struct output *items;
    size_t count;
    struct request *requests;
    size_t request_count;
    size_t request_room;
    int64_t due_us;
    bool is_started;
};

/* --- building ------------------------------------------------------------------- */

static void add_point(struct outputs *o, const struct point_entry *point, size_t row)
{
    size_t i = 0;
    while (i < o->count && o->items[i].point != point)
        i++;
    if (i == o->count)
        o->items[o->count++].point = point;
    o->items[i].rows |= UINT64_C(1) << row;
}

static int collect_points(struct outputs *o)
{
    size_t most = 0;
    for (size_t r = 0; r < o->rows.count; r++)
        most += o->rows.items[r].point_count;
    o->items = arena_alloc(o->arena, (most + 1) * sizeof(*o->items));
    if (!o->items)
        return -ENOMEM;
    for (size_t r = 0; r < o->rows.count; r++)
        for (size_t p = 0; p < o->rows.items[r].point_count; p++)
            add_point(o, o->rows.items[r].points[p], r);
    return 0;
}

int outputs_load(const struct outputs_setup *setup, struct config_faults *faults,
                 struct outputs **ret)
{
    struct outputs *o = calloc(1, sizeof(*o));
    if (!o)
        return -ENOMEM;
    o->setup = *setup;
    o->due_us = INT64_MAX;
    int r = arena_new(&o->arena);
    if (r == 0)
        r = output_rows_read(&o->setup, o->arena, faults, &o->rows);
    if (r == 0)
        r = collect_points(o);
    if (r < 0) {
        outputs_free(o);
        return r;
    }
    *ret = o;
    return 0;
}

struct outputs *outputs_free(struct outputs *o)
{
    if (!o)
        return NULL;
    arena_free(o->arena);
    free(o->requests);
    free(o);
    return NULL;
}

/* --- which rows an alarm asks for ------------------------------------------------ */

static bool has_word(const struct gw_strings *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

static bool asks(const struct output_row *row, enum gw_alarm_state state)
{
    if (state == GW_ALARM_UNACKNOWLEDGED)
        return true;
    return row->until == OUTPUT_UNTIL_ACKNOWLEDGED
           && (state == GW_ALARM_RETURNED || state == GW_ALARM_LATCHED);
}

static uint64_t rows_for(const struct outputs *o, const char *rule, const char *object,
                         enum gw_severity severity, enum gw_alarm_state state)
{
    const struct gw_strings words = rules_outputs(o->setup.rules, rule);
    const struct gw_place *place =
        words.count > 0 ? output_place(&o->setup, object) : NULL;
    uint64_t rows = 0;
    for (size_t r = 0; r < o->rows.count; r++) {
        const struct output_row *row = &o->rows.items[r];
        if (asks(row, state) && has_word(&words, row->name)
            && output_row_fits(row, severity, place))
            rows |= UINT64_C(1) << r;
    }
    return rows;
}

/* --- what is asked for now --------------------------------------------------------- */

static struct request *find_request(struct outputs *o, const char *rule,
                                    const char *object)
{
    for (size_t i = 0; i < o->request_count; i++)
        if (strcmp(o->requests[i].rule, rule) == 0
            && strcmp(o->requests[i].object, object) == 0)
            return &o->requests[i];
    return NULL;
}

/* NULL = no memory: the output stays as it is, the alarm goes out all the same. */
static struct request *add_request(struct outputs *o, const char *rule,
                                   const char *object)
{
    if (o->request_count == o->request_room) {
        size_t room = 2 * o->request_room + 16;
        struct request *more = realloc(o->requests, room * sizeof(*more));
        if (!more)
            return NULL;
        o->requests = more;
        o->request_room = room;
    }
    struct request *q = &o->requests[o->request_count++];
    *q = (struct request){0};
    (void)snprintf(q->rule, sizeof(q->rule), "%s", rule);
    (void)snprintf(q->object, sizeof(q->object), "%s", object);
    return q;
}

/* @rows 0: it asks for nothing (any more).  @is_new: it came just now. */
static void set_request(struct outputs *o, const char *rule, const char *object,
                        uint64_t rows, bool is_new, int64_t since_us)
{
    struct request *q = find_request(o, rule, object);
    if (rows == 0) {
        if (q)
            *q = o->requests[--o->request_count];
        return;
    }
    is_new = is_new || !q;
    if (!q)
        q = add_request(o, rule, object);
    if (!q)
        return;
    q->rows = rows;
    if (is_new)
        q->since_us = since_us;
}

/* Bits of the rows that are on at @time_us; sets when that changes next. */
static uint64_t rows_on(struct outputs *o, int64_t time_us)
{
    uint64_t on = 0;
    o->due_us = INT64_MAX;
    for (size_t i = 0; i < o->request_count; i++)
        for (size_t r = 0; r < o->rows.count; r++) {
            const struct request *q = &o->requests[i];
            int64_t on_for_us = o->rows.items[r].on_for_us;
            if (!(q->rows >> r & 1))
                continue;
            int64_t end_us = on_for_us > 0 ? q->since_us + on_for_us : INT64_MAX;
            if (end_us <= time_us)
                continue;
            on |= UINT64_C(1) << r;
            if (end_us < o->due_us)
                o->due_us = end_us;
        }
    return on;
}

static void command(const struct outputs *o, const struct output *output, bool is_last,
                    int64_t time_us)
{
    size_t row = (size_t)__builtin_ctzll(output->rows);
    o->setup.command(o->setup.ctx, &(struct output_command){
                                       .name = o->rows.items[row].name,
                                       .point = output->point,
                                       .is_on = output->is_on,
                                       .is_last = is_last,
                                       .time_us = time_us,
                                   });
}

/* @all: also those that are as they were. */
static void apply(struct outputs *o, int64_t time_us, bool all)
{
    uint64_t on = rows_on(o, time_us);
    for (size_t i = 0; i < o->count; i++) {
        struct output *output = &o->items[i];
        bool is_on = output->rows & on;
        if (is_on == output->is_on && !all)
            continue;
        output->is_on = is_on;
        command(o, output, false, time_us);
    }
}

/* --- the pipeline's side ---------------------------------------------------------------
 */

static void ask_alarms(struct outputs *o, struct alarms *alarms)
{
    struct arena *arena = NULL;
    struct alarm_row *rows = NULL;
    size_t count = 0;
    if (arena_new(&arena) == 0)
        count = alarms_snapshot(alarms, false, arena, &rows);
    for (size_t i = 0; i < count; i++)
        set_request(
            o, rows[i].rule, rows[i].object,
            rows_for(o, rows[i].rule, rows[i].object, rows[i].severity, rows[i].state),
            true, rows[i].raised_us);
    arena_free(arena);
    o->is_started = true;
}

void outputs_start(struct outputs *o, struct alarms *alarms, int64_t time_us)
{
    ask_alarms(o, alarms);
    apply(o, time_us, true);
}

static struct output *output_of(const struct outputs *o, uint32_t point)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->items[i].point->id == point)
            return &o->items[i];
    return NULL;
}

/* The clock may have been set since the alarm came. */
static void take_times(struct outputs *o, const struct outputs *old)
{
    for (size_t i = 0; i < old->request_count; i++) {
        const struct request *was = &old->requests[i];
        struct request *q = find_request(o, was->rule, was->object);
        if (q)
            q->since_us = was->since_us;
    }
}

void outputs_take_over(struct outputs *o, const struct outputs *old,
                       struct alarms *alarms, int64_t time_us)
{
    ask_alarms(o, alarms);
    take_times(o, old);
    const uint64_t on = rows_on(o, time_us);
    for (size_t i = 0; i < o->count; i++) {
        struct output *output = &o->items[i];
        const struct output *was = output_of(old, output->point->id);
        output->is_on = output->rows & on;
        if (!was || was->is_on != output->is_on) /* also off, where it may be left on */
            command(o, output, false, time_us);
    }
    for (size_t i = 0; i < old->count; i++) {
        struct output gone = old->items[i];
        gone.is_on = false;
        if (!output_of(o, gone.point->id))
            command(old, &gone, true, time_us);
    }
}

void outputs_transition(struct outputs *o, const struct gw_transition *t, int64_t time_us)
{
    if (!o->is_started || o->rows.count == 0)
        return;
    uint64_t rows = rows_for(o, t->rule, t->object, t->severity, t->to);
    set_request(o, t->rule, t->object, rows, t->to == GW_ALARM_UNACKNOWLEDGED, time_us);
    apply(o, time_us, false);
}

int64_t outputs_next_due(const struct outputs *o)
{
    return o->due_us;
}

void outputs_run(struct outputs *o, int64_t time_us)
{
    apply(o, time_us, false);
}

void outputs_clock_step(struct outputs *o, int64_t delta_us, int64_t time_us)
{
    if (!o->is_started)
        return;
    for (size_t i = 0; i < o->request_count; i++)
        o->requests[i].since_us += delta_us;
    apply(o, time_us, false);
}
