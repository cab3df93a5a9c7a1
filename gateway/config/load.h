/* load.h - one load of a configuration folder, kind by kind.  Thread: main.
 *
 * Each step reports its faults and leaves what the next one needs; what is faulty is
 * left out or marked, so that later steps do not complain about the same thing again.
 */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "base/hash.h"
#include "config/config.h"
#include "config/suggest.h"

enum {
    LOAD_FILES_MAX = 1000,
    LOAD_BUSES_MAX = 64,
    LOAD_DEVICES_MAX = 4096,
    LOAD_POINTS_MAX = 65535,
};

/* Instead of an index: the name is there, what it names is faulty. */
static const uint32_t LOAD_FAULTY = UINT32_MAX - 1;

/* load_files - the roots of one folder's files, in name order. */
struct load_files {
    const struct config_node **roots;
    size_t count;
};

/* load_object - who took a name: places, classes, buses, devices. */
struct load_object {
    const char *name;
    const char *kind;
    struct config_mark mark;
};

/* load_template - a device's own options as defaults, plus its points. */
struct load_template {
    const char *name;
    struct gw_text title;
    const char *source;
    struct gw_strings drivers; /* "mqtt"; "modbus" stands for every modbus-… */
    const struct config_node *device;
    const struct config_node *points;
};

/* load_timing - what a template may say beside the driver's device options. */
struct load_timing {
    int64_t period_us;
    int64_t supervision_us;
    int priority;
};

/* load_point - the core's own keys of a point. */
struct load_point {
    const char *metric;
    const char *name;
    double scale;
    double offset;
    uint32_t width;
    struct gw_numbers invalid;
    int64_t stale_us;
    bool is_writable;
};

/* load_point_plan - one point of a device, from its template, its own entry, or both;
 * NULL where it is in one only. */
struct load_point_plan {
    const struct config_node *base;
    const struct config_node *own;
    const char *base_path;
    const char *own_path;
};

/* load_device - a device on its way: what was judged, before its points are made.
 * places     ids; one, or what the globs of places: match
 * point_name  of all its points, before a point's own; NULL = none */
struct load_device {
    const struct config_node *node;
    const char *path;
    const struct gw_driver *driver;
    const struct load_template *template;
    struct load_timing timing;
    void *options;
    uint32_t bus;
    const char **places;
    size_t place_count;
    const char *point_name;
    struct load_point_plan *points;
    size_t point_count;
    bool is_good;
};

struct load {
    struct config *config;
    struct config_source src;
    const struct config_modules *modules;
    struct load_files metrics; /* the catalogue, then the school's own; 0: unreadable */
    struct load_files templates;
    struct load_files devices;
    const struct csv *classes; /* classes.csv, rooms.csv; NULL = no such file */
    const struct csv *rooms;
    struct load_template *template_items;
    size_t template_count;
    struct load_object *objects;
    size_t object_count;
    const char **places; /* ids, in the order of campus.yaml */
    size_t place_count;
    struct text_map *template_names; /* index into template_items, or LOAD_FAULTY */
    struct text_map *bus_names;      /* index into config->buses, or LOAD_FAULTY */
    struct text_map *object_names;   /* index into objects */
    struct text_map *point_names;    /* index into config->points */
};

/* load_tables - the CSV files beside campus.yaml; load_strays - warns of files that look
 * like one and are not read. */
void load_tables(struct load *l);
void load_strays(struct load *l);

/* The steps, in this order; each returns 0 or -ENOMEM. */
int load_metrics(struct load *l);
int load_kinds(struct load *l);
int load_place_doubts(struct load *l);
int load_roster(struct load *l);
int load_objects(struct load *l);
int load_templates(struct load *l);
int load_buses(struct load *l);
int load_devices(struct load *l);
int load_judge(struct load *l);

/* load_judge_bus_time - warns of periods that a bus cannot hold. */
void load_judge_bus_time(struct load *l, uint32_t bus);

/* load_judge_port - a fault when a bus before has the same port. */
void load_judge_port(struct load *l, uint32_t bus);

/* load_judge_server - warns when a bus before connects to the same server. */
void load_judge_server(struct load *l, uint32_t bus);

/* load_judge_called - a fault when a bus before has the same name at the same source. */
void load_judge_called(struct load *l, uint32_t bus);

/* load_twins - warns of devices that read the same thing under two names, and of two
 * models that are one unit on their bus. */
void load_twins(struct load *l, const struct load_device *devices, size_t count);

/* load_traits - faults and doubts by what the drivers say of their devices.
 * returns 0 or -ENOMEM */
int load_traits(struct load *l, const struct load_device *devices, size_t count);

/* load_points_plan - merges the template's points with the device's own. */
int load_points_plan(struct load *l, struct load_device *d);

/* load_points - makes the planned points of device @index, for each of its places. */
void load_points(struct load *l, const struct load_device *d, uint32_t index);

/* load_point_judge - keys, values and metric of one entry.  @driver may be NULL. */
void load_point_judge(struct load *l, const struct gw_driver *driver,
                      const struct config_node *node, const char *path);

/* load_point_path - "points.people_in" below @path. */
const char *load_point_path(struct load *l, const char *path,
                            const struct config_node *node, size_t index);

/* load_section - the list @key of @root; NULL when absent, also (with a fault) when it
 * is no list. */
const struct config_node *load_section(struct load *l, const struct config_node *root,
                                       const char *key);

/* load_check_keys - a fault for every key of @root that is not in @allowed. */
void load_check_keys(struct load *l, const struct config_node *root,
                     const char *const *allowed);

/* load_object_add - takes a name in the one namespace; a fault when it is taken. */
bool load_object_add(struct load *l, const char *kind, const char *name,
                     struct config_mark mark, const char *path);

/* load_unknown - "unknown bus 'x' (did you mean 'y'?)". */
void load_unknown(struct load *l, struct config_mark mark, const char *path,
                  const char *kind, const struct suggest *near);

const struct gw_driver *load_driver(const struct load *l, const char *name);

/* load_template_fits - @t is made for @driver. */
bool load_template_fits(const struct load_template *t, const struct gw_driver *driver);

#endif
