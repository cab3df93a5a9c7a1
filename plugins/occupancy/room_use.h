/* room_use.h - how much the special rooms are used: of the lessons that the timetable has
 * in them, how many found people there.  Thread: the pipeline's. */
#ifndef OCCUPANCY_ROOM_USE_H
#define OCCUPANCY_ROOM_USE_H

#include "adherence.h"
#include "rooms.h"

struct room_uses;

/* room_uses_new - of every counted room that is no class's own; derives their points.
 * returns 0 or gw_fail().  Owner: caller; room_uses_free() */
int room_uses_new(struct gw_host *host, const struct occupancy_options *options,
                  const struct rooms *rooms, struct room_uses **ret,
                  struct gw_error *err);
void room_uses_free(struct room_uses *u);
void room_uses_load(struct room_uses *u);

/* room_uses_lesson - a lesson was to be in @place; @seen says who was. */
void room_uses_lesson(struct room_uses *u, const char *place,
                      const struct lesson_seen *seen);

/* room_uses_rename - the day that runs is that of @new_us now, not of @old_us. */
void room_uses_rename(struct room_uses *u, int64_t old_us, int64_t new_us);

/* room_uses_minute - the day's figures are told once, when @is_due. */
void room_uses_minute(struct room_uses *u, bool is_due, int64_t time_us);

#endif
