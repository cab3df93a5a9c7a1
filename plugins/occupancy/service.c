#include "service.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "today.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)

/* service_day - of the day that began at midnight_us.
 * peak        most people so far
 * empty_us    the first minute since which hardly anybody is there; 0 = people are
 * end_us      that minute once it has lasted; 0 = not yet
 * minutes     of the service so far; good: of them with every room known
 * is_final    nobody came back; told
 * is_doubtful a room was unknown while it emptied */
struct service_day {
    int64_t midnight_us;
    double peak;
    int64_t empty_us;
    int64_t end_us;
    uint32_t minutes;
    uint32_t good;
    uint8_t is_final;
    uint8_t is_doubtful;
    uint8_t is_told; /* as a fact */
    uint8_t unused[5];
};

/* service_room - from_us: when its own service begins today, by its class's bells;
 * GW_TIME_NONE: not today. */
struct service_room {
    const struct room *room;
    int64_t from_us;
};

/* service - from_us: since when it is looked at today, in the first of its rooms;
 * GW_TIME_NONE: no service today; last_us: since when in the last of them; for the day of
 * from_day_us.  is_shown: the points tell of it. */
struct service {
    struct gw_host *host;
    const struct gw_campus *campus;
    const struct occupancy_options *options;
    struct service_room *rooms;
    size_t count;
    uint32_t people_point;
    uint32_t overrun_point;
    uint32_t end_point;
    struct service_day day;
    int64_t from_us;
    int64_t last_us;
    int64_t from_day_us;
    struct room_count overrun;
    bool has_overrun;
    bool is_shown;
    bool is_restored;
};

static bool is_any_tagged(const struct service *s, const char *tag)
{
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(s->campus, &count);
    for (size_t i = 0; i < count; i++)
        if (gw_place_has_tag(&places[i], tag))
            return true;
    return false;
}

static int choose_rooms(struct service *s, const struct rooms *rooms)
{
    size_t count = 0;
    const struct room *all = rooms_all(rooms, &count);
    bool by_tag = is_any_tagged(s, s->options->service_tag);
    s->rooms = calloc(count + 1, sizeof(*s->rooms));
    for (size_t i = 0; s->rooms && i < count; i++) {
        const struct gw_place *place = gw_campus_place(s->campus, all[i].place);
        bool is_chosen = place
                         && (by_tag ? gw_place_has_tag(place, s->options->service_tag)
                                    : strcmp(place->kind, "classroom") == 0);
        if (is_chosen && !gw_place_has_tag(place, s->options->evening_tag))
            s->rooms[s->count++] = (struct service_room){&all[i], GW_TIME_NONE};
    }
    return s->rooms ? 0 : -ENOMEM;
}

static int derive(struct service *s, struct gw_error *err)
{
    if (s->count == 0)
        return 0;
    int r = gw_derive(s->host, "school", "service_rooms", &s->people_point, err);
    if (r == 0)
        r = gw_derive(s->host, "school", "service_overrun", &s->overrun_point, err);
    if (r == 0)
        r = gw_derive(s->host, "school", "service_end", &s->end_point, err);
    return r;
}

int service_new(struct gw_host *host, const struct occupancy_options *options,
                const struct rooms *rooms, struct service **ret, struct gw_error *err)
{
    struct service *s = calloc(1, sizeof(*s));
    if (!s)
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    s->host = host;
    s->campus = gw_host_campus(host);
    s->options = options;
    s->from_day_us = GW_TIME_NONE;
    int r = choose_rooms(s, rooms);
    r = r < 0 ? gw_fail(err, r, "occupancy: out of memory") : derive(s, err);
    if (r < 0)
        (void)service_free(s);
    else
        *ret = s;
    return r;
}

struct service *service_free(struct service *s)
{
    if (!s)
        return NULL;
    free(s->rooms);
    free(s);
    return NULL;
}

static const char key[] = "service";

void service_load(struct service *s)
{
    struct service_day day = {0};
    if (gw_state_load(s->host, key, &day, sizeof(day)) == sizeof(day))
        s->day = day;
    s->is_restored = true;
}

