#include "room.h"

#include <math.h>
#include <string.h>

#include "gw/log.h"

#define MINUTE_US 60e6

const char *room_line_name(const char *point, const char *place)
{
    const char *metric = point + strlen(place) + 1;
    return metric + strcspn(metric, ".");
}

static uint8_t line_of(struct room *r, const struct gw_point_info *point)
{
    const char *name = room_line_name(point->name, r->place);
    for (size_t i = 0; i < r->input_count; i++)
        if (strcmp(room_line_name(r->inputs[i].name, r->place), name) == 0)
            return r->inputs[i].line;
    r->lines[r->line_count].name = point->name;
    return (uint8_t)r->line_count++;
}

static bool is_turned(const struct room *r, const char *line)
{
    const struct gw_strings *turned = &r->options->turned;
    for (size_t i = 0; i < turned->count; i++)
        if (strcmp(turned->items[i], line) == 0)
            return true;
    return false;
}

/* The directions of a line come in the order in, out: a room is full only between two
 * lines. */
bool room_add(struct room *r, enum room_input_kind kind,
              const struct gw_point_info *point)
{
    if (r->input_count == ROOM_INPUTS_MAX
        || (kind == ROOM_IN && r->line_count == ROOM_LINES_MAX))
        return false;
    struct room_input input = {.point = point->id,
                               .name = point->name,
                               .kind = kind,
                               .width = point->width,
                               .quality = GW_BAD};
    if (kind != ROOM_REGION) {
        input.line = line_of(r, point);
        struct room_line *line = &r->lines[input.line];
        line->is_turned = is_turned(r, line->name);
        if (line->is_turned)
            input.kind = kind == ROOM_IN ? ROOM_OUT : ROOM_IN;
    }
    r->inputs[r->input_count++] = input;
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
    double step = input->kind == ROOM_IN ? people : -people;
    if (input->kind == ROOM_IN)
        r->in += people;
    else
        r->out += people;
    r->lines[input->line].mounting.passes += step;
    r->balance.now += step;
    r->balance.least = fmin(r->balance.least, r->balance.now);
    r->balance.most = fmax(r->balance.most, r->balance.now);
    for (size_t i = 0; i < r->line_count; i++)
        mounting_step(&r->lines[i].mounting, r->balance.now);
}

static double sum_of_regions(const struct room *r)
{
    double people = 0;
    for (size_t i = 0; i < r->input_count; i++)
        people += r->inputs[i].quality == GW_BAD ? NAN : r->inputs[i].value;
    return people;
}

static bool take_region(struct room *r, struct room_input *input,
                        const struct gw_reading *reading)
{
    double before = sum_of_regions(r);
    input->quality = reading->quality;
    input->value = reading->value;
    double now = sum_of_regions(r);
    if (now == before || (isnan(now) && isnan(before)))
        return false;
    minute_hold(&r->minute, now, reading->time_us);
    r->changed_us = reading->time_us;
    return true;
}

static bool take_line(struct room *r, struct room_input *input,
                      const struct gw_reading *reading)
{
    bool is_news = input->quality != reading->quality || !input->counter.has_total;
    double total = input->counter.total;
    input->quality = reading->quality;
    if (reading->quality == GW_GOOD)
        pass_line(r, input, reading->value);
    if (input->counter.is_backwards)
        input->quality = GW_BAD;
    if (total == input->counter.total)
        return is_news;
    r->changed_us = reading->time_us;
    return true;
}

bool room_take(struct room *r, const struct gw_reading *reading)
{
    struct room_input *input = find_input(r, reading->point);
    if (!input)
        return false;
    input->is_heard = true;
    if (r->zeroed_us == GW_TIME_NONE)
        r->zeroed_us = reading->time_us;
    return input->kind == ROOM_REGION ? take_region(r, input, reading)
                                      : take_line(r, input, reading);
}

bool room_is_counted(const struct room *r)
{
    return r->input_count > 0 && r->inputs[0].kind != ROOM_REGION;
}

static bool is_reversed(const struct room *r, const struct room_line *line)
{
    return line->mounting.days >= r->options->reversed_days;
}

