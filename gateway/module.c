#include "module.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "module_file.h"

/* The first modules of version 1 ended before these fields. */
enum {
    DRIVER_SIZE_MIN = offsetof(struct gw_driver, load),
    PLUGIN_SIZE_MIN = offsetof(struct gw_plugin, restored),
    OPTIONS_MAX = 100,
    LISTS_MAX = 32,
    COMMANDS_MAX = 64,
    LOADED_MAX = 64,
};

/* What is loaded belongs to the process as a whole, like the dynamic linker's own list.
 */
static struct module *loaded[LOADED_MAX];
static size_t loaded_count;

static bool is_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return name && *name && strlen(name) < GW_ID_MAX
           && strspn(name, letters) == strlen(name);
}

static int judge_size(uint32_t size, size_t least, size_t most, const char *kind,
                      struct gw_error *err)
{
    if (size > most)
        return gw_fail(
            err, -ENOEXEC,
            "made for a newer gateway: its struct gw_%s has %u bytes, this one "
            "knows %zu",
            kind, size, most);
    if (size < least)
        return gw_fail(err, -ENOEXEC, "its struct gw_%s has %u bytes (allowed: %zu..%zu)",
                       kind, size, least, most);
    return 0;
}

/* Every option lies within the struct that the core allocates for it. */
static bool options_fit(const struct gw_option *options, size_t size)
{
    static const size_t sizes[] = {
        [GW_OPT_BOOL] = sizeof(bool),
        [GW_OPT_INT] = sizeof(int32_t),
        [GW_OPT_UINT] = sizeof(uint32_t),
        [GW_OPT_NUMBER] = sizeof(double),
        [GW_OPT_SHARE] = sizeof(double),
        [GW_OPT_STRING] = sizeof(char *),
        [GW_OPT_ID] = sizeof(char *),
        [GW_OPT_TEXT] = sizeof(struct gw_text),
        [GW_OPT_ENUM] = sizeof(int),
        [GW_OPT_DURATION] = sizeof(int64_t),
        [GW_OPT_CLOCK] = sizeof(int32_t),
        [GW_OPT_STRINGS] = sizeof(struct gw_strings),
        [GW_OPT_NUMBERS] = sizeof(struct gw_numbers),
        [GW_OPT_MAP] = sizeof(struct gw_map),
        [GW_OPT_NODE] = 0,
        [GW_OPT_PATH] = sizeof(char *),
        [GW_OPT_FILE] = sizeof(char *),
    };
    for (size_t i = 0; options && options[i].name; i++)
        if (i >= OPTIONS_MAX || options[i].type >= sizeof(sizes) / sizeof(sizes[0])
            || options[i].offset + sizes[options[i].type] > size)
            return false;
    return true;
}

static int judge_driver(const struct gw_driver *d, struct gw_error *err)
{
    if (!is_name(d->name) || !d->summary)
        return gw_fail(err, -ENOEXEC,
                       "a driver without a name (a-z, 0-9, - and _) or "
                       "without a summary");
    if (!d->open || !d->close || (!d->poll && !(d->wait && d->ready)))
        return gw_fail(err, -ENOEXEC,
                       "driver '%s' lacks open, close, or poll (or wait and ready)",
                       d->name);
    if (!options_fit(d->bus_options, d->bus_size)
        || !options_fit(d->device_options, d->device_size)
        || !options_fit(d->point_options, d->point_size))
        return gw_fail(err, -ENOEXEC, "driver '%s': an option lies outside its struct",
                       d->name);
    return 0;
}

static bool lists_fit(const struct gw_option_list *lists, size_t size)
{
    for (size_t i = 0; lists && lists[i].name; i++)
        if (i >= LISTS_MAX || lists[i].row_size == 0
            || lists[i].offset + sizeof(struct gw_rows) > size
            || !options_fit(lists[i].options, lists[i].row_size))
            return false;
    return true;
}

static int judge_commands(const struct gw_plugin *p, struct gw_error *err)
{
    const struct gw_command_info *commands = p->commands;
    if (commands && !p->on_command)
        return gw_fail(err, -ENOEXEC, "plugin '%s': commands without on_command",
                       p->name);
    for (size_t i = 0; commands && commands[i].name; i++)
        if (i >= COMMANDS_MAX || !is_name(commands[i].name))
            return gw_fail(err, -ENOEXEC,
                           "plugin '%s': a command's name (a-z, 0-9, - and _; at most %d "
                           "commands)",
                           p->name, COMMANDS_MAX);
    return 0;
}

static int judge_plugin(const struct gw_plugin *p, struct gw_error *err)
{
    if (!is_name(p->name) || !p->summary)
        return gw_fail(err, -ENOEXEC,
                       "a plugin without a name (a-z, 0-9, - and _) or "
                       "without a summary");
    if (!options_fit(p->options, p->instance_size)
        || !lists_fit(p->lists, p->instance_size))
        return gw_fail(err, -ENOEXEC, "plugin '%s': an option lies outside its struct",
                       p->name);
    return judge_commands(p, err);
}