static int64_t clock_today(const struct service *s, int64_t midnight_us, int32_t second)
{
    /* Noon is the same on days of 23 and 25 hours; midnight plus hours is not. */
    struct gw_local noon = gw_campus_local(s->campus, midnight_us + 43200 * SECOND_US);
    int64_t noon_s = noon.hour * 3600 + noon.minute * 60 + noon.second;
    return midnight_us + (43200 - noon_s + second) * SECOND_US;
}

/* When the place's service phase begins today; GW_TIME_NONE without one. */
static int64_t service_phase(const struct service *s, const char *place, int64_t day_us)
{
    int64_t end_us = clock_today(s, day_us, 86400);
    int64_t at_us = day_us;
    while (at_us < end_us) {
        struct gw_phase phase = gw_campus_phase(s->campus, place, at_us);
        if (phase.kind == GW_PHASE_AFTER_SCHOOL)
            return phase.start_us;
        if (phase.end_us <= at_us)
            break;
        at_us = phase.end_us;
    }
    return GW_TIME_NONE;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Since when it is looked at on the day of @midnight_us. */
static int64_t service_from(const struct service *s, int64_t midnight_us)
{
    int64_t from_us = INT64_MAX;
    for (size_t i = 0; i < s->count; i++) {
        int64_t start_us = service_phase(s, s->rooms[i].room->place, midnight_us);
        if (start_us != GW_TIME_NONE && start_us < from_us)
            from_us = start_us;
    }
    int64_t least_us = clock_today(s, midnight_us, s->options->service_from_s);
    return from_us == INT64_MAX ? GW_TIME_NONE : later(from_us, least_us);
}

static void begin_day(struct service *s, int64_t midnight_us)
{
    s->from_day_us = midnight_us;
    s->from_us = service_from(s, midnight_us);
    s->last_us = s->from_us;
    for (size_t i = 0; i < s->count; i++) {
        struct service_room *room = &s->rooms[i];
        room->from_us = service_phase(s, room->room->place, midnight_us);
        if (room->from_us != GW_TIME_NONE)
            s->last_us = later(s->last_us, room->from_us);
    }
}

/* Others may still have lessons: a school of two stages has two sorts of bells. */
static bool is_in_service(const struct service_room *room, int64_t time_us)
{
    return room->from_us != GW_TIME_NONE && time_us >= room->from_us;
}

static bool is_at_evening_study(const struct service *s, const struct room *room,
                                int64_t time_us)
{
    enum gw_phase_kind kind = gw_campus_phase(s->campus, room->place, time_us).kind;
    return kind == GW_PHASE_EVENING_STUDY || kind == GW_PHASE_BOARDING_NIGHT;
}

static void add_room(struct room_count *all, struct room_count room)
{
    if (room.quality == GW_GOOD)
        all->people += room.people;
    else
        *all = (struct room_count){all->people, GW_UNCERTAIN, GW_REASON_INPUT};
}

/* counts - @room is one of those that are looked at now. */
static bool counts(const struct service *s, const struct service_room *room,
                   int64_t time_us)
{
    return is_in_service(room, time_us) && !is_at_evening_study(s, room->room, time_us);
}

/* All rooms together; uncertain when one is not good. */
static struct room_count sum(const struct service *s, int64_t time_us)
{
    struct room_count all = {0};
    for (size_t i = 0; i < s->count; i++)
        if (counts(s, &s->rooms[i], time_us))
            add_room(&all, room_shown(s->rooms[i].room));
    return all;
}

/* A class that stays too long has passed its door since the service began, or one of it
 * has; where nobody did, the counter stands still since the lessons. */
static struct room_count worth(const struct service *s, const struct service_room *room)
{
    struct room_count count = room_shown(room->room);
    if (count.quality == GW_GOOD && count.people >= s->options->recess_people
        && !room_moved(room->room, room->from_us))
        count = (struct room_count){count.people, GW_UNCERTAIN, GW_REASON_FROZEN};
    return count;
}

/* Those who are still there, likewise. */
static struct room_count sum_left(const struct service *s, int64_t time_us)
{
    struct room_count all = {0};
    for (size_t i = 0; i < s->count; i++)
        if (counts(s, &s->rooms[i], time_us))
            add_room(&all, worth(s, &s->rooms[i]));
    return all;
}

static void tell_overrun(struct service *s, struct room_count count, int64_t time_us)
{
    if (s->has_overrun && s->overrun.people == count.people
        && s->overrun.quality == count.quality)
        return;
    s->overrun = count;
    s->has_overrun = true;
    gw_publish(s->host, s->overrun_point, count.people, count.quality, count.reason,
               time_us);
}

static bool is_member(const struct service *s, const struct room *room)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->rooms[i].room == room)
            return true;
    return false;
}

