#include "settings_files.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "store/foreign.h"

static const char unit_folder[] = "/var/lib/campus-gateway";

/* --- the store --------------------------------------------------------------------- */

static const struct config_node *section_of(const struct settings *s, const char *name)
{
    return s->config->gateway ? config_child(s->config->gateway, name) : NULL;
}

/* What is there and ours has been written by the service, or by whoever starts it. */
static void judge_store_reach(struct settings *s, const struct config_node *path)
{
    size_t size = sizeof(unit_folder) - 1;
    bool is_inside =
        strncmp(s->store.path, unit_folder, size) == 0 && s->store.path[size] == '/';
    struct stat st;
    if (s->store.path[0] != '/' || is_inside || stat(s->store.path, &st) == 0)
        return;
    config_warning(s->faults, config_where(path), "store.path",
                   "'%s' is outside %s, below which alone the service may write (wanted: "
                   "below it, or ReadWritePaths for its folder as in the manual)",
                   s->store.path, unit_folder);
}

/* The folder of the path that is not said is made by the unit (StateDirectory). */
static void judge_store_folder(struct settings *s, const struct config_node *path)
{
    const char *slash = strrchr(s->store.path, '/');
    struct stat st;
    char folder[PATH_MAX];
    if (!slash || slash == s->store.path
        || snprintf(folder, sizeof(folder), "%.*s", (int)(slash - s->store.path),
                    s->store.path)
               >= (int)sizeof(folder))
        return;
    if (strcmp(folder, unit_folder) == 0)
        return;
    if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
        judge_store_reach(s, path);
    else
        config_warning(s->faults, config_where(path), "store.path",
                       "there is no folder '%s' (wanted: one that is there before the "
                       "gateway starts)",
                       folder);
}

/* A gateway that runs has its file open, which closing it here would unlock. */
static void judge_store_file(struct settings *s, const struct config_node *path)
{
    enum foreign foreign =
        foreign_has_log(s->store.path) ? FOREIGN_OURS : foreign_look(s->store.path);
    if (foreign == FOREIGN_DATABASE)
        config_fault(s->faults, config_where(path), "store.path",
                     "'%s' is another program's database (allowed: a file of its own, "
                     "which the gateway makes)",
                     s->store.path);
    else if (foreign == FOREIGN_FILE)
        config_fault(s->faults, config_where(path), "store.path",
                     "'%s' is no database (allowed: a file of its own, which the gateway "
                     "makes)",
                     s->store.path);
    else
        judge_store_folder(s, path);
}

static void judge_store(struct settings *s)
{
    const struct config_node *path = config_child(section_of(s, "store"), "path");
    struct stat st;
    if (!path || !s->store.path)
        return;
    if (stat(s->store.path, &st) == 0 && S_ISDIR(st.st_mode))
        config_fault(s->faults, config_where(path), "store.path",
                     "'%s' is a folder (allowed: the path of a file, such as "
                     "%s/campus.db)",
                     s->store.path, s->store.path);
    else
        judge_store_file(s, path);
}

/* --- files that are there before the start ----------------------------------------- */

static void judge_file(struct settings *s, const char *path, struct config_mark mark,
                       const char *key)
{
    struct stat st;
    if (path && stat(path, &st) < 0)
        config_warning(s->faults, mark, key,
                       "'%s' is not there on this machine (wanted: there before the "
                       "gateway starts)",
                       path);
}

/* @where: of keys that are not known of themselves: @node NULL */
static void judge_files_of(struct settings *s, const char *name,
                           const struct config_node *node, struct config_mark where,
                           const struct gw_option *options, const void *object)
{
    for (const struct gw_option *o = options; o->name; o++) {
        char key[2 * GW_ID_MAX];
        const struct config_node *value = node ? config_child(node, o->name) : NULL;
        (void)snprintf(key, sizeof(key), "%s.%s", name, o->name);
        if (o->type == GW_OPT_FILE)
            judge_file(s, *(const char *const *)((const char *)object + o->offset),
                       value ? config_where(value) : where, key);
    }
}

void settings_judge_files(struct settings *s)
{
    const struct config *c = s->config;
    const struct config_node *local = section_of(s, "local");
    judge_store(s);
    judge_files_of(s, "local", local, config_where(local), notify_options, &s->local);
    for (size_t i = 0; i < c->bus_count; i++) {
        const struct config_bus *bus = &c->buses[i];
        char name[2 * GW_ID_MAX];
        (void)snprintf(name, sizeof(name), "buses.%s", bus->name);
        if (bus->options)
            judge_files_of(s, name, NULL, bus->mark, bus->driver->bus_options,
                           bus->options);
    }
}
