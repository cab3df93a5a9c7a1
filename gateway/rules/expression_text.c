#include "rules/expression_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "config/chinese.h"
#include "config/quantity.h"
#include "config/suggest.h"
#include "rules/expression_typed.h"

static const char *const functions[] = {"abs",   "min",      "max",
                                        "round", "coalesce", "ifnull"};

enum word_kind {
    WORD_JOINS,    /* ends a comparison: and, or, case's parts */
    WORD_COMPARES, /* is one */
    WORD_PLAIN,
    WORD_NULL,
    WORD_TRUTH,
    WORD_REFUSED,
};

static const struct {
    const char *name;
    enum word_kind kind;
    const char *sql; /* or why it is refused */
} words[] = {
    {"and", WORD_JOINS, "and"},
    {"or", WORD_JOINS, "or"},
    {"not", WORD_JOINS, "not"},
    {"case", WORD_JOINS, "case"},
    {"when", WORD_JOINS, "when"},
    {"then", WORD_JOINS, "then"},
    {"else", WORD_JOINS, "else"},
    {"end", WORD_PLAIN, "end"},
    {"is", WORD_COMPARES, "is"},
    {"in", WORD_COMPARES, "in"},
    {"between", WORD_COMPARES, "between"},
    {"null", WORD_NULL, "null"},
    {"true", WORD_TRUTH, "1"},
    {"false", WORD_TRUTH, "0"},
    {"like", WORD_REFUSED, "a condition compares numbers, not text"},
    {"glob", WORD_REFUSED, "a condition compares numbers, not text"},
    {"match", WORD_REFUSED, "a condition compares numbers, not text"},
    {"regexp", WORD_REFUSED, "a condition compares numbers, not text"},
    {"collate", WORD_REFUSED, "a condition compares numbers, not text"},
    {"select", WORD_REFUSED, "a condition has no queries inside"},
    {"exists", WORD_REFUSED, "a condition has no queries inside"},
    {"cast", WORD_REFUSED, "every value is a number already"},
};

static const struct {
    const char *text;
    bool compares;
    bool equals;
} operators[] = {
    {"<=", true, false}, {">=", true, false}, {"<>", true, true},  {"!=", true, true},
    {"==", true, true},  {"<", true, false},  {">", true, false},  {"=", true, true},
    {"+", false, false}, {"-", false, false}, {"*", false, false}, {"/", false, false},
    {"%", false, false},
};

/* What SQL would take in silence, by how it begins; before the operators. */
static const struct {
    const char *text;
    const char *why;
} refused[] = {
    {"--", "'--' begins a comment in SQL (allowed: '- -' or parentheses)"},
    {"/*", "comments are not part of a condition"},
    {"'",
     "text in quotes: a condition compares numbers (allowed: the number of a state)"},
    {"\"",
     "text in quotes: a condition compares numbers (allowed: names without quotes)"},
    {"`", "text in quotes: a condition compares numbers (allowed: names without quotes)"},
    {"[", "text in brackets (allowed: names without brackets)"},
    {"?", "a stray parameter (allowed: the names of inputs and parameters)"},
    {":", "a stray parameter (allowed: the names of inputs and parameters)"},
    {"@", "a stray parameter (allowed: the names of inputs and parameters)"},
    {"$", "a stray parameter (allowed: the names of inputs and parameters)"},
    {"<<", "'<<' works on bits (allowed: < <= = <> >= >)"},
    {">>", "'>>' works on bits (allowed: < <= = <> >= >)"},
};

/* level - one pair of parentheses that is open, since its last and, or, not or comma.
 * compared    a comparison was there
 * between     whose "and" is still to come
 * equals      it asks whether both sides are the same
 * measured    a measured input was there, at @measured_at of the text
 * is_truth    and, or, not or a comparison: what it comes to is no measure any more
 * is_round    the parentheses of round(): whole again
 * is_alone    those of min or max, so far of one value */
struct level {
    bool compared;
    bool between;
    bool equals;
    bool measured;
    bool is_truth;
    bool is_round;
    bool is_alone;
    size_t measured_at;
};

/* scan - where the translation is.  next: what the parentheses to come are of. */
struct scan {
    const char *text;
    size_t at;
    const struct expression_names *names;
    struct expression_sql *out;
    struct expression_fault *fault;
    size_t depth;
    struct level levels[EXPRESSION_DEPTH_MAX + 1];
    struct level next;
    bool after_is; /* "is" or "is not" stands before */
    bool after_case;
};

