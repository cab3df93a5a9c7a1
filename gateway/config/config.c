#include "config/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/load.h"
#include "config/node.h"
#include "config/yaml.h"

static const char *const gateway_sections[] = {
    "gateway", "school", "store", "county", "http", "local", "plugins", "modules", NULL};

static const char *const device_sections[] = {"buses", "devices", "outputs", NULL};

void load_unknown(struct load *l, struct config_mark mark, const char *path,
                  const char *kind, const struct suggest *near)
{
    if (near->best)
        config_fault(l->src.faults, mark, path, "unknown %s '%.80s' (did you mean '%s'?)",
                     config_faults_say(l->src.faults, kind), near->wanted, near->best);
    else
        config_fault(l->src.faults, mark, path,
                     "unknown %s '%.80s' (allowed: a %s that is defined)",
                     config_faults_say(l->src.faults, kind), near->wanted,
                     config_faults_say(l->src.faults, kind));
}

void load_check_keys(struct load *l, const struct config_node *root,
                     const char *const *allowed)
{
    static const struct gw_option none[] = {{0}};
    config_fill(&l->src, root, "", none, NULL, allowed);
}

const struct config_node *load_section(struct load *l, const struct config_node *root,
                                       const char *key)
{
    const struct config_node *list = config_child(root, key);

    if (!list || config_is_list(list))
        return list;
    config_fault(l->src.faults, config_where(list), key,
                 "no list stands here (allowed: a list of mappings)");
    return NULL;
}

/* load_one - a file that must be there. */
static const struct config_node *load_one(struct load *l, const char *name)
{
    char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    return path ? yaml_read(&l->src, path, &l->config->hash) : NULL;
}

/* load_optional - NULL, without a word, where there is none. */
static const struct config_node *load_optional(struct load *l, const char *name)
{
    char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    return path && access(path, F_OK) == 0 ? load_one(l, name) : NULL;
}

/* load_mapping - the school's own file of the name in county.mapping, or the shipped one.
 */
static void load_mapping(struct load *l)
{
    static const char *const folders[] = {"mappings.d", "mappings"};
    const struct config_node *node =
        config_child(config_child(l->config->gateway, "county"), "mapping");
    const char *name = config_scalar(node);
    for (size_t i = 0; name && config_is_id(name) && !l->config->mapping && i < 2; i++) {
        char *path = arena_format(l->src.arena, "%s/%s.yaml", folders[i], name);
        if (path)
            l->config->mapping = load_optional(l, path);
    }
    if (name && config_is_id(name) && !l->config->mapping)
        config_fault(l->src.faults, config_where(node), "county.mapping",
                     "'%.80s' cannot be read (allowed: the name of a file in mappings.d/ "
                     "or mappings/, without .yaml)",
                     name);
}

static bool ends_with(const char *name, const char *ending)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && strcmp(dot, ending) == 0;
}

/* is_wanted - other spellings are taken too, to say that they are not read: .yml, .YAML,
 * and .yaml.txt where a computer hides the ending. */
static int is_wanted(const struct dirent *entry)
{
    static const char *const endings[] = {".yaml", ".yml", ".yaml.txt", ".yml.txt"};
    const char *name = entry->d_name;
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t n = strlen(endings[i]);
        if (name[0] != '.' && size > n && strcasecmp(name + size - n, endings[i]) == 0)
            return true;
    }
    return false;
}

/* by_bytes - the same order under every locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static const struct config_node *load_entry(struct load *l, const char *folder,
                                            const struct dirent *entry)
{
    char *name = arena_format(l->src.arena, "%s/%s", folder, entry->d_name);
    if (!name)
        return NULL;
    if (ends_with(name, ".yaml"))
        return load_one(l, name);
    const char *path = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    config_warning(l->src.faults, (struct config_mark){path, 1, 1}, "",
                   "is not read (wanted: a name that ends in .yaml)");
    return NULL;
}

/* load_folder - every *.yaml of @name in name order; one that is not there is empty. */
static struct load_files load_folder(struct load *l, const char *name)
{
    struct load_files files = {0};
    struct dirent **entries = NULL;
    char *folder = arena_format(l->src.arena, "%s/%s", l->config->folder, name);
    int n = folder ? scandir(folder, &entries, is_wanted, by_bytes) : -1;

