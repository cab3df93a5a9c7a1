/* rule_unfed.c - names the rules that no object has the inputs of. */
#include <errno.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "rules/rule_model.h"

enum { UNFED_TEXT = 600 /* bytes of rule ids in one warning */ };

/* The pack has rules for devices that most schools lack: one line for all of them, so
 * that it hides nothing.  What a school wrote itself it wants judged. */
int rules_tell_unfed(const struct rules *r, struct config_faults *faults)
{
    struct strbuf ids = {0};
    const struct rule *first = NULL;
    size_t unnamed = 0;
    for (size_t i = 0; i < r->rule_count; i++) {
        const struct rule *rule = r->rules[i];
        if (rule->instances > 0)
            continue;
        if (rule->is_own) {
            const char *path = arena_format(r->arena, "rules.%s", rule->alarm.id);
            config_warning(faults, rule->mark, path ? path : "rules",
                           "is never judged: no object has all of its inputs (allowed: "
                           "feed their points, give 'absent', or enabled: false)");
        } else if (ids.used < UNFED_TEXT) {
            strbuf_format(&ids, "%s%s", first ? ", " : "", rule->alarm.id);
            first = first ? first : rule;
        } else {
            unnamed++;
        }
    }
    if (unnamed > 0)
        strbuf_format(&ids, " and %zu more", unnamed);
    char *text = strbuf_take(&ids);
    if (first && text)
        config_warning(faults, first->mark, "rules",
                       "never judged, as no object has all of their inputs (fine without "
                       "such devices): %s",
                       text);
    free(text);
    return text ? 0 : -ENOMEM;
}
