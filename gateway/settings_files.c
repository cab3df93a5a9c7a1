#include "settings_files.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "gw/broker.h"
#include "gw/host.h"

#include "base/loopback.h"
#include "store/foreign.h"

static const char unit_folder[] = "/var/lib/campus-gateway";

static bool ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text);
    size_t n = strlen(ending);
    return size > n && strcmp(text + size - n, ending) == 0;
}

/* lacks_folder - what @path is to stand in is not there, and the unit does not make it
 * (StateDirectory, RuntimeDirectory). */
static bool lacks_folder(const char *path, char ret_folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    struct stat st;
    if (!slash || slash == path
        || snprintf(ret_folder, PATH_MAX, "%.*s", (int)(slash - path), path) >= PATH_MAX
        || strcmp(ret_folder, unit_folder) == 0
        || strcmp(ret_folder, "/run/campus-gateway") == 0)
        return false;
    return stat(ret_folder, &st) < 0 || !S_ISDIR(st.st_mode);
}

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

static void judge_store_folder(struct settings *s, const struct config_node *path)
{
    char folder[PATH_MAX];
    if (lacks_folder(s->store.path, folder))
        config_warning(s->faults, config_where(path), "store.path",
                       "there is no folder '%s' (wanted: one that is there before the "
                       "gateway starts)",
                       folder);
    else
        judge_store_reach(s, path);
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

/* Of two gateways each would take the other's lock or log for its database. */
static bool judge_store_name(struct settings *s, const struct config_node *path)
{
    size_t i = 0;
    while (store_sides[i] && !ends_with(s->store.path, store_sides[i]))
        i++;
    if (store_sides[i])
        config_fault(s->faults, config_where(path), "store.path",
                     "'%s' is the name of a file that the gateway keeps beside a "
                     "database (allowed: a name that does not end in %s)",
                     s->store.path, store_sides[i]);
    return !store_sides[i];
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
    else if (judge_store_name(s, path))
        judge_store_file(s, path);
}

/* --- the socket -------------------------------------------------------------------- */

/* What counts from the start's folder is warned of as that. */
static void judge_socket(struct settings *s)
{
    const struct config_node *said = config_child(section_of(s, "http"), "socket");
    const char *path = s->http.socket;
    char folder[PATH_MAX];
    struct stat st;
    if (!said || !path || path[0] != '/')
        return;
    bool is_there = lstat(path, &st) == 0;
    if (is_there && S_ISDIR(st.st_mode))
        config_fault(s->faults, config_where(said), "http.socket",
                     "'%s' is a folder (allowed: the path of a socket, such as "
                     "%s/api.sock)",
                     path, path);
    else if (is_there && !S_ISSOCK(st.st_mode))
        config_fault(s->faults, config_where(said), "http.socket",
                     "'%s' is there and is no socket (allowed: a path of its own, where "
                     "the gateway makes it)",
                     path);
    else if (lacks_folder(path, folder))
        config_fault(s->faults, config_where(said), "http.socket",
                     "there is no folder '%s' (allowed: one that is there before the "
                     "gateway starts)",
                     folder);
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

/* What stands beside the database: "…/campus.db-wal" beside "…/campus.db". */
static bool is_beside_store(const struct settings *s, const char *path)
{
    size_t size = s->store.path ? strlen(s->store.path) : 0;
    if (size == 0 || strncmp(path, s->store.path, size) != 0)
        return false;
    for (size_t i = 0; store_sides[i]; i++)
        if (strcmp(path + size, store_sides[i]) == 0)
            return true;
    return false;
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
    if (is_beside_store(s, path))
        config_fault(s->faults, mark, key,
                     "'%s' is kept beside the database of store.path (allowed: a file of "
                     "its own)",
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

static void judge_listen_twice(struct settings *s)
{
    const struct gw_strings *listen = &s->http.listen;
    const struct config_node *said = config_child(section_of(s, "http"), "listen");
    for (size_t i = 1; i < listen->count; i++)
        for (size_t k = 0; k < i; k++)
            if (loopback_is_same(listen->items[i], listen->items[k])) {
                config_fault(s->faults, config_where(config_item(said, i)), "http.listen",
                             "'%s' is listened on already (allowed: each address once)",
                             listen->items[i]);
                break;
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
    (void)snprintf(path, sizeof(path), "%s.%s", kind, name);
    if (doubt)
        config_warning(s->faults, mark, path, "%s", config_faults_say(s->faults, doubt));
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
    judge_socket(s);
    judge_listen_twice(s);
    judge_files_of(s, "local", local, config_where(local), notify_options, &s->local);
    judge_files_of(s, "http", http, config_where(http), http_options, &s->http);
    judge_local_broker(s);
    for (size_t i = 0; i < c->bus_count; i++)
        judge_bus(s, &c->buses[i]);
    look_at_buses(s);
}
