#include "posts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"

struct posts {
    size_t count;
    bool is_rush; /* pupils arrive or leave */
    struct post items[];
};

#define POST(field) offsetof(struct post_row, field)
const struct gw_option post_options[] = {
    {.name = "place",
     .type = GW_OPT_ID,
     .offset = POST(place),
     .required = true,
     .help = "the gatehouse or duty room"},
    {.name = "gates",
     .type = GW_OPT_STRINGS,
     .offset = POST(gates),
     .max = POST_GATES_MAX,
     .help = "gates that this post attends, by place"},
    {.name = "key_within",
     .type = GW_OPT_DURATION,
     .offset = POST(key_us),
     .min = 60e6,
     .max = 24 * 3600e6,
     .fallback = "15min",
     .help = "for so long a press of the post's key (metric button) says that one is "
             "there"},
    {.name = "needs_key",
     .type = GW_OPT_BOOL,
     .offset = POST(needs_key),
     .fallback = "false",
     .help = "true: presence alone is not enough, the key must be pressed as well"},
    {0},
};

static bool tells_presence(const char *metric)
{
    return strcmp(metric, "guard_present") == 0 || strcmp(metric, "presence") == 0;
}

static const struct post_row *row_of(const struct defense *d, const char *place)
{
    const struct post_row *rows = d->post_rows.items;
    for (size_t i = 0; i < d->post_rows.count; i++)
        if (strcmp(rows[i].place, place) == 0)
            return &rows[i];
    return NULL;
}

static bool is_post(const struct defense *d, const struct gw_place *place)
{
    static const char *const kinds[] = {"gatehouse", "gate"};
    if (row_of(d, place->id))
        return true;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (place->kind && strcmp(place->kind, kinds[i]) == 0)
            return signal_metric(d, place->id, "guard_present") != NULL;
    return false;
}

static int find_inputs(const struct defense *d, struct post *p)
{
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        if (strcmp(s->info.object, p->place) != 0)
            continue;
        if (tells_presence(s->info.metric)) {
            if (p->input_count == POST_INPUTS_MAX)
                return -E2BIG;
            p->inputs[p->input_count++] = s;
        } else if (strcmp(s->info.metric, "button") == 0) {
            if (p->key_count == POST_INPUTS_MAX)
                return -E2BIG;
            p->keys[p->key_count++] = s;
        }
    }
    return 0;
}

/* false: refused; the configuration is not taken. */
static bool check(const struct defense *d, const struct post *p)
{
    bool is_good = true;
    if (p->input_count == 0 && p->key_count == 0) {
        gw_refuse(d->host, p->row.place,
                  "nothing at '%s' tells of a guard (wanted: a point guard_present, "
                  "presence or button there)",
                  p->place);
        is_good = false;
    } else if (p->row.needs_key && p->key_count == 0) {
        gw_refuse(d->host, p->row.place,
                  "needs_key, and no button is at '%s' (wanted: a point button there)",
                  p->place);
        is_good = false;
    }
    for (size_t i = 0; i < p->row.gates.count; i++)
        is_good = place_check(d, p->row.gates.items[i]) && is_good;
    return is_good;
}

/* A gate with a sensor of its own attends itself, and is no post. */
static int derive_all(struct defense *d, struct post *p, struct gw_error *err)
{
    int r = p->is_gate ? 0 : derive(d, p->place, "manned", &p->manned, err);
    for (size_t i = 0; r == 0 && i < p->row.gates.count; i++)
        r = derive(d, p->row.gates.items[i], "attended", &p->attended[i], err);
    return r;
}

static int add(struct defense *d, const struct gw_place *place, struct gw_error *err)
{
    struct post *p = &d->posts->items[d->posts->count++];
    const struct post_row *row = row_of(d, place->id);
    *p = (struct post){.place = place->id, .key_us = GW_TIME_NONE};
    p->row = row ? *row : (struct post_row){.place = place->id, .key_us = 15 * MINUTE_US};
    p->is_gate = !row && place->kind && strcmp(place->kind, "gate") == 0;
    if (p->is_gate)
        p->row.gates = (struct gw_strings){.items = &place->id, .count = 1};
    int r = find_inputs(d, p);
    if (r < 0)
        return gw_fail(err, r, "post '%s': more than %d sensors", p->place,
                       POST_INPUTS_MAX);
    return check(d, p) ? derive_all(d, p, err) : 0;
}

