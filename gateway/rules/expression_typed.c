#include "rules/expression_typed.h"

#include <stddef.h>
#include <string.h>

/* The longer of two that begin alike comes first. */
static const struct expression_typed words[] = {
    {"≤", "<="},     {"≥", ">="},    {"≠", "<>"},  {"且", "and"},
    {"并且", "and"}, {"或者", "or"}, {"或", "or"}, {"非", "not"},
    {"不", "not"},   {"×", "*"},     {"÷", "/"},
};

const struct expression_typed *expression_typed(const char *text)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(text, words[i].typed, strlen(words[i].typed)) == 0)
            return &words[i];
    return NULL;
}