    if (n < 0 && folder && errno != ENOENT)
        config_fault(l->src.faults, (struct config_mark){folder, 1, 1}, "",
                     "cannot be listed: %s", strerror(errno));
    if (n > LOAD_FILES_MAX)
        config_fault(l->src.faults, (struct config_mark){folder, 1, 1}, "",
                     "%d files are too many (allowed: %d)", n, LOAD_FILES_MAX);
    if (n > 0)
        files.roots = arena_alloc(l->src.arena, (size_t)n * sizeof(*files.roots));
    for (int i = 0; i < n; i++) {
        const struct config_node *root =
            files.roots && i < LOAD_FILES_MAX ? load_entry(l, name, entries[i]) : NULL;
        if (root)
            files.roots[files.count++] = root;
        free(entries[i]);
    }
    free(entries);
    return files;
}

/* load_joined - what is shipped, then the school's own. */
static struct load_files load_joined(struct load *l, struct load_files shipped,
                                     struct load_files own)
{
    size_t count = shipped.count + own.count;
    const struct config_node **all =
        arena_alloc(l->src.arena, (count + 1) * sizeof(*all));

    if (!all)
        return (struct load_files){0};
    for (size_t i = 0; i < count; i++)
        all[i] = i < shipped.count ? shipped.roots[i] : own.roots[i - shipped.count];
    return (struct load_files){all, count};
}

/* load_pair - FOLDER/ belongs to the updates, FOLDER.d/ to the school. */
static struct load_files load_pair(struct load *l, const char *shipped, const char *own)
{
    struct load_files first = load_folder(l, shipped);
    return load_joined(l, first, load_folder(l, own));
}

/* load_catalogue - none at all when the shipped one cannot be read, so that nothing
 * complains about each metric that it would have. */
static struct load_files load_catalogue(struct load *l)
{
    const struct config_node *root = load_one(l, "metrics.yaml");
    struct load_files own = load_folder(l, "metrics.d");
    if (!root)
        return (struct load_files){0};
    return load_joined(l, (struct load_files){&root, 1}, own);
}

/* load_rules - read in full by the pipeline. */
static void load_rules(struct load *l)
{
    struct load_files all = load_pair(l, "rules", "rules.d");
    l->config->rules = all.roots;
    l->config->rule_files = all.count;
}

/* load_wiring - the outputs of devices.d/, which the pipeline reads. */
static void load_wiring(struct load *l)
{
    struct config *c = l->config;
    c->wiring = arena_alloc(l->src.arena, (l->devices.count + 1) * sizeof(*c->wiring));
    for (size_t i = 0; c->wiring && i < l->devices.count; i++) {
        const struct config_node *root = l->devices.roots[i];
        const struct config_node *kept = node_keep(l->src.arena, root, "outputs");
        if (kept)
            c->wiring[c->device_files++] = kept;
        else
            config_fault(l->src.faults, config_where(root), "outputs", "out of memory");
    }
}

static void load_files(struct load *l)
{
    l->src.drops_nodes = true;
    l->metrics = load_catalogue(l);
    l->templates = load_pair(l, "templates", "templates.d");
    l->devices = load_folder(l, "devices.d");
    l->src.drops_nodes = false;
    load_wiring(l);
    l->config->gateway = load_one(l, "gateway.yaml");
    l->config->campus = load_one(l, "campus.yaml");
    load_mapping(l);
    l->config->facts = load_optional(l, "facts.yaml");
    load_tables(l);
    load_rules(l);
    load_check_keys(l, l->config->gateway, gateway_sections);
    for (size_t i = 0; i < l->devices.count; i++)
        load_check_keys(l, l->devices.roots[i], device_sections);
}

