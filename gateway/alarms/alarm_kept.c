#include "alarms/alarm_kept.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(struct alarm_kept) == 24 + 40 + 3 * GW_ID_MAX + GW_COMMENT_MAX,
               "the kept form has no holes");
_Static_assert(GW_ACTOR_MAX == GW_ID_MAX, "as the sum above has it");

struct alarm_kept alarm_pack(const struct alarm *alarm)
{
    const struct alarm_row *row = &alarm->row;
    struct alarm_kept kept = {
        .version = ALARM_KEPT_VERSION,
        .severity = row->severity,
        .state = row->state,
        .seq = row->seq,
        .raised = row->raised,
        .is_active = row->is_active,
        .is_latching = alarm->is_latching,
        .is_latched = alarm->is_latched,
        .is_test = row->is_test,
        .uid = row->uid,
        .value = row->value,
        .raised_us = row->raised_us,
        .changed_us = row->changed_us,
        .until_us = alarm->until_us,
    };
    memcpy(kept.rule, row->rule, sizeof(kept.rule));
    memcpy(kept.object, row->object, sizeof(kept.object));
    memcpy(kept.actor, row->actor, sizeof(kept.actor));
    memcpy(kept.comment, row->comment, sizeof(kept.comment));
    return kept;
}

static bool kept_is_sound(const struct alarm_kept *kept)
{
    return kept->version == ALARM_KEPT_VERSION && kept->severity <= GW_INF
           && kept->state < GW_ALARM_STATES && memchr(kept->rule, 0, GW_ID_MAX)
           && memchr(kept->object, 0, GW_ID_MAX) && memchr(kept->actor, 0, GW_ACTOR_MAX)
           && memchr(kept->comment, 0, GW_COMMENT_MAX);
}

int alarm_unpack(const char *key, const void *bytes, size_t size, struct alarm *ret)
{
    struct alarm_kept kept;
    if (size != sizeof(kept))
        return -EINVAL;
    memcpy(&kept, bytes, sizeof(kept));
    if (!kept_is_sound(&kept))
        return -EINVAL;

    struct alarm alarm = {
        .row =
            {
                .severity = (enum gw_severity)kept.severity,
                .state = (enum gw_alarm_state)kept.state,
                .is_active = kept.is_active,
                .is_test = kept.is_test,
                .uid = kept.uid,
                .seq = kept.seq,
                .raised = kept.raised,
                .value = kept.value,
                .raised_us = kept.raised_us,
                .changed_us = kept.changed_us,
            },
        .until_us = kept.until_us,
        .is_latching = kept.is_latching,
        .is_latched = kept.is_latched,
    };
    memcpy(alarm.row.rule, kept.rule, sizeof(kept.rule));
    memcpy(alarm.row.object, kept.object, sizeof(kept.object));
    memcpy(alarm.row.actor, kept.actor, sizeof(kept.actor));
    memcpy(alarm.row.comment, kept.comment, sizeof(kept.comment));
    int n = snprintf(alarm.row.id, sizeof(alarm.row.id), "%s@%s", kept.rule, kept.object);
    if (n < 0 || (size_t)n >= sizeof(alarm.row.id) || strcmp(alarm.row.id, key) != 0)
        return -EINVAL;
    *ret = alarm;
    return 0;
}
