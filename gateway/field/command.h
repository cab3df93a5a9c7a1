/* command.h - values that wait to be written to the outputs of one bus.
 *
 * Bounded; of two for one point the newer stands.  Any thread puts, the bus's thread
 * takes: the oldest whose device may be tried, or that has run out of time.
 */
#ifndef FIELD_COMMAND_H
#define FIELD_COMMAND_H

#include "config/config.h"
#include "field/field.h"

enum { COMMANDS_MAX = 32 }; /* points with a value in wait, on one bus */

struct device;
struct commands;

/* command - a field_command on its way.
 * device   index into the bus's devices
 * raw      as the driver puts it on the wire
 * tries    attempts so far; text: what the last one met */
struct command {
    struct field_command asked;
    uint32_t device;
    double raw;
    unsigned tries;
    char text[200];
};

/* commands_new - Owner: caller; commands_free() tells every waiting one that the gateway
 * is stopping; NULL is a no-op; returns NULL. */
int commands_new(struct commands **ret);
struct commands *commands_free(struct commands *q);

/* commands_put - @c waits; an older value for its point is told that it was overtaken.
 * returns 0 or -ENOBUFS.  Thread: any, never blocks. */
int commands_put(struct commands *q, const struct command *c);

/* commands_tell - how @c, which was taken, ended.  Thread: the bus's. */
void commands_tell(struct commands *q, const struct command *c, int result,
                   const char *text);

/* commands_give_up - tells each that waits, and the one that was taken, of which nobody
 * hears any more.  Thread: any. */
void commands_give_up(struct commands *q, int result, const char *text);

/* commands_return - @c was tried in vain and waits again in its old place, unless a newer
 * value has come.  There is always room for it.  Thread: the bus's. */
void commands_return(struct commands *q, const struct command *c);

/* commands_take - the oldest that has run out of time at @now_us, or that may be tried:
 * the bus is open and its device's write_due_us has come.
 * ret_next_us   when to look again if there is none; INT64_MAX = nothing waits */
bool commands_take(struct commands *q, const struct device *devices, bool is_open,
                   int64_t now_us, struct command *ret, int64_t *ret_next_us);

#endif
