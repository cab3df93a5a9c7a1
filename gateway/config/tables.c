/* tables.c - what a school office keeps in a spreadsheet, beside the YAML files. */
#include <unistd.h>

#include "config/file.h"
#include "config/load.h"

/* load_table - NULL where there is no such file, or nothing of it can be used. */
static const struct csv *load_table(struct load *l, const char *name)
{
    const char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    struct config_mark mark;
    size_t size = 0;
    if (!path || access(path, F_OK) < 0)
        return NULL;
    const char *bytes = config_file(&l->src, path, &l->config->hash, &mark, &size);
    return bytes ? csv_parse(&l->src, mark.file, bytes, size) : NULL;
}

void load_tables(struct load *l)
{
    l->config->timetable = load_table(l, "timetable.csv");
    l->classes = load_table(l, "classes.csv");
    l->rooms = load_table(l, "rooms.csv");
}
