/* eye_room_kept.c - what of a room comes back after a restart.  Inputs are known by their
 * point's id, which is stable for life. */
#include <stdlib.h>

#include "eye_room.h"

enum { KEPT_VERSION = 1 };

struct kept_input {
    uint32_t point;
    uint32_t is_on;
    struct held held;
};

struct kept_room {
    uint32_t version;
    uint32_t count;
    struct held projecting;
    struct lesson_run lesson;
    struct quiet quiet;
    struct eye_room_day day;
    struct kept_input inputs[];
};

static size_t kept_size(size_t count)
{
    return offsetof(struct kept_room, inputs) + count * sizeof(struct kept_input);
}

/* Out of memory the room is kept with the next change. */
void eye_room_save(struct eye_room *room, struct gw_host *host)
{
    struct kept_room *kept = calloc(1, kept_size(room->count));
    if (!kept)
        return;
    kept->version = KEPT_VERSION;
    kept->count = room->count;
    kept->projecting = room->projecting;
    kept->lesson = room->lesson;
    kept->quiet = room->quiet;
    kept->day = room->day;
    for (uint32_t i = 0; i < room->count; i++)
        kept->inputs[i] = (struct kept_input){.point = room->inputs[i].point,
                                              .is_on = room->inputs[i].is_on,
                                              .held = room->inputs[i].held};
    gw_state_save(host, room->place->id, kept, kept_size(room->count));
    free(kept);
    room->is_changed = false;
}

static void load_input(struct eye_room *room, const struct kept_input *kept)
{
    for (uint32_t i = 0; i < room->count; i++)
        if (room->inputs[i].point == kept->point) {
            room->inputs[i].held = kept->held;
            room->inputs[i].is_on = kept->is_on != 0;
        }
}

static bool is_whole(const struct kept_room *kept, size_t size)
{
    return size >= kept_size(0) && kept->version == KEPT_VERSION
           && size == kept_size(kept->count) && kept->quiet.count <= QUIET_MINUTES_MAX;
}

void eye_room_load(struct eye_room *room, struct gw_host *host)
{
    char nothing = 0;
    size_t size = gw_state_load(host, room->place->id, &nothing, 0);
    struct kept_room *kept = size > 0 ? calloc(1, size) : NULL;
    if (!kept)
        return;
    (void)gw_state_load(host, room->place->id, kept, size);
    if (is_whole(kept, size)) {
        room->projecting = kept->projecting;
        room->lesson = kept->lesson;
        room->quiet = kept->quiet;
        room->day = kept->day;
        for (uint32_t i = 0; i < kept->count; i++)
            load_input(room, &kept->inputs[i]);
    }
    free(kept);
}