bool room_is_reversed(const struct room *r)
{
    for (size_t i = 0; i < r->line_count; i++)
        if (is_reversed(r, &r->lines[i]))
            return true;
    return false;
}

static enum gw_quality worst_input(const struct room *r)
{
    enum gw_quality worst = r->input_count > 0 ? GW_GOOD : GW_BAD;
    for (size_t i = 0; i < r->input_count; i++)
        if (r->inputs[i].quality > worst)
            worst = (enum gw_quality)r->inputs[i].quality;
    return worst;
}

/* The worst that is known of the room, the worst first. */
static struct room_count worth(const struct room *r, double people)
{
    enum gw_quality inputs = worst_input(r);
    bool is_below = !r->is_at_least && r->balance.now < -r->options->below_zero;
    bool is_lost = is_below || room_is_reversed(r);
    const struct {
        bool is_so;
        enum gw_quality quality;
        enum gw_reason reason;
    } faults[] = {
        {inputs == GW_BAD || isnan(people), GW_BAD, GW_REASON_INPUT},
        {room_is_counted(r) && r->is_drifting, GW_BAD, GW_REASON_DRIFT},
        {room_is_counted(r) && is_lost, GW_UNCERTAIN, GW_REASON_DRIFT},
        {r->is_frozen, GW_UNCERTAIN, GW_REASON_FROZEN},
        {inputs == GW_UNCERTAIN, GW_UNCERTAIN, GW_REASON_INPUT},
        {room_is_counted(r) && r->is_at_least, GW_UNCERTAIN, GW_REASON_AT_LEAST},
        {true, GW_GOOD, GW_REASON_NONE},
    };
    size_t i = 0;
    while (!faults[i].is_so)
        i++;
    return (struct room_count){.people =
                                   faults[i].quality == GW_BAD ? NAN : fmax(0, people),
                               .quality = faults[i].quality,
                               .reason = faults[i].reason};
}

/* Who left without having come was there before. */
static double people_counted(const struct room *r)
{
    return r->balance.now - (r->is_at_least ? r->balance.least : 0);
}

struct room_count room_now(const struct room *r)
{
    return worth(r, room_is_counted(r) ? people_counted(r) : sum_of_regions(r));
}

struct room_count room_shown(const struct room *r)
{
    struct room_count count = room_now(r);
    if (!room_is_counted(r) && count.quality == r->told.quality)
        count.people = r->told.people;
    return count;
}

static void tell(struct room *r, struct gw_host *host, struct room_count count,
                 int64_t time_us)
{
    r->told = count;
    r->has_told = true;
    gw_publish(host, r->point, count.people, count.quality, count.reason, time_us);
}

static bool is_news(const struct room *r, struct room_count count)
{
    if (!r->has_told || r->told.quality != count.quality
        || r->told.reason != count.reason)
        return true;
    return room_is_counted(r) && count.quality != GW_BAD
           && r->told.people != count.people;
}

void room_publish(struct room *r, struct gw_host *host, int64_t time_us)
{
    struct room_count count = room_shown(r);
    if (is_news(r, count))
        tell(r, host, count, time_us);
}

void room_minute(struct room *r, int64_t length_us, int64_t time_us)
{
    r->last = room_now(r);
    if (!room_is_counted(r))
        r->last = worth(r, minute_end(&r->minute, r->options->valid, length_us, time_us));
    r->minutes += r->last.quality == GW_GOOD;
}

void room_tell_minute(struct room *r, struct gw_host *host, int64_t time_us)
{
    if (r->last.quality != GW_BAD || is_news(r, r->last))
        tell(r, host, r->last, time_us);
}

static double completeness(const struct room *r, int64_t time_us)
{
    double minutes = (double)(time_us - r->zeroed_us) / MINUTE_US;
    return minutes > 0 ? fmin(1, r->minutes / minutes) : 0;
}

static void tell_drift(const struct room *r, struct gw_host *host, int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "drift", .value = r->balance.now},
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

