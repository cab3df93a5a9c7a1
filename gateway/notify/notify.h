/* notify.h - local MQTT topics for other programs of the school, and their commands.
 *
 *   school/{object}/{metric}        retained {"v":…,"q":"good","t":…}
 *   school/alarm/{rule}/{object}    retained state, QoS 1
 *   school/gateway                  retained status, with last will
 *   school/cmd/alarm/{rule}/{object} in: {"do":"acknowledge","by":…}
 *
 * Own thread, own connection; values wait in a bounded table keyed by topic (newest
 * wins) while the broker is away, alarms in order.
 */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "gw/error.h"
#include "gw/schema.h"
#include "alarms/alarm.h"
#include "points/point_table.h"

struct notify;

/* notify_config - gateway.yaml's section "local"; broker NULL = off. */
struct notify_config {
    const char *broker; /* mqtt://host:port */
    const char *user;
    const char *password_file;
    const char *prefix; /* "school" */
    bool values;        /* also publish every changed value */
};
extern const struct gw_option notify_options[];

/* notify_ops - a command from the school's broker; called on notify's thread. */
struct notify_ops {
    void *ctx;
    int (*command)(void *ctx, const struct alarm_command *command, struct gw_error *err);
};

/* notify_check - whether @config names a broker that is one.  returns 0 or gw_fail() */
int notify_check(const struct notify_config *config, struct gw_error *err);

int notify_start(const struct notify_config *config, const char *gateway,
                 const struct notify_ops *ops, struct notify **ret, struct gw_error *err);
struct notify *notify_stop(struct notify *n);

/* A new configuration, in three steps; alarms and values wait in between, none is lost.
 * notify_pause - ends the connection.  Thread: any but main.
 * notify_set_topics - the new prefix, under which everything is said again, and whether
 * values are told.  Thread: main, while it is paused.
 * notify_resume - the new broker.  returns 0 or gw_fail(): stays paused */
void notify_pause(struct notify *n);
void notify_set_topics(struct notify *n, const struct notify_config *config);
int notify_resume(struct notify *n, const struct notify_config *config,
                  const char *gateway, struct gw_error *err);

/* Never block.  Thread: main. */
void notify_reading(struct notify *n, const struct point_entry *entry,
                    const struct gw_reading *reading);
void notify_alarm(struct notify *n, const struct gw_transition *transition,
                  const struct gw_text *title);

struct notify_status {
    bool is_connected;
    uint64_t published;
    uint64_t waiting;
    char fault[200];
};
void notify_status(struct notify *n, struct notify_status *ret);

#endif
