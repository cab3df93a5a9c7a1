#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/rule_model.h"

enum { RULE_KEPT_VERSION = 1 };

/* Fixed widths without holes: the bytes are the form. */
struct rule_kept {
    uint32_t version;
    uint32_t is_asserted;
    int64_t held_us;
    int64_t since_us;
};

_Static_assert(sizeof(struct rule_kept) == 24, "the kept form has no holes");

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

void rule_keep(struct rules *r, const struct rule_instance *instance)
{
    struct rule_kept kept = {
        .version = RULE_KEPT_VERSION,
        .is_asserted = instance->is_asserted,
        .held_us = instance->hold.held_us,
        .since_us = instance->hold.since_us,
    };
    bool is_plain =
        !kept.is_asserted && kept.held_us == 0 && kept.since_us == GW_TIME_NONE;
    keep_bytes(r, instance, is_plain ? NULL : &kept, is_plain ? 0 : sizeof(kept));
}

/* Bytes of a damaged disk: a time that no gateway wrote would overflow a hold. */
static bool is_sound(const struct rule_kept *kept)
{
    static const int64_t year_2200_us = INT64_C(7258118400) * 1000000;
    bool is_held = kept->held_us >= 0 && kept->held_us < year_2200_us;
    bool is_since = kept->since_us == GW_TIME_NONE
                    || (kept->since_us >= 0 && kept->since_us < year_2200_us);
    return kept->version == RULE_KEPT_VERSION && kept->is_asserted <= 1 && is_held
           && is_since;
}

int rule_kept_read(struct rule_instance *instance, const void *bytes, size_t size)
{
    struct rule_kept kept;
    if (size != sizeof(kept))
        return -EINVAL;
    memcpy(&kept, bytes, sizeof(kept));
    if (!is_sound(&kept))
        return -EINVAL;
    instance->is_asserted = kept.is_asserted;
    instance->hold =
        (struct rule_hold){.held_us = kept.held_us, .since_us = kept.since_us};
    return 0;
}
