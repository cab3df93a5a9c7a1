#include "facts/fact_plan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLANS_MAX = 64 };

/* fact_file - what stands in the file beside its facts. */
struct fact_file {
    int32_t evening_s;
    int32_t morning_s;
    int32_t period_s;
    struct gw_strings leave;
};

/* fact_entry - one of "facts:" as written. */
struct fact_entry {
    const char *id;
    struct gw_text title;
    const char *from;
    const char *by;
    int about;
    int days;
    bool is_listed;
    bool is_pupils;
    bool is_morning;
    const char *needs;
    const char *known;
    const char *exempt;
    struct gw_strings words;
    struct gw_strings periods;
    const char *basis;
    const char *basis_edition;
};

/* figure_entry - one of "figures:" as written. */
struct figure_entry {
    const char *id;
    const char *folds[FACT_FOLDS];
    struct gw_strings less;
    const char *per;
    const char *tests[FACT_TESTS];
    double by;
    struct gw_strings periods;
};

#define OF_FILE(field) offsetof(struct fact_file, field)
static const struct gw_option file_options[] = {
    {.name = "evening",
     .type = GW_OPT_CLOCK,
     .offset = OF_FILE(evening_s),
     .fallback = "19:00",
     .help = "when a day's facts are told"},
    {.name = "morning",
     .type = GW_OPT_CLOCK,
     .offset = OF_FILE(morning_s),
     .fallback = "07:00",
     .help = "the next day: facts of the whole day, and those that changed"},
    {.name = "period",
     .type = GW_OPT_CLOCK,
     .offset = OF_FILE(period_s),
     .fallback = "06:00",
     .help = "on Monday and on the 1st: the week's and the month's"},
    {.name = "leave",
     .type = GW_OPT_STRINGS,
     .offset = OF_FILE(leave),
     .max = 32,
     .help = "kinds of evidence of a moment that leave the school too"},
    {0},
};

static const char *const about_words[] = {"school", "classes", "places", NULL};
static const char *const days_words[] = {"seen", "all", "lessons", "service", NULL};

#define OF_FACT(field) offsetof(struct fact_entry, field)
static const struct gw_option fact_options[] = {
    {.name = "id", .type = GW_OPT_ID, .offset = OF_FACT(id), .required = true},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = OF_FACT(title),
     .required = true,
     .help = "for people"},
    {.name = "from",
     .type = GW_OPT_ID,
     .offset = OF_FACT(from),
     .required = true,
     .help = "kind of a plugin's evidence, or gateway, alarms"},
    {.name = "by",
     .type = GW_OPT_ID,
     .offset = OF_FACT(by),
     .help = "a word of the evidence that is the object, such as subject"},
    {.name = "about",
     .type = GW_OPT_ENUM,
     .offset = OF_FACT(about),
     .choices = about_words,
     .fallback = "school",
     .help = "whose evidence"},
    {.name = "days",
     .type = GW_OPT_ENUM,
     .offset = OF_FACT(days),
     .choices = days_words,
     .fallback = "seen",
     .help = "when evidence is expected"},
    {.name = "listed",
     .type = GW_OPT_BOOL,
     .offset = OF_FACT(is_listed),
     .fallback = "false",
     .help = "one fact an object, not one of the school"},
    {.name = "pupils",
     .type = GW_OPT_BOOL,
     .offset = OF_FACT(is_pupils),
     .fallback = "false",
     .help = "figures of pupils: small groups do not leave"},
    {.name = "morning",
     .type = GW_OPT_BOOL,
     .offset = OF_FACT(is_morning),
     .fallback = "false",
     .help = "a day's is due the next morning, when the day is whole"},
    {.name = "needs",
     .type = GW_OPT_ID,
     .offset = OF_FACT(needs),
     .help = "metric without which there is nothing to tell"},
    {.name = "known",
     .type = GW_OPT_STRING,
     .offset = OF_FACT(known),
     .help = "value without which evidence counts as missing"},
    {.name = "exempt",
     .type = GW_OPT_STRING,
     .offset = OF_FACT(exempt),
     .help = "value above 0: nothing was to be expected that day"},
    {.name = "words",
     .type = GW_OPT_STRINGS,
     .offset = OF_FACT(words),
     .max = 16,
     .help = "that the evidence may say"},
    {.name = "periods",
     .type = GW_OPT_STRINGS,
     .offset = OF_FACT(periods),
     .required = true,
     .min = 1,
     .max = 3,
     .help = "of day, week, month"},
    {.name = "basis",
     .type = GW_OPT_STRING,
     .offset = OF_FACT(basis),
     .required = true,
     .help = "why the county gets it"},
    {.name = "basis_edition",
     .type = GW_OPT_STRING,
     .offset = OF_FACT(basis_edition),
     .required = true,
     .help = "of what edition, and how far it was read"},
    {0},
};

