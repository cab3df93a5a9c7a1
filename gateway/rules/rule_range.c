/* rule_range.c - comparisons that come out the same whatever is read: "temperature >
 * 540", where what is above 85 is a fault of the sensor and no reading.
 *
 * Looks only at an input beside a number or parameter, or a sum of them, with nothing
 * else around them. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rule_reading.h"

/* range - what an input may be; NAN = open. */
struct range {
    double least;
    double most;
};

/* side - one side of a comparison.
 * input       NULL = a number
 * parameter   its name, NULL = it stands there as a number or a sum
 * at, end     where it stands */
struct side {
    const struct rule_input *input;
    const char *parameter;
    double value;
    size_t at;
    size_t end;
};

static bool keeps_range(const struct rule_input *in)
{
    static const bool keeps[WINDOW_FUNCTIONS] = {
        [WINDOW_MEAN] = true, [WINDOW_MIN] = true,    [WINDOW_MAX] = true,
        [WINDOW_LAST] = true, [WINDOW_MEDIAN] = true,
    };
    bool is_one = in->of == RULE_OF_DEFAULT || in->of == RULE_OF_MEAN
                  || in->of == RULE_OF_MIN || in->of == RULE_OF_MAX;
    return in->metric && is_one
           && (in->kind == RULE_LATEST
               || (in->kind == RULE_WINDOW && keeps[in->function]));
}

static struct range range_of_states(const struct gw_map *states)
{
    struct range r = {NAN, NAN};
    for (size_t i = 0; i < states->count; i++) {
        r.least = fmin(r.least, states->values[i]);
        r.most = fmax(r.most, states->values[i]);
    }
    return r;
}

static struct range range_of(const struct rule_input *in)
{
    static const double minute_us = 60e6;
    struct range r = {NAN, NAN};
    if (keeps_range(in) && in->metric->kind == METRIC_STATE)
        r = range_of_states(&in->metric->states);
    else if (keeps_range(in))
        r = (struct range){in->metric->min, in->metric->max};
    if (in->kind == RULE_WINDOW && in->function == WINDOW_SHARE)
        r = (struct range){0, 1};
    if (in->kind == RULE_WINDOW && in->function == WINDOW_DURATION && in->over_us > 0)
        r = (struct range){0, (double)in->over_us / minute_us};
    if (in->absent < r.least)
        r.least = in->absent;
    if (in->absent > r.most)
        r.most = in->absent;
    return r;
}

static size_t skip_blanks(const char *text, size_t at)
{
    while (isspace((unsigned char)text[at]))
        at++;
    return at;
}

static size_t word_end(const char *text, size_t at)
{
    while (isalnum((unsigned char)text[at]) || text[at] == '_' || text[at] == '.')
        at++;
    return at;
}

static bool is_same(const char *name, const char *text, size_t size)
{
    return strlen(name) == size && strncmp(name, text, size) == 0;
}

/* The name or number that stands at @at; false: something else. */
static bool operand_read(const struct rule_reading *rd, const char *text, size_t at,
                         struct side *ret)
{
    bool is_negative = text[at] == '-';
    size_t from = is_negative ? skip_blanks(text, at + 1) : at;
    size_t size = word_end(text, from) - from;
    *ret = (struct side){.at = at, .end = from + size};
    if (isdigit((unsigned char)text[from]) || text[from] == '.') {
        ret->value = strtod(text + from, NULL) * (is_negative ? -1 : 1);
        return true;
    }
    for (size_t i = 0; !is_negative && i < rd->names.input_count; i++)
        if (is_same(rd->inputs[i], text + from, size))
            ret->input = &rd->rule->inputs[i];
    for (size_t i = 0; !is_negative && i < rd->names.parameter_count; i++)
        if (is_same(rd->parameters[i], text + from, size)) {
            ret->parameter = rd->parameters[i];
            ret->value = rd->values[i];
        }
    return ret->input || ret->parameter;
}

