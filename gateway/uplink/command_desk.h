/* command_desk.h - where the county's orders come in, are handed on, and come back done.
 *
 * Every order is journalled: an obeyed one at once, a refused one at most once a minute
 * for each reason, with how many there were, so that nobody can fill the journal.
 * Thread: the uplink's, but for command_desk_put().
 */
#ifndef UPLINK_COMMAND_DESK_H
#define UPLINK_COMMAND_DESK_H

#include "uplink/county.h"

struct command_desk;

/* command_desk_new - @setup is borrowed for life.  Owner: caller; command_desk_free(),
 * with the orders that came back and were not taken */
int command_desk_new(const struct county_setup *setup, struct command_desk **ret);
struct command_desk *command_desk_free(struct command_desk *d);

/* command_desk_may_ask - at the start of a connection: there are keys, and the broker did
 * not end the last connections for asking.
 * command_desk_heard - its answer.  command_desk_cut - the connection was lost without.
 */
bool command_desk_may_ask(const struct command_desk *d);
void command_desk_heard(struct command_desk *d, bool is_granted);
void command_desk_cut(struct command_desk *d);

/* command_desk_message - one that came; it is refused, or handed on. */
void command_desk_message(struct command_desk *d, const void *message, size_t size);

/* command_desk_put - it is done, or it is not; takes @given over.  Thread: any.
 * command_desk_take - the next of those, journalled; NULL = there is none.
 * Owner: caller; free() */
void command_desk_put(struct command_desk *d, struct county_given *given);
struct county_given *command_desk_take(struct command_desk *d);

/* command_desk_tell - of refusals that were held back for a minute. */
void command_desk_tell(struct command_desk *d);

#endif
