#include "pipeline/eras.h"

#include <string.h>

enum { ERAS_VERSION = 1 };

/* The clock may go back or ahead by less than what counts as set. */
static const int64_t slack_us = INT64_C(2) * 1000000;
static const int64_t a_minute_us = INT64_C(60) * 1000000;

_Static_assert(sizeof(struct era) == 32, "the kept form has no holes");
_Static_assert(sizeof(struct eras) == 16 + 32 * GW_RECORD_ERAS, "nor has the whole");

static struct era *running(struct eras *e)
{
    return &e->items[e->count - 1];
}

/* The oldest gives way: its number is the one that comes round. */
static void add(struct eras *e, uint32_t number, int64_t from_us)
{
    if (e->count == GW_RECORD_ERAS) {
        memmove(e->items, e->items + 1, (GW_RECORD_ERAS - 1) * sizeof(e->items[0]));
        e->count--;
    }
    e->items[e->count++] =
        (struct era){.from_us = from_us, .until_us = INT64_MAX, .number = number};
}

static void follow(struct eras *e, int64_t from_us)
{
    add(e, (running(e)->number + 1) % GW_RECORD_ERAS, from_us);
}

void eras_begin(struct eras *e, int64_t time_us)
{
    *e = (struct eras){.version = ERAS_VERSION};
    add(e, ERA_ANY, INT64_MIN);
    running(e)->until_us = time_us;
    running(e)->is_of_boot = 1;
    add(e, 0, time_us);
}

void eras_step(struct eras *e, int64_t delta_us, int64_t time_us)
{
    running(e)->until_us = time_us - delta_us + slack_us;
    running(e)->set_us = delta_us;
    follow(e, time_us - slack_us);
    e->minute_us = (e->minute_us + delta_us) % a_minute_us;
}

void eras_boot(struct eras *e, int64_t time_us)
{
    running(e)->is_of_boot = 1;
    follow(e, time_us - slack_us);
    e->minute_us = 0;
}

uint32_t eras_number(const struct eras *e)
{
    return e->items[e->count - 1].number;
}

/* A clock set back to before the first era: what was logged then is of its own. */
uint32_t eras_numbers(const struct eras *e, size_t index)
{
    const struct era *era = &e->items[index];
    if (era->number != ERA_ANY)
        return UINT32_C(1) << era->number;
    uint32_t numbers = (UINT32_C(1) << GW_RECORD_ERAS) - 1;
    for (size_t i = index + 1; i < e->count; i++)
        if (e->items[i].from_us < era->until_us)
            numbers &= ~(UINT32_C(1) << e->items[i].number);
    return numbers;
}

int64_t eras_set_after(const struct eras *e, size_t index)
{
    int64_t set_us = 0;
    for (size_t i = index; i < e->count && !e->items[i].is_of_boot; i++)
        set_us += e->items[i].set_us;
    return set_us;
}

bool eras_have_jumped(const struct eras *e, int64_t time_us)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    for (size_t i = 1; i < e->count; i++) {
        int64_t set_us = e->items[i - 1].set_us;
        int64_t at_us = e->items[i].from_us + eras_set_after(e, i);
        if ((set_us > day_us || set_us < -day_us) && at_us > time_us - day_us)
            return true;
    }
    return false;
}

/* The states of one owner come back by its name. */
static const char owner[] = "eras";

struct gw_state eras_state(const struct eras *e)
{
    return (struct gw_state){
        .owner = owner, .key = "clock", .bytes = e, .size = sizeof(*e)};
}

/* Bytes of a damaged disk: sums of what no clock was set by would overflow. */
static bool is_sound(const struct era *era)
{
    static const int64_t most_us = INT64_C(7258118400) * 1000000; /* 2200 */
    return era->set_us > -most_us && era->set_us < most_us && era->number <= ERA_ANY
           && era->is_of_boot <= 1;
}

bool eras_read(const struct gw_state *state, struct eras *ret)
{
    struct eras kept;
    if (strcmp(state->owner, owner) != 0 || state->size != sizeof(kept))
        return false;
    memcpy(&kept, state->bytes, sizeof(kept));
    if (kept.version != ERAS_VERSION || kept.count < 1 || kept.count > GW_RECORD_ERAS
        || kept.minute_us <= -a_minute_us || kept.minute_us >= a_minute_us)
        return false;
    for (size_t i = 0; i < kept.count; i++)
        if (!is_sound(&kept.items[i]))
            return false;
    if (kept.items[kept.count - 1].number >= GW_RECORD_ERAS)
        return false;
    *ret = kept;
    return true;
}
