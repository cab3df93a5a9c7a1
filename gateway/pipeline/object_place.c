#include "pipeline/object_place.h"

#include <string.h>

static const char *place_id(const struct point_table *points,
                            const struct gw_campus *campus, const char *object)
{
    const struct gw_class *class = gw_campus_class(campus, object);
    if (class)
        return class->place_id;
    for (size_t i = 0; i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        if (entry->device && strcmp(entry->device, object) == 0)
            return entry->object;
    }
    return object;
}

const struct gw_place *object_place(const struct point_table *points,
                                    const struct gw_campus *campus, const char *object)
{
    const char *id = campus ? place_id(points, campus, object) : NULL;
    return id ? gw_campus_place(campus, id) : NULL;
}
