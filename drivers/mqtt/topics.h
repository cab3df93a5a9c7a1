/* topics.h - from a message's topic to the points that it feeds.
 *
 * A device's topic may hold {node} (the device's own name on the broker), {place} and
 * {metric} (each a whole level) and the wildcards + and #.  Topics are kept as a tree
 * of levels in one hash table: the cost of a look-up is the number of levels.
 *
 * Thread: the bus's.
 */
#ifndef MQTT_TOPICS_H
#define MQTT_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

enum { TOPIC_MAX = 257 }; /* bytes with the closing NUL */

/* mqtt_topic_check - @pattern as written in the configuration.  returns 0 or gw_fail() */
int mqtt_topic_check(const char *pattern, const char *node, struct gw_error *err);

/* mqtt_topic_filter - what to subscribe to: placeholders of points become +.
 * mqtt_topic_of - the topic (or filter) of one point; @metric with ".name" where it has
 * one. returns 0, or -E2BIG when it does not fit; only for patterns that passed the check
 */
int mqtt_topic_filter(const char *pattern, const char *node, char ret[TOPIC_MAX]);
int mqtt_topic_of(const char *pattern, const char *node, const char *place,
                  const char *metric, char ret[TOPIC_MAX]);

/* mqtt_topic_covers - every topic that @other matches is matched by @filter too. */
bool mqtt_topic_covers(const char *filter, const char *other);

struct mqtt_topics;

/* mqtt_topic_entry - one point of one device, as indexes of the caller. */
struct mqtt_topic_entry {
    uint32_t device;
    uint32_t point;
};

/* mqtt_topics_new - Owner: caller; mqtt_topics_free() accepts NULL, returns NULL. */
int mqtt_topics_new(struct mqtt_topics **ret);
struct mqtt_topics *mqtt_topics_free(struct mqtt_topics *t);

/* mqtt_topics_add - messages on @filter feed @entry.  returns 0 or -ENOMEM */
int mqtt_topics_add(struct mqtt_topics *t, const char *filter,
                    struct mqtt_topic_entry entry);

/* mqtt_topics_match - calls @visit for each filter that matches @topic; entries of one
 * device stand together.  returns how many filters matched */
size_t mqtt_topics_match(const struct mqtt_topics *t, const char *topic,
                         void (*visit)(void *ctx, const struct mqtt_topic_entry *entries,
                                       size_t count),
                         void *ctx);

#endif
