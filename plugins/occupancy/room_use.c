#include "room_use.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "today.h"

/* room_use - of one room today; kept as it is but for what the start knows. */
struct room_use {
    int64_t midnight_us;
    uint32_t scheduled;
    uint32_t known;
    uint32_t used;
    uint32_t is_told;
};

struct room_use_row {
    const char *place;
    uint32_t point;
    double told;
    struct room_use day;
};

struct room_uses {
    struct gw_host *host;
    const struct occupancy_options *options;
    struct room_use_row *rows;
    size_t count;
    bool is_restored;
};

int room_uses_new(struct gw_host *host, const struct occupancy_options *options,
                  const struct rooms *rooms, struct room_uses **ret, struct gw_error *err)
{
    size_t count = 0;
    const struct room *all = rooms_all(rooms, &count);
    struct room_uses *u = calloc(1, sizeof(*u));
    struct room_use_row *rows = calloc(count + 1, sizeof(*rows));
    int r = 0;
    if (!u || !rows) {
        free(u);
        free(rows);
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    }
    *u = (struct room_uses){.host = host, .options = options, .rows = rows};
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct gw_place *place =
            gw_campus_place(gw_host_campus(host), all[i].place);
        if (!place || strcmp(place->kind, "special_room") != 0)
            continue;
        struct room_use_row *row = &rows[u->count++];
        *row = (struct room_use_row){.place = all[i].place, .told = NAN};
        r = gw_derive(host, row->place, "room_use", &row->point, err);
    }
    if (r < 0)
        room_uses_free(u);
    else
        *ret = u;
    return r;
}

void room_uses_free(struct room_uses *u)
{
    if (!u)
        return;
    free(u->rows);
    free(u);
}

/* Beside the room's own state, whose key is the place alone. */
static void key_of(const struct room_use_row *row, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "use/%s", row->place);
}

static void save(const struct room_uses *u, const struct room_use_row *row)
{
    char key[GW_NAME_MAX];
    key_of(row, key);
    gw_state_save(u->host, key, &row->day, sizeof(row->day));
}

void room_uses_load(struct room_uses *u)
{
    for (size_t i = 0; i < u->count; i++) {
        char key[GW_NAME_MAX];
        struct room_use day = {0};
        key_of(&u->rows[i], key);
        if (gw_state_load(u->host, key, &day, sizeof(day)) == sizeof(day))
            u->rows[i].day = day;
    }
    u->is_restored = true;
}

void room_uses_lesson(struct room_uses *u, const char *place,
                      const struct lesson_seen *seen)
{
    const struct slice *slice = seen->guest;
    for (size_t i = 0; i < u->count; i++) {
        struct room_use *day = &u->rows[i].day;
        if (strcmp(u->rows[i].place, place) != 0)
            continue;
        bool is_known = slice && slice->count > 0
                        && slice->count >= u->options->valid * seen->minutes - 1e-9;
        double people = u->options->away_people * seen->present;
        bool is_used = is_known && slice_median(slice) >= fmax(1, people);
        day->scheduled++;
        day->known += is_known && (!is_used || seen->has_guest);
        day->used += is_used && seen->has_guest;
        save(u, &u->rows[i]);
    }
}

static void publish(const struct room_uses *u, const struct room_use_row *row,
                    int64_t time_us)
{
    bool is_known = !isnan(row->told);
    gw_publish(u->host, row->point, row->told, is_known ? GW_GOOD : GW_BAD,
               is_known ? GW_REASON_NONE : GW_REASON_INPUT, time_us);
}

static double share_of(const struct room_use *day)
{
    return day->known > 0 ? (double)day->used / day->known : NAN;
}

static void tell(struct room_uses *u, struct room_use_row *row, int64_t time_us)
{
    const struct room_use *day = &row->day;
    const struct gw_fact_value values[] = {
        {.name = "used", .value = day->used},
        {.name = "known", .value = day->known},
        {.name = "scheduled", .value = day->scheduled},
    };
    row->told = share_of(day);
    publish(u, row, time_us);
    gw_fact(u->host,
            &(struct gw_fact){.kind = "room-use-day",
                              .by_calendar = true,
                              .object = row->place,
                              .start_us = day->midnight_us,
                              .end_us = time_us,
                              .time_us = time_us,
                              .values = values,
                              .count = sizeof(values) / sizeof(values[0]),
                              .completeness = (double)day->known / day->scheduled});
}

static void new_day(struct room_uses *u, struct room_use_row *row, int64_t midnight_us,
                    int64_t time_us)
{
    if (!isnan(row->told)) {
        row->told = NAN;
        publish(u, row, time_us);
    }
    row->day = (struct room_use){.midnight_us = midnight_us};
    save(u, row);
}

void room_uses_minute(struct room_uses *u, bool is_due, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(gw_host_campus(u->host), time_us - 1);
    for (size_t i = 0; i < u->count; i++) {
        struct room_use_row *row = &u->rows[i];
        if (u->is_restored && row->day.is_told && row->day.scheduled > 0) {
            row->told = share_of(&row->day);
            publish(u, row, time_us);
        }
        if (!day_has_begun(row->day.midnight_us, midnight_us))
            new_day(u, row, midnight_us, time_us);
        if (row->day.is_told || row->day.midnight_us != midnight_us || !is_due)
            continue;
        row->day.is_told = 1;
        if (row->day.scheduled > 0)
            tell(u, row, time_us);
        save(u, row);
    }
    u->is_restored = false;
}

void room_uses_rename(struct room_uses *u, int64_t old_us, int64_t new_us)
{
    for (size_t i = 0; i < u->count; i++) {
        if (u->rows[i].day.midnight_us != old_us)
            continue;
        u->rows[i].day.midnight_us = new_us;
        save(u, &u->rows[i]);
    }
}
