/* county_parts.h - what county.c and county_ways.c share.  Not for others. */
#ifndef UPLINK_COUNTY_PARTS_H
#define UPLINK_COUNTY_PARTS_H

#include <pthread.h>

#include "base/worker.h"
#include "gw/log.h"
#include "uplink/batcher.h"
#include "uplink/command_desk.h"
#include "uplink/fallback.h"
#include "uplink/link.h"
#include "uplink/outgoing.h"
#include "uplink/presence.h"
#include "uplink/rotation.h"
#include "uplink/session.h"

/* Everything but status, worker and what outgoing.h says is any thread's belongs to the
 * worker's thread. */
struct county {
    const struct county_config *config;
    struct county_setup setup;
    struct presence presence;
    struct command_desk *desk;
    struct outgoing *outgoing;
    struct batcher *batcher; /* NULL = there are no batches */
    struct fallback fallback;
    struct worker *worker; /* the owner's */
    struct worker *self;   /* the same, as its thread knows it */
    struct link *link;
    struct rotation rotation;
    struct session session;
    struct gw_complaint link_complaint;
    char link_fault[240]; /* why there is no session; "" = there is one */
    int64_t state_us;     /* when the state is told again */
    int64_t trial_us;     /* not before: a row by both ways */
    int64_t grace_us;     /* of the batch under way; 0 = batches may go on */
    int offline_mid;
    int trial_mid;
    bool became_ready;
    bool is_batching;     /* batches carry the rows, whether or not there is a session */
    pthread_mutex_t lock; /* of status: a leaf */
    struct county_status status;
};

/* county_broker - as the log names it. */
struct gw_subject county_broker(const struct county *c);
bool county_is_online(const struct county *c);

/* county_lose - the session, if there is one, by @r, a -errno; it comes again after its
 * wait. */
void county_lose(struct county *c, int r, const char *why);

/* county_note_way, county_note_fault - for the status. */
void county_note_way(struct county *c);
void county_note_fault(struct county *c, const char *text);

/* ways_set_up - the batches, if there are any.
 * ways_online - a session began.
 * ways_choose - which way the rows go, and what batches need at this moment; -errno: the
 *               session is lost.
 * ways_exchange - after the wait, while batches carry.
 * ways_say_goodbye - by a batch, where they do. */
int ways_set_up(struct county *c, struct gw_error *err);
void ways_online(struct county *c);
int ways_choose(struct county *c, struct gw_error *err);
void ways_exchange(struct county *c, short revents);
void ways_say_goodbye(struct county *c, int64_t until_us);

#endif
