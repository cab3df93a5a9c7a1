#include <ctype.h>
#include <math.h>
#include <string.h>

#include "config/suggest.h"
#include "rules/rule_model.h"

/* What may stand in one input's mapping. */
struct input_options {
    const char *metric;
    const char *functions[WINDOW_FUNCTIONS];
    const char *attribute;
    const char *faulty;
    int of;
    double absent;
    bool is_indicative;
    const struct config_node *over;
    double valid;
    double above;
};

static const char *const of_names[] = {
    [RULE_OF_DEFAULT] = "default", [RULE_OF_MEAN] = "mean",
    [RULE_OF_MIN] = "min",         [RULE_OF_MAX] = "max",
    [RULE_OF_SUM] = "sum",         [RULE_OF_ANY] = "any",
    [RULE_OF_ALL] = "all",         NULL};

static const char *const attribute_names[] = {
    [RULE_CAPACITY] = "capacity",
    [RULE_ENROLLED] = "enrolled",
    [RULE_LIMIT] = "limit",
    [RULE_STAFF] = "staff",
    [RULE_NINE_YEAR] = "nine_year",
    [RULE_BUILT_AFTER_POLICY] = "built_after_policy",
    [RULE_EXERCISE_TARGET] = "exercise_target",
};

#define INPUT(field) offsetof(struct input_options, field)
#define FUNCTION(key, which, text)                                             \
    {                                                                          \
        .name = key, .type = GW_OPT_STRING, .offset = INPUT(functions[which]), \
        .help = text                                                           \
    }

const struct gw_option rule_input_options[] = {
    {.name = "metric",
     .type = GW_OPT_STRING,
     .offset = INPUT(metric),
     .help = "its latest value; \"name: METRIC\" is short for this"},
    FUNCTION("mean", WINDOW_MEAN, "metric: its mean over the window, weighed by time"),
    FUNCTION("min", WINDOW_MIN, "metric: its least value in the window"),
    FUNCTION("max", WINDOW_MAX, "metric: its greatest value in the window"),
    FUNCTION("last", WINDOW_LAST, "metric: its newest good value in the window"),
    FUNCTION("count", WINDOW_COUNT, "metric: how many good readings came in the window"),
    FUNCTION("delta", WINDOW_DELTA, "metric: newest less oldest value in the window"),
    FUNCTION("share", WINDOW_SHARE,
             "metric: share of the window in which it was not 0, or above `above`"),
    FUNCTION("duration", WINDOW_DURATION, "metric: minutes in which it was so"),
    FUNCTION("median", WINDOW_MEDIAN, "metric: its median, weighed by time"),
    FUNCTION("changes", WINDOW_CHANGES, "metric: how often its good value changed"),
    {.name = "above",
     .type = GW_OPT_NUMBER,
     .offset = INPUT(above),
     .help = "share and duration count while the value is above this, in its unit"},
    {.name = "attribute",
     .type = GW_OPT_STRING,
     .offset = INPUT(attribute),
     .help =
         "capacity (of the place), enrolled, limit or staff (of its class); of the "
         "school enrolled, nine_year or built_after_policy; of the school and of each "
         "class exercise_target, minutes a day"},
    {.name = "faulty",
     .type = GW_OPT_STRING,
     .offset = INPUT(faulty),
     .help = "metric, or \"*\": how many of its points are silent or failed"},
    {.name = "of",
     .type = GW_OPT_ENUM,
     .offset = INPUT(of),
     .choices = of_names,
     .fallback = "default",
     .help = "how several points make one value; default: any for states, else mean"},
    {.name = "absent",
     .type = GW_OPT_NUMBER,
     .offset = INPUT(absent),
     .help = "value where the object has no such point; without it the rule leaves the "
             "object out"},
    {.name = "indicative",
     .type = GW_OPT_BOOL,
     .offset = INPUT(is_indicative),
     .help = "true: the value of a light sensor without a valid calibration counts, too"},
    {.name = "over",
     .type = GW_OPT_NODE,
     .offset = INPUT(over),
     .help = "length of the window (10min), or phase: since the phase began"},
    {.name = "valid",
     .type = GW_OPT_SHARE,
     .offset = INPUT(valid),
     .fallback = "80%",
     .help = "share of the window with good values, below which it is unknown"},
    {0},
};

