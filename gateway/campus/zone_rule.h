/* zone_rule.h - the rule at the end of a TZif file, for times after its table.
 * Thread: any.
 * Source: RFC 8536 section 3.3, POSIX.1-2017 section 8.3 (TZ) */
#ifndef CAMPUS_ZONE_RULE_H
#define CAMPUS_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

/* zone_change - the day and local time of one switch, every year. */
struct zone_change {
    enum { CHANGE_JULIAN, CHANGE_DAY, CHANGE_WEEKDAY } kind;
    int day;   /* JULIAN 1..365 without Feb 29, DAY 0..365, WEEKDAY 0 Sunday .. 6 */
    int month; /* WEEKDAY: 1..12 */
    int week;  /* WEEKDAY: 1..5, 5 = the last */
    int32_t time_s;
};

struct zone_rule {
    int32_t standard_s; /* seconds east of UTC */
    int32_t saving_s;
    bool has_saving;
    struct zone_change begin;
    struct zone_change end;
};

/* zone_rule_parse - "CET-1CEST,M3.5.0,M10.5.0/3".  returns 0 or -EINVAL */
int zone_rule_parse(const char *text, struct zone_rule *ret);

int32_t zone_rule_offset(const struct zone_rule *rule, int64_t utc_s);

#endif
