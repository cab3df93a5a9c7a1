#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "config/suggest.h"
#include "rules/rule_options.h"
#include "rules/rule_read.h"

enum { RULES_MAX = 1000 };

/* draft - every place that speaks of one rule id: the pack, the school, a trial. */
struct draft {
    const char *id;
    struct layer layers[3];
    size_t count;
    bool is_tried;
    bool is_new; /* the file on trial is none of the configuration's, and alone has it */
};

/* rule_file - what stands in a file beside its rules. */
struct rule_file {
    struct gw_strings recipients;
};

static const struct gw_option file_options[] = {
    {.name = "recipients",
     .type = GW_OPT_STRINGS,
     .offset = offsetof(struct rule_file, recipients),
     .max = 32,
     .help = "words of outputs that are people"},
    {0},
};

/* loading - one run of rule_load().
 * files    as many as the configuration has, and the one on trial */
struct loading {
    struct rules *rules;
    const struct config *config;
    struct config_source src;
    struct text_map *ids;
    struct rule_file *files;
    size_t file_count;
    bool is_trial_shipped; /* the file on trial is one of the configuration's */
    struct draft drafts[RULES_MAX];
    size_t count;
};

static struct config_mark draft_mark(const struct draft *draft)
{
    return config_where(draft->layers[draft->count - 1].node);
}

/* By where it stands in the configuration, not by where that stands. */
static bool is_school_file(const struct loading *l, struct config_mark mark)
{
    static const char own[] = "/rules.d/";
    size_t size = strlen(l->config->folder);
    return mark.file && strncmp(mark.file, l->config->folder, size) == 0
           && strncmp(mark.file + size, own, sizeof(own) - 1) == 0;
}

/* The file on trial is read over what all others say. */
static bool is_trial_file(const struct loading *l, struct config_mark mark)
{
    const struct config_node *trial = l->config->trial;
    return trial && strcmp(mark.file, config_where(trial).file) == 0;
}

/* Written by the school, or about to be. */
static bool is_own_file(const struct loading *l, struct config_mark mark)
{
    return is_school_file(l, mark) || (is_trial_file(l, mark) && !l->is_trial_shipped);
}

/* What stands there may be said otherwise by a later kind of file, once each. */
static bool is_over(const struct loading *l, struct config_mark mark,
                    const struct draft *draft)
{
    if (draft->count == 0)
        return true;
    struct config_mark last = draft_mark(draft);
    bool is_trial = is_trial_file(l, mark) && !is_trial_file(l, last);
    return is_trial || (is_school_file(l, mark) && !is_school_file(l, last));
}

static int draft_add(struct loading *l, const struct config_node *node, size_t index)
{
    const char *path = config_path_item(&l->src, "rules", node, index);
    const char *id = config_scalar(config_child(node, "id"));
    struct config_mark mark = config_where(node);
    if (!id) {
        config_fault(l->src.faults, mark, path,
                     "'id' is missing (allowed: an id such as "
                     "EY-01)");
        return 0;
    }
    uint32_t at = text_map_get(l->ids, id);
    if (at == UINT32_MAX) {
        if (l->count == RULES_MAX) {
            config_fault(l->src.faults, mark, path, "too many rules (allowed: %d)",
                         RULES_MAX);
            return 0;
        }
        at = (uint32_t)l->count++;
        l->drafts[at].id = id;
        int r = text_map_put(l->ids, id, at);
        if (r < 0)
            return r;
    }
    struct draft *draft = &l->drafts[at];
    if (!is_over(l, mark, draft)) {
        struct config_mark first = draft_mark(draft);
        config_fault(
            l->src.faults, mark, path,
            "rule '%s' stands in %s:%d already (allowed: once in rules/ and once "
            "in rules.d/)",
            id, first.file, first.line);
        return 0;
    }
    draft->layers[draft->count++] = (struct layer){.node = node, .path = path};
    draft->is_tried |= is_trial_file(l, mark);
    draft->is_new = draft->is_tried && draft->count == 1 && !l->is_trial_shipped;
    return 0;
}

static int file_read(struct loading *l, const struct config_node *root,
                     struct rule_file *ret)
{
    static const char *const keys[] = {"rules", NULL};
    const struct config_node *list = config_child(root, "rules");
    int r = 0;
    (void)config_fill(&l->src, root, "", file_options, ret, keys); /* tells by itself */
    if (root && list && !config_is_list(list))
        config_fault(l->src.faults, config_where(list), "rules",
                     "is not a list (allowed: - {id: …} items)");
    for (size_t i = 0; i < config_count(list) && config_is_list(list) && r == 0; i++)
        r = draft_add(l, config_item(list, i), i);
    return r;
}

static int drafts_read(struct loading *l)
{
    const struct config *config = l->config;
    int r = 0;
    l->files = arena_alloc(l->src.arena, (config->rule_files + 2) * sizeof(*l->files));
    if (!l->files)
        return -ENOMEM;
    for (size_t f = 0; f < config->rule_files; f++)
        l->is_trial_shipped |= config->rules[f] == config->trial;
    for (size_t f = 0; f < config->rule_files && r == 0; f++)
        r = file_read(l, config->rules[f], &l->files[l->file_count++]);
    if (config->trial && !l->is_trial_shipped && r == 0)
        r = file_read(l, config->trial, &l->files[l->file_count++]);
    return r;
}

