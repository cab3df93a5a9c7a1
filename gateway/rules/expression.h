/* expression.h - conditions of rules, compiled once by a private in-memory SQLite.
 *
 * The text is translated by expression_text.h first; the authorizer of the private
 * database then refuses all but a SELECT of constants, parameters and six functions.
 * Thread: the pipeline's.
 */
#ifndef RULES_EXPRESSION_H
#define RULES_EXPRESSION_H

#include "gw/error.h"
#include "rules/expression_text.h"

enum verdict { VERDICT_FALSE, VERDICT_TRUE, VERDICT_UNKNOWN };

struct expressions; /* the private database */
struct expression;

int expressions_new(struct expressions **ret, struct gw_error *err);

/* expressions_free - after all of its expressions. */
struct expressions *expressions_free(struct expressions *x);

/* expression_new - from @when and @clear as translated; @clear NULL = not when.
 * returns 0, -ENOMEM, or -EINVAL and @fault with its offset in the one at fault, which
 *         *ret_is_clear names */
int expression_new(struct expressions *x, const struct expression_sql *when,
                   const struct expression_sql *clear, struct expression **ret,
                   struct expression_fault *fault, bool *ret_is_clear);
struct expression *expression_free(struct expression *e);

/* expression_asks_null - it has answers for the unknown. */
bool expression_asks_null(const struct expression *e);

/* expression_evaluate - @values of the inputs, NAN = unknown. */
void expression_evaluate(struct expression *e, const double *values, size_t count,
                         enum verdict *ret_when, enum verdict *ret_clear);

#endif
