#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "config/load.h"

bool load_object_add(struct load *l, const char *kind, const char *name,
                     struct config_mark mark, const char *path)
{
    static const char *const reserved[] = {"school", "alarm", "gateway", "cmd", NULL};

    for (size_t i = 0; reserved[i]; i++) {
        if (strcmp(reserved[i], name) == 0) {
            config_fault(l->src.faults, mark, path,
                         "'%s' is reserved (allowed: any other name)", name);
            return false;
        }
    }
    uint32_t taken = text_map_get(l->object_names, name);
    if (taken != UINT32_MAX) {
        const struct load_object *other = &l->objects[taken];
        config_fault(l->src.faults, mark, path,
                     "'%s' is taken by the %s at %s:%d:%d (allowed: one name once among "
                     "places, classes, buses and devices)",
                     name, config_faults_say(l->src.faults, other->kind),
                     other->mark.file, other->mark.line, other->mark.column);
        return false;
    }
    if (text_map_put(l->object_names, name, (uint32_t)l->object_count) < 0)
        return false;
    l->objects[l->object_count++] = (struct load_object){name, kind, mark};
    return true;
}

/* told_alike - one of the objects from @first on has this id in other capitals: to people
 * it is the same. */
static bool told_alike(struct load *l, size_t first, const struct config_node *id,
                       const char *path)
{
    for (size_t i = first; i < l->object_count; i++) {
        const struct load_object *other = &l->objects[i];
        if (strcasecmp(other->name, config_scalar(id)) != 0
            || strcmp(other->name, config_scalar(id)) == 0)
            continue;
        config_fault(
            l->src.faults, config_where(id), path,
            "'%s' cannot be told from the %s '%s' at %s:%d:%d (allowed: ids that "
            "differ in more than capitals)",
            config_scalar(id), other->kind, other->name, other->mark.file,
            other->mark.line, other->mark.column);
        return true;
    }
    return false;
}

/* objects_of - takes the ids of one list of campus.yaml, which campus/ reads in full. */
static void objects_of(struct load *l, const char *section, const char *kind)
{
    const struct config_node *list = config_child(l->config->campus, section);
    size_t first = l->object_count;

    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *item = config_item(list, i);
        const struct config_node *id = config_child(item, "id");
        const char *path = config_path_item(&l->src, section, item, i);
        if (config_scalar(id) && !told_alike(l, first, id, path))
            load_object_add(l, kind, config_scalar(id), config_where(id), path);
    }
}

static size_t objects_most(const struct load *l)
{
    size_t count = config_count(config_child(l->config->campus, "places"))
                   + config_count(config_child(l->config->campus, "classes"));

    for (size_t i = 0; i < l->devices.count; i++)
        count += config_count(config_child(l->devices.roots[i], "buses"))
                 + config_count(config_child(l->devices.roots[i], "devices"));
    return count;
}

int load_objects(struct load *l)
{
    size_t most = objects_most(l) + 1;

    l->objects = arena_alloc(l->src.passing, most * sizeof(*l->objects));
    l->places = arena_alloc(l->src.passing, most * sizeof(*l->places));
    if (!l->objects || !l->places || text_map_new(most, &l->object_names) < 0)
        return -ENOMEM;
    objects_of(l, "places", "place");
    for (size_t i = 0; i < l->object_count; i++)
        l->places[l->place_count++] = l->objects[i].name;
    objects_of(l, "classes", "class");
    return 0;
}
