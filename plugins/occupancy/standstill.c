#include "standstill.h"

#include "rooms_model.h"

/* So many other homes must be there, and this share of them must move, for one that
 * stands still to be odd.  Engineering choices. */
enum { OTHERS_LEAST = 3 };
#define OTHERS_MOVING 0.5

enum { PHASES_MAX = 96 };
#define MINUTE_US INT64_C(60000000)

/* today - the phases of a room's day. */
struct today {
    struct gw_phase phases[PHASES_MAX];
    size_t count;
};

static void today_read(const struct rooms *rs, const struct room *room, int64_t time_us,
                       struct today *ret)
{
    ret->count = gw_campus_phases(gw_host_campus(rs->host), room->place, time_us,
                                  ret->phases, PHASES_MAX);
    ret->count = ret->count < PHASES_MAX ? ret->count : PHASES_MAX;
}

/* When the first lesson began; GW_TIME_NONE: not yet. */
static int64_t teaching_since(const struct today *t, int64_t time_us)
{
    for (size_t i = 0; i < t->count && t->phases[i].start_us < time_us; i++)
        if (t->phases[i].kind == GW_PHASE_LESSON)
            return t->phases[i].start_us;
    return GW_TIME_NONE;
}

/* The last recess of at least @least_us that is over; NULL: none. */
static const struct gw_phase *recess_before(const struct today *t, int64_t least_us,
                                            int64_t time_us)
{
    const struct gw_phase *last = NULL;
    for (size_t i = 0; i < t->count && t->phases[i].end_us <= time_us; i++) {
        const struct gw_phase *p = &t->phases[i];
        bool is_recess = p->kind == GW_PHASE_RECESS || p->kind == GW_PHASE_LONG_RECESS;
        if (is_recess && p->end_us - p->start_us >= least_us)
            last = p;
    }
    return last;
}

/* Do the other homes move?  A holiday that nobody entered must accuse no sensor. */
static bool others_move(const struct rooms *rs, const struct room *room, int64_t since_us)
{
    size_t others = 0;
    size_t moving = 0;
    for (size_t i = 0; i < rs->count; i++)
        if (&rs->rooms[i] != room && rs->rooms[i].is_home) {
            others++;
            moving += room_moved(&rs->rooms[i], since_us);
        }
    return others >= OTHERS_LEAST && (double)moving >= OTHERS_MOVING * (double)others;
}

bool standstill_is_exempt(const struct gw_campus *campus, int64_t from_us, int64_t to_us)
{
    bool is_exempt = gw_campus_exempt(campus, to_us) != 0;
    for (int64_t at_us = from_us; !is_exempt && at_us < to_us; at_us += MINUTE_US)
        is_exempt = gw_campus_exempt(campus, at_us) != 0;
    return is_exempt;
}

/* A class that is let out passes the door; of one that is kept in somebody does, and its
 * teachers change. */
static bool slept_through_recess(const struct rooms *rs, const struct room *room,
                                 const struct today *t, int64_t time_us)
{
    int64_t least_us = rs->options->frozen_recess_us;
    const struct gw_phase *recess =
        least_us > 0 ? recess_before(t, least_us, time_us) : NULL;
    return recess && recess->start_us >= rs->watched_us
           && !room_moved(room, recess->start_us)
           && room_now(room).people >= rs->options->recess_people
           && !standstill_is_exempt(gw_host_campus(rs->host), recess->start_us,
                                    recess->end_us - 1);
}

static bool is_open(const struct gw_phase *phase)
{
    return phase->kind != GW_PHASE_CLOSED && phase->kind != GW_PHASE_HOLIDAY
           && phase->kind != GW_PHASE_BOARDING_NIGHT;
}

static bool stands_for_long(const struct rooms *rs, const struct room *room,
                            const struct today *t, int64_t time_us)
{
    int64_t after_us = rs->options->frozen_after_us;
    int64_t since_us = time_us - after_us;
    struct gw_phase phase =
        gw_campus_phase(gw_host_campus(rs->host), room->place, time_us);
    if (after_us <= 0 || room_moved(room, since_us + 1) || !is_open(&phase))
        return false;
    int64_t began_us = teaching_since(t, time_us);
    return began_us != GW_TIME_NONE && began_us <= since_us
           && others_move(rs, room, since_us + 1);
}

bool standstill_is_frozen(const struct rooms *rs, const struct room *room,
                          int64_t time_us)
{
    struct today today;
    if (!room->is_home)
        return false;
    today_read(rs, room, time_us, &today);
    return slept_through_recess(rs, room, &today, time_us)
           || stands_for_long(rs, room, &today, time_us);
}
