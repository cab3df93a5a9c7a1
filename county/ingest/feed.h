/* feed.h - a broker that brings the messages: plain MQTT, or a queue of RabbitMQ's.
 *
 * Each reads until the broker is quiet or a batch is full, has the intake store and
 * answer it, and only then tells the broker that the batch has arrived.  A broker that is
 * away is tried again by itself.  Thread: one owner.
 */
#ifndef INGEST_FEED_H
#define INGEST_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "gw/broker.h"
#include "gw/error.h"
#include "ingest/intake.h"

/* feed - the first member of each kind's own. */
struct feed {
    const struct feed_kind *kind;
};

/* feed_kind - each as the function of its name below. */
struct feed_kind {
    int (*turn)(struct feed *f, int wake_fd, int timeout_ms, struct gw_error *err);
    bool (*is_up)(const struct feed *f);
    int (*publish)(struct feed *f, const char *gateway, const char *topic,
                   const char *body, struct gw_error *err);
    void (*free)(struct feed *f);
};

/* feed_source - where the messages come from.
 * url      mqtt:// or mqtts://HOST[:PORT], or
 *          amqp:// or amqps://[USER:PASSWORD@]HOST[:PORT][/VHOST]
 * name     of what the broker keeps for a receiver that is away: its session (MQTT, one
 *          running receiver each), its queue (AMQP, which receivers may share)
 * ca       the only one trusted; for mqtts and amqps, which need it
 * certificate, key  of this receiver's, both or neither (NULL)
 * user, password_file  for the broker, NULL = nobody; the file is read anew for each
 *          connection, its first line alone */
struct feed_source {
    const char *url;
    const char *name;
    const char *ca;
    const char *certificate;
    const char *key;
    const char *user;
    const char *password_file;
};

/* feed_new - no connection yet.  @source and @intake are borrowed for life.
 * returns  0, or -EINVAL with what is allowed
 * Owner:   caller; feed_free() */
int feed_new(const struct feed_source *source, struct intake *intake, struct feed **ret,
             struct gw_error *err);
struct feed *feed_free(struct feed *f);

/* feed_turn - one turn of the loop: connects when it is time, waits at most @timeout_ms
 * for the broker or for @wake_fd to become readable, takes and stores.
 * returns 0, or -errno when the process cannot go on (memory) */
int feed_turn(struct feed *f, int wake_fd, int timeout_ms, struct gw_error *err);

/* feed_is_up - the broker has accepted the receiver, and nothing is known of an end. */
bool feed_is_up(const struct feed *f);

/* feed_publish - @body to campus/v1/<@gateway>/<@topic>, QoS 1, not retained.
 * returns 0 when it is on its way, or gw_fail(): nobody else tries again */
int feed_publish(struct feed *f, const char *gateway, const char *topic, const char *body,
                 struct gw_error *err);

/* feed_password - of @source, "" without a file.  Who takes it wipes it.
 * returns 0 or gw_fail() */
int feed_password(const struct feed_source *source, char ret[GW_BROKER_PASSWORD_MAX],
                  struct gw_error *err);

/* backoff - when to try a broker again: after 0.5 s, doubling to 15 s. */
struct backoff {
    int64_t next_us;
    int64_t wait_us;
};

void backoff_begin(struct backoff *b);
bool backoff_is_due(const struct backoff *b);

/* backoff_fail - not before @ret seconds from now. */
double backoff_fail(struct backoff *b);

#endif
