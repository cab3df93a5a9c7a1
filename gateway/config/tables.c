/* tables.c - what a school office keeps in a spreadsheet, beside the YAML files. */
#include <unistd.h>

#include "config/file.h"
#include "config/load.h"

/* load_table - NULL where there is no such file, or nothing of it can be used.
 * ret_is_lost  rows of it are missing, and were told */
static const struct csv *load_table(struct load *l, const char *name, bool *ret_is_lost)
{
    const char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    struct config_mark mark;
    size_t size = 0;
    if (!path || access(path, F_OK) < 0)
        return NULL;
    const char *bytes = config_file(&l->src, path, &l->config->hash, &mark, &size);
    const struct csv *csv = bytes ? csv_parse(&l->src, mark.file, bytes, size) : NULL;
    *ret_is_lost = !csv || csv->is_torn;
    return csv;
}

void load_tables(struct load *l)
{
    bool is_lost = false;
    l->config->timetable = load_table(l, "timetable.csv", &is_lost);
    l->classes = load_table(l, "classes.csv", &l->config->has_lost_classes);
    l->rooms = load_table(l, "rooms.csv", &l->config->has_lost_rooms);
    l->config->has_lost_rooms |= !l->config->campus;
    load_strays(l);
}
