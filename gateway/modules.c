#include "modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"
#include "module.h"
#include "shipped.h"

enum { FILES_MAX = 32, ALL_MAX = 200 };

/* section - as written; told: "file sha256" of each, for the diff. */
struct section {
    const char *folder;
    const struct config_node *files;
    struct gw_strings told;
};

struct entry {
    const char *file;
    const char *sha256;
};

struct modules {
    struct arena *arena;
    struct section section;
    const char *told[FILES_MAX];
    const struct gw_driver *drivers[ALL_MAX + 1];
    const struct gw_plugin *plugins[ALL_MAX + 1];
    size_t driver_count;
    size_t plugin_count;
    struct config_modules all;
};

static const struct gw_option section_options[] = {
    {.name = "folder",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct section, folder),
     .fallback = "/usr/lib/campus-gateway/modules",
     .help = "root's, and writable by nobody else"},
    {.name = "files",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct section, files),
     .help = "a list of {file: NAME, sha256: 64 hex digits}"},
    {0},
};

static const struct gw_option diff_options[] = {
    {.name = "folder", .type = GW_OPT_STRING, .offset = offsetof(struct section, folder)},
    {.name = "files", .type = GW_OPT_STRINGS, .offset = offsetof(struct section, told)},
    {0},
};

static const struct gw_option entry_options[] = {
    {.name = "file",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct entry, file),
     .required = true,
     .help = "its name within the folder"},
    {.name = "sha256",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct entry, sha256),
     .required = true,
     .help = "of its bytes, as sha256sum prints it"},
    {0},
};

static bool has_driver(const struct modules *m, const char *name)
{
    for (size_t i = 0; i < m->driver_count; i++)
        if (strcmp(m->drivers[i]->name, name) == 0)
            return true;
    return false;
}

static bool has_plugin(const struct modules *m, const char *name)
{
    for (size_t i = 0; i < m->plugin_count; i++)
        if (strcmp(m->plugins[i]->name, name) == 0)
            return true;
    return false;
}

static void take_shipped(struct modules *m)
{
    for (; shipped_modules.drivers[m->driver_count]; m->driver_count++)
        m->drivers[m->driver_count] = shipped_modules.drivers[m->driver_count];
    for (; shipped_modules.plugins[m->plugin_count]; m->plugin_count++)
        m->plugins[m->plugin_count] = shipped_modules.plugins[m->plugin_count];
}

/* A name that is taken would make it a matter of order which of the two runs. */
static void merge(struct modules *m, const struct module *loaded, struct config_faults *f,
                  struct config_mark mark, const char *path)
{
    for (size_t i = 0; loaded->drivers[i]; i++)
        if (has_driver(m, loaded->drivers[i]->name))
            config_fault(f, mark, path, "there is a driver '%s' already",
                         loaded->drivers[i]->name);
        else if (m->driver_count < ALL_MAX)
            m->drivers[m->driver_count++] = loaded->drivers[i];
    for (size_t i = 0; loaded->plugins[i]; i++)
        if (has_plugin(m, loaded->plugins[i]->name))
            config_fault(f, mark, path, "there is a plugin '%s' already",
                         loaded->plugins[i]->name);
        else if (m->plugin_count < ALL_MAX)
            m->plugins[m->plugin_count++] = loaded->plugins[i];
}

static void read_entry(struct modules *m, struct config_source *src,
                       const struct config_node *node, size_t index)
{
    struct entry entry = {0};
    struct gw_error err = {0};
    const struct module *loaded = NULL;
    const char *path = arena_format(m->arena, "modules.files[%zu]", index);
    struct config_mark mark = config_where(node);
    if (!path || !config_fill(src, node, path, entry_options, &entry, NULL))
        return;
    if (module_load(m->section.folder, entry.file, entry.sha256, &loaded, &err) < 0)
        config_fault(src->faults, mark, path, "%s", err.text);
    else
        merge(m, loaded, src->faults, mark, path);
    m->told[m->section.told.count++] =
        arena_format(m->arena, "%s %s", entry.file, entry.sha256);
}

static void read_section(struct modules *m, struct config_source *src,
                         const struct config_node *node)
{
    if (!node) {
        config_defaults(src, section_options, &m->section);
        return;
    }
    if (!config_fill(src, node, "modules", section_options, &m->section, NULL))
        return;
    const struct config_node *files = config_child(node, "files");
    size_t count = files ? config_count(files) : 0;
    if (files && !config_is_list(files))
        config_fault(src->faults, config_where(files), "modules.files",
                     "no list stands here (allowed: a list of {file: …, sha256: …})");
    else if (count > FILES_MAX)
        config_fault(src->faults, config_where(files), "modules.files",
                     "%zu modules (allowed: at most %d)", count, FILES_MAX);
    else
        for (size_t i = 0; i < count; i++)
            read_entry(m, src, config_item(files, i), i);
}

/* What is wrong with the file as a whole is told by config_load(), which reads it too. */
static int read_gateway(struct modules *m, const char *folder,
                        struct config_faults *faults)
{
    struct config_faults *ignored = NULL;
    uint64_t hash = 0;
    char *path = arena_format(m->arena, "%s/gateway.yaml", folder);
    int r = path ? config_faults_new(&ignored) : -ENOMEM;
    if (r < 0)
        return r;
    struct config_source quiet = {.arena = m->arena, .faults = ignored};
    struct config_source src = {.arena = m->arena, .faults = faults};
    const struct config_node *root = yaml_read(&quiet, path, &hash);
    bool is_map = root && config_is_map(root);
    read_section(m, &src, is_map ? config_child(root, "modules") : NULL);
    ignored = config_faults_free(ignored);
    return 0;
}

int modules_load(const char *folder, struct config_faults *faults, struct modules **ret)
{
    struct modules *m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    m->section.told.items = m->told;
    m->all = (struct config_modules){.drivers = m->drivers, .plugins = m->plugins};
    take_shipped(m);
    int r = arena_new(&m->arena);
    if (r == 0)
        r = read_gateway(m, folder, faults);
    if (r < 0) {
        modules_free(m);
        return r;
    }
    *ret = m;
    return 0;
}

struct modules *modules_free(struct modules *m)
{
    if (!m)
        return NULL;
    arena_free(m->arena);
    free(m);
    return NULL;
}

const struct config_modules *modules_all(const struct modules *m)
{
    return &m->all;
}

void modules_diff(const struct modules *before, const struct modules *after,
                  struct config_diff *diff)
{
    (void)config_diff_options(diff, DIFF_SECTION, "modules", diff_options,
                              &before->section, &after->section);
}

void modules_print_options(FILE *out)
{
    config_print_options(out, "modules", section_options, 0);
    config_print_options(out, NULL, entry_options, 4);
}