/* side_read - with what is added to a number or taken from it. */
static bool side_read(const struct rule_reading *rd, const char *text, size_t at,
                      struct side *ret)
{
    if (!operand_read(rd, text, at, ret))
        return false;
    for (;;) {
        size_t sign = skip_blanks(text, ret->end);
        struct side next;
        if (ret->input || (text[sign] != '+' && text[sign] != '-')
            || !operand_read(rd, text, skip_blanks(text, sign + 1), &next) || next.input)
            return true;
        ret->value += text[sign] == '+' ? next.value : -next.value;
        ret->parameter = NULL;
        ret->end = next.end;
    }
}

/* Where the side begins that ends before @end. */
static size_t side_before(const char *text, size_t end)
{
    size_t at = end;
    while (at > 0 && isspace((unsigned char)text[at - 1]))
        at--;
    while (at > 0 && word_end(text, at - 1) > at - 1)
        at--;
    return at;
}

/* is_reckoned - something stands before @from, or after @to, that makes another number of
 * what is between them. */
static bool is_reckoned(const char *text, size_t from, size_t to)
{
    static const char reckons[] = "+-*/%";
    size_t after = skip_blanks(text, to);
    while (from > 0 && isspace((unsigned char)text[from - 1]))
        from--;
    return (from > 0 && strchr(reckons, text[from - 1]))
           || (text[after] && strchr(reckons, text[after]));
}

/* 1 = always so, -1 = never, 0 = it depends; @is_or_equal: <= or >=. */
static int outcome(struct range r, bool is_greater, bool is_or_equal, double threshold)
{
    if (is_greater && (is_or_equal ? r.most < threshold : r.most <= threshold))
        return -1;
    if (is_greater && (is_or_equal ? r.least >= threshold : r.least > threshold))
        return 1;
    if (!is_greater && (is_or_equal ? r.least > threshold : r.least >= threshold))
        return -1;
    if (!is_greater && (is_or_equal ? r.most <= threshold : r.most < threshold))
        return 1;
    return 0;
}

/* Where a parameter got its number last, and in which layer; NULL = it is none. */
static const struct config_node *parameter_node(const struct rule_reading *rd,
                                                const char *name, size_t *ret_layer)
{
    const struct config_node *last = NULL;
    *ret_layer = 0;
    for (size_t i = 0; name && i < rd->layer_count; i++) {
        const struct config_node *all = config_child(rd->layers[i].node, "parameters");
        const struct config_node *node = all ? config_child(all, name) : NULL;
        last = node ? node : last;
        *ret_layer = node ? i : *ret_layer;
    }
    return last;
}

/* tell_open - a range that has one end. */
static void tell_open(const struct rule_reading *rd, struct config_mark mark,
                      const char *path, const struct side *input, double value, int how)
{
    static const char *const sentences[2][2] = {
        {"%g makes the comparison with %s never true (wanted: %g or more, what may be "
         "read)",
         "%g makes the comparison with %s never true (wanted: %g or less, what may be "
         "read)"},
        {"%g makes the comparison with %s always true (wanted: %g or more, what may be "
         "read)",
         "%g makes the comparison with %s always true (wanted: %g or less, what may be "
         "read)"},
    };
    const struct range r = range_of(input->input);
    bool is_below = isnan(r.least);
    config_warning(rd->src->faults, mark, path, sentences[how > 0][is_below], value,
                   input->input->name, is_below ? r.most : r.least);
}

static void tell(const struct rule_reading *rd, const char *key,
                 const struct config_node *node, const char *text,
                 const struct side *input, const struct side *other, int how)
{
    size_t ignored = 0;
    const struct config_node *of = parameter_node(rd, other->parameter, &ignored);
    const struct range r = range_of(input->input);
    const char *path = rule_reading_path(rd, other->parameter ? "parameters" : key);
    struct config_mark mark = of ? config_where(of) : config_where_text(node);
    if (!of && !strchr(text, '\n'))
        mark.column += (int)(input->at < other->at ? input->at : other->at);
    if (isnan(r.least) || isnan(r.most))
        tell_open(rd, mark, path, input, other->value, how);
    else
        config_warning(
            rd->src->faults, mark, path,
            how < 0 ? "%g makes the comparison with %s never true (wanted: within "
                      "%g .. %g, what may be read)"
                    : "%g makes the comparison with %s always true (wanted: within "
                      "%g .. %g, what may be read)",
            other->value, input->input->name, r.least, r.most);
}

