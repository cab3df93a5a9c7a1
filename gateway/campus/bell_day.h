/* bell_day.h - the bells of a day as they are written, to be judged.  Thread: main. */
#ifndef CAMPUS_BELL_DAY_H
#define CAMPUS_BELL_DAY_H

#include "campus/school.h"

/* bell_row - one item of the list.
 * lesson       its number, 0 = none
 * is_gap_told  what is behind it */
struct bell_row {
    const struct config_node *item;
    enum gw_phase_kind kind;
    int32_t start_s;
    int32_t end_s;
    uint32_t lesson;
    bool is_gap_told;
};

/* bell_day - the rows of a list, and what its lessons and the breaks between them usually
 * last; 0 = nobody knows. */
struct bell_day {
    struct config_source *src;
    const char *path;
    struct bell_row *rows;
    size_t count;
    int32_t lesson_s;
    int32_t recess_s;
    size_t recesses;
    bool has_long_recess;
};

/* bell_day_read - the list @node.  false: some of it cannot be read.
 * Owner: the arena of @src */
bool bell_day_read(struct config_source *src, const struct config_node *node,
                   const char *path, struct bell_day *ret);

/* bell_row_length - in seconds; of a night that ends on the next day negative. */
int32_t bell_row_length(const struct bell_row *row);

bool bell_row_is_lesson(const struct bell_row *row);

/* bell_row_is_recess - a long one, too. */
bool bell_row_is_recess(const struct bell_row *row);

/* bell_day_recess - for how many seconds lesson @index is over when the next one begins,
 * with nothing but recess between them; -1 = the next is no lesson. */
int32_t bell_day_recess(const struct bell_day *d, size_t index, bool *ret_is_long);

#endif
