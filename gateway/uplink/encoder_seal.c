/* encoder_seal.c - the monthly file of evidence: what is signed, and by which key. */
#include <string.h>

#include "base/canonical.h"
#include "base/clock.h"
#include "uplink/contract.h"
#include "uplink/encoder_parts.h"
#include "uplink/evidence_data.h"

void county_encoder_key(struct county_encoder *e, const struct evidence_key *key)
{
    e->key = key;
}

/* Midnight before the month's first day. */
static void month_start(const struct county_encoder *e, int32_t month,
                        char ret[CONTRACT_TIME_MAX])
{
    static const int64_t hour_us = INT64_C(3600) * 1000000;
    int64_t noon_us = (encoder_days(month / 12, month % 12 + 1, 1) * 24 + 12) * hour_us;
    int64_t start_us = gw_campus_midnight(e->campus, noon_us);
    contract_time(start_us, encoder_offset(e, start_us), ret);
}

static json_t *signed_data(const struct county_encoder *e,
                           const struct evidence_month *month)
{
    char start[CONTRACT_TIME_MAX];
    char end[CONTRACT_TIME_MAX];
    month_start(e, month->month, start);
    month_start(e, month->month + 1, end);
    return evidence_data(
        &(struct evidence_about){e->config, e->key, e->config_hash, start, end}, month);
}

char *county_seal(void *encoder, const struct evidence_month *month, uint64_t epoch,
                  uint64_t seq, struct evidence_file *ret)
{
    const struct county_encoder *e = encoder;
    struct contract_event event = {
        .kind = "evidence", .epoch = epoch, .seq = seq, .time_us = clock_school_us()};
    json_t *data = e->key && e->campus ? signed_data(e, month) : NULL;
    if (!data || canonical_digest(data, ret->digest) < 0) {
        json_decref(data);
        return NULL;
    }
    ret->month = month->month;
    memcpy(ret->public_key, e->key->public_key, sizeof(ret->public_key));
    event.offset_s = encoder_offset(e, event.time_us);
    return contract_encode(e->config, e->boot, &event, data);
}
