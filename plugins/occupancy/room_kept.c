/* room_kept.c - what of a room comes back after a restart.  Inputs are known by their
 * point's id, which is stable for life. */
#include <math.h>
#include <string.h>

#include "room.h"

enum { KEPT_VERSION = 2 };

/* Bits of kept_input.falls. */
enum { FALL_OPEN = 1, FALL_BACKWARDS = 2 };

struct kept_input {
    uint32_t point;
    uint8_t quality;
    uint8_t has_total;
    uint8_t falls;
    uint8_t is_turned;
    double total; /* regions: the value */
    double fallen_from;
    struct mounting mounting; /* of its line */
};

struct kept_room {
    uint32_t version;
    uint32_t input_count;
    struct balance balance;
    double in;
    double out;
    double drift;
    int64_t zeroed_us;
    int64_t changed_us;
    uint32_t minutes;
    uint8_t is_drifting;
    uint8_t is_at_least;
    uint8_t unused[2];
    double told; /* regions: of the last minute; NAN unless good */
    struct minute minute;
    struct kept_input inputs[ROOM_INPUTS_MAX];
};

static size_t kept_size(size_t input_count)
{
    return offsetof(struct kept_room, inputs) + input_count * sizeof(struct kept_input);
}

static struct kept_input kept_input(const struct room *r, const struct room_input *input)
{
    const struct counter *c = &input->counter;
    struct kept_input kept = {.point = input->point, .quality = input->quality};
    if (input->kind == ROOM_REGION) {
        kept.total = input->value;
        return kept;
    }
    kept.has_total = c->has_total;
    kept.falls = (uint8_t)((c->has_fallen ? FALL_OPEN : 0)
                           | (c->is_backwards ? FALL_BACKWARDS : 0));
    kept.total = c->total;
    kept.fallen_from = c->fallen_from;
    kept.is_turned = r->lines[input->line].is_turned;
    kept.mounting = r->lines[input->line].mounting;
    return kept;
}

void room_save(const struct room *r, struct gw_host *host)
{
    struct kept_room kept = {
        .version = KEPT_VERSION,
        .input_count = (uint32_t)r->input_count,
        .balance = r->balance,
        .in = r->in,
        .out = r->out,
        .drift = r->drift,
        .zeroed_us = r->zeroed_us,
        .changed_us = r->changed_us,
        .minutes = r->minutes,
        .is_drifting = r->is_drifting,
        .is_at_least = r->is_at_least,
        .told = r->told.quality == GW_GOOD ? r->told.people : NAN,
        .minute = r->minute,
    };
    for (size_t i = 0; i < r->input_count; i++)
        kept.inputs[i] = kept_input(r, &r->inputs[i]);
    gw_state_save(host, r->place, &kept, kept_size(r->input_count));
}

static void load_input(struct room *r, const struct kept_input *kept)
{
    struct room_input *input = NULL;
    for (size_t i = 0; i < r->input_count; i++)
        if (r->inputs[i].point == kept->point)
            input = &r->inputs[i];
    if (!input)
        return;
    input->quality = kept->quality <= GW_BAD ? kept->quality : GW_BAD;
    if (input->kind == ROOM_REGION) {
        input->value = kept->total;
        return;
    }
    input->counter = (struct counter){.total = kept->total,
                                      .fallen_from = kept->fallen_from,
                                      .has_total = kept->has_total != 0,
                                      .has_fallen = kept->falls & FALL_OPEN,
                                      .is_backwards = kept->falls & FALL_BACKWARDS};
    /* What speaks against a line as it hung says nothing once it is turned. */
    struct room_line *line = &r->lines[input->line];
    if (line->is_turned == (kept->is_turned != 0))
        line->mounting = kept->mounting;
}

static bool is_whole(const struct kept_room *kept, size_t size)
{
    return size >= kept_size(0) && size <= sizeof(*kept) && kept->version == KEPT_VERSION
           && kept->input_count <= ROOM_INPUTS_MAX && size == kept_size(kept->input_count)
           && kept->minute.count <= MINUTE_PIECES_MAX;
}

static void load(struct room *r, const struct kept_room *kept)
{
    r->balance = kept->balance;
    r->is_at_least = kept->is_at_least != 0;
    r->in = kept->in;
    r->out = kept->out;
    r->drift = kept->drift;
    r->zeroed_us = kept->zeroed_us;
    r->changed_us = kept->changed_us;
    r->minutes = kept->minutes;
    r->is_drifting = kept->is_drifting != 0;
    r->minute = kept->minute;
    if (!isnan(kept->told))
        r->told = (struct room_count){.people = kept->told};
    for (size_t i = 0; i < kept->input_count; i++)
        load_input(r, &kept->inputs[i]);
}

/* What its sensors said since it was kept.  returns true when one has counted of which
 * nothing was kept */
static bool hear(struct room *r, const struct gw_host *host)
{
    struct gw_reading latest;
    bool is_new = false;
    for (size_t i = 0; i < r->input_count; i++) {
        struct room_input *input = &r->inputs[i];
        if (!gw_latest(host, input->point, &latest))
            continue;
        is_new |= latest.quality == GW_GOOD && !input->counter.has_total;
        (void)room_take(r, &latest);
    }
    return is_new;
}

void room_load(struct room *r, struct gw_host *host)
{
    struct kept_room kept = {0};
    size_t size = gw_state_load(host, r->place, &kept, sizeof(kept));
    bool is_kept = is_whole(&kept, size);
    bool is_lost = !is_kept && (size > 0 || gw_state_is_away(host));
    if (is_kept)
        load(r, &kept);
    bool is_new = hear(r, host);
    r->is_at_least |= room_is_counted(r) && (is_lost || is_new);
}