static int scan_fault(struct scan *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int scan_fault(struct scan *s, const char *format, ...)
{
    va_list args;
    if (s->fault->is_chinese)
        format = chinese_format(format);
    va_start(args, format);
    s->fault->offset = s->at;
    (void)vsnprintf(s->fault->text, sizeof(s->fault->text), format, args);
    va_end(args);
    return -EINVAL;
}

/* Appends a token's SQL and moves on by the @length bytes it had in the text. */
static int scan_emit(struct scan *s, const char *sql, size_t length)
{
    struct expression_sql *out = s->out;
    size_t size = strlen(sql);
    if (out->length + size + 2 > sizeof(out->sql)
        || out->place_count == EXPRESSION_TOKENS_MAX)
        return scan_fault(s, "the condition is too long (allowed: %d words and signs)",
                          EXPRESSION_TOKENS_MAX);
    out->places[out->place_count].sql = out->length;
    out->places[out->place_count++].text = s->at;
    memcpy(out->sql + out->length, sql, size);
    out->length += size;
    out->sql[out->length++] = ' ';
    out->sql[out->length] = '\0';
    s->at += length;
    return 0;
}

/* Whole numbers become real ones: SQL's 1/2 is 0. */
static int scan_emit_number(struct scan *s, double value, size_t length)
{
    char sql[40];
    (void)snprintf(sql, sizeof(sql), "%.17g", value);
    if (!strpbrk(sql, ".e"))
        (void)snprintf(sql, sizeof(sql), "%.1f", value);
    char wrapped[48];
    (void)snprintf(wrapped, sizeof(wrapped), value < 0 ? "(%s)" : "%s", sql);
    return scan_emit(s, wrapped, length);
}

static int scan_lucky(struct scan *s, size_t at)
{
    s->at = at;
    return scan_fault(s, "what is measured equals a number by luck only (allowed: < <= > "
                         ">=, between 299.5 and 300.5, round(x) = 300)");
}

/* A value, whatever it is: after "is" it asks for equality. */
static int scan_operand(struct scan *s)
{
    bool is_lucky = s->after_is && s->levels[s->depth].measured;
    s->after_is = false;
    return is_lucky ? scan_lucky(s, s->at) : 0;
}

/* Something measured, at @at of the text, is part of this level. */
static int scan_measured(struct scan *s, size_t at)
{
    struct level *level = &s->levels[s->depth];
    if (level->equals)
        return scan_lucky(s, at);
    level->measured = true;
    level->measured_at = at;
    return 0;
}

static int scan_number(struct scan *s)
{
    const char *start = s->text + s->at;
    size_t length = 0;
    while (isalnum((unsigned char)start[length]) || start[length] == '.'
           || ((start[length] == '-' || start[length] == '+')
               && (start[length - 1] | 0x20) == 'e'))
        length++;
    char digits[40];
    double value = 0;
    if (length < sizeof(digits)) {
        memcpy(digits, start, length);
        digits[length] = '\0';
    }
    if (length >= sizeof(digits) || quantity_number(digits, &value) < 0)
        return scan_fault(s, "'%.*s' is not a number (allowed: 300, 0.8, 1.5e3)",
                          (int)length, start);
    int r = scan_operand(s);
    return r < 0 ? r : scan_emit_number(s, value, length);
}

static int scan_compares(struct scan *s)
{
    struct level *level = &s->levels[s->depth];
    if (level->compared)
        return scan_fault(s, "a chain of comparisons compares a truth with a number "
                             "(allowed: 16 < lux and lux < 30, or parentheses)");
    level->compared = true;
    level->is_truth = true;
    return 0;
}

/* = != in: of what is measured in parts they are true by luck. */
static int scan_equals(struct scan *s)
{
    if (s->levels[s->depth].measured)
        return scan_lucky(s, s->at);
    s->levels[s->depth].equals = true;
    return 0;
}

static void scan_joins(struct scan *s, const char *word)
{
    struct level *level = &s->levels[s->depth];
    bool is_between = level->between && strcmp(word, "and") == 0;
    bool is_not = strcmp(word, "not") == 0;
    level->between = level->between && !is_between;
    level->is_truth |= is_not;
    if (is_between || is_not)
        return;
    level->compared = false;
    level->equals = false;
    level->measured = false;
    level->is_truth = strcmp(word, "and") == 0 || strcmp(word, "or") == 0;
}

static int scan_comparing_word(struct scan *s, const char *word)
{
    int r = scan_compares(s);
    if (r == 0 && strcmp(word, "in") == 0)
        r = scan_equals(s);
    s->levels[s->depth].between = strcmp(word, "between") == 0;
    s->levels[s->depth].equals |= strcmp(word, "is") == 0;
    return r;
}

static int scan_word(struct scan *s, size_t word, size_t length)
{
    enum word_kind kind = words[word].kind;
    const char *sql = words[word].sql;
    int r = 0;
    if (kind == WORD_REFUSED)
        return scan_fault(s, "'%s' is not allowed: %s", words[word].name,
                          s->fault->is_chinese ? chinese_format(sql) : sql);
    if (kind == WORD_NULL && !s->after_is)
        return scan_fault(s, "a comparison with NULL is never true (allowed: is null, "
                             "is not null)");
    s->out->asks_null |= kind == WORD_NULL;
    if (kind == WORD_COMPARES)
        r = scan_comparing_word(s, sql);
    else if (kind == WORD_TRUTH)
        r = scan_operand(s);
    else if (kind == WORD_JOINS)
        scan_joins(s, sql);
    s->after_is = strcmp(sql, "is") == 0 || (s->after_is && strcmp(sql, "not") == 0);
    s->after_case = strcmp(sql, "case") == 0;
    return r < 0 ? r : scan_emit(s, sql, length);
}

static size_t list_index(const char *const *list, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(list[i], name) != 0)
        i++;
    return i;
}

