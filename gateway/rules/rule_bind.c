#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "rules/rule_model.h"

/* chain - the points of each object (or device), in table order. */
struct chain {
    struct text_map *heads;
    uint32_t *next;
    uint32_t *tail; /* by head */
};

/* found - the points of one instance before it is made. */
struct found {
    struct {
        uint32_t point;
        uint8_t input;
    } * items;
    size_t count;
    size_t room;
};

/* binding - one run of rule_bind(). */
struct binding {
    struct rules *rules;
    struct chain objects;
    struct chain devices;
    struct chain buses;
    const struct config *config;
    struct found found;
};

/* target - one object that a rule is about. */
struct target {
    const char *object;
    const char *phase_object;
    uint32_t points; /* head of its chain, UINT32_MAX = none */
    uint32_t others; /* objects' points where it has none: the class's room, the device */
    const struct chain *chain; /* of points and their next; NULL = the objects' */
    const char *bus; /* of a device: whose it is when the device has none either */
    bool is_school;
    const struct gw_place *place;
    const struct gw_class *class;
};

static void chain_done(struct chain *c)
{
    text_map_free(c->heads);
    free(c->next);
    free(c->tail);
}

static int chain_new(size_t count, struct chain *ret)
{
    ret->next = malloc((count + 1) * sizeof(uint32_t));
    ret->tail = malloc((count + 1) * sizeof(uint32_t));
    if (!ret->next || !ret->tail)
        return -ENOMEM;
    return text_map_new(count, &ret->heads);
}

static int chain_add(struct chain *c, const char *key, uint32_t index)
{
    uint32_t head = text_map_get(c->heads, key);
    c->next[index] = UINT32_MAX;
    if (head == UINT32_MAX) {
        c->tail[index] = index;
        return text_map_put(c->heads, key, index);
    }
    c->next[c->tail[head]] = index;
    c->tail[head] = index;
    return 0;
}

static const char *bus_name(const struct binding *b, const struct config_point *point)
{
    return b->config->buses[b->config->devices[point->device].bus].name;
}

static int chains_fill(struct binding *b)
{
    const struct point_table *table = b->rules->table;
    size_t count = point_table_count(table);
    int r = chain_new(count, &b->objects);
    if (r == 0)
        r = chain_new(count, &b->devices);
    if (r == 0)
        r = chain_new(count, &b->buses);
    for (size_t i = 0; i < count && r == 0; i++) {
        const struct point_entry *entry = point_table_entry(table, i);
        r = chain_add(&b->objects, entry->object, (uint32_t)i);
        if (r == 0 && entry->device)
            r = chain_add(&b->devices, entry->device, (uint32_t)i);
        if (r == 0 && entry->config)
            r = chain_add(&b->buses, bus_name(b, entry->config), (uint32_t)i);
    }
    return r;
}

static struct rule_point *binding_point(struct rules *r, size_t index)
{
    struct rule_point *point = r->points[index];
    if (!point) {
        point = arena_alloc(r->arena, sizeof(*point));
        if (!point)
            return NULL;
        point->entry = point_table_entry(r->table, index);
        point->value = NAN;
        point->indication = NAN;
        point->least = NAN;
        point->reason = GW_REASON_UNSEEN;
        r->points[index] = point;
    }
    return point;
}

static bool entry_fits(const struct point_entry *entry, const struct rule_input *input)
{
    return !input->metric || entry->metric == input->metric;
}

static int find_add(struct found *found, size_t point, size_t input)
{
    if (found->count == found->room) {
        size_t room = found->room > 0 ? 2 * found->room : 64;
        void *grown = realloc(found->items, room * sizeof(*found->items));
        if (!grown)
            return -ENOMEM;
        found->items = grown;
        found->room = room;
    }
    found->items[found->count].point = (uint32_t)point;
    found->items[found->count++].input = (uint8_t)input;
    return 0;
}

static int find_in_chain(struct binding *b, const struct chain *chain, uint32_t head,
                         const struct rule_input *input, size_t number)
{
    int r = 0;
    for (uint32_t i = head; i != UINT32_MAX && r == 0; i = chain->next[i])
        if (entry_fits(point_table_entry(b->rules->table, i), input))
            r = find_add(&b->found, i, number);
    return r;
}

