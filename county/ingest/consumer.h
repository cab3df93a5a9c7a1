/* consumer.h - a RabbitMQ queue as a feed: a quorum queue, acknowledged after the
 * commit.
 *
 * The gateways speak MQTT to RabbitMQ, which hands what they publish to the exchange
 * amq.topic, with '.' for '/'.  The queue is bound to what the contract names; the
 * answers go the same way back.  Thread: one owner.
 */
#ifndef INGEST_CONSUMER_H
#define INGEST_CONSUMER_H

#include "ingest/feed.h"

/* consumer_new - as feed_new(), of an amqp:// or amqps:// address. */
int consumer_new(const struct feed_source *source, struct intake *intake,
                 struct feed **ret, struct gw_error *err);

#endif