static int scan_unknown(struct scan *s, const char *name)
{
    const struct expression_names *names = s->names;
    struct suggest near = {.wanted = name};
    for (size_t i = 0; i < names->input_count; i++)
        suggest_offer(&near, names->inputs[i]);
    for (size_t i = 0; i < names->parameter_count; i++)
        suggest_offer(&near, names->parameters[i]);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        suggest_offer(&near, functions[i]);
    if (near.best)
        return scan_fault(s, "'%s' is not known (did you mean '%s'?)", name, near.best);
    return scan_fault(s,
                      "'%s' is not known (allowed: the names of the rule's inputs and "
                      "parameters, abs min max round coalesce ifnull)",
                      name);
}

static int scan_function(struct scan *s, const char *name, size_t length)
{
    if (!expression_is_function(name))
        return scan_fault(s,
                          "'%s' is not a function (allowed: abs min max round coalesce "
                          "ifnull)",
                          name);
    s->next.is_alone = strcmp(name, "min") == 0 || strcmp(name, "max") == 0;
    s->next.is_round = strcmp(name, "round") == 0;
    s->out->asks_null |= strcmp(name, "coalesce") == 0 || strcmp(name, "ifnull") == 0;
    return scan_emit(s, name, length);
}

static int scan_name(struct scan *s)
{
    const char *start = s->text + s->at;
    size_t length = 0;
    while (isalnum((unsigned char)start[length]) || start[length] == '_')
        length++;
    char name[64];
    if (length >= sizeof(name))
        return scan_fault(s, "a name of more than %zu letters", sizeof(name) - 1);
    memcpy(name, start, length);
    name[length] = '\0';

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(words[i].name, name) == 0)
            return scan_word(s, i, length);
    int r = scan_operand(s);
    if (r < 0)
        return r;
    if (start[length + strspn(start + length, " \t\n")] == '(')
        return scan_function(s, name, length);

    size_t input = list_index(s->names->inputs, s->names->input_count, name);
    if (input < s->names->input_count) {
        char sql[24];
        (void)snprintf(sql, sizeof(sql), "?%zu", input + 1);
        s->out->inputs |= 1u << input;
        if (s->names->measured & (1u << input))
            r = scan_measured(s, s->at);
        return r < 0 ? r : scan_emit(s, sql, length);
    }
    size_t parameter = list_index(s->names->parameters, s->names->parameter_count, name);
    if (parameter == s->names->parameter_count)
        return scan_unknown(s, name);
    s->out->parameters |= 1u << parameter;
    return scan_emit_number(s, s->names->values[parameter], length);
}

static int scan_open(struct scan *s)
{
    int r = scan_operand(s);
    if (r < 0)
        return r;
    if (s->depth == EXPRESSION_DEPTH_MAX)
        return scan_fault(s, "parentheses are nested too deep (allowed: %d)",
                          EXPRESSION_DEPTH_MAX);
    s->levels[++s->depth] = s->next;
    s->next = (struct level){0};
    return scan_emit(s, "(", 1);
}

