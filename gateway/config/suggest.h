/* suggest.h - the name that was probably meant.  Thread: any. */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

struct suggest {
    const char *wanted;
    const char *best; /* NULL: nothing near enough */
    size_t distance;
};

/* suggest_distance - edits (insert, delete, replace, swap neighbours) between two
 * names; texts of 64 bytes or more count as far. */
size_t suggest_distance(const char *a, const char *b);

/* suggest_offer - keeps @name when it is nearer than what was offered before, and near
 * at all: a third of the letters, at most 3.  Capitals make no difference. */
void suggest_offer(struct suggest *s, const char *name);

#endif
