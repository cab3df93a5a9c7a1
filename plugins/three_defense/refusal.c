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

const char *hint(const char *wanted, const char *const *names, size_t count,
                 char ret[NAMES_TEXT_MAX])
{
    const char *near = gw_nearest(wanted, names, count);
    if (near) {
        (void)snprintf(ret, NAMES_TEXT_MAX, "did you mean '%s'?", near);
        return ret;
    }
    size_t used = (size_t)snprintf(ret, NAMES_TEXT_MAX, "allowed: ");
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(names[i]) + 2;
        if (used + size + 4 >= NAMES_TEXT_MAX) { /* the rest is for "…" */
            (void)snprintf(ret + used, NAMES_TEXT_MAX - used, "…");
            return ret;
        }
        used += (size_t)snprintf(ret + used, NAMES_TEXT_MAX - used, "%s%s", names[i],
                                 i + 1 < count ? ", " : "");
    }
    if (count == 0)
        (void)snprintf(ret + used, NAMES_TEXT_MAX - used,
                       "none yet, there is no such device");
    return ret;
}

bool place_check(const struct defense *d, const char *place)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(campus, &count);
    char text[NAMES_TEXT_MAX];
    if (gw_campus_place(campus, place))
        return true;
    const char **names = calloc(count + 1, sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        names[i] = places[i].id;
    gw_refuse(d->host, place, "there is no place '%s' (%s)", place,
              hint(place, names, names ? count : 0, text));
    free(names);
    return false;
}