#define OF_FIGURE(field) offsetof(struct figure_entry, field)
#define FOLD(word, fold, text)                                             \
    {                                                                      \
        .name = word, .type = GW_OPT_STRING,                               \
        .offset = OF_FIGURE(folds) + (fold) * sizeof(char *), .help = text \
    }
#define TEST(word, test, text)                                             \
    {                                                                      \
        .name = word, .type = GW_OPT_STRING,                               \
        .offset = OF_FIGURE(tests) + (test) * sizeof(char *), .help = text \
    }
static const struct gw_option figure_options[] = {
    {.name = "id", .type = GW_OPT_ID, .offset = OF_FIGURE(id), .required = true},
    FOLD("sum", FACT_SUM, "of this value; one of sum … word"),
    FOLD("mean", FACT_MEAN, NULL),
    FOLD("median", FACT_MEDIAN, NULL),
    FOLD("min", FACT_MIN, NULL),
    FOLD("max", FACT_MAX, NULL),
    FOLD("last", FACT_LAST, "of the latest day"),
    FOLD("count", FACT_COUNT, "rows in which it is known and so"),
    FOLD("word", FACT_WORD, "as the evidence says it"),
    {.name = "less",
     .type = GW_OPT_STRINGS,
     .offset = OF_FIGURE(less),
     .max = FACT_LESS_MAX,
     .help = "values taken from it, not below 0"},
    {.name = "per",
     .type = GW_OPT_STRING,
     .offset = OF_FIGURE(per),
     .help = "its sum by the sum of this one"},
    TEST("above", FACT_ABOVE, "count: a value or a number; one of above … is"),
    TEST("below", FACT_BELOW, NULL),
    TEST("at_least", FACT_AT_LEAST, NULL),
    TEST("is", FACT_IS, "count: a word"),
    {.name = "by",
     .type = GW_OPT_NUMBER,
     .offset = OF_FIGURE(by),
     .fallback = "0",
     .help = "added to what it is tested against"},
    {.name = "in",
     .type = GW_OPT_STRINGS,
     .offset = OF_FIGURE(periods),
     .max = 3,
     .help = "only in these periods"},
    {0},
};

/* reading - one entry on its way. */
struct reading {
    struct config_source src;
    const struct config_node *node;
    const char *path;
    struct fact_plan *plan;
    bool is_good;
};

static void fault(struct reading *r, const char *what)
{
    config_fault(r->src.faults, config_where(r->node), r->path, "%s", what);
    r->is_good = false;
}

size_t fact_plan_name(const struct fact_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->name_count; i++)
        if (strcmp(plan->names[i], name) == 0)
            return i;
    return FACT_NONE;
}

/* name_of - the index that @name has from now on. */
static size_t name_of(struct reading *r, const char *name)
{
    if (!name)
        return FACT_NONE;
    size_t at = fact_plan_name(r->plan, name);
    if (at != FACT_NONE)
        return at;
    if (r->plan->name_count == FACT_NAMES_MAX) {
        fault(r, "too many different values (allowed: 32)");
        return FACT_NONE;
    }
    r->plan->names[r->plan->name_count] = name;
    return r->plan->name_count++;
}

