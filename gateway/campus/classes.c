#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "campus/school.h"
#include "config/suggest.h"

const char *const stage_names[] = {
    [GW_PRIMARY] = "primary",
    [GW_JUNIOR] = "junior",
    [GW_SENIOR] = "senior",
    NULL,
};

enum { CAPACITY_FACTOR = 4, LIMIT_FACTOR = 2, STAGE_CLASSES_MIN = 3 };

_Static_assert(sizeof(enum gw_stage) == sizeof(int), "GW_OPT_ENUM fills an int");

#define CLASS(field) offsetof(struct gw_class, field)
const struct gw_option class_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = CLASS(id),
     .required = true,
     .help = "year of entry, stage, number: 2024-P-01"},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = CLASS(title),
     .help = "for people, and in a timetable: 三年级一班"},
    {.name = "stage",
     .type = GW_OPT_ENUM,
     .offset = CLASS(stage),
     .required = true,
     .choices = stage_names,
     .help = "its bells and its limit"},
    {.name = "enrolled",
     .type = GW_OPT_UINT,
     .offset = CLASS(enrolled),
     .required = true,
     .min = 0,
     .max = 200,
     .help = "pupils on the roster"},
    {.name = "staff",
     .type = GW_OPT_UINT,
     .offset = CLASS(staff),
     .min = 0,
     .max = 10,
     .fallback = "1",
     .help = "adults usually in the room"},
    {.name = "limit",
     .type = GW_OPT_UINT,
     .offset = CLASS(limit),
     .min = 0,
     .max = 200,
     .fallback = "0",
     .help = "pupils the policy allows; the stage's unless said"},
    {0},
};

/* class_stage - what the stage gives: the limit, and bells where the school has any; what
 * it lacks is told once, not of each class. */
static void class_stage(struct gw_campus *c, struct config_source *src,
                        const struct config_node *node, const char *path,
                        struct gw_class *class)
{
    struct school_stage *stage = &c->stages[class->stage];
    if (class->limit == 0)
        class->limit = c->stages[class->stage].limit;
    if (class->limit == 0 && !stage->is_limit_told)
        config_fault(src->faults, config_where(node), path,
                     "no limit is stated (allowed: limit here, or stages.%s.limit)",
                     stage_names[class->stage]);
    stage->is_limit_told |= class->limit == 0;
    bool has_bells = !c->has_bells || stage->bells.count > 0;
    if (!has_bells && !stage->are_bells_told)
        config_fault(src->faults, config_where(node), path,
                     "stage '%s' has no bells (allowed: a stage with bells.%s)",
                     stage_names[class->stage], stage_names[class->stage]);
    stage->are_bells_told |= !has_bells;
    stage->bells.is_faulty |=
        !has_bells; /* of the timetable every lesson would be told */
}

static bool is_over(const struct gw_class *class)
{
    return class->limit > 0 && class->enrolled > LIMIT_FACTOR * class->limit;
}

static void tell_over(struct config_source *src, const struct config_node *node,
                      const char *path, const struct gw_class *class)
{
    config_warning(
        src->faults, config_where(node), path,
        "limit %u, but class '%s' has %u enrolled (wanted: the pupils that the "
        "policy allows)",
        (unsigned)class->limit, class->id, (unsigned)class->enrolled);
}

/* told_limit - where most classes of a stage are far over its limit, that is wrong and
 * not their numbers. */
static bool told_limit(const struct gw_campus *c, struct config_source *src,
                       const struct config_node *campus, enum gw_stage stage)
{
    const struct config_node *stages = config_child(campus, "stages");
    const struct config_node *node = config_child(stages, stage_names[stage]);
    const struct gw_class *first = NULL;
    const char *path = arena_format(src->arena, "stages.%s", stage_names[stage]);
    size_t count = 0;
    size_t over = 0;
    size_t above = 0;
    for (size_t i = 0; i < c->class_count; i++) {
        const struct gw_class *class = &c->classes[i];
        bool is_its = class->stage == stage && class->limit == c->stages[stage].limit;
        count += is_its;
        over += is_its && is_over(class);
        above += is_its && class->limit > 0 && class->enrolled > class->limit;
        first = !first && is_its && is_over(class) ? class : first;
    }
    if (path && above >= STAGE_CLASSES_MIN && above == count && over == 0)
        config_warning(src->faults, config_where(config_child(node, "limit")), path,
                       "limit %u, and all %zu classes have more enrolled (wanted: pupils "
                       "that a class may have)",
                       (unsigned)c->stages[stage].limit, count);
    if (!path || over < 2 || 2 * over <= count)
        return false;
    config_warning(
        src->faults, config_where(config_child(node, "limit")), path,
        "limit %u, but %zu of %zu classes have more than twice as many "
        "enrolled, such as '%s' with %u (wanted: pupils that a class may have)",
        (unsigned)first->limit, over, count, first->id, (unsigned)first->enrolled);
    return true;
}

