/* tables.c - what a school office keeps in a spreadsheet, beside the YAML files. */
#include "config/tables.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "config/file.h"
#include "config/load.h"

static const char timetable_csv[] = "timetable.csv";
static const char classes_csv[] = "classes.csv";
static const char rooms_csv[] = "rooms.csv";

bool table_is_read(const char *name)
{
    return strcmp(name, timetable_csv) == 0 || strcmp(name, classes_csv) == 0
           || strcmp(name, rooms_csv) == 0;
}

static const struct csv *read_table(struct config_source *src, const char *path,
                                    uint64_t *ret_hash)
{
    struct config_mark mark;
    size_t size = 0;
    const char *bytes = config_file(src, path, ret_hash, &mark, &size);
    return bytes ? csv_parse(src, mark.file, bytes, size) : NULL;
}

/* load_table - NULL where there is no such file, or nothing of it can be used.  For the
 * configuration's hash what is read of it counts: that is what its copy has.
 * ret_is_lost  rows of it are missing, and were told */
static const struct csv *load_table(struct load *l, const char *name, bool *ret_is_lost)
{
    const char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    uint64_t hash = l->config->hash;
    if (!path || access(path, F_OK) < 0)
        return NULL;
    const struct csv *csv = read_table(&l->src, path, &hash);
    *ret_is_lost = !csv || csv->is_torn;
    uint64_t chain[2] = {l->config->hash, *ret_is_lost ? hash : csv->hash};
    l->config->hash = hash_bytes(chain, sizeof(chain));
    return csv;
}

/* is_bare - campus.yaml is there and says nothing: told where the tables need it. */
static bool is_bare(const struct load *l)
{
    const struct config_node *campus = l->config->campus;
    return campus && config_count(campus) == 0 && !config_scalar(campus)
           && (l->config->timetable || l->classes || l->rooms);
}

void load_tables(struct load *l)
{
    bool is_lost = false;
    l->config->timetable = load_table(l, timetable_csv, &is_lost);
    l->classes = load_table(l, classes_csv, &l->config->has_lost_classes);
    l->rooms = load_table(l, rooms_csv, &l->config->has_lost_rooms);
    if (is_bare(l)) {
        config_fault(l->src.faults, config_where(l->config->campus), "",
                     "nothing stands here (allowed: stages, places, subjects, bells and "
                     "calendar of the school, which the tables beside it need)");
        l->config->campus = NULL;
    }
    l->config->has_lost_rooms |= !l->config->campus;
    load_strays(l);
}

int table_plain(const char *path, char **ret)
{
    struct config_source src = {0};
    uint64_t ignored = 0;
    int r = arena_new(&src.arena);
    if (r == 0)
        r = config_faults_new(&src.faults);
    const struct csv *csv = r == 0 ? read_table(&src, path, &ignored) : NULL;
    if (r == 0)
        r = csv ? 0 : -EBADMSG;
    char *plain = csv ? csv_plain(csv) : NULL;
    if (r == 0 && !plain)
        r = -ENOMEM;
    config_faults_free(src.faults);
    arena_free(src.arena);
    if (r == 0)
        *ret = plain;
    return r;
}