/* Before the service has to be over, nobody can have stayed too long. */
static void look_at_overrun(struct service *s, int64_t time_us)
{
    struct room_count nobody = {0};
    bool is_over = time_us >= clock_today(s, s->from_day_us, s->options->service_until_s);
    tell_overrun(s, is_over ? sum_left(s, time_us) : nobody, time_us);
}

void service_changed(struct service *s, const struct room *room, int64_t time_us)
{
    if (s->from_day_us != GW_TIME_NONE && s->from_us != GW_TIME_NONE
        && time_us >= s->from_us && is_member(s, room))
        look_at_overrun(s, time_us);
}

static double clock_minutes(const struct service *s, int64_t time_us)
{
    struct gw_local local = gw_campus_local(s->campus, time_us);
    return local.hour * 60 + local.minute;
}

static void tell_end(struct service *s, int64_t time_us)
{
    const struct service_day *d = &s->day;
    bool is_sure = !d->is_doubtful && d->good >= s->options->valid * d->minutes - 1e-9;
    gw_publish(s->host, s->end_point, clock_minutes(s, d->end_us),
               is_sure ? GW_GOOD : GW_UNCERTAIN,
               is_sure ? GW_REASON_NONE : GW_REASON_INPUT, time_us);
}

static void tell_fact(struct service *s, int64_t time_us)
{
    struct service_day *d = &s->day;
    const struct gw_fact_value values[] = {
        {.name = "end_min", .value = d->is_final ? clock_minutes(s, d->end_us) : NAN},
        {.name = "peak", .value = d->peak},
        {.name = "rooms", .value = (double)s->count},
    };
    d->is_told = true;
    gw_fact(s->host,
            &(struct gw_fact){.kind = "service-end",
                              .by_calendar = true,
                              .object = "school",
                              .start_us = s->from_us,
                              .end_us = d->is_final ? d->end_us : time_us,
                              .time_us = time_us,
                              .values = values,
                              .count = sizeof(values) / sizeof(values[0]),
                              .completeness =
                                  d->minutes > 0 ? (double)d->good / d->minutes : 0});
}

/* The minute that began at @minute_us. */
static void step(struct service *s, struct room_count count, int64_t minute_us,
                 int64_t time_us)
{
    struct service_day *d = &s->day;
    const struct occupancy_options *o = s->options;
    d->minutes++;
    d->good += count.quality == GW_GOOD;
    d->peak = fmax(d->peak, count.people);
    if (d->peak < o->service_peak || count.people > o->service_share * d->peak) {
        d->empty_us = 0; /* people came back: it goes on */
        d->end_us = 0;
        return;
    }
    if (d->empty_us == 0) {
        d->empty_us = minute_us;
        d->is_doubtful = false;
    }
    d->is_doubtful = d->is_doubtful || count.quality != GW_GOOD;
    if (time_us - d->empty_us >= o->service_empty_us)
        d->end_us = d->empty_us;
    if (d->end_us == 0 || time_us - d->end_us < o->service_return_us
        || time_us <= s->last_us + o->service_empty_us) /* others are to begin */
        return;
    d->is_final = true;
    tell_end(s, time_us);
    if (!d->is_told)
        tell_fact(s, time_us);
}