/* check_limits - of the classes that have no limit of their own. */
static void check_limits(struct gw_campus *c, struct config_source *src,
                         const struct config_node *campus)
{
    const struct config_node *list = config_child(campus, "classes");
    bool is_told[GW_STAGES];
    for (int i = 0; i < GW_STAGES; i++) {
        is_told[i] = told_limit(c, src, campus, (enum gw_stage)i);
        c->stages[i].is_limit_told |= is_told[i];
    }
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *node = config_item(list, i);
        const char *id = config_scalar(config_child(node, "id"));
        const struct gw_class *class = id ? gw_campus_class(c, id) : NULL;
        if (class && is_over(class) && !is_told[class->stage]
            && !config_child(node, "limit"))
            tell_over(src, config_child(node, "enrolled"),
                      config_path_item(src, "classes", node, i), class);
    }
}

static void class_unknown(const struct gw_campus *c, struct config_source *src,
                          const struct config_node *node, const char *path)
{
    struct suggest near = {.wanted = config_scalar(node)};

    for (size_t i = 0; i < c->class_count; i++)
        suggest_offer(&near, c->classes[i].id);
    if (near.best)
        config_fault(src->faults, config_where(node), path,
                     "unknown class '%.80s' (did you mean '%s'?)", near.wanted,
                     near.best);
    else
        config_fault(src->faults, config_where(node), path,
                     "unknown class '%.80s' (allowed: an id of classes)", near.wanted);
}

/* class_fits - a room that its own class overfills is mostly a slip of the pen. */
static void class_fits(const struct gw_campus *c, struct config_source *src,
                       const struct config_node *place, const char *path,
                       const struct gw_class *class)
{
    const struct gw_place *room = gw_campus_place(c, class->place_id);

    if (room && room->capacity > 0 && room->capacity < class->enrolled)
        config_warning(src->faults, config_where(config_child(place, "capacity")), path,
                       "capacity %u, but class '%s' has %u enrolled (wanted: what the "
                       "room may hold)",
                       (unsigned)room->capacity, class->id, (unsigned)class->enrolled);
    uint32_t most = class->limit > class->enrolled ? class->limit : class->enrolled;
    if (room && room->capacity > CAPACITY_FACTOR * most)
        config_warning(src->faults, config_where(config_child(place, "capacity")), path,
                       "capacity %u, for class '%s' of at most %u (wanted: what the room "
                       "may hold)",
                       (unsigned)room->capacity, class->id, (unsigned)most);
}

/* class_staged - a room follows its class's bells: another stage is a slip in one or the
 * other. */
static void class_staged(const struct gw_campus *c, struct config_source *src,
                         const struct config_node *place, const char *path,
                         const struct gw_class *class)
{
    const struct gw_place *room = gw_campus_place(c, class->place_id);
    if (room && room->stage < GW_STAGES && room->stage != (int)class->stage)
        config_warning(src->faults, config_where(config_child(place, "stage")), path,
                       "stage '%s', but class '%s' is at home here, of stage '%s' "
                       "(wanted: no stage, a room follows its class)",
                       stage_names[room->stage], class->id, stage_names[class->stage]);
}

/* class_housed - a class in a canteen or corridor is a slip, if the catalogue tells which
 * kinds of places are homes. */