static int start(struct defense *d, struct gw_error *err)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    const struct post_row *rows = d->post_rows.items;
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(campus, &count);
    d->posts = calloc(1, sizeof(*d->posts) + count * sizeof(d->posts->items[0]));
    if (!d->posts)
        return gw_fail(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < d->post_rows.count; i++)
        (void)place_check(d, rows[i].place);
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++)
        if (is_post(d, &places[i]))
            r = add(d, &places[i], err);
    return r;
}

static void stop(struct defense *d)
{
    free(d->posts);
    d->posts = NULL;
}

static bool key_speaks(const struct post *p, int64_t time_us)
{
    return p->key_us != GW_TIME_NONE && time_us < p->key_us + p->row.key_us;
}

double post_value(const struct post *p, int64_t time_us)
{
    bool is_there = false;
    bool is_known = p->input_count == 0;
    for (size_t i = 0; i < p->input_count; i++) {
        is_known |= p->inputs[i]->quality == GW_GOOD;
        is_there |= signal_is_on(p->inputs[i]);
    }
    bool has_key = key_speaks(p, time_us);
    if (p->row.needs_key)
        return !has_key ? 0 : is_known ? is_there || p->input_count == 0 : (double)NAN;
    if (is_there || has_key)
        return 1;
    return is_known ? 0 : (double)NAN;
}

static void tell_post(struct defense *d, struct post *p, int64_t time_us)
{
    double manned = post_value(p, time_us);
    p->value = manned;
    derived_tell(d, &p->manned, manned, time_us);
    for (size_t i = 0; i < p->row.gates.count; i++)
        derived_tell(d, &p->attended[i], manned, time_us);
}

static void run(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->posts->count; i++)
        tell_post(d, &d->posts->items[i], time_us);
}

static void minute(struct defense *d, int64_t time_us)
{
    d->posts->is_rush = d->posts->count > 0
                        && gw_campus_rush(gw_host_campus(d->host), NULL, time_us,
                                          d->arrival_us, d->departure_us);
}

static void tell(struct defense *d, int64_t time_us)
{
    run(d, time_us);
    minute(d, time_us);
}

/* The key's word ends; nothing else changes by itself. */
static int64_t due(const struct defense *d)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < d->posts->count; i++) {
        const struct post *p = &d->posts->items[i];
        int64_t end_us = p->key_us != GW_TIME_NONE ? p->key_us + p->row.key_us : at;
        if (p->value == 1 && post_value(p, end_us) != 1 && end_us < at)
            at = end_us;
    }
    return at;
}

static void save_key(struct defense *d, const struct post *p)
{
    state_save(d, "post", p->place, &p->key_us, sizeof(p->key_us));
}

static void restored(struct defense *d)
{
    for (size_t i = 0; i < d->posts->count; i++)
        (void)state_load(d, "post", d->posts->items[i].place, &d->posts->items[i].key_us,
                         sizeof(int64_t));
}

static void clock_step(struct defense *d, int64_t delta_us, int64_t time_us)
{
    (void)time_us;
    for (size_t i = 0; i < d->posts->count; i++) {
        struct post *p = &d->posts->items[i];
        if (p->key_us == GW_TIME_NONE)
            continue;
        p->key_us += delta_us;
        save_key(d, p);
    }
}

static bool has(const struct signal *const *list, size_t count, const struct signal *s)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == s)
            return true;
    return false;
}

static void take(struct defense *d, const struct signal *s, const struct gw_reading *r)
{
    for (size_t i = 0; i < d->posts->count; i++) {
        struct post *p = &d->posts->items[i];
        bool is_press = has(p->keys, p->key_count, s) && r->quality == GW_GOOD
                        && !(r->flags & (GW_RETAINED | GW_RESUMED));
        if (is_press) {
            p->key_us = r->time_us;
            save_key(d, p);
        }
        if (is_press || has(p->inputs, p->input_count, s))
            tell_post(d, p, r->time_us);
    }
}

struct tally posts_manned(const struct defense *d)
{
    struct tally t = {0};
    for (size_t i = 0; i < d->posts->count; i++) {
        const struct derived *manned = &d->posts->items[i].manned;
        t.total += manned->has_told && !isnan(manned->value);
        t.good += manned->has_told && manned->value == 1;
    }
    return t;
}

bool posts_rush(const struct defense *d)
{
    return d->posts->is_rush;
}

const struct part posts_part = {
    .start = start,
    .stop = stop,
    .restored = restored,
    .tell = tell,
    .take = take,
    .minute = minute,
    .due = due,
    .run = run,
    .clock_step = clock_step,
};