static bool says_own_each(const struct loading *l, const struct draft *draft)
{
    for (size_t i = 0; i < draft->count; i++) {
        const struct config_node *each = config_child(draft->layers[i].node, "each");
        if (each && is_own_file(l, config_where(each)))
            return true;
    }
    return false;
}

/* draft_is_whole - asks or expects something where it is said first, be it misspelt. */
static bool draft_is_whole(const struct draft *draft)
{
    return layers_mean(draft->layers, 1, rule_options, "when")
           || layers_mean(draft->layers, 1, rule_options, "expect");
}

/* draft_is_misnamed - the school wrote a change, not a rule, of an id that is not there
 * but nearly is; said as that, not as everything that a whole rule needs. */
static bool draft_is_misnamed(struct loading *l, const struct draft *draft)
{
    const struct layer *own = &draft->layers[0];
    char folded[GW_ID_MAX] = "";
    char wide[4];
    char narrow = 0;
    bool is_wide = text_wide(draft->id, wide, &narrow);
    text_fold(draft->id, folded, sizeof(folded));
    struct suggest near = {.wanted = is_wide ? folded : draft->id};
    if (draft->count > 1 || !is_own_file(l, draft_mark(draft)) || draft_is_whole(draft))
        return false;
    for (size_t i = 0; i < l->count; i++)
        if (draft_is_whole(&l->drafts[i]))
            suggest_offer(&near, l->drafts[i].id);
    if (near.best)
        config_fault(l->src.faults, draft_mark(draft), own->path,
                     "no rule has this id (did you mean '%s'?); a rule of your own needs "
                     "'when'",
                     near.best);
    return near.best != NULL;
}

/* Disabled rules are read too: their faults are as real. */
static int drafts_compile(struct loading *l)
{
    struct rules *rules = l->rules;
    rules->rules = arena_alloc(rules->arena, (l->count + 1) * sizeof(struct rule *));
    if (!rules->rules)
        return -ENOMEM;
    for (size_t i = 0; i < l->count; i++) {
        struct rule *rule = NULL;
        if (l->config->is_trial_alone && !l->drafts[i].is_tried)
            continue;
        if (draft_is_misnamed(l, &l->drafts[i]))
            continue;
        int r = rule_read(rules, &l->src, l->config, l->drafts[i].layers,
                          l->drafts[i].count, &rule);
        if (r < 0)
            return r;
        rule_tell_weakened(&l->src, l->drafts[i].layers, l->drafts[i].count);
        if (!rule)
            continue;
        rule->is_own = is_own_file(l, rule->mark);
        rule->is_each_own = says_own_each(l, &l->drafts[i]);
        rule->is_tried = l->drafts[i].is_tried;
        rule->is_new = l->drafts[i].is_new;
        rules->rules[rules->rule_count++] = rule;
    }
    return 0;
}

static bool has_word(const struct gw_strings *words, const char *word)
{
    bool is_found = false;
    for (size_t i = 0; i < words->count && !is_found; i++)
        is_found = strcmp(words->items[i], word) == 0;
    return is_found;
}

static bool is_settled(const struct loading *l, const char *word)
{
    bool is_known = false;
    for (size_t f = 0; f < l->file_count && !is_known; f++)
        is_known = has_word(&l->files[f].recipients, word);
    for (size_t i = 0; i < l->rules->output_count && !is_known; i++)
        is_known = strcmp(l->rules->outputs[i].word, word) == 0;
    return is_known;
}

/* The words that a device has to answer to. */
static int outputs_collect(struct loading *l)
{
    struct rules *rules = l->rules;
    size_t most = 0;
    for (size_t i = 0; i < rules->rule_count; i++)
        most += rules->rules[i]->outputs.count;
    rules->outputs = arena_alloc(rules->arena, (most + 1) * sizeof(*rules->outputs));
    if (!rules->outputs)
        return -ENOMEM;
    for (size_t i = 0; i < rules->rule_count; i++)
        for (size_t w = 0; w < rules->rules[i]->outputs.count; w++) {
            const char *word = rules->rules[i]->outputs.items[w];
            if (!is_settled(l, word))
                rules->outputs[rules->output_count++] =
                    (struct rule_output){word, rules->rules[i]};
        }
    return 0;
}

int rule_load(struct rules *r, const struct config *config, struct config_faults *faults)
{
    struct loading *l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    l->rules = r;
    l->config = config;
    l->src = (struct config_source){.arena = r->arena, .faults = faults};
    int e = text_map_new(64, &l->ids);
    if (e == 0)
        e = drafts_read(l);
    if (e == 0)
        e = drafts_compile(l);
    if (e == 0)
        e = outputs_collect(l);
    text_map_free(l->ids);
    free(l);
    return e;
}