static unsigned periods_of(struct reading *r, const struct gw_strings *words)
{
    static const char *const periods[] = {
        [GW_PERIOD_DAY] = "day", [GW_PERIOD_WEEK] = "week", [GW_PERIOD_MONTH] = "month"};
    unsigned bits = 0;
    for (size_t i = 0; i < words->count; i++) {
        unsigned bit = 0;
        for (unsigned p = GW_PERIOD_DAY; p <= GW_PERIOD_MONTH; p++)
            if (strcmp(words->items[i], periods[p]) == 0)
                bit = 1u << p;
        if (bit == 0)
            fault(r, "a period is none (allowed: day, week, month)");
        bits |= bit;
    }
    return bits;
}

static size_t word_of(struct reading *r, const char *word)
{
    for (size_t i = 0; i < r->plan->words.count; i++)
        if (strcmp(r->plan->words.items[i], word) == 0)
            return i;
    fault(r, "'is' asks for a word that is not among 'words'");
    return 0;
}

/* An operand: a number, or else a value of the evidence. */
static void set_operand(struct reading *r, struct fact_figure *f, const char *text)
{
    char *end = NULL;
    f->number = strtod(text, &end);
    if (*end || !isfinite(f->number)) {
        f->number = 0;
        f->than = name_of(r, text);
    }
}

static void set_test(struct reading *r, struct fact_figure *f,
                     const struct figure_entry *e)
{
    size_t count = 0;
    for (unsigned t = 0; t < FACT_TESTS; t++) {
        if (!e->tests[t])
            continue;
        count++;
        f->test = (enum fact_test)t;
        if (t == FACT_IS)
            f->number = (double)word_of(r, e->tests[t]);
        else
            set_operand(r, f, e->tests[t]);
    }
    if (count != (f->fold == FACT_COUNT))
        fault(r, "'count' needs one of above, below, at_least, is; nothing else has it");
}

static void set_fold(struct reading *r, struct fact_figure *f,
                     const struct figure_entry *e)
{
    size_t count = 0;
    for (unsigned i = 0; i < FACT_FOLDS; i++) {
        if (!e->folds[i])
            continue;
        count++;
        f->fold = (enum fact_fold)i;
        f->of = name_of(r, e->folds[i]);
    }
    if (count != 1)
        fault(r, "one of sum, mean, median, min, max, last, count, word is needed");
    if (e->per && f->fold != FACT_SUM)
        fault(r, "'per' stands beside 'sum' only");
}

static void read_figure(struct reading *r, const struct config_node *node,
                        const char *path)
{
    struct figure_entry e = {0};
    struct fact_plan *plan = r->plan;
    if (!config_fill(&r->src, node, path, figure_options, &e, NULL)) {
        r->is_good = false;
        return;
    }
    struct reading at = *r;
    at.node = node;
    at.path = path;
    struct fact_figure *f = &plan->figures[plan->figure_count++];
    *f = (struct fact_figure){.id = e.id, .than = FACT_NONE, .by = e.by};
    set_fold(&at, f, &e);
    set_test(&at, f, &e);
    f->per = name_of(&at, e.per);
    for (size_t i = 0; i < e.less.count && i < FACT_LESS_MAX; i++)
        f->less[f->less_count++] = name_of(&at, e.less.items[i]);
    f->periods = e.periods.count > 0 ? periods_of(&at, &e.periods) : plan->periods;
    r->is_good = r->is_good && at.is_good;
}

static void read_figures(struct reading *r)
{
    const struct config_node *list = config_child(r->node, "figures");
    if (!list || !config_is_list(list) || config_count(list) == 0) {
        fault(r, "'figures' is missing (allowed: - {id: …, sum: …} items)");
        return;
    }
    size_t count = config_count(list);
    if (count > FACT_FIGURES_MAX)
        fault(r, "too many figures (allowed: 32)");
    r->plan->figures = arena_alloc(r->src.arena, count * sizeof(*r->plan->figures));
    for (size_t i = 0; i < count && i < FACT_FIGURES_MAX && r->plan->figures; i++)
        read_figure(r, config_item(list, i),
                    config_path_item(&r->src, r->path, config_item(list, i), i));
}

