#include "campus/subjects.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "campus/names.h"
#include "campus/school.h"
#include "config/suggest.h"

/* Lessons name their subject by a small number. */
enum { SUBJECTS_MAX = 200 };

static const char *const kinds[] = {
    [GW_SUBJECT_ROOM] = "room",
    [GW_SUBJECT_OUTDOOR] = "outdoor",
    [GW_SUBJECT_SPECIAL] = "special",
    NULL,
};

_Static_assert(sizeof(enum gw_subject_kind) == sizeof(int), "GW_OPT_ENUM fills an int");

#define SUBJECT(field) offsetof(struct subject, field)
const struct gw_option subject_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = SUBJECT(id),
     .required = true,
     .help = "its short name, math"},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = SUBJECT(title),
     .required = true,
     .help = "for people, and in a timetable"},
    {.name = "kind",
     .type = GW_OPT_ENUM,
     .offset = SUBJECT(kind),
     .choices = kinds,
     .fallback = "room",
     .help = "taught in the class's own room, outdoor, or in a special room"},
    {.name = "place",
     .type = GW_OPT_ID,
     .offset = SUBJECT(place),
     .help = "where it is taught, unless the timetable says otherwise"},
    {.name = "also",
     .type = GW_OPT_STRINGS,
     .offset = SUBJECT(also),
     .help = "further words for it in a timetable"},
    {0},
};

const char *gw_subject_kind_name(enum gw_subject_kind kind)
{
    return (size_t)kind <= GW_SUBJECT_SPECIAL ? kinds[kind] : "unknown";
}

static int subject_name(struct config_source *src, const struct config_node *node,
                        const char *path, struct subjects *s, const char *name)
{
    if (!name)
        return 0;
    int r = name_put(s->names, name, (uint32_t)s->count);
    uint32_t other = r == -EEXIST ? name_get(s->names, name) : (uint32_t)s->count;
    if (other != s->count)
        config_fault(src->faults, config_where(node), path,
                     "'%s' names also the subject '%s' (allowed: a word for one only)",
                     name, s->items[other].id);
    return r == -ENOMEM ? r : 0;
}

/* warn_commas - words that the comma of a Chinese keyboard made one of. */
static void warn_commas(struct config_source *src, const struct config_node *list,
                        const char *path, const struct gw_strings *words)
{
    static const char *const commas[] = {"，", "、", NULL};
    for (size_t i = 0; i < words->count; i++)
        for (size_t k = 0; commas[k]; k++)
            if (strstr(words->items[i], commas[k]))
                config_warning(src->faults, config_where(config_item(list, i)), path,
                               "'%.80s' is one word with a '%s' in it (wanted: a plain "
                               "comma between two words)",
                               words->items[i], commas[k]);
}

static int subject_load(struct config_source *src, const struct config_node *node,
                        const char *path, struct subjects *s)
{
    struct subject *subject = &s->items[s->count];
    bool is_whole = config_fill(src, node, path, subject_options, subject, NULL);
    warn_commas(src, config_child(node, "also"), path, &subject->also);
    if (!is_whole && !subject->id)
        return 0; /* else its fault is told, and the timetable may have its names */
    if (!subject->title.zh || !subject->title.en)
        subject->title = (struct gw_text){subject->id, subject->id};
    int r = subject_name(src, node, path, s, subject->id);
    if (r == 0)
        r = subject_name(src, node, path, s, subject->title.zh);
    if (r == 0)
        r = subject_name(src, node, path, s, subject->title.en);
    for (size_t i = 0; r == 0 && i < subject->also.count; i++)
        r = subject_name(src, node, path, s, subject->also.items[i]);
    s->count++;
    return r;
}

int subjects_load(struct config_source *src, const struct config_node *node,
                  struct subjects *ret)
{
    size_t count = config_is_list(node) ? config_count(node) : 0;
    if (node && !config_is_list(node))
        config_fault(src->faults, config_where(node), "subjects",
                     "no list stands here (allowed: a list of subjects)");
    if (count > SUBJECTS_MAX) {
        config_fault(src->faults, config_where(node), "subjects",
                     "%zu subjects are too many (allowed: %d)", count, SUBJECTS_MAX);
        count = SUBJECTS_MAX;
    }
    ret->items = arena_alloc(src->arena, (count + 1) * sizeof(*ret->items));
    int r = ret->items ? text_map_new(4 * count + 1, &ret->names) : -ENOMEM;
    for (size_t i = 0; i < count && r == 0; i++) {
        const struct config_node *item = config_item(node, i);
        r = subject_load(src, item, config_path_item(src, "subjects", item, i), ret);
    }
    return r;
}

