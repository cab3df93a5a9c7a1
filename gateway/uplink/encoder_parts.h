/* encoder_parts.h - what encoder.c and encoder_seal.c share.  Not for others. */
#ifndef UPLINK_ENCODER_PARTS_H
#define UPLINK_ENCODER_PARTS_H

#include "base/clock.h"
#include "uplink/county.h"

struct county_encoder {
    const struct county_config *config;
    const struct gw_campus *campus;
    const struct evidence_key *key; /* NULL = none */
    uint64_t config_hash;
    char boot[CLOCK_BOOT_MAX];
    struct encoder_point *points; /* by id */
    size_t point_count;
    struct encoder_unit *units; /* sorted by metric */
    size_t unit_count;
};

/* encoder_days - since 1970-01-01.  encoder_offset - seconds of the school's zone at
 * @time_us. */
int64_t encoder_days(int year, int month, int day);
int encoder_offset(const struct county_encoder *e, int64_t time_us);

#endif
