/* config.h - the resolved tree: metrics, templates merged into devices, buses, points.
 *
 * Sections that belong to a folder (places, rules, county, …) are read by that
 * folder's own table from the nodes kept here.  Thread: one while it loads, then any:
 * a tree is immutable but for what drivers keep in their own structs.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdatomic.h>

#include "config/csv.h"
#include "config/schema.h"
#include "config/suggest.h"
#include "gw/driver.h"
#include "gw/plugin.h"

enum config_metric_kind { METRIC_GAUGE, METRIC_COUNTER, METRIC_STATE, METRIC_EVENT };

/* config_metric - an entry of etc/metrics.yaml.
 * min, max       valid range in @unit; NAN = open
 * dead_band      storage: a smaller change is not logged; 0 = every change
 * longest_silence_us  storage: logged at least so often */
struct config_metric {
    const char *name;
    const char *unit;
    struct gw_text title;
    enum config_metric_kind kind;
    double min;
    double max;
    double dead_band;
    int64_t longest_silence_us;
    struct gw_map states; /* text → number of a state metric */
    bool is_security;     /* silence is a fault: wants supervision */
    struct config_mark mark;
};

/* config_kind - a kind of place, of metrics.yaml's `kinds`.
 * also       further words for it in a table
 * is_home    a class may have its own room there
 * is_shared  several classes may be taught there at a time
 * is_taught  lessons are taught there, as in homes and shared places, too
 * is_open_air  it has no roof
 * is_whole   a place of it may be called what is in it: a building 图书馆 */
struct config_kind {
    const char *name;
    struct gw_text title;
    struct gw_strings also;
    bool is_home;
    bool is_shared;
    bool is_taught;
    bool is_open_air;
    bool is_whole;
};

/* config_point - one value of a device in engineering terms.
 *
 * scale, offset     value = raw * scale + offset
 * width             counters: bits before roll-over (16, 24, 32; 0 = does not)
 * invalid           raw values that mean "no value"
 * is_writable       an output: commands may change it
 * stale_us          silent for longer = stale; 0 = never (states told on change only) */
struct config_point {
    uint32_t id; /* stable for life, from the store; 0 until assigned */
    const char *name;
    const char *place;
    const struct config_metric *metric;
    uint32_t device; /* index; UINT32_MAX when derived */
    double scale;
    double offset;
    uint32_t width;
    struct gw_numbers invalid;
    int64_t stale_us;
    bool is_writable;
    struct config_mark mark;
};

struct config_device {
    const char *name;
    const char *template_name; /* NULL = written out in place */
    uint32_t bus;              /* index */
    int64_t period_us;
    int64_t supervision_us; /* 0 = none stated */
    bool is_urgent;         /* polled before others that are due */
    struct gw_device_ref ref;
    uint32_t first_point; /* index into points; ref.point_count of them */
    struct config_mark mark;
};

struct config_bus {
    uint16_t id; /* stable for life, from the store; 0 until assigned */
    const char *name;
    const struct gw_driver *driver;
    void *options; /* driver's bus_size bytes, filled; NULL when they were faulty */
    struct config_mark mark;
};

/* config_modules - the drivers and plugins that are linked in or loaded. */
struct config_modules {
    const struct gw_driver *const *drivers; /* NULL-terminated */
    const struct gw_plugin *const *plugins; /* NULL-terminated */
};

/* config - one tree; holders: how many config_free() it takes to end it. */
struct config {
    struct arena *arena;
    atomic_uint holders;
    const char *folder;
    const struct config_node *gateway; /* gateway.yaml's root */
    const struct config_node *campus;  /* campus.yaml's root */
    const struct config_node *facts;   /* facts.yaml's root, NULL = there is none */
    const struct config_node *mapping; /* of county.mapping, NULL = there is none */
    const struct csv *timetable;       /* timetable.csv, NULL = the school has none */
    const char **lost_classes;         /* names in rows that were told, none is one */
    size_t lost_class_count;
    size_t lost_title_count; /* further rows whose title nobody can read */
    bool has_lost_classes;   /* classes.csv itself could not be read, and was told */
    bool has_lost_rooms;     /* rows of rooms.csv, likewise */
    const char **roomless;   /* classes whose row has no room, and was told */
    size_t roomless_count;
    const struct config_node **rules; /* rules/ then rules.d/, each file's root */
    size_t rule_files;
    const struct config_node *trial;   /* a file of rules on trial, NULL = none */
    bool is_trial_alone;               /* other rules are not read into the pipeline */
    const struct config_node **wiring; /* devices.d/, each file's root: its outputs */
    size_t device_files;
    struct config_metric *metrics;
    size_t metric_count;
    struct config_kind *kinds;
    size_t kind_count;
    struct config_bus *buses;
    size_t bus_count;
    struct config_device *devices;
    size_t device_count;
    struct config_point *points;
    struct gw_point_ref *refs; /* the drivers' view of the points, same order */
    size_t point_count;
    uint64_t hash; /* of every file's bytes, in order */
};

