/* tours.c - the patrols of this school. */
#include "tours.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"
#include "tour.h"

/* A day counts when so much of it was observed; a restart is no gap. */
#define OBSERVED_SHARE 0.95
#define DAY_MINUTES 1440.0

/* route - a tour of the configuration at work.
 * known_us     first seen: no round yet counts from then
 * observed     minutes of this day */
struct route {
    const struct tour_row *row;
    const struct signal *points[TOUR_POINTS_MAX];
    struct tour tour;
    int64_t known_us;
    uint32_t observed;
    struct derived rounds;
    struct derived rounds_day;
    struct derived round_age;
};

struct tours {
    size_t count;
    struct route items[];
};

#define TOUR(field) offsetof(struct tour_row, field)
const struct gw_option tour_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = TOUR(id),
     .required = true,
     .help = "the tour's name"},
    {.name = "title", .type = GW_OPT_TEXT, .offset = TOUR(title), .help = "for people"},
    {.name = "place",
     .type = GW_OPT_ID,
     .offset = TOUR(place),
     .required = true,
     .help = "the post that walks it: its alarms are about this place"},
    {.name = "checkpoints",
     .type = GW_OPT_STRINGS,
     .offset = TOUR(checkpoints),
     .required = true,
     .min = 1,
     .max = TOUR_POINTS_MAX,
     .help = "places with a point checkpoint, in the order of the round"},
    {.name = "within",
     .type = GW_OPT_DURATION,
     .offset = TOUR(within_us),
     .min = 60e6,
     .max = 12 * 3600e6,
     .fallback = "60min",
     .help = "from the first checkpoint of a round to the last"},
    {.name = "per_day",
     .type = GW_OPT_UINT,
     .offset = TOUR(per_day),
     .min = 1,
     .max = 96,
     .fallback = "5",
     .help = "rounds that the sheet of the day expects; the alarm's figure is TF-05's"},
    {.name = "ordered",
     .type = GW_OPT_BOOL,
     .offset = TOUR(is_ordered),
     .fallback = "false",
     .help = "true: a round in another order is no round"},
    {.name = "all_day",
     .type = GW_OPT_BOOL,
     .offset = TOUR(is_all_day),
     .fallback = "true",
     .help = "a 24-h post: the time since the last round counts"},
    {0},
};

static void refuse_point(const struct defense *d, const char *place)
{
    const char **names = calloc(d->signal_count + 1, sizeof(*names));
    char text[GW_ALLOWED_MAX];
    size_t count = 0;
    for (size_t i = 0; names && i < d->signal_count; i++)
        if (strcmp(d->signals[i].info.metric, "checkpoint") == 0)
            names[count++] = d->signals[i].info.object;
    count = names ? names_sort(names, count) : 0;
    gw_refuse(d->host, place, "'%s/checkpoint' is fed by no device (%s)", place,
              gw_allowed(d->host, place, names, count, text));
    free(names);
}

/* false: refused; the configuration is not taken. */
static bool find_points(const struct defense *d, struct route *r)
{
    bool is_good = true;
    for (size_t i = 0; i < r->row->checkpoints.count; i++) {
        const char *place = r->row->checkpoints.items[i];
        r->points[i] = signal_metric(d, place, "checkpoint");
        if (!r->points[i]) {
            refuse_point(d, place);
            is_good = false;
        }
    }
    return is_good;
}

static int derive_one(struct defense *d, const struct route *r, const char *metric,
                      struct derived *ret, struct gw_error *err)
{
    char name[GW_NAME_MAX];
    (void)snprintf(name, sizeof(name), "%s.%s", metric, r->row->id);
    return derive(d, r->row->place, name, ret, err);
}

static int add(struct defense *d, const struct tour_row *row, struct gw_error *err)
{
    struct route *r = &d->tours->items[d->tours->count++];
    *r = (struct route){.row = row, .known_us = GW_TIME_NONE};
    tour_begin(&r->tour, row->checkpoints.count, row->within_us);
    r->tour.is_ordered = row->is_ordered;
    bool is_good = place_check(d, row->place);
    if (!find_points(d, r) || !is_good)
        return 0;
    int e = derive_one(d, r, "rounds", &r->rounds, err);
    if (e == 0)
        e = derive_one(d, r, "rounds_day", &r->rounds_day, err);
    if (e == 0 && row->is_all_day)
        e = derive_one(d, r, "round_age", &r->round_age, err);
    return e;
}

static int start(struct defense *d, struct gw_error *err)
{
    const struct tour_row *rows = d->tour_rows.items;
    d->tours =
        calloc(1, sizeof(*d->tours) + d->tour_rows.count * sizeof(d->tours->items[0]));
    if (!d->tours)
        return gw_fail(err, -ENOMEM, "out of memory");
    int r = 0;
    for (size_t i = 0; r == 0 && i < d->tour_rows.count; i++)
        r = add(d, &rows[i], err);
    return r;
}

static void stop(struct defense *d)
{
    free(d->tours);
    d->tours = NULL;
}

/* --- kept ------------------------------------------------------------------------- */

enum { KEPT_VERSION = 1 };

struct kept_tour {
    uint32_t version;
    uint32_t is_broken;
    uint32_t rounds, broken, disordered, observed;
    int64_t last_us, known_us;
    int64_t read_us[TOUR_POINTS_MAX];
};

