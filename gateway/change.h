/* change.h - one change of the configuration, from the files to what runs.
 *
 * change_read, _prepare, _finish run on the reload's thread and may block; change_swap is
 * main's one short step between them.
 */
#ifndef CHANGE_H
#define CHANGE_H

#include <jansson.h>

#include "app.h"

/* change - plain; zero-initialise, change_done() frees.
 * next        before the swap what will run, after it what ran before
 * listing     every fault, one a line, as --check prints them
 * parted      buses that were stopped
 * swap_us     how long main was kept */
struct change {
    struct app *app;
    const char *folder;
    struct live next;
    struct config_diff *diff;
    char *listing;
    size_t faults;
    size_t parted;
    int64_t swap_us;
    struct notify *notify; /* in: the one to come; out: the one to stop */
    bool is_local_paused;
};

/* change_read - loads and checks @c->folder and compares it with what runs.
 * returns 0 (also with faults), or gw_fail() when the folder cannot be read at all */
int change_read(struct change *c, struct gw_error *err);

/* change_fixed - the keys that take a restart, "store.path, http.listen"; "" = none. */
void change_fixed(const struct change *c, char *ret, size_t size);

/* change_may_part - 0, or gw_fail() with -EBUSY: a bus that would have to stop hangs. */
int change_may_part(const struct change *c, struct gw_error *err);

/* change_prepare - builds the new stages and stops what must not run on; -EBUSY: a bus
 * that hangs cannot be stopped.  After an error change_undo() is due. */
int change_prepare(struct change *c, struct gw_error *err);

/* change_switch_off - outputs that are on and that no bus will have any more, or at
 * another place, while their old bus still runs.  Blocks until they are off, or for five
 * seconds.  In change_outputs.c. */
void change_switch_off(const struct change *c);

/* change_switch_on - outputs whose bus is not that of the tree @before (NULL = any
 * output) are told again what they should be: their driver began anew. */
void change_switch_on(struct app *app, const struct config *before);

/* change_undo - what was stopped starts again. */
void change_undo(struct change *c);

/* change_swap - returns 0, or -ENOMEM: nothing was done, change_undo() is due.
 * Thread: main. */
int change_swap(struct change *c);

/* change_tell - the school's broker hears of points that are gone since @old, and of all
 * that stands when it @knows_nothing.  Thread: main.  In change_tell.c. */
void change_tell(struct app *app, const struct live *old, bool knows_nothing);

/* change_finish - starts what is new, frees what is old.
 * returns 0, or gw_fail() with what is not as it should be; the change stands */
int change_finish(struct change *c, struct gw_error *err);

void change_done(struct change *c);

/* change_json - the rows, for people: {"changes": […], "faults": […], …}.  NULL = out of
 * memory */
json_t *change_json(const struct change *c);

#endif
