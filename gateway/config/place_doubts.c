/* place_doubts.c - what a place of campus.yaml can say, and hardly means. */
#include "config/load.h"

/* told_other - that @name is another kind than @kind says was told. */
static bool told_other(struct load *l, const struct config_node *place, const char *path,
                       const struct config_node *name)
{
    const struct config_node *kind = config_child(place, "kind");
    const char *text = config_scalar(name);
    const char *word = config_scalar(kind);
    if (!text || !word || !config_kind_is_other(l->config, text, word))
        return false;
    config_warning(l->src.faults, config_where(kind), path,
                   "'%s' is a kind of place, and the kind '%s' stands here (wanted: its "
                   "kind; leave it where it is meant)",
                   text, word);
    return true;
}

int load_place_doubts(struct load *l)
{
    const struct config_node *list = config_child(l->config->campus, "places");
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const struct config_node *place = config_item(list, i);
        const struct config_node *title = config_child(place, "title");
        const char *path = config_path_item(&l->src, "places", place, i);
        const struct config_node *names[] = {title, config_child(title, "zh"),
                                             config_child(title, "en"),
                                             config_child(place, "id")};
        bool is_told = !path;
        for (size_t k = 0; !is_told && k < sizeof(names) / sizeof(names[0]); k++)
            is_told = told_other(l, place, path, names[k]);
    }
    return 0;
}
