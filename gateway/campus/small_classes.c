/* small_classes.c - the classes whose figures would tell of single pupils. */
#include <errno.h>

#include "campus/school.h"

/* withheld - the group as far as it is chosen. */
struct withheld {
    size_t classes;
    uint32_t pupils;
};

static void add(struct gw_campus *c, size_t index, struct withheld *group)
{
    c->withheld[index] = true;
    group->classes++;
    group->pupils += c->classes[index].enrolled;
}

/* smallest_other - of those not chosen yet; class_count = none is left. */
static size_t smallest_other(const struct gw_campus *c)
{
    size_t smallest = c->class_count;
    for (size_t i = 0; i < c->class_count; i++)
        if (!c->withheld[i]
            && (smallest == c->class_count
                || c->classes[i].enrolled < c->classes[smallest].enrolled))
            smallest = i;
    return smallest;
}

int small_classes_load(struct gw_campus *c, struct config_source *src)
{
    const uint32_t least = c->school.smallest_group;
    struct withheld group = {0};
    c->withheld = arena_alloc(src->arena, (c->class_count + 1) * sizeof(*c->withheld));
    if (!c->withheld)
        return -ENOMEM;
    for (size_t i = 0; i < c->class_count; i++)
        if (c->classes[i].enrolled < least)
            add(c, i, &group);
    while (group.classes > 0 && group.classes < c->class_count
           && (group.classes < 2 || group.pupils < least))
        add(c, smallest_other(c), &group);
    return 0;
}

bool gw_campus_is_withheld(const struct gw_campus *campus, const char *class_id)
{
    uint32_t index = campus_class_index(campus, class_id);
    return index != UINT32_MAX && campus->withheld[index];
}
