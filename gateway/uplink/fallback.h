/* fallback.h - which way the rows go: the broker's session, or batches.
 *
 * Batches, once the session has done nothing for a time; the session again, once it has
 * proven itself.  Pure state: time is an argument.  Thread: one owner.
 */
#ifndef UPLINK_FALLBACK_H
#define UPLINK_FALLBACK_H

#include <stdbool.h>
#include <stdint.h>

/* fallback
 * after_us   0: at once, there is no broker; INT64_MAX: never
 * served_us  when the session last did its work */
struct fallback {
    int64_t after_us;
    int64_t served_us;
};

/* fallback_served - the platform answered by the session, or nothing waits for it. */
void fallback_served(struct fallback *f, int64_t now_us);

/* fallback_is_due - batches carry.  fallback_due_us - since when, or from when on. */
bool fallback_is_due(const struct fallback *f, int64_t now_us);
int64_t fallback_due_us(const struct fallback *f);

#endif