static void save(struct defense *d, const struct route *r)
{
    struct kept_tour kept = {.version = KEPT_VERSION,
                             .is_broken = r->tour.is_broken,
                             .rounds = r->tour.rounds,
                             .broken = r->tour.broken,
                             .disordered = r->tour.disordered,
                             .observed = r->observed,
                             .last_us = r->tour.last_us,
                             .known_us = r->known_us};
    memcpy(kept.read_us, r->tour.read_us, sizeof(kept.read_us));
    state_save(d, "tour", r->row->id, &kept, sizeof(kept));
}

static void restored(struct defense *d)
{
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        struct kept_tour kept;
        if (!state_load(d, "tour", r->row->id, &kept, sizeof(kept))
            || kept.version != KEPT_VERSION)
            continue;
        r->tour.is_broken = kept.is_broken != 0;
        r->tour.rounds = kept.rounds;
        r->tour.broken = kept.broken;
        r->tour.disordered = kept.disordered;
        r->tour.last_us = kept.last_us;
        r->observed = kept.observed;
        r->known_us = kept.known_us;
        memcpy(r->tour.read_us, kept.read_us, sizeof(kept.read_us));
    }
}

static void clock_step(struct defense *d, int64_t delta_us, int64_t time_us)
{
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        (void)past_step(&r->tour.last_us, delta_us, time_us);
        (void)past_step(&r->known_us, delta_us, time_us);
        tour_step(&r->tour, delta_us);
        save(d, r);
    }
}

/* --- time and reads -------------------------------------------------------------------
 */

static double age_h(const struct route *r, int64_t time_us)
{
    int64_t since_us = r->tour.last_us != GW_TIME_NONE ? r->tour.last_us : r->known_us;
    return (double)(time_us - since_us) / 3600e6;
}

static void tell_route(struct defense *d, struct route *r, int64_t time_us)
{
    derived_tell(d, &r->rounds, r->tour.rounds, time_us);
    derived_tell(d, &r->round_age, age_h(r, time_us), time_us);
}

static void tell(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        if (r->known_us == GW_TIME_NONE) {
            r->known_us = time_us;
            save(d, r);
        }
        tell_route(d, r, time_us);
    }
}

static void fact(struct defense *d, const struct route *r, const char *kind,
                 int64_t start_us, int64_t time_us, double completeness)
{
    const struct gw_fact_value values[] = {
        {.name = "tour", .value = (double)NAN, .text = r->row->id},
        {.name = "rounds", .value = r->tour.rounds},
        {.name = "broken", .value = r->tour.broken},
        {.name = "disordered", .value = r->tour.disordered},
        {.name = "expected", .value = r->row->per_day},
    };
    gw_fact(d->host, &(struct gw_fact){.kind = kind,
                                       .by_calendar = true,
                                       .object = r->row->place,
                                       .start_us = start_us,
                                       .end_us = time_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = sizeof(values) / sizeof(values[0]),
                                       .completeness = completeness});
}

static void minute(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        r->observed++;
        if (tour_expire(&r->tour, time_us))
            fact(d, r, "patrol-broken", time_us - r->row->within_us, time_us, 1);
        save(d, r);
        tell_route(d, r, time_us);
    }
}

/* The last minute of a day ends with it, and was counted just before. */
static void day(struct defense *d, int64_t midnight_us)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        double share = fmin(1, r->observed / DAY_MINUTES);
        r->rounds_day.has_told = false;
        derived_tell(d, &r->rounds_day,
                     share >= OBSERVED_SHARE ? r->tour.rounds : (double)NAN, midnight_us);
        fact(d, r, "patrol", gw_campus_midnight(campus, midnight_us - 1), midnight_us,
             share);
        r->tour.rounds = 0;
        r->tour.broken = 0;
        r->tour.disordered = 0;
        r->observed = 0;
        save(d, r);
        tell_route(d, r, midnight_us);
    }
}

static void read_point(struct defense *d, struct route *r, size_t index, int64_t time_us)
{
    bool is_round = tour_read(&r->tour, index, time_us);
    save(d, r);
    if (is_round)
        tell_route(d, r, time_us);
}

static void take(struct defense *d, const struct signal *s, const struct gw_reading *rd)
{
    if (rd->quality != GW_GOOD
        || (rd->flags & (GW_RETAINED | GW_STARTUP | GW_REPEAT | GW_RESUMED)))
        return;
    for (size_t i = 0; i < d->tours->count; i++) {
        struct route *r = &d->tours->items[i];
        for (size_t k = 0; k < r->tour.point_count; k++)
            if (r->points[k] == s)
                read_point(d, r, k, rd->time_us);
    }
}

struct tally tours_rounds(const struct defense *d)
{
    struct tally t = {0};
    for (size_t i = 0; i < d->tours->count; i++) {
        t.total += d->tours->items[i].row->per_day;
        t.good += d->tours->items[i].tour.rounds;
    }
    return t;
}

double tours_age_h(const struct defense *d, int64_t time_us)
{
    double longest = NAN;
    for (size_t i = 0; i < d->tours->count; i++)
        longest = fmax(longest, age_h(&d->tours->items[i], time_us));
    return longest;
}

const struct part tours_part = {
    .start = start,
    .stop = stop,
    .restored = restored,
    .tell = tell,
    .take = take,
    .minute = minute,
    .day = day,
    .clock_step = clock_step,
};
