/* expression_text.h - a rule's condition: which words it may use, and its SQL.
 *
 * Only what is on short lists passes: numbers, names, comparisons, + - * / %,
 * and or not is null in between case, and six functions.  Thread: any.
 */
#ifndef RULES_EXPRESSION_TEXT_H
#define RULES_EXPRESSION_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EXPRESSION_TEXT_MAX = 500, /* bytes of a condition */
    EXPRESSION_SQL_MAX = 4000,
    EXPRESSION_DEPTH_MAX = 16, /* parentheses */
    EXPRESSION_TOKENS_MAX = 256,
    EXPRESSION_NAMES_MAX = 16, /* inputs, and parameters, of a rule */
};

/* expression_names - what a condition may name; parameters are constants.
 * measured    bits of the inputs that equal a number by luck only */
struct expression_names {
    const char *const *inputs;
    size_t input_count;
    uint32_t measured;
    const char *const *parameters;
    const double *values;
    size_t parameter_count;
};

/* expression_fault - the first thing that is wrong, @offset bytes into the text.
 * is_chinese  in which language it is told; the caller's, the rest begins as {0} */
struct expression_fault {
    bool is_chinese;
    size_t offset;
    char text[300];
};

/* expression_sql - the translation.
 * inputs, parameters   bits of the names that it uses
 * asks_null            with is null, coalesce or ifnull it has answers for the unknown
 * places               where each token stands in the SQL and in the text */
struct expression_sql {
    char sql[EXPRESSION_SQL_MAX];
    size_t length;
    uint32_t inputs;
    uint32_t parameters;
    bool asks_null;
    struct {
        size_t sql;
        size_t text;
    } places[EXPRESSION_TOKENS_MAX];
    size_t place_count;
};

/* expression_translate - returns 0 or -EINVAL and @fault. */
int expression_translate(const char *text, const struct expression_names *names,
                         struct expression_sql *ret, struct expression_fault *fault);

/* expression_is_word - @name means something in a condition already. */
bool expression_is_word(const char *name);

/* expression_is_function - one of the functions that a condition may call. */
bool expression_is_function(const char *name);

#endif
