#include "rooms.h"

#include <string.h>

#include "rooms_model.h"
#include "standstill.h"

#define SECOND_US INT64_C(1000000)

#define MINUTE_US (60 * SECOND_US)
#define DAY_US (86400 * SECOND_US)

enum { ZERO_SPAN_S = 7200 };

/* Silence after which a gateway that was off knows nothing any more.  Source: the silence
 * that is called stale. */
#define UNHEARD_US (180 * SECOND_US)

static const char heard_key[] = "heard";
static const char watched_key[] = "watched";

const struct room *rooms_find(const struct rooms *rs, const char *place)
{
    for (size_t i = 0; place && i < rs->count; i++)
        if (strcmp(rs->rooms[i].place, place) == 0)
            return &rs->rooms[i];
    return NULL;
}

const struct room *rooms_all(const struct rooms *rs, size_t *ret_count)
{
    *ret_count = rs->count;
    return rs->rooms;
}

void rooms_load(struct rooms *rs)
{
    int64_t heard_us = GW_TIME_NONE;
    if (gw_state_load(rs->host, heard_key, &heard_us, sizeof(heard_us))
        == sizeof(heard_us))
        rs->heard_us = heard_us;
    int64_t watched_us = GW_TIME_NONE;
    if (gw_state_load(rs->host, watched_key, &watched_us, sizeof(watched_us))
        == sizeof(watched_us))
        rs->watched_us = watched_us;
    for (size_t i = 0; i < rs->count; i++)
        room_load(&rs->rooms[i], rs->host);
    rs->is_restored = true;
}

void rooms_keep(const struct rooms *rs)
{
    for (size_t i = 0; i < rs->count; i++)
        room_save(&rs->rooms[i], rs->host);
}

const struct room *rooms_reading(struct rooms *rs, const struct gw_reading *reading)
{
    const struct route *route = rooms_route(rs, reading->point);
    if (!route)
        return NULL;
    struct room *room = &rs->rooms[route->room];
    if (room_take(room, reading)) {
        room->is_frozen = false;
        room_save(room, rs->host);
    }
    room_publish(room, rs->host, reading->time_us);
    return room;
}

/* The latest moment of zero_at that has passed; GW_TIME_NONE outside its span. */
static int64_t zero_moment(const struct rooms *rs, int64_t time_us)
{
    int32_t zero_at_s = rs->options->zero_at_s;
    struct gw_local local = gw_campus_local(gw_host_campus(rs->host), time_us);
    int32_t second = local.hour * 3600 + local.minute * 60 + local.second;
    if (second < zero_at_s || second >= zero_at_s + ZERO_SPAN_S)
        return GW_TIME_NONE;
    return time_us - (int64_t)(second - zero_at_s) * SECOND_US;
}

static bool is_closed(const struct rooms *rs, const char *place, int64_t time_us)
{
    enum gw_phase_kind kind =
        gw_campus_phase(gw_host_campus(rs->host), place, time_us).kind;
    return kind == GW_PHASE_CLOSED || kind == GW_PHASE_HOLIDAY;
}

/* Also later within the span, when the gateway was off or the room open at zero_at. */
static void zero_when_due(struct rooms *rs, struct room *room, int64_t moment_us,
                          int64_t time_us)
{
    if (moment_us == GW_TIME_NONE || !room_is_counted(room)
        || (room->zeroed_us != GW_TIME_NONE && room->zeroed_us >= moment_us
            && room->zeroed_us < moment_us + DAY_US)
        || !is_closed(rs, room->place, time_us))
        return;
    room_zero(room, rs->host, time_us);
    room_save(room, rs->host);
}

/* What was before was not seen whole: the gateway was off, or the clock leapt over it. */
static void watch_from(struct rooms *rs, int64_t time_us)
{
    rs->watched_us = time_us;
    if (rs->count > 0)
        gw_state_save(rs->host, watched_key, &time_us, sizeof(time_us));
}

static void forget_all(struct rooms *rs)
{
    for (size_t i = 0; i < rs->count; i++)
        room_forget(&rs->rooms[i]);
}

static void after_restart(struct rooms *rs, int64_t time_us)
{
    rs->is_restored = false;
    if (rs->heard_us != GW_TIME_NONE && time_us - rs->heard_us > UNHEARD_US) {
        forget_all(rs);
        watch_from(rs, time_us);
    }
    for (size_t i = 0; i < rs->count; i++)
        room_tell_kept(&rs->rooms[i], rs->host, time_us);
}

void rooms_clock_step(struct rooms *rs, int64_t delta_us, int64_t time_us)
{
    if (rs->heard_us != GW_TIME_NONE)
        rs->heard_us += delta_us;
    if (rs->count > 0)
        gw_state_save(rs->host, heard_key, &rs->heard_us, sizeof(rs->heard_us));
    for (size_t i = 0; i < rs->count; i++) {
        room_clock_step(&rs->rooms[i], delta_us, time_us);
        room_save(&rs->rooms[i], rs->host);
    }
    watch_from(rs, time_us);
}

/* Of the minute that ends at @time_us; the first after the clock was set has 30 to 90 s.
 */
static int64_t length_of(const struct rooms *rs, int64_t time_us)
{
    int64_t length_us = rs->heard_us != GW_TIME_NONE ? time_us - rs->heard_us : 0;
    bool is_known = length_us > 0 && length_us <= MINUTE_US + MINUTE_US / 2;
    return is_known ? length_us : MINUTE_US;
}

void rooms_minute(struct rooms *rs, int64_t time_us)
{
    int64_t moment_us = zero_moment(rs, time_us);
    int64_t length_us = length_of(rs, time_us);
    if (rs->is_restored)
        after_restart(rs, time_us);
    for (size_t i = 0; i < rs->count; i++) {
        struct room *room = &rs->rooms[i];
        room->is_frozen = standstill_is_frozen(rs, room, time_us);
        room_minute(room, length_us, time_us);
        zero_when_due(rs, room, moment_us, time_us);
        bool is_new = room->last.people != room->told.people;
        room_tell_minute(room, rs->host, time_us);
        if (is_new && !room_is_counted(room))
            room_save(room, rs->host);
    }
    rs->heard_us = time_us;
    if (rs->count > 0)
        gw_state_save(rs->host, heard_key, &time_us, sizeof(time_us));
}
