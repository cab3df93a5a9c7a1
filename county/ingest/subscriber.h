/* subscriber.h - an MQTT broker to the intake, acknowledged after the commit.
 *
 * Reads until the broker is quiet or a batch is full, commits, and only then lets the
 * PUBACKs leave and answers every gateway.  Thread: the caller's, for good.
 */
#ifndef INGEST_SUBSCRIBER_H
#define INGEST_SUBSCRIBER_H

#include "gw/broker.h"
#include "gw/error.h"
#include "ingest/intake.h"

struct subscriber_config {
    struct gw_broker broker; /* without TLS */
    const char *client_id;   /* of a persistent session: one running receiver each */
};

struct subscriber;

/* subscriber_new - no connection yet.  @intake is borrowed for life.
 * Owner: caller; subscriber_free() */
int subscriber_new(const struct subscriber_config *config, struct intake *intake,
                   struct subscriber **ret, struct gw_error *err);
struct subscriber *subscriber_free(struct subscriber *s);

/* subscriber_turn - one turn of the loop: connects when it is time, waits at most
 * @timeout_ms for the broker or for @stop_fd to become readable, takes and commits.
 * returns 0, or -errno when the process cannot go on (memory) */
int subscriber_turn(struct subscriber *s, int stop_fd, int timeout_ms,
                    struct gw_error *err);

#endif
