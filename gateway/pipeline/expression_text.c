#include "pipeline/expression_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config/quantity.h"
#include "config/suggest.h"

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
} operators[] = {
    {"<=", true}, {">=", true}, {"<>", true}, {"!=", true}, {"==", true},
    {"<", true},  {">", true},  {"=", true},  {"+", false}, {"-", false},
    {"*", false}, {"/", false}, {"%", false},
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

/* scan - where the translation is.  compared and between count for the parentheses
 * that are open now. */
struct scan {
    const char *text;
    size_t at;
    const struct expression_names *names;
    struct expression_sql *out;
    struct expression_fault *fault;
    size_t depth;
    bool compared[EXPRESSION_DEPTH_MAX + 1];
    bool between[EXPRESSION_DEPTH_MAX + 1];
    bool after_is; /* "is" or "is not" stands before */
};

static int scan_fault(struct scan *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int scan_fault(struct scan *s, const char *format, ...)
{
    va_list args;
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
    s->after_is = false;
    return scan_emit_number(s, value, length);
}

static int scan_compares(struct scan *s)
{
    if (s->compared[s->depth])
        return scan_fault(s, "a chain of comparisons compares a truth with a number "
                             "(allowed: 16 < lux and lux < 30, or parentheses)");
    s->compared[s->depth] = true;
    return 0;
}

static void scan_joins(struct scan *s, const char *word)
{
    bool is_between = s->between[s->depth] && strcmp(word, "and") == 0;
    bool is_not = s->after_is && strcmp(word, "not") == 0;
    s->between[s->depth] = s->between[s->depth] && !is_between;
    if (!is_between && !is_not)
        s->compared[s->depth] = false;
}

static int scan_word(struct scan *s, size_t word, size_t length)
{
    enum word_kind kind = words[word].kind;
    const char *sql = words[word].sql;
    if (kind == WORD_REFUSED)
        return scan_fault(s, "'%s' is not allowed: %s", words[word].name, sql);
    if (kind == WORD_NULL && !s->after_is)
        return scan_fault(s, "a comparison with NULL is never true (allowed: is null, "
                             "is not null)");
    if (kind == WORD_COMPARES) {
        int r = scan_compares(s);
        if (r < 0)
            return r;
        if (strcmp(sql, "between") == 0)
            s->between[s->depth] = true;
    }
    if (kind == WORD_JOINS)
        scan_joins(s, sql);
    s->after_is = strcmp(sql, "is") == 0 || (s->after_is && strcmp(sql, "not") == 0);
    return scan_emit(s, sql, length);
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
    s->after_is = false;
    if (start[length + strspn(start + length, " \t\n")] == '(')
        return scan_function(s, name, length);

    size_t input = list_index(s->names->inputs, s->names->input_count, name);
    if (input < s->names->input_count) {
        char sql[24];
        (void)snprintf(sql, sizeof(sql), "?%zu", input + 1);
        s->out->inputs |= 1u << input;
        return scan_emit(s, sql, length);
    }
    size_t parameter = list_index(s->names->parameters, s->names->parameter_count, name);
    if (parameter == s->names->parameter_count)
        return scan_unknown(s, name);
    s->out->parameters |= 1u << parameter;
    return scan_emit_number(s, s->names->values[parameter], length);
}

static int scan_parenthesis(struct scan *s, char sign)
{
    s->after_is = false;
    if (sign == '(') {
        if (s->depth == EXPRESSION_DEPTH_MAX)
            return scan_fault(s, "parentheses are nested too deep (allowed: %d)",
                              EXPRESSION_DEPTH_MAX);
        s->depth++;
        s->compared[s->depth] = false;
        s->between[s->depth] = false;
        return scan_emit(s, "(", 1);
    }
    if (s->depth == 0)
        return scan_fault(s, "')' without '('");
    s->depth--;
    return scan_emit(s, ")", 1);
}

static int scan_sign(struct scan *s)
{
    const char *start = s->text + s->at;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (strncmp(start, refused[i].text, strlen(refused[i].text)) == 0)
            return scan_fault(s, "%s", refused[i].why);
    if (*start == '(' || *start == ')')
        return scan_parenthesis(s, *start);
    if (*start == ',') {
        s->compared[s->depth] = false;
        return scan_emit(s, ",", 1);
    }
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(start, operators[i].text, length) != 0)
            continue;
        int r = operators[i].compares ? scan_compares(s) : 0;
        s->after_is = false;
        return r < 0 ? r : scan_emit(s, operators[i].text, length);
    }
    return scan_fault(s,
                      "'%.1s' is not part of a condition (allowed: numbers, names, "
                      "< <= = <> >= > + - * / %% and or not)",
                      (unsigned char)*start < 0x80 ? start : "?");
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