/* read_plan - false: it had faults and is left out. */
static bool read_plan(struct config_source *src, const struct config_node *node,
                      const char *path, struct fact_plan *ret)
{
    static const char *const others[] = {"figures", NULL};
    struct fact_entry e = {0};
    struct reading r = {*src, node, path, ret, true};
    if (!config_fill(src, node, path, fact_options, &e, others))
        return false;
    *ret = (struct fact_plan){
        .id = e.id,
        .title = e.title,
        .from = e.from,
        .by = e.by,
        .about = (enum fact_about)e.about,
        .days = (enum fact_days)e.days,
        .is_listed = e.is_listed || e.by,
        .is_pupils = e.is_pupils,
        .is_morning = e.is_morning,
        .needs = e.needs,
        .words = e.words,
    };
    ret->periods = periods_of(&r, &e.periods);
    ret->known = name_of(&r, e.known);
    ret->exempt = name_of(&r, e.exempt);
    if (ret->days == FACT_DAYS_LESSONS && ret->about == FACT_ABOUT_PLACES)
        fault(&r, "'days: lessons' is of the school and of classes");
    read_figures(&r);
    return r.is_good;
}

static bool is_taken(const struct fact_plans *plans, const char *id)
{
    for (size_t i = 0; i < plans->count; i++)
        if (strcmp(plans->items[i].id, id) == 0)
            return true;
    return false;
}

static void read_plans(struct config_source *src, const struct config_node *list,
                       struct fact_plans *ret)
{
    for (size_t i = 0; i < config_count(list) && i < PLANS_MAX; i++) {
        const struct config_node *node = config_item(list, i);
        const char *path = config_path_item(src, "facts", node, i);
        struct fact_plan *plan = &ret->items[ret->count];
        if (!read_plan(src, node, path, plan))
            continue;
        if (is_taken(ret, plan->id))
            config_fault(src->faults, config_where(node), path,
                         "fact '%s' stands here twice", plan->id);
        else
            ret->count++;
    }
}

int fact_plans_load(const struct config *config, struct config_faults *faults,
                    struct fact_plans *ret)
{
    static const char *const others[] = {"facts", NULL};
    struct config_source src = {.arena = config->arena, .faults = faults};
    const struct config_node *list = config_child(config->facts, "facts");
    struct fact_file file = {0};
    *ret = (struct fact_plans){0};
    if (!config->facts)
        return 0;
    (void)config_fill(&src, config->facts, "", file_options, &file, others);
    *ret = (struct fact_plans){.evening_s = file.evening_s,
                               .morning_s = file.morning_s,
                               .period_s = file.period_s,
                               .leave = file.leave};
    if (list && !config_is_list(list)) {
        config_fault(faults, config_where(list), "facts",
                     "is not a list (allowed: - {id: …} items)");
        return 0;
    }
    if (config_count(list) > PLANS_MAX)
        config_fault(faults, config_where(list), "facts", "too many facts (allowed: %d)",
                     PLANS_MAX);
    size_t room = config_count(list) < PLANS_MAX ? config_count(list) : PLANS_MAX;
    ret->items = arena_alloc(config->arena, (room + 1) * sizeof(*ret->items));
    if (!ret->items)
        return -ENOMEM;
    read_plans(&src, list, ret);
    return 0;
}

void facts_print_options(FILE *out)
{
    config_print_options(out, NULL, file_options, 0);
    fprintf(out, "facts:\n  - # each\n");
    config_print_options(out, NULL, fact_options, 4);
    fprintf(out, "    figures:\n      - # each\n");
    config_print_options(out, NULL, figure_options, 8);
}
