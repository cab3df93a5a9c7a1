/* kind.c - the kinds of places of the catalogue. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/load.h"
#include "config/manual.h"
#include "config/sheet.h"

#define KIND(field) offsetof(struct config_kind, field)
const struct gw_option kind_options[] = {
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = KIND(title),
     .required = true,
     .help = "for people, who may write it instead of the name"},
    {.name = "also",
     .type = GW_OPT_STRINGS,
     .offset = KIND(also),
     .help = "further words for it"},
    {.name = "home",
     .type = GW_OPT_BOOL,
     .offset = KIND(is_home),
     .fallback = "false",
     .help = "a class may have its own room there"},
    {.name = "shared",
     .type = GW_OPT_BOOL,
     .offset = KIND(is_shared),
     .fallback = "false",
     .help = "several classes may be taught there at a time"},
    {.name = "taught",
     .type = GW_OPT_BOOL,
     .offset = KIND(is_taught),
     .fallback = "false",
     .help = "lessons are taught there, as in homes and shared places"},
    {.name = "open_air",
     .type = GW_OPT_BOOL,
     .offset = KIND(is_open_air),
     .fallback = "false",
     .help = "it has no roof: what is taught there is out of doors"},
    {.name = "whole",
     .type = GW_OPT_BOOL,
     .offset = KIND(is_whole),
     .fallback = "false",
     .help = "a place of it may be called what is in it, a building 图书馆"},
    {0},
};

static size_t kind_index(const struct config *c, const char *name)
{
    size_t i = 0;
    while (i < c->kind_count && strcmp(c->kinds[i].name, name) != 0)
        i++;
    return i;
}

/* kinds_of - of one file; a kind that an earlier one has is said anew. */
static void kinds_of(struct load *l, const struct config_node *root)
{
    struct config *c = l->config;
    const struct config_node *map = config_child(root, "kinds");
    if (map && !config_is_map(map)) {
        config_fault(l->src.faults, config_where(map), "kinds",
                     "no mapping stands here (allowed: a mapping of names to kinds of "
                     "places)");
        return;
    }
    for (size_t i = 0; i < config_count(map); i++) {
        const char *name = config_key(map, i);
        const char *path = arena_format(l->src.passing, "kinds.%s", name);
        struct config_kind kind = {.name = arena_string(l->src.arena, name)};
        size_t index = kind_index(c, name);
        if (!path || !kind.name
            || !config_fill(&l->src, config_value(map, i), path, kind_options, &kind,
                            NULL))
            continue;
        c->kinds[index] = kind;
        c->kind_count += index == c->kind_count;
    }
}

int load_kinds(struct load *l)
{
    size_t count = 0;
    for (size_t i = 0; i < l->metrics.count; i++)
        count += config_count(config_child(l->metrics.roots[i], "kinds"));
    l->config->kinds = arena_alloc(l->src.arena, (count + 1) * sizeof(*l->config->kinds));
    if (!l->config->kinds)
        return -ENOMEM;
    for (size_t i = 0; i < l->metrics.count; i++)
        kinds_of(l, l->metrics.roots[i]);
    return 0;
}

const struct config_kind *config_kind(const struct config *c, const char *name,
                                      struct suggest *near)
{
    size_t index = kind_index(c, name);
    for (size_t i = 0; near && i < c->kind_count; i++)
        suggest_offer(near, c->kinds[i].name);
    return index < c->kind_count ? &c->kinds[index] : NULL;
}

static bool is_word(const char *word, const char *folded)
{
    char own[SHEET_FOLDED_MAX];
    text_fold(word, own, sizeof(own));
    return strcmp(own, folded) == 0;
}

static bool is_called(const struct config_kind *kind, const char *folded)
{
    bool is_it = is_word(kind->name, folded) || is_word(kind->title.zh, folded)
                 || is_word(kind->title.en, folded);
    for (size_t i = 0; !is_it && i < kind->also.count; i++)
        is_it = is_word(kind->also.items[i], folded);
    return is_it;
}

const struct config_kind *config_kind_called(const struct config *c, const char *word,
                                             struct suggest *near)
{
    char folded[SHEET_FOLDED_MAX];
    text_fold(word, folded, sizeof(folded));
    for (size_t i = 0; i < c->kind_count; i++) {
        if (is_called(&c->kinds[i], folded))
            return &c->kinds[i];
        suggest_offer(near, c->kinds[i].title.zh);
    }
    return NULL;
}

const char *config_kind_titles(const struct config *c, char ret[CONFIG_KINDS_TEXT])
{
    size_t used = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < c->kind_count; i++) {
        const char *title = c->kinds[i].title.zh;
        if (used + strlen(title) + sizeof(", ") < CONFIG_KINDS_TEXT)
            used += (size_t)snprintf(ret + used, CONFIG_KINDS_TEXT - used, "%s%s",
                                     used > 0 ? ", " : "", title);
    }
    return ret;
}

/* Several of the shared places may be one, and a special room may be anything. */
bool config_kind_is_other(const struct config *c, const char *name, const char *word)
{
    struct suggest ignored = {.wanted = ""};
    const struct config_kind *named = config_kind_called(c, name, &ignored);
    const struct config_kind *kind = config_kind_called(c, word, &ignored);
    if (!named || !kind || named == kind || kind->is_whole)
        return false;
    bool is_any = strcmp(word, kind->title.zh) == 0 || strcmp(word, kind->name) == 0;
    return !(named->is_shared && kind->is_shared) && !(kind->is_home && is_any);
}
