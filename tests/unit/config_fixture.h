/* config_fixture.h - two drivers that only have tables, and configuration folders made
 * of tests/config/good/minimal with one file put over it. */
#ifndef CONFIG_FIXTURE_H
#define CONFIG_FIXTURE_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "campus/campus.h"
#include "config/config.h"

struct poller_bus {
    const char *port;
    uint32_t baud;
    int parity;
    int64_t timeout_us;
};

struct poller_device {
    uint32_t unit;
};

struct poller_point {
    uint32_t address;
    int type;
    int32_t private_state; /* zero at the start */
};

struct teller_bus {
    const char *host;
};

struct teller_device {
    const char *topic;
};

struct teller_point {
    const char *path;
};

static const char *const parities[] = {"none", "even", "odd", NULL};
static const char *const types[] = {"u16", "s16", "u32", "f32", NULL};

static const struct gw_option poller_bus_options[] = {
    {.name = "port",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct poller_bus, port),
     .required = true},
    {.name = "baud",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct poller_bus, baud),
     .min = 1200,
     .max = 921600,
     .fallback = "9600"},
    {.name = "parity",
     .type = GW_OPT_ENUM,
     .offset = offsetof(struct poller_bus, parity),
     .choices = parities,
     .fallback = "even"},
    {.name = "timeout",
     .type = GW_OPT_DURATION,
     .offset = offsetof(struct poller_bus, timeout_us),
     .min = 10e3,
     .max = 10e6,
     .fallback = "500ms"},
    {0},
};

static const struct gw_option poller_device_options[] = {
    {.name = "unit",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct poller_device, unit),
     .required = true,
     .min = 1,
     .max = 247},
    {0},
};

static const struct gw_option poller_point_options[] = {
    {.name = "register",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct poller_point, address),
     .required = true,
     .min = 0,
     .max = 65535},
    {.name = "type",
     .type = GW_OPT_ENUM,
     .offset = offsetof(struct poller_point, type),
     .choices = types,
     .fallback = "u16"},
    {0},
};

static const struct gw_option teller_bus_options[] = {
    {.name = "host",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct teller_bus, host),
     .required = true},
    {0},
};

static const struct gw_option teller_device_options[] = {
    {.name = "topic",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct teller_device, topic),
     .required = true},
    {0},
};

static const struct gw_option teller_point_options[] = {
    {.name = "path",
     .type = GW_OPT_STRING,
     .offset = offsetof(struct teller_point, path),
     .required = true},
    {0},
};

static enum gw_fault poller_poll(void *bus, const struct gw_device_ref *device,
                                 const struct gw_sink *sink, struct gw_error *err)
{
    (void)bus, (void)device, (void)sink, (void)err;
    return GW_FAULT_NONE;
}

static enum gw_fault poller_write(void *bus, const struct gw_device_ref *device,
                                  const struct gw_point_ref *point, double raw,
                                  struct gw_error *err)
{
    (void)bus, (void)device, (void)point, (void)raw, (void)err;
    return GW_FAULT_NONE;
}

/* poller_direction - registers from 10000 on are inputs. */
static enum gw_direction poller_direction(const void *device, const void *point)
{
    (void)device;
    return ((const struct poller_point *)point)->address >= 10000 ? GW_INPUT : GW_EITHER;
}

/* poller_load - each poll takes a tenth of a second. */
static double poller_load(const void *bus, const struct gw_device_ref *device)
{
    (void)bus;
    return 100e3 / (double)device->period_us;
}

/* teller_check_bus - a host that must be asked about. */
static int teller_check_bus(const void *bus, struct gw_error *err)
{
    const struct teller_bus *b = bus;
    return strchr(b->host, '/') ? gw_fail(err, -EINVAL, "'%s' is no host", b->host) : 0;
}

/* teller_check - a topic with {place} needs no more than what the refs say. */
static int teller_check(const void *bus, const struct gw_device_ref *device,
                        struct gw_error *err)
{
    const struct teller_device *d = device->options;
    (void)bus;
    if (strchr(d->topic, '#'))
        return gw_fail(err, -EINVAL, "topic '%s' has a '#' (allowed: a full topic)",
                       d->topic);
    return 0;
}

static bool poller_same_unit(const void *device, const void *other)
{
    const struct poller_device *a = device;
    const struct poller_device *b = other;
    return a->unit == b->unit;
}

static const char *poller_port(const void *bus)
{
    return ((const struct poller_bus *)bus)->port;
}

#define POLLER(driver_name)                                                             \
    {                                                                                   \
        .struct_size = sizeof(struct gw_driver), .name = (driver_name),                 \
        .summary = "asks", .bus_options = poller_bus_options,                           \
        .device_options = poller_device_options, .point_options = poller_point_options, \
        .bus_size = sizeof(struct poller_bus),                                          \
        .device_size = sizeof(struct poller_device),                                    \
        .point_size = sizeof(struct poller_point), .poll = poller_poll,                 \
        .write = poller_write, .direction = poller_direction, .load = poller_load,      \
        .same_unit = poller_same_unit, .port = poller_port,                             \
    }

