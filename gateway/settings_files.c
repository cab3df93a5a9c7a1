#include "settings_files.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "gw/broker.h"
#include "gw/host.h"

#include "config/chinese.h"
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
    if (stat(path, &st) < 0)
        config_warning(s->faults, mark, key,
                       "'%s' is not there on this machine (wanted: there before the "
                       "gateway starts)",
                       path);
    else if (strstr(key, "password_file") && st.st_mode & S_IRWXO)
        config_fault(s->faults, mark, key,
                     "'%s' may be read by others, and is not used then (allowed: mode "
                     "0600)",
                     path);
}

/* What the gateway makes for itself alone. */
static void judge_taken(struct settings *s, const char *path, struct config_mark mark,
                        const char *key)
{
    const struct {
        const char *key;
        const char *path;
    } own[] = {{"store.path", s->store.path}, {"http.socket", s->http.socket}};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (own[i].path && strcmp(own[i].path, path) == 0 && strcmp(own[i].key, key) != 0)
            config_fault(s->faults, mark, key,
                         "'%s' is that of %s, too (allowed: a file of its own)", path,
                         own[i].key);
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
        if (o->type != GW_OPT_FILE && o->type != GW_OPT_PATH)
            continue;
        const char *path = *(const char *const *)((const char *)object + o->offset);
        if (path && o->type == GW_OPT_FILE)
            judge_file(s, path, value ? config_where(value) : where, key);
        if (path)
            judge_taken(s, path, value ? config_where(value) : where, key);
    }
}

/* --- the port ---------------------------------------------------------------------- */

/* @broker: as host:port, of this machine where it begins with localhost */
static void judge_listen(struct settings *s, const char *broker, const char *whose)
{
    const struct gw_strings *listen = &s->http.listen;
    const char *port = strrchr(broker, ':');
    for (size_t i = 0; i < listen->count; i++) {
        const char *mine = strrchr(listen->items[i], ':');
        if (strncmp(broker, "localhost:", 10) == 0 && mine && strcmp(mine, port) == 0)
            config_fault(s->faults,
                         config_where(config_child(section_of(s, "http"), "listen")),
                         "http.listen",
                         "'%s' is the port of the broker that %s names (allowed: another "
                         "one, such as 127.0.0.1:8080)",
                         listen->items[i], whose);
    }
}

static void judge_local_broker(struct settings *s)
{
    struct gw_broker broker;
    struct gw_error err;
    char port[32];
    if (!s->local.broker
        || gw_broker_read(s->local.broker, GW_BROKER_ANY, &broker, &err) < 0
        || !gw_host_is_here(broker.host))
        return;
    (void)snprintf(port, sizeof(port), "localhost:%u", broker.port);
    judge_listen(s, port, "local.broker");
}

/* --- what drivers know of this machine --------------------------------------------- */

/* @kind: where @name stands; @device NULL: the bus itself */
static void look_at(struct settings *s, const struct config_bus *bus, const void *device,
                    struct config_mark mark, const char *kind, const char *name)
{
    char path[2 * GW_ID_MAX];
    const char *doubt = bus->driver->look && bus->options
                            ? bus->driver->look(bus->options, device)
                            : NULL;
    bool is_chinese = config_faults_is_chinese(s->faults);
    (void)snprintf(path, sizeof(path), "%s.%s", kind, name);
    if (doubt)
        config_warning(s->faults, mark, path, "%s",
                       is_chinese ? chinese_format(doubt) : doubt);
}

static void look_at_buses(struct settings *s)
{
    const struct config *c = s->config;
    for (size_t i = 0; i < c->bus_count; i++)
        look_at(s, &c->buses[i], NULL, c->buses[i].mark, "buses", c->buses[i].name);
    for (size_t i = 0; i < c->device_count; i++) {
        const struct config_device *d = &c->devices[i];
        look_at(s, &c->buses[d->bus], d->ref.options, d->mark, "devices", d->name);
    }
}

static void judge_bus(struct settings *s, const struct config_bus *bus)
{
    char name[2 * GW_ID_MAX];
    char source[GW_NAME_MAX] = "";
    if (!bus->options)
        return;
    (void)snprintf(name, sizeof(name), "buses.%s", bus->name);
    judge_files_of(s, name, NULL, bus->mark, bus->driver->bus_options, bus->options);
    if (bus->driver->source)
        bus->driver->source(bus->options, source);
    if (*source)
        judge_listen(s, source, name);
}

void settings_judge_files(struct settings *s)
{
    const struct config *c = s->config;
    const struct config_node *local = section_of(s, "local");
    const struct config_node *http = section_of(s, "http");
    judge_store(s);
    judge_files_of(s, "local", local, config_where(local), notify_options, &s->local);
    judge_files_of(s, "http", http, config_where(http), http_options, &s->http);
    judge_local_broker(s);
    for (size_t i = 0; i < c->bus_count; i++)
        judge_bus(s, &c->buses[i]);
    look_at_buses(s);
}