/* A day on which hardly anybody came says nothing of the counters. */
static void judge_drift(struct room *r)
{
    double people = fabs(r->balance.now);
    r->drift = r->in > 0 ? r->balance.now / r->in : r->balance.now;
    if (people >= r->options->drift_people)
        r->is_drifting = people > r->options->drift_share * r->in;
    else if (r->in > 0)
        r->is_drifting = false;
}

static void name_reversed(const struct room_line *line, struct gw_host *host,
                          const struct room *r, int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "line", .value = NAN, .text = line->name},
        {.name = "days", .value = line->mounting.days},
        {.name = "below_zero", .value = r->balance.least},
    };
    gw_log(GW_LOG_WARNING, (struct gw_subject){"POINT", line->name},
           "'%s' and its other direction hang the wrong way round: on %u days in a row "
           "people left '%s' before they had come (%.0f below zero today); its people "
           "are uncertain until the counter is turned, or 'plugins: {occupancy: "
           "{turned: [%s]}}' exchanges the two",
           line->name, line->mounting.days, r->place, -r->balance.least, line->name);
    gw_fact(host, &(struct gw_fact){.kind = "counter-reversed",
                                    .object = r->place,
                                    .start_us = r->zeroed_us,
                                    .end_us = time_us,
                                    .time_us = time_us,
                                    .values = values,
                                    .count = sizeof(values) / sizeof(values[0]),
                                    .completeness = completeness(r, time_us)});
}

static void judge_mounting(struct room *r, struct gw_host *host, int64_t time_us)
{
    for (size_t i = 0; i < r->line_count; i++) {
        struct room_line *line = &r->lines[i];
        if (mounting_day(&line->mounting, &r->balance, r->options->reversed_people)
            && line->mounting.days == r->options->reversed_days)
            name_reversed(line, host, r, time_us);
    }
}

void room_tell_kept(const struct room *r, struct gw_host *host, int64_t time_us)
{
    if (!room_is_counted(r) || r->zeroed_us == GW_TIME_NONE)
        return;
    gw_publish(host, r->direction_point, room_is_reversed(r), GW_GOOD, GW_REASON_NONE,
               time_us);
    if (!isnan(r->drift))
        gw_publish(host, r->drift_point, r->drift * 100, GW_GOOD, GW_REASON_NONE,
                   time_us);
}

/* A balance that began with nobody knowing how many were there need not close. */
static void end_day(struct room *r, struct gw_host *host, int64_t time_us)
{
    if (r->is_at_least) {
        for (size_t i = 0; i < r->line_count; i++)
            mounting_no_day(&r->lines[i].mounting);
        return;
    }
    tell_drift(r, host, time_us);
    judge_drift(r);
    judge_mounting(r, host, time_us);
}

void room_zero(struct room *r, struct gw_host *host, int64_t time_us)
{
    if (r->zeroed_us != GW_TIME_NONE) {
        end_day(r, host, time_us);
        room_tell_kept(r, host, time_us);
    }
    r->balance = (struct balance){0};
    r->is_at_least = false;
    r->in = 0;
    r->out = 0;
    r->minutes = 0;
    r->zeroed_us = time_us;
    r->last = room_now(r);
}

bool room_moved(const struct room *r, int64_t since_us)
{
    return r->changed_us != GW_TIME_NONE && r->changed_us >= since_us;
}

void room_forget(struct room *r)
{
    for (size_t i = 0; i < r->input_count; i++)
        if (!r->inputs[i].is_heard)
            r->inputs[i].quality = GW_BAD;
    if (!room_is_counted(r))
        r->minute = (struct minute){.people = sum_of_regions(r)};
}

/* Set back by less than a day, the room was zeroed under that name and is not again. */
void room_clock_step(struct room *r, int64_t delta_us, int64_t time_us)
{
    static const int64_t day_us = INT64_C(86400000000);
    const int64_t before_us = time_us - delta_us;
    bool is_back = delta_us < 0 && delta_us > -day_us;
    minute_step(&r->minute, delta_us);
    if (r->changed_us != GW_TIME_NONE && r->changed_us <= before_us)
        r->changed_us += delta_us;
    if (!is_back && r->zeroed_us != GW_TIME_NONE && r->zeroed_us <= before_us)
        r->zeroed_us += delta_us;
}
