/* expression_typed.h - what a Chinese keyboard gives for signs and words of a condition.
 * Thread: any.
 */
#ifndef RULES_EXPRESSION_TYPED_H
#define RULES_EXPRESSION_TYPED_H

struct expression_typed {
    const char *typed;
    const char *meant;
};

/* expression_typed - what @text begins with, NULL = none of these. */
const struct expression_typed *expression_typed(const char *text);

#endif