static void class_housed(const struct gw_campus *c, struct config_source *src,
                         const struct config *config, const struct config_node *place,
                         const char *path, const struct gw_class *class)
{
    const struct gw_place *room = gw_campus_place(c, class->place_id);
    const struct config_kind *kind = room ? config_kind(config, room->kind, NULL) : NULL;
    bool is_known = false;
    for (size_t i = 0; i < config->kind_count; i++)
        is_known |= config->kinds[i].is_home;
    if (!kind || kind->is_home || !is_known)
        return;
    const char *title =
        config_faults_is_chinese(src->faults) ? kind->title.zh : kind->name;
    config_warning(src->faults, config_where(config_child(place, "class")), path,
                   "class '%s' is at home in '%s', a %s (wanted: a classroom)", class->id,
                   room->id, title);
}

/* class_home - @place says which class is at home there. */
static void class_home(struct gw_campus *c, struct config_source *src,
                       const struct config *config, const struct config_node *place,
                       const char *path)
{
    const struct config_node *node = config_child(place, "class");
    const char *id = config_scalar(node);
    const char *place_id = config_scalar(config_child(place, "id"));

    if (!id || !place_id)
        return;
    uint32_t index = text_map_get(c->class_ids, id);
    if (index == UINT32_MAX) {
        class_unknown(c, src, node, path);
        return;
    }
    if (c->classes[index].place_id)
        config_fault(src->faults, config_where(node), path,
                     "class '%s' is at home in '%s' already (allowed: one place a class)",
                     id, c->classes[index].place_id);
    else {
        c->classes[index].place_id = place_id;
        class_fits(c, src, place, path, &c->classes[index]);
        class_housed(c, src, config, place, path, &c->classes[index]);
        class_staged(c, src, place, path, &c->classes[index]);
    }
}

static int class_load(struct gw_campus *c, struct config_source *src,
                      const struct config_node *node, const char *path)
{
    struct gw_class *class = &c->classes[c->class_count];
    bool is_good = config_fill(src, node, path, class_options, class, NULL);

    if (is_good)
        class_stage(c, src, node, path, class);
    if (is_good && is_over(class) && config_child(node, "limit"))
        tell_over(src, config_child(node, "limit"), path, class);
    if (!class->title.zh)
        class->title = (struct gw_text){class->id, class->id};
    if (!class->id)
        return 0;
    int r = text_map_put(c->class_ids, class->id, (uint32_t)c->class_count);
    if (r == 0) /* an id that stands again was reported by config/ */
        c->class_count++;
    return r == -ENOMEM ? r : 0;
}

int classes_load(struct gw_campus *c, struct config_source *src,
                 const struct config *config)
{
    const struct config_node *campus = config->campus;
    const struct config_node *list = config_child(campus, "classes");
    const struct config_node *places = config_child(campus, "places");
    size_t count = config_count(list);
    int r = 0;

    c->classes = arena_alloc(src->arena, (count + 1) * sizeof(*c->classes));
    if (!c->classes || text_map_new(count + 1, &c->class_ids) < 0)
        return -ENOMEM;
    if (list && !config_is_list(list))
        config_fault(src->faults, config_where(list), "classes",
                     "no list stands here (allowed: a list of classes)");
    for (size_t i = 0; config_is_list(list) && i < count && r == 0; i++) {
        const struct config_node *node = config_item(list, i);
        r = class_load(c, src, node, config_path_item(src, "classes", node, i));
    }
    check_limits(c, src, campus);
    for (size_t i = 0; config_is_list(places) && i < config_count(places); i++) {
        const struct config_node *place = config_item(places, i);
        class_home(c, src, config, place, config_path_item(src, "places", place, i));
    }
    return r;
}

uint32_t campus_class_index(const struct gw_campus *c, const char *id)
{
    return text_map_get(c->class_ids, id);
}

const struct gw_class *gw_campus_class(const struct gw_campus *campus, const char *id)
{
    uint32_t index = campus_class_index(campus, id);
    return index == UINT32_MAX ? NULL : &campus->classes[index];
}

const struct gw_class *gw_campus_classes(const struct gw_campus *campus,
                                         size_t *ret_count)
{
    *ret_count = campus->class_count;
    return campus->classes;
}

const char *gw_stage_name(enum gw_stage stage)
{
    return (size_t)stage < GW_STAGES ? stage_names[stage] : "unknown";
}