static int find_in_school(struct binding *b, const struct rule_input *input,
                          size_t number)
{
    int r = 0;
    for (size_t i = 0; i < point_table_count(b->rules->table) && r == 0; i++)
        if (entry_fits(point_table_entry(b->rules->table, i), input))
            r = find_add(&b->found, i, number);
    return r;
}

static int find_input(struct binding *b, const struct target *target,
                      const struct rule_input *input, size_t number)
{
    const struct chain *chain = target->chain ? target->chain : &b->objects;
    size_t before = b->found.count;
    if (target->is_school)
        return find_in_school(b, input, number);
    int r = find_in_chain(b, chain, target->points, input, number);
    if (r == 0 && b->found.count == before)
        r = find_in_chain(b, &b->objects, target->others, input, number);
    if (r == 0 && b->found.count == before && target->bus)
        r = find_in_chain(b, &b->objects, text_map_get(b->objects.heads, target->bus),
                          input, number);
    return r;
}

/* What is not stated is unknown. */
static double stated(uint32_t value)
{
    return value > 0 ? (double)value : (double)NAN;
}

static double school_attribute(const struct gw_school *school,
                               enum rule_attribute attribute)
{
    const double answers[] = {
        [RULE_CAPACITY] = NAN,
        [RULE_ENROLLED] = stated(school->enrolled),
        [RULE_LIMIT] = NAN,
        [RULE_STAFF] = NAN,
        [RULE_NINE_YEAR] = school->is_nine_year,
        [RULE_BUILT_AFTER_POLICY] = school->is_built_after_policy,
        [RULE_EXERCISE_TARGET] = stated(school->exercise_min),
    };
    return answers[attribute];
}

/* The school's target is that of each of its classes. */
static double target_attribute(const struct target *target,
                               const struct gw_school *school,
                               enum rule_attribute attribute)
{
    static const struct gw_place nowhere = {0};
    static const struct gw_class nobody = {0};
    const struct gw_place *place = target->place ? target->place : &nowhere;
    const struct gw_class *class = target->class ? target->class : &nobody;
    const double answers[] = {
        [RULE_CAPACITY] = stated(place->capacity),
        [RULE_ENROLLED] = stated(class->enrolled),
        [RULE_LIMIT] = stated(class->limit),
        [RULE_STAFF] = target->class ? (double)class->staff : (double)NAN,
        [RULE_NINE_YEAR] = NAN,
        [RULE_BUILT_AFTER_POLICY] = NAN,
        [RULE_EXERCISE_TARGET] =
            target->class ? stated(school->exercise_min) : (double)NAN,
    };
    return answers[attribute];
}

static double attribute_of(const struct target *target, const struct gw_school *school,
                           enum rule_attribute attribute)
{
    return target->is_school ? school_attribute(school, attribute)
                             : target_attribute(target, school, attribute);
}

/* Finds every input of @rule in @target; *ret_is_whole false: the object is left out. */
static int find_all(struct binding *b, const struct rule *rule,
                    const struct target *target, double *fixed, bool *ret_is_whole)
{
    int r = 0;
    b->found.count = 0;
    *ret_is_whole = true;
    for (size_t i = 0; i < rule->input_count && r == 0 && *ret_is_whole; i++) {
        const struct rule_input *input = &rule->inputs[i];
        size_t before = b->found.count;
        fixed[i] = NAN;
        if (input->kind == RULE_ATTRIBUTE)
            fixed[i] = attribute_of(target, gw_campus_school(b->rules->campus),
                                    input->attribute);
        else
            r = find_input(b, target, input, i);
        if (isnan(fixed[i]))
            fixed[i] = input->absent;
        *ret_is_whole = b->found.count > before || !isnan(fixed[i]);
    }
    return r;
}

