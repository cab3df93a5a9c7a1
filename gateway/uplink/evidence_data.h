/* evidence_data.h - the data of a month's file of evidence, signed.  Thread: any. */
#ifndef UPLINK_EVIDENCE_DATA_H
#define UPLINK_EVIDENCE_DATA_H

#include <jansson.h>

#include "uplink/county.h"

/* evidence_about - whose file it is, and when the month begins and ends (midnights). */
struct evidence_about {
    const struct county_config *config;
    const struct evidence_key *key;
    uint64_t config_hash;
    const char *start;
    const char *end;
};

/* evidence_data - returns NULL: out of memory.  Owner: caller */
json_t *evidence_data(const struct evidence_about *about,
                      const struct evidence_month *month);

#endif
