/* output_state.h - what each output should be, and whether its device has taken it.
 *
 * Main wants and sends; buses tell how it ended.  A relay that does not answer, or whose
 * command gave way to what somebody else had written, or that reads back as something
 * else, is asked again until it has taken the value.
 */
#ifndef OUTPUT_STATE_H
#define OUTPUT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "gw/types.h"

struct output_states;

enum { OUTPUT_STATES_MAX = 256 };

/* output_send - one value on its way to a device.
 * done   how it ended: 0 or -errno and a sentence; once, on any thread */
struct output_send {
    uint32_t point;
    bool is_on;
    void *ctx;
    void (*done)(void *ctx, int result, const char *text);
};

/* output_row - one output as shown to people.
 * since_us   school time from which on, is_taken and whether it fails are as they are;
 *            GW_TIME_NONE: the clock was not known */
struct output_row {
    uint32_t point;
    char name[GW_NAME_MAX];
    bool is_on;
    bool is_taken;
    int64_t since_us;
    char fault[200]; /* of the last try, empty when it was taken */
};

/* output_states_new - @send hands a value to its bus: 0, or gw_fail() when it could not
 * and done will not be called; never blocks.  Owner: caller; output_states_free() after
 * every bus has stopped */
int output_states_new(int (*send)(void *ctx, const struct output_send *send,
                                  struct gw_error *err),
                      void *ctx, struct output_states **ret);
struct output_states *output_states_free(struct output_states *s);

/* output_states_want - from now on @point is to be @is_on; sent at once.  Thread: main.
 */
void output_states_want(struct output_states *s, uint32_t point, const char *name,
                        bool is_on, int64_t now_us);

/* output_states_leave - no rule has @point any more: off when it is on, and never sent
 * again once that is taken.  Thread: main. */
void output_states_leave(struct output_states *s, uint32_t point, int64_t now_us);

/* output_states_again - the next tick sends @point's value anew: its bus was opened anew,
 * or its device was away and may have forgotten it.  Thread: any. */
void output_states_again(struct output_states *s, uint32_t point);

/* output_states_read - @point read back as @is_on at machine time @read_us.  What is not
 * as wanted is doubted: written again at once, then each 5 s, until it reads back right.
 * A reading from before the device's last yes, or just after, says nothing.  Thread: any.
 */
void output_states_read(struct output_states *s, uint32_t point, bool is_on,
                        int64_t read_us);

/* output_states_overrule - @point took what a person wrote: what it reads back as is that
 * person's doing until it takes ours again.  Thread: any. */
void output_states_overrule(struct output_states *s, uint32_t point);

/* output_states_tick - sends again what was not taken, and says what fails and what works
 * again; once a second.  Thread: main. */
void output_states_tick(struct output_states *s, int64_t now_us);

/* output_states_failing - how many were tried and not taken.  Thread: any. */
size_t output_states_failing(struct output_states *s);

/* output_states_rows - of those that did not leave, at most @max; returns how many were
 * copied.  Thread: any. */
size_t output_states_rows(struct output_states *s, struct output_row *ret, size_t max);

#endif