static int feed_bind(struct rules *r, struct rule_instance *instance,
                     const struct found *found, size_t index)
{
    struct rule_feed *feed = &instance->feeds[index];
    const struct rule_input *input = &instance->rule->inputs[found->items[index].input];
    feed->instance = instance;
    feed->input = found->items[index].input;
    feed->point = binding_point(r, found->items[index].point);
    if (!feed->point)
        return -ENOMEM;
    struct rule_feed **link =
        feed->point->last ? &feed->point->last->next : &feed->point->feeds;
    *link = feed;
    feed->point->last = feed;
    instance->feed_count++;
    return input->kind == RULE_WINDOW ? window_new(input->over_us, &feed->window) : 0;
}

static int instances_add(struct rules *r, struct rule_instance *instance)
{
    if (r->instance_count == r->instance_room) {
        size_t room = r->instance_room > 0 ? 2 * r->instance_room : 64;
        struct rule_instance **grown =
            realloc(r->instances, room * sizeof(struct rule_instance *));
        if (!grown)
            return -ENOMEM;
        r->instances = grown;
        r->instance_room = room;
    }
    instance->index = r->instance_count;
    r->instances[r->instance_count++] = instance;
    instance->rule->instances++;
    return 0;
}

static int instance_bind(struct binding *b, struct rule *rule,
                         const struct target *target)
{
    struct rules *r = b->rules;
    const struct found *found = &b->found;
    double fixed[EXPRESSION_NAMES_MAX] = {0};
    bool is_whole = false;
    rule->objects_named++;
    int e = find_all(b, rule, target, fixed, &is_whole);
    if (e < 0 || !is_whole)
        return e;
    const size_t fixed_size = rule->input_count * sizeof(fixed[0]);
    struct rule_instance *instance =
        arena_alloc(r->arena, sizeof(*instance) + fixed_size);
    if (!instance)
        return -ENOMEM;
    *instance = (struct rule_instance){.rule = rule,
                                       .object = target->object,
                                       .phase_object = target->phase_object,
                                       .hold = {.since_us = GW_TIME_NONE},
                                       .severity = rule->alarm.severity,
                                       .expected = {.blind = {.since_us = GW_TIME_NONE}},
                                       .until_us = GW_TIME_NONE,
                                       .judged_us = GW_TIME_NONE,
                                       .day = {.last_us = GW_TIME_NONE,
                                               .start_us = GW_TIME_NONE,
                                               .end_us = GW_TIME_NONE}};
    memcpy(instance->fixed, fixed, fixed_size);
    instance->feeds = arena_alloc(r->arena, found->count * sizeof(struct rule_feed));
    e = instance->feeds ? instances_add(r, instance) : -ENOMEM;
    for (size_t i = 0; i < found->count && e == 0; i++)
        e = feed_bind(r, instance, found, i);
    return e;
}

static bool names_match(const struct gw_strings *globs, const char *id)
{
    for (size_t i = 0; i < globs->count; i++)
        if (fnmatch(globs->items[i], id, 0) == 0)
            return true;
    return false;
}

static bool place_fits(const struct rule_objects *objects, const struct gw_place *place)
{
    if (objects->each == RULE_EACH_KIND)
        return place->kind && strcmp(place->kind, objects->names.items[0]) == 0;
    if (objects->each == RULE_EACH_PLACES)
        return names_match(&objects->names, place->id);
    return gw_place_has_tag(place, objects->names.items[0]);
}

static int bind_places(struct binding *b, struct rule *rule)
{
    const struct gw_campus *campus = b->rules->campus;
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(campus, &count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        const struct gw_place *place = &places[i];
        struct target target = {
            .object = place->id,
            .phase_object = place->id,
            .points = text_map_get(b->objects.heads, place->id),
            .others = UINT32_MAX,
            .place = place,
            .class = place->class_id ? gw_campus_class(campus, place->class_id) : NULL,
        };
        if (place_fits(&rule->objects, place))
            r = instance_bind(b, rule, &target);
    }
    return r;
}

static int bind_classes(struct binding *b, struct rule *rule)
{
    const struct gw_campus *campus = b->rules->campus;
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        const struct gw_class *class = &classes[i];
        const char *home = class->place_id;
        struct target target = {
            .object = class->id,
            .phase_object = class->id,
            .points = text_map_get(b->objects.heads, class->id),
            .others = home ? text_map_get(b->objects.heads, home) : UINT32_MAX,
            .place = home ? gw_campus_place(campus, home) : NULL,
            .class = class,
        };
        if (names_match(&rule->objects.names, class->id))
            r = instance_bind(b, rule, &target);
    }
    return r;
}