/* comparison - of an input with a number; from, to: where it stands.
 * is_greater   the input is to be greater, whichever side it is on */
struct comparison {
    struct side input;
    struct side other;
    bool is_greater;
    bool is_or_equal;
    size_t from;
    size_t to;
};

/* The comparison whose sign is at @at; false: it is one of something else. */
static bool comparison_read(const struct rule_reading *rd, const char *text, size_t at,
                            struct comparison *ret)
{
    struct side left;
    struct side right;
    *ret = (struct comparison){.is_or_equal = text[at + 1] == '=',
                               .from = side_before(text, at)};
    size_t to = skip_blanks(text, at + 1 + ret->is_or_equal);
    if (!side_read(rd, text, ret->from, &left) || !side_read(rd, text, to, &right)
        || !left.input == !right.input || is_reckoned(text, ret->from, right.end))
        return false;
    ret->to = right.end;
    ret->is_greater = (text[at] == '>') == (left.input != NULL);
    ret->input = left.input ? left : right;
    ret->other = left.input ? right : left;
    return true;
}

static bool is_sign(const char *text, size_t at)
{
    return (text[at] == '<' || text[at] == '>') && text[at + 1] != '>'
           && (at == 0 || text[at - 1] != '<');
}

/* is_word_before - @word stands right before @at. */
static bool is_word_before(const char *text, size_t at, const char *word)
{
    size_t size = strlen(word);
    while (at > 0 && isspace((unsigned char)text[at - 1]))
        at--;
    return at >= size && strncmp(text + at - size, word, size) == 0
           && (at == size || !isalnum((unsigned char)text[at - size - 1]));
}

/* is_joined - only @word stands between @a and @b, and nothing turns what they say. */
static bool is_joined(const char *text, const struct comparison *a,
                      const struct comparison *b, const char *word)
{
    size_t from = skip_blanks(text, a->to);
    return strncmp(text + from, word, strlen(word)) == 0
           && skip_blanks(text, from + strlen(word)) == b->from
           && !is_word_before(text, a->from, "not");
}

/* later_node - which of two parameters was changed last, what the school wrote. */
static const struct config_node *later_node(const struct rule_reading *rd,
                                            const struct side *a, const struct side *b)
{
    size_t first = 0;
    size_t second = 0;
    const struct config_node *x = parameter_node(rd, a->parameter, &first);
    const struct config_node *y = parameter_node(rd, b->parameter, &second);
    return x && (!y || first > second) ? x : y;
}

/* check_span - two comparisons of one input, below a number and above another, that leave
 * nothing between them or everything. */
static void check_span(const struct rule_reading *rd, const char *key,
                       const struct config_node *node, const char *text,
                       const struct comparison *a, const struct comparison *b)
{
    const struct comparison *above = a->is_greater ? a : b;
    const struct comparison *below = a->is_greater ? b : a;
    bool is_never =
        is_joined(text, a, b, "and") && above->other.value > below->other.value;
    bool is_always = is_joined(text, a, b, "or")
                     && above->other.value < below->other.value && !strstr(text, "and")
                     && !strpbrk(text, "()");
    const struct config_node *of = later_node(rd, &above->other, &below->other);
    if (a->input.input != b->input.input || a->is_greater == b->is_greater
        || !(is_never || is_always))
        return;
    config_warning(rd->src->faults, of ? config_where(of) : config_where_text(node),
                   rule_reading_path(rd, of ? "parameters" : key),
                   is_never ? "%s is never above %g and below %g at a time (wanted: "
                              "numbers with something between them)"
                            : "%s is always above %g or below %g (wanted: numbers with "
                              "something between them)",
                   a->input.input->name, above->other.value, below->other.value);
}