/* warn_place - a subject in a canteen or corridor, as a lesson there. */
static void warn_place(struct config_source *src, const struct config *config,
                       const struct config_node *node, const char *path,
                       const struct gw_place *place)
{
    if (place_has_lessons(config, place))
        return;
    const struct config_kind *kind = config_kind(config, place->kind, NULL);
    config_warning(src->faults, config_where(node), path,
                   "a lesson in '%s', a %s (wanted: a room where lessons are taught)",
                   place->id,
                   config_faults_is_chinese(src->faults) ? kind->title.zh : kind->name);
}

/* warn_kind - an outdoor subject in a classroom, one of the class's own room where all
 * classes are, or one of another room where there is no roof. */
static void warn_kind(struct config_source *src, const struct config *config,
                      const struct config_node *item, const char *path,
                      const struct gw_place *place)
{
    const struct config_kind *of = config_kind(config, place->kind, NULL);
    const struct config_node *node = config_child(item, "kind");
    const char *kind = node ? config_scalar(node) : kinds[GW_SUBJECT_ROOM];
    bool is_outdoor = kind && strcmp(kind, kinds[GW_SUBJECT_OUTDOOR]) == 0;
    bool is_room = kind && strcmp(kind, kinds[GW_SUBJECT_ROOM]) == 0;
    bool is_special = kind && strcmp(kind, kinds[GW_SUBJECT_SPECIAL]) == 0;
    if (!of
        || !((is_outdoor && of->is_home) || (is_room && of->is_shared)
             || (is_special && of->is_open_air)))
        return;
    config_warning(
        src->faults, config_where(node ? node : config_child(item, "place")), path,
        "kind %s, and it is taught in '%s', a %s (wanted: a subject and a "
        "place that fit; is the kind of one of them wrong?)",
        kind, place->id, config_faults_is_chinese(src->faults) ? of->title.zh : of->name);
}

void subjects_place(struct gw_campus *c, struct config_source *src,
                    const struct config *config, const struct config_node *list)
{
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *item = config_item(list, i);
        const struct config_node *node = config_child(item, "place");
        const char *path = config_path_item(src, "subjects", item, i);
        const char *place = config_scalar(node);
        const struct gw_place *found = place ? gw_campus_place(c, place) : NULL;
        struct suggest near = {.wanted = place};
        if (found)
            warn_place(src, config, node, path, found);
        if (found)
            warn_kind(src, config, item, path, found);
        if (!place || found)
            continue;
        for (size_t k = 0; k < c->place_count; k++)
            suggest_offer(&near, c->places[k].id);
        if (near.best)
            config_fault(src->faults, config_where(node), path,
                         "unknown place '%.80s' (did you mean '%s'?)", place, near.best);
        else
            config_fault(src->faults, config_where(node), path,
                         "unknown place '%.80s' (allowed: a place that is defined)",
                         place);
    }
}

bool subject_is_taught(const struct gw_campus *c, size_t class, uint32_t subject)
{
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int is_even = 0; is_even <= 1; is_even++)
                if (timetable_cell(&c->timetable, class, weekday, number, is_even).subject
                    == subject + 1)
                    return true;
    return false;
}

bool subject_is_near(const struct gw_campus *c, size_t class, uint32_t subject, int reach)
{
    const struct gw_class *of = &c->classes[class];
    const int grade = name_grade(of->title.zh);
    for (size_t i = 0; i < c->class_count; i++) {
        const struct gw_class *other = &c->classes[i];
        const int its = name_grade(other->title.zh);
        bool is_same = its == grade && other->stage == of->stage;
        bool is_beside = its != grade && its - grade <= reach && grade - its <= reach
                         && other->stage == of->stage;
        if (i != class && (its == 0 || is_same || is_beside)
            && subject_is_taught(c, i, subject))
            return true;
    }
    return false;
}
