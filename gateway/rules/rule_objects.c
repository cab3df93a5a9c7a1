#include <string.h>

#include "campus/campus.h"
#include "config/suggest.h"
#include "rules/rule_model.h"

struct objects_options {
    const char *kind;
    const char *tag;
    struct gw_strings places;
    const char *devices;
    struct gw_strings classes;
    struct gw_strings buses;
};

#define OBJECTS(field) offsetof(struct objects_options, field)
const struct gw_option rule_objects_options[] = {
    {.name = "kind",
     .type = GW_OPT_ID,
     .offset = OBJECTS(kind),
     .help = "every place of this kind"},
    {.name = "tag",
     .type = GW_OPT_ID,
     .offset = OBJECTS(tag),
     .help = "every place with this tag"},
    {.name = "places",
     .type = GW_OPT_STRINGS,
     .offset = OBJECTS(places),
     .help = "these places, by id or pattern (b1-*)"},
    {.name = "devices",
     .type = GW_OPT_STRING,
     .offset = OBJECTS(devices),
     .help = "every device that feeds a point of this metric; \"*\" = every device"},
    {.name = "classes",
     .type = GW_OPT_STRINGS,
     .offset = OBJECTS(classes),
     .help = "these classes, by id or pattern (\"*\" = all)"},
    {.name = "buses",
     .type = GW_OPT_STRINGS,
     .offset = OBJECTS(buses),
     .help = "these buses, by name or pattern: every point that comes over one"},
    {0},
};

static bool objects_fault(struct config_source *src, const struct config_node *node,
                          const char *path)
{
    config_fault(
        src->faults, config_where(node), path,
        "says not what the rule is about (allowed: school, gateway, or one of {kind: …}, "
        "{tag: …}, {places: […]}, {devices: METRIC}, {classes: […]}, {buses: […]})");
    return false;
}

static bool objects_metric(struct config_source *src, const struct config *config,
                           const struct config_node *node, const char *path,
                           const char *name, struct rule_objects *ret)
{
    struct suggest near = {.wanted = name};
    ret->each = RULE_EACH_DEVICES;
    ret->metric = config_metric(config, name);
    if (ret->metric || strcmp(name, "*") == 0)
        return true;
    for (size_t i = 0; i < config->metric_count; i++)
        suggest_offer(&near, config->metrics[i].name);
    config_fault(
        src->faults, config_where(node), path, "unknown metric '%s' (%s%s%s)", name,
        config_faults_say(src->faults, near.best ? "did you mean '"
                                                 : "allowed: the names of the metrics"),
        near.best ? near.best : "",
        near.best ? config_faults_say(src->faults, "'?") : "");
    return false;
}

static bool objects_one(struct config_source *src, enum rule_each each, const char *name,
                        struct rule_objects *ret)
{
    const char **items = arena_alloc(src->arena, sizeof(*items));
    if (!items)
        return false;
    items[0] = name;
    ret->each = each;
    ret->names = (struct gw_strings){items, 1};
    return true;
}

/* objects_kind - a kind of no place that looks like a slip of the pen is said: as a kind
 * of a place is, not refused. */
static bool objects_kind(struct config_source *src, const struct config *config,
                         const struct config_node *node, const char *path,
                         const char *kind, struct rule_objects *ret)
{
    const struct config_node *places = config_child(config->campus, "places");
    struct suggest near = {.wanted = kind};
    bool is_known = config_kind(config, kind, &near) != NULL;
    for (size_t i = 0; !is_known && i < config_count(places); i++) {
        const char *of_place =
            config_scalar(config_child(config_item(places, i), "kind"));
        is_known = of_place && strcmp(of_place, kind) == 0;
        if (of_place)
            suggest_offer(&near, of_place);
    }
    if (!is_known && near.best)
        config_warning(src->faults, config_where(config_child(node, "kind")), path,
                       "kind '%s' is that of no place (did you mean '%s'?)", kind,
                       near.best);
    return objects_one(src, RULE_EACH_KIND, kind, ret);
}

/* objects_tag - a place's tag is the school's own word: only one that is nearly @tag is
 * told. */
static bool objects_tag(struct config_source *src, const struct config *config,
                        const char *tag, struct rule_objects *ret)
{
    const struct config_node *places = config_child(config->campus, "places");
    for (size_t i = 0; i < config_count(places); i++) {
        const struct config_node *tags = config_child(config_item(places, i), "tags");
        for (size_t k = 0; config_is_list(tags) && k < config_count(tags); k++) {
            const char *of_place = config_scalar(config_item(tags, k));
            struct suggest near = {.wanted = of_place ? of_place : ""};
            suggest_offer(&near, tag);
            if (of_place && near.best && strcmp(of_place, tag) != 0)
                config_warning(
                    src->faults, config_where(config_item(tags, k)), "places.tags",
                    "tag '%s' says nothing (did you mean '%s'?)", of_place, tag);
        }
    }
    return objects_one(src, RULE_EACH_TAG, tag, ret);
}

bool rule_objects_read(struct config_source *src, const struct config *config,
                       const struct config_node *node, const char *path,
                       struct rule_objects *ret)
{
    const char *text = config_scalar(node);
    if (text && strcmp(text, "school") == 0) {
        ret->each = RULE_EACH_SCHOOL;
        return true;
    }
    if (text && strcmp(text, "gateway") == 0) {
        ret->each = RULE_EACH_GATEWAY;
        return true;
    }
    struct objects_options o = {0};
    if (!config_is_map(node) || config_count(node) != 1)
        return objects_fault(src, node, path);
    if (!config_fill(src, node, path, rule_objects_options, &o, NULL))
        return false;
    if (o.devices)
        return objects_metric(src, config, node, path, o.devices, ret);
    if (o.kind)
        return objects_kind(src, config, node, path, o.kind, ret);
    if (o.tag)
        return objects_tag(src, config, o.tag, ret);
    const struct {
        enum rule_each each;
        struct gw_strings names;
    } lists[] = {{RULE_EACH_PLACES, o.places},
                 {RULE_EACH_CLASSES, o.classes},
                 {RULE_EACH_BUSES, o.buses}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (lists[i].names.count > 0) {
            ret->each = lists[i].each;
            ret->names = lists[i].names;
            return true;
        }
    return objects_fault(src, node, path);
}
