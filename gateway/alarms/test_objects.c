#include "alarms/test_objects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t find(const struct test_objects *t, const char *name)
{
    size_t i = 0;
    while (i < t->count && strcmp(t->names[i], name) != 0)
        i++;
    return i;
}

int test_objects_add(struct test_objects *t, const char *name)
{
    if (test_objects_has(t, name))
        return 0;
    char **grown = reallocarray(t->names, t->count + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    t->names = grown;
    t->names[t->count] = strdup(name);
    if (!t->names[t->count])
        return -ENOMEM;
    t->count++;
    return 0;
}

void test_objects_remove(struct test_objects *t, const char *name)
{
    size_t i = find(t, name);
    if (i == t->count)
        return;
    free(t->names[i]);
    t->names[i] = t->names[--t->count];
}

bool test_objects_has(const struct test_objects *t, const char *name)
{
    return find(t, name) < t->count;
}

void test_objects_done(struct test_objects *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->names[i]);
    free(t->names);
    *t = (struct test_objects){0};
}
