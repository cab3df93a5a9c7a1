/* rule_exempt.c - rules that keep people in: rain, bad air. */
#include <math.h>

#include "rules/rule_model.h"

static bool is_heard(const struct rule_instance *in)
{
    bool is_known = true;
    for (size_t i = 0; i < in->feed_count; i++)
        is_known = is_known && !isnan(in->feeds[i].point->value);
    return is_known;
}

size_t rules_exemptions(const struct rules *r, struct rule_exemption *ret, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < r->instance_count && count < max; i++) {
        const struct rule_instance *in = r->instances[i];
        if (in->rule->exempt && in->is_asserted)
            ret[count++] = (struct rule_exemption){in->rule->exempt, in->rule->alarm.id,
                                                   in->object, is_heard(in)};
    }
    return count;
}
