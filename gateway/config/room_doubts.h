/* room_doubts.h - what rooms.csv can say, and hardly means.  Thread: one while it loads.
 */
#ifndef CONFIG_ROOM_DOUBTS_H
#define CONFIG_ROOM_DOUBTS_H

#include "config/roster.h"

enum room_column {
    ROOM_ID,
    ROOM_TITLE,
    ROOM_KIND,
    ROOM_CAPACITY,
    ROOM_BUILDING,
    ROOM_FLOOR,
    ROOM_TAG,
    ROOM_STAGE,
    ROOM_COLUMNS
};

/* room_has_tag - @text has one of the words that rules know. */
bool room_has_tag(const char *text);

/* room_doubts_exchanged - true, and one fault: two headings were exchanged. */
bool room_doubts_exchanged(const struct config *config, const struct sheet *s);

/* room_doubts_row - warns of an id or a name that is another kind, and, once, of what the
 * other rows contradict in one of which nothing was told: its building, its floor, its
 * number.
 */
void room_doubts_row(const struct config *config, const struct sheet *s,
                     const struct csv_row *row);

/* room_doubts_columns - warns of cells that were lost when cells were merged, and of
 * floors in two words. */
void room_doubts_columns(const struct load *l, const struct sheet *s);

/* room_doubts_all - warns of rooms with the name of a place of campus.yaml, or of a class
 * that is at home elsewhere, and of the only room of a class without a tag that all
 * others have; after both tables. */
void room_doubts_all(struct load *l, const struct node_list *places,
                     const struct node_list *classes);

#endif
