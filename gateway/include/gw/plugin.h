/* plugin.h - the school's knowledge as loadable parts.
 *
 * A plugin is one const descriptor.  Everything runs on the pipeline's thread and
 * must not block; a call over 5 ms is named in the log.  Time comes from the
 * arguments only, so that replay and demo can drive it.
 */
#ifndef GW_PLUGIN_H
#define GW_PLUGIN_H

#include "gw/campus.h"
#include "gw/error.h"
#include "gw/record.h"
#include "gw/schema.h"
#include "gw/types.h"

struct gw_host; /* the core's handle of one plugin instance */

/* What people may do; each may what those before it may. */
enum gw_role {
    GW_ROLE_VIEWER,
    GW_ROLE_GUARD,
    GW_ROLE_LEADER,
    GW_ROLE_ENGINEER,
    GW_ROLE_ADMIN
};

/* gw_command_info - a command that people may give a plugin: `campusctl do NAME …`,
 * /api/v1/commands/NAME, {"do": "NAME"} of a replay.  What does not fit the row is
 * refused before the plugin hears of it.  A table ends with {0}.
 *
 * name        a-z, 0-9 and -; among all plugins one has it
 * role        the least that may
 * is_question it changes nothing, and is not journalled
 * target      what it is done to, as help names it ("AREA"); NULL = takes none
 * values      the words it takes, NULL-terminated; NULL = takes none
 * needs       bits of GW_COMMAND_…: what may not be left out
 * end_max_us  an end is at most so far ahead; 0 = takes none */
struct gw_command_info {
    const char *name;
    enum gw_role role;
    bool is_question;
    const char *target;
    const char *const *values;
    uint32_t needs;
    int64_t end_max_us;
    struct gw_text help;
};

enum {
    GW_COMMAND_TARGET = 1u << 0,
    GW_COMMAND_VALUE = 1u << 1,
    GW_COMMAND_COMMENT = 1u << 2, /* a reason */
    GW_COMMAND_END = 1u << 3,
};

/* gw_command - one given; texts that were left out are "".
 * until_us    its end, GW_TIME_NONE = none said */
struct gw_command {
    char name[GW_ID_MAX];
    char target[GW_NAME_MAX];
    char value[GW_ID_MAX];
    char comment[GW_COMMENT_MAX];
    char actor[GW_ACTOR_MAX];
    int64_t until_us;
    int64_t time_us;
};

/* gw_plugin - the descriptor.
 *
 * start      declares what it watches and publishes; runs in --check too: no effect
 *            outside the host's calls
 * on_reading a watched point changed (also to bad)
 * on_phase   the phase of @object (a class, or NULL = the school) began; after a step of
 *            the clock, once, if another one runs now than before: it may have begun
 *            earlier, and those that the step passed whole are left out
 * on_minute  every full minute of school time; the first after a step of the clock ends
 *            30 to 90 s after the one before it
 * on_day     at local midnight; once, also where a step passes it by an hour at most,
 *            forward or back; a longer step renames the day, and no midnight passed
 * on_alarm   a transition, also of its own rules
 * restored   optional: kept state is back, gw_state_load() answers; after start and
 *            before the first reading, also when there is none
 * lists      optional: keys of the plugin's section beside @options that hold lists
 * commands   optional, with on_command: what people may order
 * on_due     optional: the time asked for by gw_wake() has come
 * keep       optional: the gateway ends in good order, or reloads: save what is not yet
 * on_clock_step
 *            optional: the clock was set by @delta_us and is now @time_us; delays that
 * run keep their length.  Before on_phase and on_day of what it passed.  After
 *            restored(), too: it was set while the gateway was down
 * on_command does it: 0 (gw_answer() says more), -ENOENT no such target, -EPERM not
 *            allowed as things are, -EINVAL; @err says what is */
struct gw_plugin {
    uint32_t struct_size;
    const char *name;
    const char *summary;
    const struct gw_option *options;
    size_t instance_size;
    int (*start)(void *self, struct gw_host *host, struct gw_error *err);
    void (*stop)(void *self);
    void (*on_reading)(void *self, const struct gw_reading *reading);
    void (*on_phase)(void *self, const char *object, const struct gw_phase *phase);
    void (*on_minute)(void *self, int64_t time_us);
    void (*on_day)(void *self, int64_t midnight_us);
    void (*on_alarm)(void *self, const struct gw_transition *transition);
    void (*restored)(void *self);
    const struct gw_option_list *lists;
    const struct gw_command_info *commands;
    int (*on_command)(void *self, const struct gw_command *command, struct gw_error *err);
    void (*on_due)(void *self, int64_t time_us);
    void (*on_clock_step)(void *self, int64_t delta_us, int64_t time_us);
    void (*keep)(void *self);
};

#define GW_PLUGINS_EXPORT(...)             \
    __attribute__((visibility("default"))) \
    const struct gw_plugin *const gw_plugins_v1[] = {__VA_ARGS__, NULL}