static int scan_close(struct scan *s)
{
    const struct level inner = s->levels[s->depth];
    if (s->depth == 0)
        return scan_fault(s, "')' without '('");
    if (inner.is_alone)
        return scan_fault(
            s, "min and max of one value are about the rows of a table in SQL (allowed: "
               "min(a, b); windows of inputs: {min: METRIC, over: 10min})");
    s->after_is = false;
    s->depth--;
    bool is_measure = inner.measured && !inner.is_truth && !inner.is_round;
    int r = is_measure ? scan_measured(s, inner.measured_at) : 0;
    return r < 0 ? r : scan_emit(s, ")", 1);
}

static int scan_comma(struct scan *s)
{
    struct level *level = &s->levels[s->depth];
    level->compared = false;
    level->equals = false;
    level->is_alone = false;
    return scan_emit(s, ",", 1);
}

static int scan_operator(struct scan *s, size_t index)
{
    int r = operators[index].compares ? scan_compares(s) : 0;
    if (r == 0 && operators[index].equals)
        r = scan_equals(s);
    if (operators[index].compares)
        s->after_is = false;
    return r < 0 ? r : scan_emit(s, operators[index].text, strlen(operators[index].text));
}

static int scan_stranger(struct scan *s, const char *start)
{
    char wide[4];
    char sign[5] = "";
    char narrow = 0;
    const struct expression_typed *typed = expression_typed(start);
    if (typed)
        return scan_fault(s, "'%s' is not part of a condition (allowed: %s)",
                          typed->typed, typed->meant);
    size_t size = 1;
    while (size < sizeof(sign) - 1 && ((unsigned char)start[size] & 0xC0) == 0x80)
        size++;
    memcpy(sign, start, size);
    if (text_wide(sign, wide, &narrow))
        return scan_fault(s, "'%s' is full-width (allowed: '%c')", wide, narrow);
    return scan_fault(s,
                      "'%s' is not part of a condition (allowed: numbers, names, "
                      "< <= = <> >= > + - * / %% and or not)",
                      sign);
}

static int scan_sign(struct scan *s)
{
    const char *start = s->text + s->at;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (strncmp(start, refused[i].text, strlen(refused[i].text)) == 0)
            return scan_fault(s, "%s",
                              s->fault->is_chinese ? chinese_format(refused[i].why)
                                                   : refused[i].why);
    if (*start == '(')
        return scan_open(s);
    if (*start == ')')
        return scan_close(s);
    if (*start == ',')
        return scan_comma(s);
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (strncmp(start, operators[i].text, strlen(operators[i].text)) == 0)
            return scan_operator(s, i);
    return scan_stranger(s, start);
}

int expression_translate(const char *text, const struct expression_names *names,
                         struct expression_sql *ret, struct expression_fault *fault)
{
    struct scan s = {.text = text, .names = names, .out = ret, .fault = fault};
    memset(ret, 0, sizeof(*ret));
    if (strlen(text) > EXPRESSION_TEXT_MAX)
        return scan_fault(&s, "the condition is too long (allowed: %d letters)",
                          EXPRESSION_TEXT_MAX);
    for (;;) {
        s.at += strspn(text + s.at, " \t\n");
        unsigned char c = (unsigned char)text[s.at];
        int r = 0;
        if (!c)
            break;
        if (s.after_case && strncasecmp(text + s.at, "when", 4) != 0)
            return scan_fault(&s, "case of a value compares for equality in silence "
                                  "(allowed: case when x > 3 then … end)");
        if (isdigit(c) || (c == '.' && isdigit((unsigned char)text[s.at + 1])))
            r = scan_number(&s);
        else if (isalpha(c) || c == '_')
            r = scan_name(&s);
        else
            r = scan_sign(&s);
        if (r < 0)
            return r;
    }
    if (s.depth > 0)
        return scan_fault(&s, "'(' without ')'");
    if (ret->length == 0)
        return scan_fault(&s, "the condition is empty (allowed: lux < 300 and occ >= 5)");
    return 0;
}

bool expression_is_word(const char *name)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(words[i].name, name) == 0)
            return true;
    return expression_is_function(name);
}

bool expression_is_function(const char *name)
{
    return list_index(functions, sizeof(functions) / sizeof(functions[0]), name)
           < sizeof(functions) / sizeof(functions[0]);
}
