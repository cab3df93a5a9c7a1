/* Two buses on one serial port: each would read the other's answers.  Two on one server:
 * a serial server often takes one client, and the other bus is off then.  Two of one name
 * at a broker: each throws out the other. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "config/load.h"

static const char *bus_port(const struct config_bus *bus)
{
    return bus->options && bus->driver->port ? bus->driver->port(bus->options) : NULL;
}

/* is_one_port - the same device under whatever name; of what is not plugged in only the
 * names are known. */
static bool is_one_port(const char *a, const char *b)
{
    struct stat x;
    struct stat y;

    if (strcmp(a, b) == 0)
        return true;
    if (stat(a, &x) < 0 || stat(b, &y) < 0)
        return false;
    if (S_ISCHR(x.st_mode) && S_ISCHR(y.st_mode))
        return x.st_rdev == y.st_rdev;
    return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void load_judge_port(struct load *l, uint32_t bus)
{
    const struct config_bus *b = &l->config->buses[bus];
    const char *port = bus_port(b);

    for (uint32_t i = 0; port && i < bus; i++) {
        const struct config_bus *before = &l->config->buses[i];
        const char *taken = bus_port(before);
        if (taken && is_one_port(taken, port))
            config_fault(l->src.faults, b->mark, b->name,
                         "port '%s' is that of bus '%s' at %s:%d:%d, '%s' (allowed: one "
                         "bus a port, with all devices of its line)",
                         port, before->name, before->mark.file, before->mark.line,
                         before->mark.column, taken);
    }
}

static bool find_server(const struct config_bus *bus, char ret[GW_NAME_MAX])
{
    if (!bus->options || !bus->driver->server)
        return false;
    bus->driver->server(bus->options, ret);
    return true;
}

void load_judge_server(struct load *l, uint32_t bus)
{
    const struct config_bus *b = &l->config->buses[bus];
    char server[GW_NAME_MAX];
    char taken[GW_NAME_MAX];

    for (uint32_t i = 0; i < bus && find_server(b, server); i++) {
        const struct config_bus *before = &l->config->buses[i];
        if (find_server(before, taken) && strcasecmp(server, taken) == 0)
            config_warning(l->src.faults, b->mark, b->name,
                           "'%s' is that of bus '%s' at %s:%d:%d, too: a serial server "
                           "that takes one client leaves one of them without (better: "
                           "one bus with the devices of both)",
                           server, before->name, before->mark.file, before->mark.line,
                           before->mark.column);
    }
}

static const char *name_at_source(const struct config_bus *bus,
                                  char ret_source[GW_NAME_MAX])
{
    if (!bus->options || !bus->driver->called || !bus->driver->source)
        return NULL;
    bus->driver->source(bus->options, ret_source);
    return bus->driver->called(bus->options);
}

void load_judge_called(struct load *l, uint32_t bus)
{
    const struct config_bus *b = &l->config->buses[bus];
    char source[GW_NAME_MAX] = "";
    char other[GW_NAME_MAX] = "";
    const char *name = name_at_source(b, source);

    for (uint32_t i = 0; name && i < bus; i++) {
        const struct config_bus *before = &l->config->buses[i];
        const char *taken = name_at_source(before, other);
        if (taken && strcmp(taken, name) == 0 && strcasecmp(source, other) == 0)
            config_fault(l->src.faults, b->mark, b->name,
                         "'%s' is that of bus '%s' at %s:%d:%d, too, and %s throws out "
                         "the older of two (allowed: an id for one bus only, or none)",
                         name, before->name, before->mark.file, before->mark.line,
                         before->mark.column, source);
    }
}