/* config_load - reads @folder; every fault goes to @faults.
 * returns 0 and *ret (also when there are faults: ask config_faults_errors(); faulty
 *         devices and points are left out then, so that checks can go on), or
 *         gw_fail() when the folder cannot be read at all
 * Owner:  caller; config_free() */
int config_load(const char *folder, const struct config_modules *modules,
                struct config_faults *faults, struct config **ret, struct gw_error *err);
struct config *config_free(struct config *c);

/* config_hold - one more holder: a bus that outlives a reload keeps the tree it was born
 * with.  Owner: caller; config_free() lets go.  Thread: any. */
struct config *config_hold(struct config *c);

/* config_add_trial - the rule file @path is on trial: a layer over what the rule files
 * say, or one of them where it stands there already.  Before the pipeline is built; what
 * cannot be read is a fault. */
void config_add_trial(struct config *c, const char *path, bool is_alone,
                      struct config_faults *faults);

const struct config_metric *config_metric(const struct config *c, const char *name);

/* config_gateway_id - gateway.yaml's gateway.id, or NULL. */
const char *config_gateway_id(const struct config *c);

/* config_kind - a kind of place that the catalogue knows, or NULL; a school may have
 * others.  Offers all of them to @near unless it is NULL. */
const struct config_kind *config_kind(const struct config *c, const char *name,
                                      struct suggest *near);

/* config_kind_called - that people call @word: its name, a title, or one of the words
 * under `also`, as text_fold() compares; NULL = none.  @near is offered the titles.
 * config_kind_titles - all of them, as far as they fit. */
enum { CONFIG_KINDS_TEXT = 300 };
const struct config_kind *config_kind_called(const struct config *c, const char *word,
                                             struct suggest *near);
const char *config_kind_titles(const struct config *c, char ret[CONFIG_KINDS_TEXT]);

/* config_kind_is_other - @name, a place's id or title, is another kind than @word, which
 * stands there for its kind. */
bool config_kind_is_other(const struct config *c, const char *name, const char *word);

/* config_bus_timeout - how long one request may keep the bus, by its own option. */
int64_t config_bus_timeout(const struct config_bus *bus);

/* config_bus_time - what a bus's devices ask of its time.
 * share     of its time, 1 = all of it
 * round_us  one poll of every device, one after the other
 * worst     the device that asks for most, worst_share how much */
struct config_bus_time {
    size_t devices;
    double share;
    int64_t round_us;
    uint32_t worst;
    double worst_share;
};

/* One part in so many of a bus's time may go to devices that do not answer: the check
 * reckons with it, and the schedule keeps to it (field/schedule.c). */
enum { CONFIG_DEAD_PART = 25 };

/* config_bus_time - from the driver's own reckoning.  returns false when the driver
 * makes none, or the bus has no devices */
bool config_bus_time(const struct config *c, uint32_t bus, struct config_bus_time *ret);

/* config_print_bus_times - a line a bus that has a reckoning, in the language of @faults.
 */
void config_print_bus_times(const struct config *c, const struct config_faults *faults,
                            FILE *out);

/* config_point_raw - what @value is to the device of @point: of a writable point, finite,
 * in the metric's range, one of its states.
 * returns 0, -EROFS, -ERANGE or -EINVAL, and a sentence that says what is allowed */
int config_point_raw(const struct config_point *point, double value, double *ret_raw,
                     struct gw_error *err);

/* config_longest_on - after so long the output @point goes off by itself; 0 = never. */
int64_t config_longest_on(const struct config *c, const struct config_point *point);

/* config_set_point_id - once the store has given it, before any bus is opened. */
void config_set_point_id(struct config *c, size_t index, uint32_t id);
void config_set_bus_id(struct config *c, size_t index, uint16_t id);

/* config_print_manual - metrics.yaml, templates and devices.d with every driver's own
 * keys, as commented YAML. */
void config_print_manual(FILE *out, const struct config_modules *modules);

#endif
