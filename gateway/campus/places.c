#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "campus/campus.h"
#include "campus/school.h"
#include "config/suggest.h"

/* As enum gw_stage has them; GW_STAGES is the school's. */
static const char *const place_stages[] = {"primary", "junior", "senior", "school", NULL};

#define PLACE(field) offsetof(struct gw_place, field)
const struct gw_option place_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = PLACE(id),
     .required = true,
     .help = "its short name, b1-203"},
    {.name = "kind",
     .type = GW_OPT_STRING,
     .offset = PLACE(kind),
     .required = true,
     .help = "classroom, corridor, gate, dormitory, sports_ground, …, or its title; or a "
             "word of the school's own"},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = PLACE(title),
     .required = true,
     .help = "for people"},
    {.name = "tags",
     .type = GW_OPT_STRINGS,
     .offset = PLACE(tags),
     .help = "words that rules may ask for"},
    {.name = "capacity",
     .type = GW_OPT_UINT,
     .offset = PLACE(capacity),
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .help = "persons it may hold, 0 = none stated"},
    {.name = "class",
     .type = GW_OPT_ID,
     .offset = PLACE(class_id),
     .help = "the class at home here"},
    {.name = "stage",
     .type = GW_OPT_ENUM,
     .offset = PLACE(stage),
     .choices = place_stages,
     .fallback = "school",
     .help = "whose bells it follows without a class; school: gateway.yaml's "
             "school.stage"},
    {0},
};

/* place_kind - the catalogue's name of what people call it.  A kind of the school's own
 * that looks like a slip of the pen is said, not refused. */
static void place_kind(struct config_source *src, const struct config *config,
                       const struct config_node *node, const char *path,
                       const char **kind)
{
    const struct config_mark mark = config_where(config_child(node, "kind"));
    char titles[CONFIG_KINDS_TEXT];
    struct suggest title = {.wanted = *kind};
    struct suggest name = {.wanted = *kind};
    const struct config_kind *called = config_kind_called(config, *kind, &title);
    if (called)
        *kind = called->name;
    else if (!config_is_id(*kind) && title.best)
        config_fault(src->faults, mark, path,
                     "'%s' is no kind of place (did you mean '%s'?)", *kind, title.best);
    else if (!config_is_id(*kind))
        config_fault(src->faults, mark, path, "'%s' is no kind of place (allowed: %s)",
                     *kind, config_kind_titles(config, titles));
    else if (!config_kind(config, *kind, &name) && name.best)
        config_warning(src->faults, mark, path,
                       "kind '%s' is not one that the rules know (did you mean '%s'?)",
                       *kind, name.best);
}

static void place_stage(const struct gw_campus *c, struct config_source *src,
                        const struct config_node *node, const char *path,
                        const struct gw_place *place)
{
    if (place->stage < GW_STAGES && c->has_bells
        && c->stages[place->stage].bells.count == 0
        && !c->stages[place->stage].bells.is_faulty)
        config_fault(src->faults, config_where(config_child(node, "stage")), path,
                     "stage '%s' has no bells (allowed: a stage with bells.%s)",
                     place_stages[place->stage], place_stages[place->stage]);
}

int places_load(struct gw_campus *c, struct config_source *src,
                const struct config *config)
{
    const struct config_node *list = config_child(config->campus, "places");
    size_t count = config_count(list);

    c->places = arena_alloc(src->arena, (count + 1) * sizeof(*c->places));
    if (!c->places || text_map_new(count + 1, &c->place_ids) < 0)
        return -ENOMEM;
    if (list && !config_is_list(list))
        config_fault(src->faults, config_where(list), "places",
                     "no list stands here (allowed: a list of places)");
    for (size_t i = 0; config_is_list(list) && i < count; i++) {
        const struct config_node *node = config_item(list, i);
        const char *path = config_path_item(src, "places", node, i);
        struct gw_place *place = &c->places[c->place_count];
        if (!config_fill(src, node, path, place_options, place, NULL))
            continue;
        place_kind(src, config, node, path, &place->kind);
        place_stage(c, src, node, path, place);
        int r = text_map_put(c->place_ids, place->id, (uint32_t)c->place_count);
        if (r == -ENOMEM)
            return r;
        if (r == 0) /* an id that stands again was reported by config/ */
            c->place_count++;
    }
    return 0;
}

bool gw_place_has_tag(const struct gw_place *place, const char *tag)
{
    for (size_t i = 0; i < place->tags.count; i++)
        if (strcmp(place->tags.items[i], tag) == 0)
            return true;
    return false;
}

/* Of a kind that the catalogue does not know nobody can say. */
bool place_has_lessons(const struct config *config, const struct gw_place *place)
{
    const struct config_kind *kind = config_kind(config, place->kind, NULL);
    bool is_known = false;
    for (size_t i = 0; i < config->kind_count; i++)
        is_known |= config->kinds[i].is_home;
    return !kind || !is_known || kind->is_home || kind->is_shared || kind->is_taught;
}

bool place_is_single(const struct config *config, const struct gw_place *place,
                     enum gw_subject_kind kind)
{
    const struct config_kind *of = config_kind(config, place->kind, NULL);
    return kind != GW_SUBJECT_OUTDOOR && !(of && of->is_shared);
}

const struct gw_place *gw_campus_place(const struct gw_campus *campus, const char *id)
{
    uint32_t index = text_map_get(campus->place_ids, id);
    return index == UINT32_MAX ? NULL : &campus->places[index];
}

const struct gw_place *gw_campus_places(const struct gw_campus *campus, size_t *ret_count)
{
    *ret_count = campus->place_count;
    return campus->places;
}
