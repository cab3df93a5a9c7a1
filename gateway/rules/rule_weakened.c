/* rule_weakened.c - names what the school takes from the most urgent alarms of the pack.
 */
#include <string.h>

#include "rules/rule_read.h"

enum { SEVERITIES = 5 };
static const char *const severities[SEVERITIES] = {"P1", "P2", "P3", "P4", "INF"};

static size_t rank_of(const char *word)
{
    size_t rank = 0;
    while (word && rank < SEVERITIES && strcmp(severities[rank], word) != 0)
        rank++;
    return word ? rank : SEVERITIES;
}

/* at_first - what its alarm is when it comes; at_worst - with the steps it may take. */
static size_t at_first(const struct config_node *severity)
{
    bool has_steps = config_is_map(severity);
    return rank_of(
        config_scalar(has_steps ? config_child(severity, "default") : severity));
}

static size_t at_worst(const struct config_node *severity)
{
    size_t worst = at_first(severity);
    for (size_t i = 0; config_is_map(severity) && i < config_count(severity); i++) {
        size_t rank = rank_of(config_key(severity, i));
        worst = rank < worst ? rank : worst;
    }
    return worst;
}

static const char *basis_of(const struct layer *pack)
{
    const char *basis = config_scalar(config_child(pack->node, "basis"));
    return basis ? basis : "its rule";
}

static void judge_severity(struct config_source *src, const struct layer *pack,
                           const struct layer *own)
{
    const struct config_node *before = config_child(pack->node, "severity");
    const struct config_node *now = config_child(own->node, "severity");
    size_t first = now ? at_first(now) : 0;
    bool is_lower = (at_first(before) == 0 && first > 0)
                    || (at_worst(before) == 0 && now && at_worst(now) > 0);
    if (is_lower && first < SEVERITIES)
        config_warning(src->faults, config_where(now), own->path,
                       "lowers an alarm from P1 to %s, which has its rank by %s (wanted: "
                       "P1, unless the school knows why)",
                       severities[first], basis_of(pack));
}

static void judge_enabled(struct config_source *src, const struct layer *pack,
                          const struct layer *own)
{
    const struct config_node *enabled = config_child(own->node, "enabled");
    const char *word = config_scalar(enabled);
    if (word && strcmp(word, "false") == 0
        && at_worst(config_child(pack->node, "severity")) == 0)
        config_warning(src->faults, config_where(enabled), own->path,
                       "switches off an alarm of P1, which is asked for by %s (wanted: "
                       "on, unless the school knows why)",
                       basis_of(pack));
}

static void judge_latched(struct config_source *src, const struct layer *pack,
                          const struct layer *own)
{
    const struct config_node *latched = config_child(own->node, "latched");
    const char *word = config_scalar(latched);
    const char *before = config_scalar(config_child(pack->node, "latched"));
    if (word && strcmp(word, "false") == 0 && before && strcmp(before, "true") == 0)
        config_warning(src->faults, config_where(latched), own->path,
                       "lets an alarm end by itself, which is latched by %s (wanted: "
                       "true, unless the school knows why)",
                       basis_of(pack));
}

static bool names(const struct config_node *list, const char *word)
{
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        const char *item = config_scalar(config_item(list, i));
        if (item && strcmp(item, word) == 0)
            return true;
    }
    return false;
}

static void judge_outputs(struct config_source *src, const struct layer *pack,
                          const struct layer *own)
{
    const struct config_node *before = config_child(pack->node, "outputs");
    const struct config_node *now = config_child(own->node, "outputs");
    bool is_urgent = at_worst(config_child(pack->node, "severity")) == 0;
    for (size_t i = 0; now && is_urgent && i < config_count(before); i++) {
        const char *word = config_scalar(config_item(before, i));
        if (word && !names(now, word))
            config_warning(src->faults, config_where(now), own->path,
                           "takes the output '%s' from an alarm of P1 (wanted: all of "
                           "its outputs, unless the school knows why)",
                           word);
    }
}

void rule_tell_weakened(struct config_source *src, const struct layer *layers,
                        size_t count)
{
    for (size_t i = 1; i < count; i++) {
        judge_severity(src, &layers[0], &layers[i]);
        judge_enabled(src, &layers[0], &layers[i]);
        judge_latched(src, &layers[0], &layers[i]);
        judge_outputs(src, &layers[0], &layers[i]);
    }
}
