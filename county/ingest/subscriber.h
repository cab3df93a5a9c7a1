/* subscriber.h - an MQTT broker as a feed: a persistent session, PUBACKs after the
 * commit.  Thread: one owner.
 */
#ifndef INGEST_SUBSCRIBER_H
#define INGEST_SUBSCRIBER_H

#include "ingest/feed.h"

/* subscriber_new - as feed_new(), of an mqtt:// or mqtts:// address. */
int subscriber_new(const struct feed_source *source, struct intake *intake,
                   struct feed **ret, struct gw_error *err);

#endif
