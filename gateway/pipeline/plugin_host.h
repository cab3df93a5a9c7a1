/* plugin_host.h - runs the plugins and answers their gw_ calls.
 *
 * A call that takes longer than PLUGIN_SLOW_US of machine time is complained of by the
 * plugin's name.  Thread: the pipeline's.
 */
#ifndef PIPELINE_PLUGIN_HOST_H
#define PIPELINE_PLUGIN_HOST_H

#include "config/config.h"
#include "gw/campus.h"
#include "gw/plugin.h"
#include "points/point_table.h"

struct plugin_host;

/* Keys that every plugin's section has beside its own; for --print-options. */
extern const struct gw_option plugin_common_options[];

enum { PLUGIN_SLOW_US = 5000, PLUGINS_MAX = 64 };

/* plugin_host_ops - what plugins make happen.
 * publish    a derived reading waits at the front of the river
 * emit       facts and kept states
 * point_id   the stable id of a point by name
 * mark_test  alarms about @object are of a test, or no more */
struct plugin_host_ops {
    void *ctx;
    void (*mark_test)(void *ctx, const char *object, bool is_on, int64_t time_us);
    void (*publish)(void *ctx, const struct gw_reading *reading);
    void (*emit)(void *ctx, const struct gw_record *record);
    int (*point_id)(void *ctx, const char *name, uint32_t *ret);
};

/* plugin_host_setup - all of it must outlive the host.
 * points     with every device's points; derived ones are added */
struct plugin_host_setup {
    const struct config *config;
    const struct gw_campus *campus;
    const struct gw_plugin *const *plugins; /* NULL-terminated; NULL = none */
    struct point_table *points;
    struct plugin_host_ops ops;
};

/* plugin_host_new - fills the options from gateway.yaml's section "plugins" and starts
 * every plugin that is not "enabled: false"; what is wrong there goes to @faults.
 * Owner: caller; plugin_host_free() after the last use of the table's derived names */
int plugin_host_new(const struct plugin_host_setup *setup, struct config_faults *faults,
                    struct plugin_host **ret);
struct plugin_host *plugin_host_free(struct plugin_host *h);

/* plugin_host_rest - stops every plugin; the points that they made stay, and their
 * readings come from a log. */
void plugin_host_rest(struct plugin_host *h);

/* plugin_host_restore - kept bytes of @plugin; plugin_host_state_away - instead: nobody
 * can read what was kept; plugin_host_restored - that was all. */
int plugin_host_restore(struct plugin_host *h, const char *plugin, const char *key,
                        const void *bytes, size_t size);
void plugin_host_state_away(struct plugin_host *h);
void plugin_host_restored(struct plugin_host *h);

/* plugin_host_keep - the end in good order: plugins keep what they have not yet. */
void plugin_host_keep(struct plugin_host *h);

/* plugin_host_take_over - instead of the two: the kept states of @old's plugins, whose
 * callbacks are over. */
void plugin_host_take_over(struct plugin_host *h, struct plugin_host *old);

void plugin_host_reading(struct plugin_host *h, const struct gw_reading *reading);
void plugin_host_alarm(struct plugin_host *h, const struct gw_transition *transition);
void plugin_host_phase(struct plugin_host *h, const char *object,
                       const struct gw_phase *phase);
void plugin_host_minute(struct plugin_host *h, int64_t time_us);
void plugin_host_day(struct plugin_host *h, int64_t midnight_us);

/* plugin_host_next_due, plugin_host_run - what plugins asked to be woken for. */
int64_t plugin_host_next_due(const struct plugin_host *h);
void plugin_host_run(struct plugin_host *h, int64_t time_us);

void plugin_host_clock_step(struct plugin_host *h, int64_t delta_us, int64_t time_us);

/* plugin_host_commands - what people may order of the running plugins; NULL-terminated.
 */
const struct gw_command_info *const *plugin_host_commands(const struct plugin_host *h);

/* plugin_host_command - @command to the plugin that has it, once it fits its row.
 * ret_answer  a JSON text or NULL; caller frees.  May be NULL
 * returns 0, -ENOENT no such command or target, -EINVAL, -EPERM; @err says what is */
int plugin_host_command(struct plugin_host *h, const struct gw_command *command,
                        char **ret_answer, struct gw_error *err);

/* plugin_host_owner - the plugin that derives @point, or NULL. */
const char *plugin_host_owner(const struct plugin_host *h, uint32_t point);

#endif