/* load_steps - metrics, names, templates, buses, devices: each needs the ones before. */
static int load_steps(struct load *l)
{
    static int (*const steps[])(struct load *) = {
        load_metrics,   load_kinds, load_place_doubts, load_roster, load_objects,
        load_templates, load_buses, load_devices,      load_judge,
    };
    int r = 0;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
        r = steps[i](l);
    return r;
}

static int config_new(const char *folder, struct config **ret)
{
    struct arena *arena = NULL;
    int r = arena_new(&arena);
    if (r < 0)
        return r;
    struct config *c = arena_alloc(arena, sizeof(*c));
    if (!c) {
        arena_free(arena);
        return -ENOMEM;
    }
    c->arena = arena;
    c->holders = 1;
    c->folder = arena_string(arena, folder);
    if (!c->folder) {
        config_free(c);
        return -ENOMEM;
    }
    *ret = c;
    return 0;
}

static int folder_check(const char *folder, struct gw_error *err)
{
    struct stat st;

    if (stat(folder, &st) < 0)
        return gw_fail(err, -errno, "configuration folder '%s': %s", folder,
                       strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return gw_fail(err, -ENOTDIR, "configuration folder '%s' is no folder", folder);
    return 0;
}

int config_load(const char *folder, const struct config_modules *modules,
                struct config_faults *faults, struct config **ret, struct gw_error *err)
{
    struct config *c = NULL;
    int r = folder_check(folder, err);
    if (r < 0)
        return r;
    r = config_new(folder, &c);
    if (r < 0)
        return gw_fail(err, r, "configuration '%s': out of memory", folder);

    struct load l = {
        .config = c,
        .src = {.arena = c->arena, .faults = faults},
        .modules = modules,
    };
    r = arena_new(&l.src.passing);
    if (r == 0) {
        load_files(&l);
        r = load_steps(&l);
    }
    arena_free(l.src.passing);
    text_map_free(l.template_names);
    text_map_free(l.bus_names);
    text_map_free(l.object_names);
    text_map_free(l.point_names);
    if (r < 0) {
        config_free(c);
        return gw_fail(err, r, "configuration '%s': out of memory", folder);
    }
    *ret = c;
    return 0;
}

struct config *config_free(struct config *c)
{
    if (c && atomic_fetch_sub(&c->holders, 1) == 1)
        arena_free(c->arena); /* c itself lives in it */
    return NULL;
}

const char *config_gateway_id(const struct config *c)
{
    return config_scalar(config_child(config_child(c->gateway, "gateway"), "id"));
}

struct config *config_hold(struct config *c)
{
    (void)atomic_fetch_add(&c->holders, 1);
    return c;
}

static bool is_file(const struct config_node *root, const struct stat *wanted)
{
    struct stat st;
    return root && stat(config_where(root).file, &st) == 0 && st.st_dev == wanted->st_dev
           && st.st_ino == wanted->st_ino;
}

void config_add_trial(struct config *c, const char *path, bool is_alone,
                      struct config_faults *faults)
{
    struct config_source src = {.arena = c->arena, .faults = faults};
    struct stat st;
    bool is_there = stat(path, &st) == 0;
    c->is_trial_alone = is_alone;
    for (size_t i = 0; i < c->rule_files && is_there && !c->trial; i++)
        if (is_file(c->rules[i], &st))
            c->trial = c->rules[i];
    if (!c->trial)
        c->trial = yaml_read(&src, path, &c->hash);
}

void config_set_bus_id(struct config *c, size_t index, uint16_t id)
{
    c->buses[index].id = id;
}

void config_set_point_id(struct config *c, size_t index, uint32_t id)
{
    c->points[index].id = id;
    c->refs[index].id = id;
}
