#include "room.h"

#include <math.h>
#include <string.h>

#define MINUTE_US 60e6

bool room_add(struct room *r, enum room_input_kind kind,
              const struct gw_point_info *point)
{
    if (r->input_count == ROOM_INPUTS_MAX)
        return false;
    r->inputs[r->input_count++] = (struct room_input){
        .point = point->id, .kind = kind, .width = point->width, .quality = GW_BAD};
    return true;
}

static struct room_input *find_input(struct room *r, uint32_t point)
{
    for (size_t i = 0; i < r->input_count; i++)
        if (r->inputs[i].point == point)
            return &r->inputs[i];
    return NULL;
}

static void pass_line(struct room *r, struct room_input *input, double total)
{
    double people = counter_advance(&input->counter, total, input->width);
    if (input->kind == ROOM_IN)
        r->in += people;
    else
        r->out += people;
    r->balance += input->kind == ROOM_IN ? people : -people;
}

bool room_take(struct room *r, const struct gw_reading *reading)
{
    struct room_input *input = find_input(r, reading->point);
    if (!input)
        return false;
    input->quality = reading->quality;
    if (r->zeroed_us == GW_TIME_NONE)
        r->zeroed_us = reading->time_us;
    if (input->kind == ROOM_REGION) {
        input->value = reading->value;
        return false;
    }
    struct counter before = input->counter;
    if (reading->quality == GW_GOOD)
        pass_line(r, input, reading->value);
    return !before.has_total || before.total != input->counter.total;
}

double room_people(const struct room *r, enum gw_quality *ret_quality)
{
    enum gw_quality worst = GW_GOOD;
    double regions = 0;
    for (size_t i = 0; i < r->input_count; i++) {
        if (r->inputs[i].quality > worst)
            worst = (enum gw_quality)r->inputs[i].quality;
        regions += r->inputs[i].value;
    }
    *ret_quality = worst;
    if (worst == GW_BAD)
        return NAN;
    return fmax(0, room_is_counted(r) ? r->balance : regions);
}

bool room_is_counted(const struct room *r)
{
    return r->input_count > 0 && r->inputs[0].kind != ROOM_REGION;
}

static bool is_news(const struct room *r, double people, enum gw_quality quality)
{
    if (!r->has_told || r->told_quality != quality)
        return true;
    return quality != GW_BAD && r->told != people;
}

void room_publish(struct room *r, struct gw_host *host, int64_t time_us, bool always)
{
    enum gw_quality quality = GW_BAD;
    double people = room_people(r, &quality);
    if (!is_news(r, people, quality) && !(always && quality == GW_GOOD))
        return;
    r->told = people;
    r->told_quality = (uint8_t)quality;
    r->has_told = true;
    enum gw_reason reason = quality == GW_GOOD ? GW_REASON_NONE : GW_REASON_INPUT;
    gw_publish(host, r->point, people, quality, reason, time_us);
}

void room_minute(struct room *r)
{
    enum gw_quality quality = GW_BAD;
    (void)room_people(r, &quality);
    if (quality == GW_GOOD)
        r->minutes++;
}

static double completeness(const struct room *r, int64_t time_us)
{
    double minutes = (double)(time_us - r->zeroed_us) / MINUTE_US;
    return minutes > 0 ? fmin(1, r->minutes / minutes) : 0;
}

void room_zero(struct room *r, struct gw_host *host, int64_t time_us)
{
    if (r->zeroed_us != GW_TIME_NONE) {
        const struct gw_fact_value values[] = {
            {.name = "drift", .value = r->balance},
            {.name = "in", .value = r->in},
            {.name = "out", .value = r->out},
        };
        gw_fact(host, &(struct gw_fact){.kind = "occupancy-drift",
                                        .object = r->place,
                                        .start_us = r->zeroed_us,
                                        .end_us = time_us,
                                        .time_us = time_us,
                                        .values = values,
                                        .count = sizeof(values) / sizeof(values[0]),
                                        .completeness = completeness(r, time_us)});
    }
    r->balance = 0;
    r->in = 0;
    r->out = 0;
    r->minutes = 0;
    r->zeroed_us = time_us;
}

/* Kept over a restart; lines are known by their point's id, which is stable for life. */
enum { KEPT_VERSION = 1 };

struct kept_line {
    uint32_t point;
    uint32_t has_total;
    uint32_t has_fallen;
    uint32_t unused;
    double total;
    double fallen_from;
};

struct kept_room {
    uint32_t version;
    uint32_t line_count;
    double balance;
    double in;
    double out;
    int64_t zeroed_us;
    uint64_t minutes;
    struct kept_line lines[ROOM_INPUTS_MAX];
};

static size_t kept_size(size_t line_count)
{
    return offsetof(struct kept_room, lines) + line_count * sizeof(struct kept_line);
}

void room_save(const struct room *r, struct gw_host *host)
{
    struct kept_room kept = {
        .version = KEPT_VERSION,
        .line_count = (uint32_t)r->input_count,
        .balance = r->balance,
        .in = r->in,
        .out = r->out,
        .zeroed_us = r->zeroed_us,
        .minutes = r->minutes,
    };
    for (size_t i = 0; i < r->input_count; i++) {
        const struct counter *c = &r->inputs[i].counter;
        kept.lines[i] = (struct kept_line){.point = r->inputs[i].point,
                                           .has_total = c->has_total,
                                           .has_fallen = c->has_fallen,
                                           .total = c->total,
                                           .fallen_from = c->fallen_from};
    }
    gw_state_save(host, r->place, &kept, kept_size(r->input_count));
}

void room_load(struct room *r, struct gw_host *host)
{
    struct kept_room kept = {0};
    size_t size = gw_state_load(host, r->place, &kept, sizeof(kept));
    if (size < kept_size(0) || size > sizeof(kept) || kept.version != KEPT_VERSION
        || kept.line_count > ROOM_INPUTS_MAX || size != kept_size(kept.line_count))
        return;
    r->balance = kept.balance;
    r->in = kept.in;
    r->out = kept.out;
    r->zeroed_us = kept.zeroed_us;
    r->minutes = (uint32_t)kept.minutes;
    for (size_t i = 0; i < kept.line_count; i++) {
        const struct kept_line *line = &kept.lines[i];
        struct room_input *input = find_input(r, line->point);
        if (input)
            input->counter = (struct counter){.total = line->total,
                                              .fallen_from = line->fallen_from,
                                              .has_total = line->has_total != 0,
                                              .has_fallen = line->has_fallen != 0};
    }
}
