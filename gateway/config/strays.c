/* strays.c - files beside campus.yaml that look like one that is read, and are not: a
 * name that a computer hides an ending of, a workbook, another name or other letters. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/load.h"
#include "config/tables.h"

/* is_bare - a table's name without its ending. */
static bool is_bare(const char *name)
{
    static const char *const stems[] = {"classes", "rooms", "timetable"};
    for (size_t i = 0; i < sizeof(stems) / sizeof(stems[0]); i++)
        if (strcasecmp(name, stems[i]) == 0)
            return true;
    return false;
}

/* is_table - by its ending; names that begin with '.' or '~' are an open program's. */
static bool is_table(const char *name)
{
    static const char *const endings[] = {".csv", ".xlsx", ".xls", ".xlsm",
                                          ".et",  ".ods",  ".txt", ".tsv"};
    static const char example[] = ".example.csv";
    size_t size = strlen(name);
    bool is_example =
        size >= strlen(example) && strcmp(name + size - strlen(example), example) == 0;
    if (name[0] == '.' || name[0] == '~' || is_example || table_is_read(name))
        return false;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t n = strlen(endings[i]);
        if (size > n && strcasecmp(name + size - n, endings[i]) == 0)
            return true;
    }
    return false;
}

/* yaml_meant - the file that is read instead of gateway.yml, Gateway.yaml or
 * gateway.yaml.txt; NULL = @name is none of these. */
static const char *yaml_meant(const char *name)
{
    static const char *const read[] = {"gateway.yaml", "campus.yaml", "metrics.yaml",
                                       "facts.yaml"};
    static const char *const endings[] = {".yaml", ".yml", ".yaml.txt", ".yml.txt"};
    size_t stem = strcspn(name, ".");
    for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
        if (strcmp(name, read[i]) == 0 || strcspn(read[i], ".") != stem
            || strncasecmp(name, read[i], stem) != 0)
            continue;
        for (size_t k = 0; k < sizeof(endings) / sizeof(endings[0]); k++)
            if (strcasecmp(name + stem, endings[k]) == 0)
                return read[i];
    }
    return NULL;
}

static int is_wanted(const struct dirent *entry)
{
    bool is_folder = entry->d_type == DT_DIR;
    return is_table(entry->d_name) || yaml_meant(entry->d_name)
           || (!is_folder && is_bare(entry->d_name));
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* meant - the file that is read instead of @name, NULL = nobody can tell. */
static const char *meant(const char *name)
{
    static const struct {
        const char *word;
        const char *file;
    } words[] = {
        {"class", "classes.csv"},       {"班", "classes.csv"},
        {"room", "rooms.csv"},          {"教室", "rooms.csv"},
        {"房间", "rooms.csv"},          {"场所", "rooms.csv"},
        {"timetable", "timetable.csv"}, {"课", "timetable.csv"},
        {"schedule", "timetable.csv"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasestr(name, words[i].word))
            return words[i].file;
    return NULL;
}

static void stray(struct load *l, const char *name)
{
    const char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    const struct config_mark mark = {path, 1, 1};
    const char *yaml = yaml_meant(name);
    const char *file = yaml ? yaml : meant(name);
    if (path && yaml)
        config_warning(l->src.faults, mark, "", "is not read (wanted: the name %s)",
                       yaml);
    else if (path && file)
        config_warning(l->src.faults, mark, "",
                       "is not read (wanted: the name %s, saved as CSV)", file);
    else if (path)
        config_warning(l->src.faults, mark, "",
                       "is not read (read are classes.csv, rooms.csv and timetable.csv)");
}

void load_strays(struct load *l)
{
    struct dirent **entries = NULL;
    int n = scandir(l->config->folder, &entries, is_wanted, by_bytes);
    for (int i = 0; i < n; i++) {
        stray(l, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}