/* reading - where in the file an input stands, for its faults. */
struct input_reading {
    struct config_source *src;
    const struct config *config;
    const struct config_node *node;
    const char *path;
};

static bool input_fault(const struct input_reading *in, const char *text)
{
    config_fault(in->src->faults, config_where(in->node), in->path, "%s",
                 config_faults_say(in->src->faults, text));
    return false;
}

static const struct config_metric *input_metric(const struct input_reading *in,
                                                const char *name)
{
    const struct config_metric *metric = config_metric(in->config, name);
    struct suggest near = {.wanted = name};
    if (metric)
        return metric;
    for (size_t i = 0; i < in->config->metric_count; i++)
        suggest_offer(&near, in->config->metrics[i].name);
    config_fault(in->src->faults, config_where(in->node), in->path,
                 "unknown metric '%s' (%s%s%s)", name,
                 config_faults_say(in->src->faults,
                                   near.best ? "did you mean '"
                                             : "allowed: the names of the metrics"),
                 near.best ? near.best : "",
                 near.best ? config_faults_say(in->src->faults, "'?") : "");
    return NULL;
}

static bool input_attribute(const struct input_reading *in, const char *name,
                            struct rule_input *input)
{
    for (size_t i = 0; i < sizeof(attribute_names) / sizeof(attribute_names[0]); i++)
        if (strcmp(attribute_names[i], name) == 0) {
            input->kind = RULE_ATTRIBUTE;
            input->attribute = (enum rule_attribute)i;
            return true;
        }
    config_fault(
        in->src->faults, config_where(in->node), in->path,
        "unknown attribute '%s' (allowed: capacity, enrolled, limit, staff, nine_year, "
        "built_after_policy, exercise_target)",
        name);
    return false;
}

static bool input_window(const struct input_reading *in,
                         const struct input_options *options, struct rule_input *input)
{
    static const struct gw_option over[] = {
        {.name = "over", .type = GW_OPT_DURATION, .min = 1e6, .max = 86400e6},
        {0},
    };
    static const char *const others[] = {
        "metric", "mean",   "min",      "max",        "last",    "count",
        "delta",  "share",  "duration", "median",     "changes", "above",
        "of",     "absent", "valid",    "indicative", NULL};
    bool has_threshold = config_child(in->node, "above") != NULL;
    input->kind = RULE_WINDOW;
    input->valid = options->valid;
    if (has_threshold && input->function != WINDOW_SHARE
        && input->function != WINDOW_DURATION)
        return input_fault(in, "'above' needs share or duration");
    if (has_threshold)
        input->above = options->above;
    const char *text = config_scalar(options->over);
    if (!options->over)
        return input_fault(in, "'over' is missing (allowed: a duration such as 10min, or "
                               "phase)");
    if (text && strcmp(text, "phase") == 0)
        return true;
    return config_fill(in->src, in->node, in->path, over, &input->over_us, others);
}

/* The one key of the mapping that says what the input is. */
static bool input_source(const struct input_reading *in,
                         const struct input_options *options, struct rule_input *input)
{
    const char *metric = options->metric;
    int sources =
        (metric != NULL) + (options->attribute != NULL) + (options->faulty != NULL);
    for (int f = 0; f < WINDOW_FUNCTIONS; f++)
        if (options->functions[f]) {
            metric = options->functions[f];
            input->function = (enum window_function)f;
            input->kind = RULE_WINDOW;
            sources++;
        }
    if (sources != 1)
        return input_fault(in,
                           "one of metric, mean, median, min, max, last, count, delta, "
                           "changes, share, duration, attribute or faulty says what the "
                           "input is");
    if (input->kind != RULE_WINDOW && (options->over || config_child(in->node, "above")))
        return input_fault(in, "'over' and 'above' need mean, median, min, max, last, "
                               "count, delta, changes, share or duration");
    if (options->attribute)
        return input_attribute(in, options->attribute, input);
    if (options->faulty) {
        input->kind = RULE_FAULTY;
        metric = options->faulty;
        if (strcmp(metric, "*") == 0)
            return true;
    }
    input->metric = input_metric(in, metric);
    bool is_good = input->metric != NULL;
    return input->kind == RULE_WINDOW ? input_window(in, options, input) && is_good
                                      : is_good;
}