/* gw_point_info - what the catalogue says of a point.
 * width       counters: bits of the total before it rolls over, 0 = it does not */
struct gw_point_info {
    uint32_t id;
    const char *name;   /* "b1-203/people_in" */
    const char *object; /* "b1-203" */
    const char *metric; /* "people_in" */
    const char *device; /* NULL when derived */
    uint32_t width;
};

/* gw_points_of - the points of @metric (NULL = any) in @object (NULL = anywhere), at most
 * @max.  returns how many there are. */
size_t gw_points_of(const struct gw_host *host, const char *object, const char *metric,
                    struct gw_point_info *ret, size_t max);

/* gw_point_is_security - the catalogue says so of its metric: silence is a fault. */
bool gw_point_is_security(const struct gw_host *host, uint32_t point);

/* gw_watch - on_reading is called for @point from now on. */
int gw_watch(struct gw_host *host, uint32_t point, struct gw_error *err);

/* gw_latest - the latest reading of @point, also one that came before a reload, or while
 * the store was away, of which on_reading() was not told; from restored() on.  false:
 * none since the start. */
bool gw_latest(const struct gw_host *host, uint32_t point, struct gw_reading *ret);

/* gw_derive - declares a point that this plugin publishes; in start() only.
 * A point has one source: a second one, or a loop, is refused.  A metric that the
 * catalogue lacks gives point 0: once start() is over all of them are refused together.
 * returns 0 and *ret_point, or gw_fail() */
int gw_derive(struct gw_host *host, const char *object, const char *metric,
              uint32_t *ret_point, struct gw_error *err);

/* gw_derive_from - the same of a point that follows @source alone: while that is silent,
 * nobody knows it either, also not in what a restart reads from the log. */
int gw_derive_from(struct gw_host *host, const char *object, const char *metric,
                   uint32_t source, uint32_t *ret_point, struct gw_error *err);

/* gw_refuse - @text, one that the core put into this plugin's options, cannot be: a fault
 * of the configuration at the line and column where it was written; NULL: where the
 * plugin's section begins.  In start() only, which may go on to find the others and
 * return 0.
 * gw_refuse_option - the same of what @option says, one of the plugin's own; where it is
 *   not written, of @other, which it contradicts, or NULL.
 * gw_warn - @text, which may also be of a place or class, is mostly a slip: told by the
 * check and in the log, and nothing else. */
void gw_refuse(struct gw_host *host, const char *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void gw_refuse_option(struct gw_host *host, const char *option, const char *other,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
void gw_warn(struct gw_host *host, const char *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* gw_allowed - for a refusal, in its language: which of @names was meant by @wanted ("did
 * you mean 'hall-door'?"), else what there is ("allowed: hall-door, gate"), cut with an
 * ellipsis.  returns @ret */
enum { GW_ALLOWED_MAX = 200 };
const char *gw_allowed(const struct gw_host *host, const char *wanted,
                       const char *const *names, size_t count, char ret[GW_ALLOWED_MAX]);

/* gw_nearest - which of @names was meant by a misspelt @wanted; NULL = none comes near.
 */
const char *gw_nearest(const char *wanted, const char *const *names, size_t count);

/* gw_publish - a derived value enters the front of the river at @time_us; NAN or a
 * quality of GW_BAD carries no number. */
void gw_publish(struct gw_host *host, uint32_t point, double value,
                enum gw_quality quality, enum gw_reason reason, int64_t time_us);

/* gw_fact - a typed fact of evidence for the county and the store.  One by_calendar goes
 * nowhere while nobody knows the time; others wait until it is known. */
void gw_fact(struct gw_host *host, const struct gw_fact *fact);

/* gw_state_save - kept with the next commit under @key, back after a restart.
 * gw_state_load - copies at most @size bytes; returns the stored size, 0 = none; from
 * restored() on. */
void gw_state_save(struct gw_host *host, const char *key, const void *state, size_t size);
size_t gw_state_load(struct gw_host *host, const char *key, void *ret, size_t size);

/* gw_state_is_away - the store cannot be read: what was kept is not known, which is not
 * the same as nothing; when it can be read, every plugin begins anew.  From restored()
 * on. */
bool gw_state_is_away(const struct gw_host *host);

/* gw_wake - on_due() is called once at @time_us of school time, or at once when that has
 * passed, instead of what was asked before; INT64_MAX = not at all.  Not kept. */
void gw_wake(struct gw_host *host, int64_t time_us);

/* gw_answer - @json, one value, is what on_command() answers; in on_command() only. */
void gw_answer(struct gw_host *host, const char *json);

/* gw_mark_test - alarms about @object (a device, a place, the school) that are raised
 * from now on are marked as of a test, and still forwarded.  Off: one whose cause still
 * stands is a real one from now on, unacknowledged.  From restored() on, but not in
 * on_alarm(); not kept. */
void gw_mark_test(struct gw_host *host, const char *object, bool is_on, int64_t time_us);

const struct gw_campus *gw_host_campus(const struct gw_host *host);
const void *gw_host_options(const struct gw_host *host);

#endif
