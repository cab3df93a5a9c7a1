/* homecoming.h - an empty room speaks for a lesson elsewhere once the class comes back.
 *
 * A counter that froze while the room was empty says so for ever.  Whoever left comes
 * back, and a counter that lives sees it, at the latest when the class is next to be in
 * its room.  Until then the lesson is not counted.  Thread: the pipeline's. */
#ifndef OCCUPANCY_HOMECOMING_H
#define OCCUPANCY_HOMECOMING_H

#include <stdint.h>

#include "gw/plugin.h"

enum { HOMECOMING_MAX = 8 };

/* homecoming - lessons held as far as the empty room tells, in order; end_us: of one. */
struct homecoming {
    uint32_t count;
    struct homecoming_lesson {
        int64_t end_us;
        char subject[GW_ID_MAX];
    } lessons[HOMECOMING_MAX];
};

struct class_book;
struct lessons;

/* homecoming_await - @lesson counts when the class has come back. */
void homecoming_await(struct lessons *ls, struct class_book *book,
                      const struct gw_lesson *lesson);

/* homecoming_minute - counts what waits: held where the room's counter has moved since,
 * undetermined where the class was to be back and nobody passed. */
void homecoming_minute(struct lessons *ls, struct class_book *book, int64_t time_us);

/* homecoming_end_day - who was not to come back any more went home. */
void homecoming_end_day(struct lessons *ls, struct class_book *book);

/* homecoming_step - the same day under another name; homecoming_drop - what waits is
 * undetermined: the clock says that it is another day. */
void homecoming_step(struct lessons *ls, struct class_book *book, int64_t delta_us);
void homecoming_drop(struct lessons *ls, struct class_book *book);

void homecoming_load(struct lessons *ls, struct class_book *book);

#endif
