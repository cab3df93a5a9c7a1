/* order.h - a command of the county's, as a gateway takes it.  Thread: any. */
#ifndef FLEET_ORDER_H
#define FLEET_ORDER_H

#include "gw/error.h"
#include "ingest/asking.h"

/* order_key - whose commands are taken: "NAME:BASE64", as campus-county prints the two.
 */
struct order_key {
    char name[64];
    unsigned char bytes[32];
};

/* order_key_read - returns 0 or -EINVAL */
int order_key_read(const char *text, struct order_key *ret);

/* order - a replay: the only command that the county's receiver gives. */
struct order {
    uint64_t seq;
    uint64_t epoch;
    struct range_set ranges;
};

/* order_read - @payload as it came on a cmd topic, for the gateway @id at @now_us.
 * ret      to be cleared with order_clear() in either case
 * returns  0, or -EPROTO: not signed with @key, not for @id, over, or no replay */
int order_read(const struct order_key *key, const char *id, int64_t now_us,
               const void *payload, size_t size, struct order *ret, struct gw_error *err);
void order_clear(struct order *o);

#endif
