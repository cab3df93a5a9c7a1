/* contract.h - the county contract's words: topics, envelope, birth and state.
 *
 * Version 1, described in county/asyncapi.yaml and county/schemas.  Rows get their
 * bodies from county_encode() (county.h).  Thread: any.
 */
#ifndef UPLINK_CONTRACT_H
#define UPLINK_CONTRACT_H

#include <jansson.h>

#include "uplink/county.h"

enum {
    CONTRACT_TOPIC_MAX = 256,
    CONTRACT_TIME_MAX = 48,
    CONTRACT_SEQ_MAX_BITS = 53 /* what every JSON reader keeps exact */
};

/* contract_topic - campus/v1/{division}/{school}/{gateway}/@kind. */
void contract_topic(const struct county_config *config, const char *kind,
                    char ret[CONTRACT_TOPIC_MAX]);

/* contract_event - one message without its data.
 * kind        "alarm": type campus.alarm.v1
 * seq         0 for birth and state
 * time_us     GW_TIME_NONE: left out, timequality unknown
 * offset_s    of the school's zone */
struct contract_event {
    const char *kind;
    uint64_t epoch;
    uint64_t seq;
    int64_t time_us;
    int offset_s;
};

/* contract_encode - the whole body; takes @data over.  returns NULL when out of memory
 * Owner: caller; free() */
char *contract_encode(const struct county_config *config, const char *boot,
                      const struct contract_event *event, json_t *data);

/* contract_number - null for what is no number, an integer for what is whole. */
json_t *contract_number(double value);

/* contract_time - RFC 3339 to the microsecond when it is not a whole second. */
void contract_time(int64_t time_us, int offset_s, char ret[CONTRACT_TIME_MAX]);

/* contract_state - a body for the topic "state".
 * cause       NULL, "stopped" or "lost" (the last will: has no time)
 * last_seq, waiting  only when online */
struct contract_state {
    bool is_online;
    const char *cause;
    uint64_t last_seq;
    uint64_t waiting;
};
char *contract_state(const struct county_config *config, const char *boot, uint64_t epoch,
                     const struct contract_state *state);

/* contract_birth - wraps county_birth()'s object. */
char *contract_birth(const struct county_config *config, const char *boot, uint64_t epoch,
                     const char *birth);

/* contract_read_range - [from, to], from 1 to 2^53 - 1.  false: it breaks the contract */
bool contract_read_range(const json_t *pair, struct gw_range *ret);

/* contract_read_ack - {epoch, ranges: [[from, to], …]}, at most @max ranges.
 * contract_read_ranges - the same, parsed.
 * returns how many, or -EINVAL when it breaks the contract */
int contract_read_ack(const void *payload, size_t size, uint64_t *ret_epoch,
                      struct gw_range *ret, size_t max);
int contract_read_ranges(const json_t *ack, uint64_t *ret_epoch, struct gw_range *ret,
                         size_t max);

#endif