static bool input_read(const struct input_reading *in, struct rule_input *input)
{
    input->absent = NAN;
    input->above = NAN;
    const char *name = config_scalar(in->node);
    if (name) {
        input->metric = input_metric(in, name);
        return input->metric != NULL;
    }
    struct input_options options = {0};
    if (!config_fill(in->src, in->node, in->path, rule_input_options, &options, NULL))
        return false;
    input->of = (enum rule_of)options.of;
    input->is_indicative = options.is_indicative;
    if (config_child(in->node, "absent"))
        input->absent = options.absent;
    return input_source(in, &options, input);
}

bool rule_input_is_measured(const struct rule_input *input)
{
    static const bool is_part[WINDOW_FUNCTIONS] = {
        [WINDOW_MEAN] = true, [WINDOW_SHARE] = true, [WINDOW_DURATION] = true};
    static const bool is_count[WINDOW_FUNCTIONS] = {
        [WINDOW_COUNT] = true, [WINDOW_CHANGES] = true};
    if (input->kind == RULE_ATTRIBUTE || input->kind == RULE_FAULTY)
        return false;
    if (input->of == RULE_OF_MEAN
        || (input->kind == RULE_WINDOW && is_part[input->function]))
        return true;
    if (input->kind == RULE_WINDOW && is_count[input->function])
        return false;
    return input->metric->kind == METRIC_GAUGE || input->metric->kind == METRIC_COUNTER;
}

static bool name_is_good(const char *name)
{
    bool is_good = isalpha((unsigned char)name[0]) || name[0] == '_';
    for (const char *c = name; *c; c++)
        is_good = is_good && (isalnum((unsigned char)*c) || *c == '_');
    return is_good && !expression_is_word(name);
}

bool rule_inputs_read(struct config_source *src, const struct config *config,
                      const struct config_node *node, const char *path, struct rule *rule)
{
    size_t count = config_count(node);
    bool is_good = true;
    if (!config_is_map(node) || count == 0 || count > EXPRESSION_NAMES_MAX) {
        config_fault(src->faults, config_where(node), path,
                     "1 to %d inputs as NAME: METRIC or NAME: {…} are needed",
                     EXPRESSION_NAMES_MAX);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct rule_input *input = &rule->inputs[i];
        input->name = config_key(node, i);
        const char *at = arena_format(src->arena, "%s.%s", path, input->name);
        struct input_reading in = {src, config, config_value(node, i), at ? at : path};
        if (!name_is_good(input->name))
            is_good =
                input_fault(&in, "not a name for an input (allowed: letters, digits "
                                 "and _, no word of SQL)");
        is_good &= input_read(&in, input);
        rule->has_windows |= input->kind == RULE_WINDOW;
        rule->has_phase_windows |= input->kind == RULE_WINDOW && input->over_us == 0;
    }
    rule->input_count = count;
    return is_good;
}

const char *rule_input_unit(const struct rule_input *input)
{
    static const bool is_bare[WINDOW_FUNCTIONS] = {
        [WINDOW_COUNT] = true, [WINDOW_CHANGES] = true, [WINDOW_SHARE] = true};
    bool is_window = input->kind == RULE_WINDOW;
    if (is_window && input->function == WINDOW_DURATION)
        return "min";
    if (!input->metric || input->kind == RULE_FAULTY || input->kind == RULE_ATTRIBUTE
        || (is_window && is_bare[input->function]))
        return "";
    return input->metric->unit ? input->metric->unit : "";
}
