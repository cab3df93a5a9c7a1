/* body.h - what a simulated gateway says: the contract's bodies, made from a row's
 * number.
 *
 * A row is a function of its gateway, epoch and number: sent again it has the same bytes,
 * and nobody has to keep it.  Thread: any.
 */
#ifndef FLEET_BODY_H
#define FLEET_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/range_set.h"
#include "uplink/contract.h"

/* body_identity - whose messages they are.
 * number   of the gateway in the fleet, 0.. : its school's serial, at most 999,999
 * seed     of the fleet */
struct body_identity {
    uint32_t number;
    uint64_t seed;
};
enum { BODY_NUMBERS = 1000000 };

/* body_row - one row.
 * time_us   when it was made; of a row before the clock was known, its true time
 * began_us  of its epoch, the boot of its messages without a time
 * gone      the row says that these will never come; NULL = it is another one
 * blind     rows 1..blind of the epoch were made before the clock was known and row
 *           blind + 1 is the correction; 0 = the clock was always known */
struct body_row {
    uint64_t epoch;
    uint64_t seq;
    int64_t time_us;
    int64_t began_us;
    uint64_t blind;
    const struct range_set *gone;
};

/* body_gateway_id - of every one of them, as in the topic. */
extern const char body_gateway_id[];

/* body_topic - of @kind; body_number - whose topic it is, or BODY_NUMBERS: nobody's. */
void body_topic(const struct body_identity *who, const char *kind,
                char ret[CONTRACT_TOPIC_MAX]);
uint32_t body_number(const char *topic);

/* body_encode - *ret_topic: "alarm" or "summary".  returns NULL when out of memory
 * Owner: caller; free() */
char *body_encode(const struct body_identity *who, const struct body_row *row,
                  const char **ret_topic);

/* body_birth, body_state - as the uplink's, of a school of 64 rooms. */
char *body_birth(const struct body_identity *who, uint64_t epoch);
char *body_state(const struct body_identity *who, uint64_t epoch, uint64_t last_seq,
                 uint64_t waiting);

#endif
