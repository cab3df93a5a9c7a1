/* presence.h - birth and state: what the county knows of this gateway beside its rows.
 *
 * Both are retained; the state is also the last will.  Thread: one owner, the uplink's.
 */
#ifndef UPLINK_PRESENCE_H
#define UPLINK_PRESENCE_H

#include "base/clock.h"
#include "store/outbox.h"
#include "uplink/county.h"
#include "uplink/letter.h"
#include "uplink/link.h"

struct presence {
    const struct county_setup *setup;
    char boot[CLOCK_BOOT_MAX];
};

/* presence_will, presence_birth - a body.  presence_state - the same, with what waits in
 * @outbox; 0 or -errno.
 * returns NULL, -ENOMEM when out of memory.  Owner: caller; free() */
char *presence_will(const struct presence *p);
char *presence_birth(const struct presence *p);
int presence_state(const struct presence *p, struct outbox *outbox, bool is_online,
                   char **ret, struct gw_error *err);

/* presence_tell_will - as a letter, for the broker.  returns 1 and *ret, 0: the platform
 * has no place for it, or -errno.  Owner: caller; letter_done() */
int presence_tell_will(const struct presence *p, struct letter *ret);

/* presence_tell_birth, presence_tell_state - over @link, once it is ready.
 * ret_mid  may be NULL; 0: the platform has no place for it
 * returns  0 or -errno of the link, or of the outbox */
int presence_tell_birth(const struct presence *p, struct link *link,
                        struct gw_error *err);
int presence_tell_state(const struct presence *p, struct link *link,
                        struct outbox *outbox, bool is_online, int *ret_mid,
                        struct gw_error *err);

#endif