/* A device is met at the first of its points; what a plugin derives for it is its own,
 * and it has what its bus has. */
static int bind_devices(struct binding *b, struct rule *rule)
{
    const struct config_metric *metric = rule->objects.metric;
    const struct point_table *table = b->rules->table;
    int r = 0;
    for (size_t i = 0; i < point_table_count(table) && r == 0; i++) {
        const struct point_entry *entry = point_table_entry(table, i);
        uint32_t head =
            entry->device ? text_map_get(b->devices.heads, entry->device) : UINT32_MAX;
        bool has_metric = false;
        if (head != i)
            continue;
        uint32_t own = text_map_get(b->objects.heads, entry->device);
        for (uint32_t k = head; k != UINT32_MAX; k = b->devices.next[k])
            has_metric |= !metric || point_table_entry(table, k)->metric == metric;
        for (uint32_t k = own; k != UINT32_MAX; k = b->objects.next[k])
            has_metric |= point_table_entry(table, k)->metric == metric;
        struct target target = {
            .object = entry->device,
            .phase_object = entry->object,
            .points = head,
            .others = own,
            .chain = &b->devices,
            .bus = bus_name(b, entry->config),
            .place = gw_campus_place(b->rules->campus, entry->object),
        };
        if (has_metric)
            r = instance_bind(b, rule, &target);
    }
    return r;
}

/* Every point that comes over the bus; the phase is the school's. */
static int bind_buses(struct binding *b, struct rule *rule)
{
    int r = 0;
    for (size_t i = 0; i < b->config->bus_count && r == 0; i++) {
        const char *name = b->config->buses[i].name;
        struct target target = {.object = name,
                                .points = text_map_get(b->buses.heads, name),
                                .others = text_map_get(b->objects.heads, name),
                                .chain = &b->buses};
        if (names_match(&rule->objects.names, name))
            r = instance_bind(b, rule, &target);
    }
    return r;
}

static int bind_school(struct binding *b, struct rule *rule)
{
    struct target target = {.object = "school",
                            .points = UINT32_MAX,
                            .others = UINT32_MAX,
                            .is_school = true};
    return instance_bind(b, rule, &target);
}

/* The gateway's own points belong to no place. */
static int bind_gateway(struct binding *b, struct rule *rule)
{
    struct target target = {.object = "gateway",
                            .points = text_map_get(b->objects.heads, "gateway"),
                            .others = UINT32_MAX};
    return instance_bind(b, rule, &target);
}

static int (*const bind_each[])(struct binding *b, struct rule *rule) = {
    [RULE_EACH_KIND] = bind_places,     [RULE_EACH_TAG] = bind_places,
    [RULE_EACH_PLACES] = bind_places,   [RULE_EACH_DEVICES] = bind_devices,
    [RULE_EACH_CLASSES] = bind_classes, [RULE_EACH_SCHOOL] = bind_school,
    [RULE_EACH_GATEWAY] = bind_gateway, [RULE_EACH_BUSES] = bind_buses,
};

static int rules_bind_all(struct binding *b)
{
    struct rules *r = b->rules;
    int e = chains_fill(b);
    for (size_t i = 0; i < r->rule_count && e == 0; i++)
        e = bind_each[r->rules[i]->objects.each](b, r->rules[i]);
    return e;
}

int rule_bind(struct rules *r, const struct config *config)
{
    struct binding b = {.rules = r, .config = config};
    r->points = arena_alloc(r->arena, (point_table_count(r->table) + 1)
                                          * sizeof(struct rule_point *));
    int e = r->points ? rules_bind_all(&b) : -ENOMEM;
    chain_done(&b.objects);
    chain_done(&b.devices);
    chain_done(&b.buses);
    free(b.found.items);
    return e == 0 ? deadlines_new(r->instance_count, &r->due) : e;
}