/* is_told - of `clear`: its parameter is told where `when` has it. */
static bool is_told(struct rule_reading *rd, const char *parameter)
{
    uint32_t bit = 0;
    for (size_t i = 0; parameter && i < rd->names.parameter_count; i++)
        if (rd->parameters[i] == parameter)
            bit = 1u << i;
    bool is_so = (rd->told_parameters & bit) != 0;
    rd->told_parameters |= bit;
    return is_so;
}

void rule_range_check(struct rule_reading *rd, const char *key,
                      const struct config_node *node, const char *text)
{
    struct comparison last = {0};
    struct comparison c;
    for (size_t i = 0; text[i]; i++) {
        if (!is_sign(text, i) || !comparison_read(rd, text, i, &c))
            continue;
        int how =
            outcome(range_of(c.input.input), c.is_greater, c.is_or_equal, c.other.value);
        if (how != 0 && !is_told(rd, c.other.parameter))
            tell(rd, key, node, text, &c.input, &c.other, how);
        if (how == 0 && last.input.input)
            check_span(rd, key, node, text, &last, &c);
        last = how == 0 ? c : (struct comparison){0};
    }
}

/* The one comparison that @text is. */
static bool is_comparison(const struct rule_reading *rd, const char *text,
                          struct comparison *ret)
{
    size_t at = strcspn(text, "<>");
    return text[at] && is_sign(text, at) && comparison_read(rd, text, at, ret)
           && ret->from == skip_blanks(text, 0) && !text[skip_blanks(text, ret->to)];
}

/* all_hold - @text is so only where each of its comparisons is. */
static bool all_hold(const char *text)
{
    for (const char *at = strstr(text, "or"); at; at = strstr(at + 1, "or"))
        if ((at == text || !isalnum((unsigned char)at[-1]))
            && !isalnum((unsigned char)at[2]) && at[2] != '_')
            return false;
    return !strpbrk(text, "()");
}

/* tell_same_side - what is cleared on the side that raises it. */
static void tell_same_side(const struct rule_reading *rd, const struct config_node *of,
                           const struct comparison *when, const struct comparison *clear)
{
    config_warning(rd->src->faults, config_where(of), rule_reading_path(rd, "clear"),
                   when->is_greater
                       ? "raises where %s is above %g, and clears where it is above %g "
                         "(wanted: clear below what raises)"
                       : "raises where %s is below %g, and clears where it is below %g "
                         "(wanted: clear above what raises)",
                   when->input.input->name, when->other.value, clear->other.value);
}

static void judge_clear(const struct rule_reading *rd, const struct config_node *node,
                        const struct comparison *when, const struct comparison *clear)
{
    double a = when->other.value;
    double b = clear->other.value;
    size_t raised = 0;
    size_t cleared = 0;
    const struct config_node *from = parameter_node(rd, when->other.parameter, &raised);
    const struct config_node *of = parameter_node(rd, clear->other.parameter, &cleared);
    of = raised > cleared ? from : of; /* what the school changed */
    bool is_apart = when->is_greater ? b <= a : b >= a;
    if (when->input.input == clear->input.input && when->is_greater == clear->is_greater)
        tell_same_side(rd, node, when, clear);
    if (when->input.input == clear->input.input && when->is_greater != clear->is_greater
        && !is_apart)
        config_warning(rd->src->faults, config_where(of ? of : node),
                       rule_reading_path(rd, of ? "parameters" : "clear"),
                       when->is_greater
                           ? "%g clears what %g raises (wanted: at most %g)"
                           : "%g clears what %g raises (wanted: at least %g)",
                       b, a, a);
}

void rule_range_clear(const struct rule_reading *rd, const struct config_node *node)
{
    const char *text = rd->text.when;
    struct comparison when;
    struct comparison clear;
    if (!is_comparison(rd, rd->text.clear, &clear) || !all_hold(text))
        return;
    for (size_t i = 0; text[i]; i++)
        if (is_sign(text, i) && comparison_read(rd, text, i, &when))
            judge_clear(rd, node, &when, &clear);
}
