#include "refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t names_sort(const char **names, size_t count)
{
    size_t kept = 0;
    qsort(names, count, sizeof(*names), by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    return kept;
}

bool place_check(const struct defense *d, const char *place)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(campus, &count);
    char text[GW_ALLOWED_MAX];
    if (gw_campus_place(campus, place))
        return true;
    const char **names = calloc(count + 1, sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        names[i] = places[i].id;
    gw_refuse(d->host, place, "there is no place '%s' (%s)", place,
              gw_allowed(d->host, place, names, names ? count : 0, text));
    free(names);
    return false;
}
