/* rule_unfed.c - names the rules that no object has the inputs of. */
#include <errno.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "rules/rule_model.h"

enum {
    UNFED_TEXT = 600,   /* bytes of rule ids in one warning */
    PACK_NAMED_MAX = 12 /* more of the pack: the devices are still to come */
};

/* unfed - the rules of the pack, or the school's own, that nobody feeds. */
struct unfed {
    struct strbuf ids;
    const struct rule *first;
    size_t count;
    size_t unnamed;
};

static void name(struct unfed *u, const struct rule *rule)
{
    u->first = u->first ? u->first : rule;
    u->count++;
    if (u->ids.used >= UNFED_TEXT) {
        u->unnamed++;
        return;
    }
    strbuf_format(&u->ids, "%s%s", u->count > 1 ? ", " : "", rule->alarm.id);
    if (rule->is_own) /* it is to be found and mended */
        strbuf_format(&u->ids, " (%s:%d)", rule->mark.file, rule->mark.line);
}

/* The text is the caller's; NULL = no memory. */
static char *names(struct unfed *u)
{
    if (u->unnamed > 0)
        strbuf_format(&u->ids, " and %zu more", u->unnamed);
    return strbuf_take(&u->ids);
}

static void tell_pack(const struct unfed *u, const char *ids,
                      struct config_faults *faults)
{
    if (u->count > PACK_NAMED_MAX)
        config_warning(faults, u->first->mark, "rules",
                       "%zu rules of the pack are never judged, as no object has all of "
                       "their inputs (fine until there are such devices: nothing is to "
                       "be done; campusctl rules shows each)",
                       u->count);
    else if (u->count > 0)
        config_warning(faults, u->first->mark, "rules",
                       "never judged, as no object has all of their inputs (fine without "
                       "such devices): %s",
                       ids);
}

/* What a school wrote itself it wants judged. */
static void tell_own(const struct rules *r, const struct unfed *u, const char *ids,
                     struct config_faults *faults)
{
    if (u->count > 1) {
        config_warning(faults, u->first->mark, "rules",
                       "never judged, as no object has all of their inputs (allowed: "
                       "feed their points, give 'absent', or enabled: false): %s",
                       ids);
    } else if (u->count == 1) {
        const char *path = arena_format(r->arena, "rules.%s", u->first->alarm.id);
        config_warning(faults, u->first->mark, path ? path : "rules",
                       "is never judged: no object has all of its inputs (allowed: "
                       "feed their points, give 'absent', or enabled: false)");
    }
}

/* A slip in `each`, mostly: no point would help. */
static void tell_objectless(const struct rules *r, const struct rule *rule,
                            struct config_faults *faults)
{
    const char *path = arena_format(r->arena, "rules.%s", rule->alarm.id);
    config_warning(faults, rule->mark, path ? path : "rules",
                   "is never judged: 'each' names nothing that this school has (wanted: "
                   "a kind, tag, place, class, device or bus that is there, or enabled: "
                   "false)");
}

/* The pack has rules for devices that most schools lack, and a device that is not there
 * yet leaves several of a school's own: one line for all of each, so that they hide
 * nothing. */
int rules_tell_unfed(const struct rules *r, struct config_faults *faults)
{
    struct unfed pack = {0};
    struct unfed own = {0};
    for (size_t i = 0; i < r->rule_count; i++)
        if (r->rules[i]->is_each_own && r->rules[i]->objects_named == 0)
            tell_objectless(r, r->rules[i], faults);
        else if (r->rules[i]->instances == 0)
            name(r->rules[i]->is_own ? &own : &pack, r->rules[i]);
    char *pack_ids = names(&pack);
    char *own_ids = names(&own);
    bool is_told = pack_ids && own_ids;
    if (is_told) {
        tell_own(r, &own, own_ids, faults);
        tell_pack(&pack, pack_ids, faults);
    }
    free(pack_ids);
    free(own_ids);
    return is_told ? 0 : -ENOMEM;
}