static int adopt_driver(const struct gw_driver *from, const struct gw_driver **ret,
                        struct gw_error *err)
{
    int r = judge_size(from->struct_size, DRIVER_SIZE_MIN, sizeof(*from), "driver", err);
    struct gw_driver *own = r == 0 ? calloc(1, sizeof(*own)) : NULL;
    if (!own)
        return r < 0 ? r : gw_fail(err, -ENOMEM, "out of memory");
    memcpy(own, from, from->struct_size);
    r = judge_driver(own, err);
    if (r < 0)
        free(own);
    else
        *ret = own;
    return r;
}

static int adopt_plugin(const struct gw_plugin *from, const struct gw_plugin **ret,
                        struct gw_error *err)
{
    int r = judge_size(from->struct_size, PLUGIN_SIZE_MIN, sizeof(*from), "plugin", err);
    struct gw_plugin *own = r == 0 ? calloc(1, sizeof(*own)) : NULL;
    if (!own)
        return r < 0 ? r : gw_fail(err, -ENOMEM, "out of memory");
    memcpy(own, from, from->struct_size);
    r = judge_plugin(own, err);
    if (r < 0)
        free(own);
    else
        *ret = own;
    return r;
}

int module_adopt(const struct gw_driver *const *drivers,
                 const struct gw_plugin *const *plugins, struct module *ret,
                 struct gw_error *err)
{
    int r = 0;
    if (!drivers && !plugins)
        return gw_fail(err, -ENOEXEC,
                       "is no module of this gateway's: neither gw_drivers_v1 "
                       "nor gw_plugins_v1 is in it");
    for (size_t i = 0; r == 0 && drivers && drivers[i]; i++)
        r = i < MODULE_DESCRIPTORS_MAX
                ? adopt_driver(drivers[i], &ret->drivers[i], err)
                : gw_fail(err, -E2BIG, "more than %d drivers", MODULE_DESCRIPTORS_MAX);
    for (size_t i = 0; r == 0 && plugins && plugins[i]; i++)
        r = i < MODULE_DESCRIPTORS_MAX
                ? adopt_plugin(plugins[i], &ret->plugins[i], err)
                : gw_fail(err, -E2BIG, "more than %d plugins", MODULE_DESCRIPTORS_MAX);
    return r;
}

static int find_loaded(const char *file, const char *sha256, const struct module **ret,
                       struct gw_error *err)
{
    for (size_t i = 0; i < loaded_count; i++) {
        if (strcmp(loaded[i]->file, file) != 0)
            continue;
        if (strcasecmp(loaded[i]->sha256, sha256) != 0)
            return gw_fail(err, -EBUSY,
                           "another version of '%s' is loaded (a module is changed by a "
                           "restart)",
                           file);
        *ret = loaded[i];
        return 1;
    }
    if (loaded_count == LOADED_MAX)
        return gw_fail(err, -E2BIG, "more than %d modules", LOADED_MAX);
    return 0;
}

/* The linker knows an object by its path: once it has it, the number of @fd must never be
 * another's, so it stays open. */
static int link_in(int fd, struct module *m, struct gw_error *err)
{
    char path[32];
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        (void)close(fd);
        return gw_fail(err, -ENOEXEC, "'%s' cannot be loaded: %s", m->file, dlerror());
    }
    struct gw_error why = {0};
    int r = module_adopt(dlsym(handle, "gw_drivers_v1"), dlsym(handle, "gw_plugins_v1"),
                         m, &why);
    return r < 0 ? gw_fail(err, r, "'%s': %.300s", m->file, why.text) : 0;
}

int module_load(const char *folder, const char *file, const char *sha256,
                const struct module **ret, struct gw_error *err)
{
    int fd = module_file_open(folder, file, sha256, err);
    if (fd < 0)
        return fd;
    int r = find_loaded(file, sha256, ret, err);
    if (r != 0) {
        (void)close(fd);
        return r < 0 ? r : 0;
    }
    struct module *m = calloc(1, sizeof(*m));
    if (!m) {
        (void)close(fd);
        return gw_fail(err, -ENOMEM, "'%s': out of memory", file);
    }
    (void)snprintf(m->file, sizeof(m->file), "%s", file);
    (void)snprintf(m->sha256, sizeof(m->sha256), "%s", sha256);
    r = link_in(fd, m, err);
    if (r < 0) {
        free(m); /* what dlopen() loaded stays, and its descriptors with it */
        return r;
    }
    loaded[loaded_count++] = m;
    *ret = m;
    return 0;
}
