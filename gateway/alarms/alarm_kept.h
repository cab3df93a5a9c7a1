/* alarm_kept.h - an alarm as bytes that come back after a restart.  Thread: any. */
#ifndef ALARMS_ALARM_KEPT_H
#define ALARMS_ALARM_KEPT_H

#include "alarms/alarm_list.h"

enum { ALARM_KEPT_VERSION = 1 };

/* alarm_kept - what of an alarm outlives the process; texts of its rule do not.
 * Fixed widths without holes: the bytes are the form. */
struct alarm_kept {
    uint32_t version;
    uint32_t severity;
    uint32_t state;
    uint32_t seq;
    uint32_t raised;
    uint8_t is_active;
    uint8_t is_latching;
    uint8_t is_latched;
    uint8_t is_test;
    uint64_t uid;
    double value;
    int64_t raised_us;
    int64_t changed_us;
    int64_t until_us;
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    char actor[GW_ACTOR_MAX];
    char comment[GW_COMMENT_MAX];
};

struct alarm_kept alarm_pack(const struct alarm *alarm);

/* alarm_unpack - returns 0 or -EINVAL: bytes of an unknown form or another @key. */
int alarm_unpack(const char *key, const void *bytes, size_t size, struct alarm *ret);

#endif