static void new_day(struct service *s, int64_t midnight_us, int64_t time_us)
{
    const struct room_count nobody = {0};
    /* A start does not know what was shown before it. */
    if (s->is_shown || s->is_restored) {
        gw_publish(s->host, s->end_point, NAN, GW_BAD, GW_REASON_INPUT, time_us);
        gw_publish(s->host, s->people_point, NAN, GW_BAD, GW_REASON_INPUT, time_us);
        tell_overrun(s, nobody, time_us);
    }
    s->is_shown = false;
    s->day = (struct service_day){.midnight_us = midnight_us};
    gw_state_save(s->host, key, &s->day, sizeof(s->day));
}

/* Whom everybody can see there is waited for, until the day is over; of rooms that nobody
 * knows no end will come. */
static bool is_day_due(const struct service *s, int64_t time_us)
{
    int64_t due_us = clock_today(s, s->from_day_us, s->options->day_at_s);
    int64_t end_us = clock_today(s, s->from_day_us, 86400);
    bool is_going_on = s->day.peak >= s->options->service_peak
                       && sum_left(s, time_us - 1).quality == GW_GOOD;
    return time_us >= due_us && (!is_going_on || time_us >= end_us);
}

/* Empty rooms all the while are no service; rooms that nobody knew may have been one. */
static bool is_evidence(const struct service_day *d)
{
    return d->peak > 0 || d->good < d->minutes;
}

static void service_step(struct service *s, int64_t time_us)
{
    struct room_count count = sum(s, time_us - 1);
    gw_publish(s->host, s->people_point, count.people, count.quality, count.reason,
               time_us);
    if (s->day.is_final)
        return;
    step(s, count, time_us - MINUTE_US, time_us);
    if (!s->day.is_told && is_evidence(&s->day) && is_day_due(s, time_us))
        tell_fact(s, time_us);
    gw_state_save(s->host, key, &s->day, sizeof(s->day));
}

void service_minute(struct service *s, int64_t time_us)
{
    /* The minute that ends at midnight is the old day's. */
    int64_t midnight_us = gw_campus_midnight(s->campus, time_us - 1);
    if (s->count == 0)
        return;
    if (s->from_day_us != midnight_us)
        begin_day(s, midnight_us);
    if (!day_has_begun(s->day.midnight_us, midnight_us))
        new_day(s, midnight_us, time_us);
    if (s->is_restored && s->day.is_final)
        tell_end(s, time_us);
    s->is_restored = false;
    if (s->from_us == GW_TIME_NONE || time_us - MINUTE_US < s->from_us
        || s->day.midnight_us != midnight_us)
        return;
    s->is_shown = true;
    service_step(s, time_us);
    look_at_overrun(s, time_us);
}

static bool is_same(const struct service *s, int64_t old_us, int64_t new_us,
                    int64_t delta_us)
{
    int64_t was_us = service_from(s, old_us);
    int64_t is_us = service_from(s, new_us);
    return was_us == GW_TIME_NONE ? is_us == GW_TIME_NONE : is_us == was_us + delta_us;
}

static void move(struct service_day *d, int64_t delta_us)
{
    d->empty_us += d->empty_us != 0 ? delta_us : 0;
    d->end_us += d->end_us != 0 ? delta_us : 0;
}

void service_clock_step(struct service *s, int64_t delta_us, int64_t time_us)
{
    int64_t old_us = gw_campus_midnight(s->campus, time_us - delta_us - 1);
    int64_t new_us = gw_campus_midnight(s->campus, time_us - 1);
    struct service_day *d = &s->day;
    if (s->count == 0 || d->midnight_us != old_us
        || gw_campus_crosses_midnight(s->campus, time_us - delta_us, time_us))
        return;
    bool was_told = d->is_told && old_us == new_us;
    begin_day(s, new_us);
    if (step_is_slight(delta_us) || is_same(s, old_us, new_us, delta_us)) {
        move(d, delta_us);
        d->midnight_us = new_us;
    } else {
        new_day(s, new_us, time_us);
        d->is_told = was_told;
    }
    gw_state_save(s->host, key, d, sizeof(*d));
}
