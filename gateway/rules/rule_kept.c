#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rules/rule_model.h"

/* Version 1 ended before judged_us. */
enum { RULE_KEPT_VERSION = 2, FIRST_FORM_SIZE = 24 };

/* Fixed widths without holes: the bytes are the form. */
struct rule_kept {
    uint32_t version;
    uint32_t is_asserted;
    int64_t held_us;
    int64_t since_us;
    int64_t judged_us;
    int64_t last_day_us;
    int64_t day_us;
    uint32_t is_day_known;
    uint32_t day_count;
    uint32_t true_bits;
    uint32_t clear_bits;
    uint32_t severity;
    uint32_t has_event;
    uint32_t faults;
    uint32_t events;
    uint32_t next;
    uint32_t unused;
    int64_t blind_us;
    int64_t blind_since_us;
};

_Static_assert(sizeof(struct rule_kept) == 104, "the kept form has no holes");

static void keep_bytes(struct rules *r, const struct rule_instance *instance,
                       const void *bytes, size_t size)
{
    char key[2 * GW_ID_MAX];
    (void)snprintf(key, sizeof(key), "%s@%s", instance->rule->alarm.id, instance->object);
    r->ops.state(
        r->ops.ctx,
        &(struct gw_state){.owner = "rule", .key = key, .bytes = bytes, .size = size});
}

void rule_forget(struct rules *r, const struct rule_instance *instance)
{
    keep_bytes(r, instance, NULL, 0);
}

static bool is_plain(const struct rule_instance *in)
{
    return !in->is_asserted && in->hold.held_us == 0 && in->hold.since_us == GW_TIME_NONE
           && in->severity >= in->rule->alarm.severity && in->judged_us == GW_TIME_NONE
           && in->day.start_us == GW_TIME_NONE;
}

void rule_keep(struct rules *r, const struct rule_instance *instance)
{
    const struct rule_day *day = &instance->day;
    const struct rule_expected *e = &instance->expected;
    struct rule_kept kept = {
        .version = RULE_KEPT_VERSION,
        .is_asserted = instance->is_asserted,
        .held_us = instance->hold.held_us,
        .since_us = instance->hold.since_us,
        .judged_us = instance->judged_us,
        .last_day_us = day->last_us,
        .day_us = day->start_us,
        .is_day_known = day->is_known,
        .day_count = day->count,
        .true_bits = day->true_bits,
        .clear_bits = day->clear_bits,
        .severity = instance->severity,
        .has_event = e->has_event,
        .faults = e->faults,
        .events = e->count,
        .next = e->next,
        .blind_us = e->blind.held_us,
        .blind_since_us = e->blind.since_us,
    };
    bool is_nothing = is_plain(instance);
    keep_bytes(r, instance, is_nothing ? NULL : &kept, is_nothing ? 0 : sizeof(kept));
}

/* Bytes of a damaged disk: a time that no gateway wrote would overflow a hold. */
static const int64_t year_2200_us = INT64_C(7258118400) * 1000000;

static bool is_time(int64_t time_us)
{
    return time_us == GW_TIME_NONE || (time_us >= 0 && time_us < year_2200_us);
}

static bool is_sound(const struct rule_kept *kept)
{
    return kept->version >= 1 && kept->version <= RULE_KEPT_VERSION
           && kept->is_asserted <= 1 && kept->held_us >= 0 && kept->held_us < year_2200_us
           && is_time(kept->since_us) && is_time(kept->judged_us)
           && is_time(kept->last_day_us) && is_time(kept->day_us)
           && kept->is_day_known <= 1 && kept->severity <= GW_INF
           && kept->day_count <= RULE_DAYS_MAX;
}

int rule_kept_read(struct rule_instance *instance, const void *bytes, size_t size)
{
    struct rule_kept kept = {
        .judged_us = GW_TIME_NONE, .last_day_us = GW_TIME_NONE, .day_us = GW_TIME_NONE};
    if (size != sizeof(kept) && size != FIRST_FORM_SIZE)
        return -EINVAL;
    memcpy(&kept, bytes, size);
    if (!is_sound(&kept) || (kept.version == 1) != (size == FIRST_FORM_SIZE))
        return -EINVAL;
    instance->is_asserted = kept.is_asserted;
    instance->hold =
        (struct rule_hold){.held_us = kept.held_us, .since_us = kept.since_us};
    instance->severity = (enum gw_severity)kept.severity;
    instance->judged_us = kept.judged_us;
    instance->day = (struct rule_day){.true_bits = kept.true_bits,
                                      .clear_bits = kept.clear_bits,
                                      .count = kept.day_count,
                                      .is_known = kept.is_day_known,
                                      .last_us = kept.last_day_us,
                                      .start_us = kept.day_us,
                                      .end_us = GW_TIME_NONE};
    instance->expected = (struct rule_expected){
        .faults = kept.faults,
        .count = kept.events,
        .next = kept.next,
        .has_event = kept.has_event,
        .blind = {.held_us = kept.blind_us, .since_us = kept.blind_since_us},
    };
    return 0;
}