static const struct gw_driver poller_rtu = POLLER("poller-rtu");
static const struct gw_driver poller_tcp = POLLER("poller-tcp");
static const struct gw_driver teller = {
    .struct_size = sizeof(struct gw_driver),
    .name = "teller",
    .summary = "tells",
    .bus_options = teller_bus_options,
    .device_options = teller_device_options,
    .point_options = teller_point_options,
    .bus_size = sizeof(struct teller_bus),
    .device_size = sizeof(struct teller_device),
    .point_size = sizeof(struct teller_point),
    .check = teller_check,
    .check_bus = teller_check_bus,
};

static const struct gw_driver *const fixture_drivers[] = {&poller_rtu, &poller_tcp,
                                                          &teller, NULL};
static const struct gw_plugin *const fixture_plugins[] = {NULL};
static const struct config_modules fixture_modules = {fixture_drivers, fixture_plugins};

/* fixture - one folder under /tmp and what was loaded from it. */
struct fixture {
    char folder[64];
    struct config_faults *faults;
    struct config *config;
    struct gw_campus *campus;
};

static const char *const fixture_files[] = {
    "metrics.yaml",           "campus.yaml",       "gateway.yaml", "templates/light.yaml",
    "templates/counter.yaml", "devices.d/b1.yaml",
};

enum { FIXTURE_FILES = sizeof(fixture_files) / sizeof(fixture_files[0]) };

static inline void fixture_write(const struct fixture *f, const char *name,
                                 const char *bytes, size_t size)
{
    char path[PATH_MAX];
    assert_true(snprintf(path, sizeof(path), "%s/%s", f->folder, name) > 0);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, 0644), 0);
}

/* fixture_read - the whole of @path, NUL-terminated; caller frees. */
__attribute__((noinline, unused)) /* inlined, gcc 12 warns of a pointer it loses */
static char *
fixture_read(const char *path, size_t *ret_size)
{
    FILE *in = fopen(path, "r");
    char *bytes = NULL;
    size_t room = 0;
    assert_non_null(in);
    ssize_t size = getdelim(&bytes, &room, EOF, in);
    assert_int_equal(fclose(in), 0);
    *ret_size = size > 0 ? (size_t)size : 0;
    return bytes;
}

static inline void fixture_open(struct fixture *f)
{
    static const char *const folders[] = {"mappings.d",  "metrics.d", "templates",
                                          "templates.d", "devices.d", "rules",
                                          "rules.d"};
    char path[PATH_MAX];

    *f = (struct fixture){.folder = "/tmp/gw-config-XXXXXX"};
    assert_non_null(mkdtemp(f->folder));
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        assert_true(snprintf(path, sizeof(path), "%s/%s", f->folder, folders[i]) > 0);
        assert_int_equal(mkdir(path, 0755), 0);
    }
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        size_t size = 0;
        assert_true(snprintf(path, sizeof(path), "%s/tests/config/good/minimal/%s",
                             GW_SOURCE_DIR, fixture_files[i])
                    > 0);
        char *bytes = fixture_read(path, &size);
        fixture_write(f, fixture_files[i], bytes, size);
        free(bytes);
    }
    assert_int_equal(config_faults_new(&f->faults), 0);
}

static inline void fixture_put(const struct fixture *f, const char *name,
                               const char *text)
{
    fixture_write(f, name, text, strlen(text));
}

/* fixture_load - config and, on it, the campus. */
static inline void fixture_load(struct fixture *f)
{
    struct gw_error err = {0};
    assert_int_equal(
        config_load(f->folder, &fixture_modules, f->faults, &f->config, &err), 0);
    assert_int_equal(campus_load(f->config, f->faults, &f->campus), 0);
}

/* fixture_faults - the printed list, the folder's name taken off; caller frees. */
static inline char *fixture_faults(const struct fixture *f)
{
    char *text = NULL;
    size_t size = 0;
    size_t folder = strlen(f->folder) + 1;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    config_faults_print(f->faults, out);
    assert_int_equal(fclose(out), 0);
    for (char *at = strstr(text, f->folder); at; at = strstr(at, f->folder))
        memmove(at, at + folder, strlen(at + folder) + 1);
    return text;
}

static inline void fixture_close(struct fixture *f)
{
    char command[128];
    f->campus = campus_free(f->campus);
    f->config = config_free(f->config);
    f->faults = config_faults_free(f->faults);
    assert_true(snprintf(command, sizeof(command), "rm -rf -- '%s'", f->folder) > 0);
    assert_int_equal(system(command), 0);
}

#endif
