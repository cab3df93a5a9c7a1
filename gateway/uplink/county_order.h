/* county_order.h - an order of the county: read and judged, nothing of it is done.
 *
 * {payload, key, signature}: the payload is JSON in base64url, the signature Ed25519 over
 * its decoded bytes.  Pure state: keys and time are arguments.  Thread: any.
 * Source: county/schemas/cmd.json and cmd-payload.json; RFC 8032 (Ed25519), RFC 4648, 5
 */
#ifndef UPLINK_COUNTY_ORDER_H
#define UPLINK_COUNTY_ORDER_H

#include "gw/error.h"
#include "gw/record.h"

enum {
    COUNTY_KEY_BYTES = 32,
    COUNTY_KEYS_MAX = 16,
    COUNTY_ORDER_RANGES = 100,
    COUNTY_ORDER_SIZE_MAX = 17 * 1024, /* of a message */
    COUNTY_DRILL_MINUTES_MAX = 30,
};

/* An order that holds for longer may not be given. */
#define COUNTY_ORDER_AHEAD_US (INT64_C(7) * 24 * 3600 * 1000000)

/* county_key - who may order, by name. */
struct county_key {
    const char *name;
    unsigned char bytes[COUNTY_KEY_BYTES];
};
struct county_keys {
    const struct county_key *items;
    size_t count;
};

enum county_do { COUNTY_REPLAY, COUNTY_ACKNOWLEDGE, COUNTY_DRILL, COUNTY_STATUS };

/* order_refusal - why an order is not obeyed; each reason is told on its own.
 * The last four are of whoever does it. */
enum order_refusal {
    ORDER_OBEYED,
    ORDER_MALFORMED,
    ORDER_OF_UNKNOWN_KEY,
    ORDER_BADLY_SIGNED,
    ORDER_TO_ANOTHER,
    ORDER_WITHOUT_CLOCK,
    ORDER_EXPIRED,
    ORDER_TOO_FAR_AHEAD,
    ORDER_UNKNOWN,
    ORDER_SEEN_BEFORE,
    ORDER_TOO_OLD,
    ORDER_NOT_NOW,
    ORDER_NOT_DONE,
    ORDER_REFUSALS
};

/* county_order
 * key, key_name  that signed it
 * alarm          acknowledge: "TF-01@panic-gate"
 * target         drill: a place, or school; length_us 0 ends the one that runs
 * by             a role, "" = none said */
struct county_order {
    enum county_do what;
    char key_name[GW_ID_MAX];
    unsigned char key[COUNTY_KEY_BYTES];
    uint64_t seq;
    int64_t expires_us;
    uint64_t epoch;
    struct gw_range ranges[COUNTY_ORDER_RANGES];
    size_t range_count;
    char alarm[2 * GW_ID_MAX];
    char target[GW_ID_MAX];
    int64_t length_us;
    char comment[GW_COMMENT_MAX];
    char by[GW_ID_MAX];
};

/* county_order_read - @gateway: this one's id; @now_us: school time, GW_TIME_NONE = not
 * known.
 * returns ORDER_OBEYED and *ret, or why not and @err in words (not its code) */
enum order_refusal county_order_read(const void *message, size_t size,
                                     const struct county_keys *keys, const char *gateway,
                                     int64_t now_us, struct county_order *ret,
                                     struct gw_error *err);

/* county_do_name - "replay". */
const char *county_do_name(enum county_do what);

#endif
