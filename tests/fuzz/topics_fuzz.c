/* topics_fuzz.c - topic patterns, judged by what libmosquitto says of the same pair.
 *
 *     pattern \n another pattern \n node \n topic
 */
#include <mosquitto.h>

#include "fuzz.h"
#include "mqtt/topics.h"

static void count_entries(void *ctx, const struct mqtt_topic_entry *entries, size_t count)
{
    (void)entries;
    *(size_t *)ctx += count;
}

static bool library_matches(const char *filter, const char *topic)
{
    bool is_match = false;
    return mosquitto_topic_matches_sub(filter, topic, &is_match) == MOSQ_ERR_SUCCESS
           && is_match;
}

static bool we_match(const char *filter, const char *topic)
{
    struct mqtt_topics *topics = NULL;
    size_t entries = 0;
    fuzz_claim(mqtt_topics_new(&topics) == 0, "there is memory");
    fuzz_claim(mqtt_topics_add(topics, filter, (struct mqtt_topic_entry){1, 2}) == 0,
               "there is memory");
    size_t matches = mqtt_topics_match(topics, topic, count_entries, &entries);
    fuzz_claim(matches == entries, "one visit a filter");
    topics = mqtt_topics_free(topics);
    return matches > 0;
}

static bool filter_of(const char *pattern, const char *node, char ret[TOPIC_MAX])
{
    if (mqtt_topic_check(pattern, node, NULL) < 0
        || mqtt_topic_filter(pattern, node, ret) < 0)
        return false;
    char topic[TOPIC_MAX];
    int r = mqtt_topic_of(pattern, node, "b1-203", "desk_lux.window", topic);
    fuzz_claim(r < 0 || strlen(topic) < TOPIC_MAX, "a topic fits");
    fuzz_claim(mosquitto_sub_topic_check(ret) == MOSQ_ERR_SUCCESS,
               "a filter can be subscribed");
    fuzz_claim(r < 0 || mqtt_topic_covers(ret, topic),
               "a point's topic is within its device's filter");
    return true;
}

static void judge(const char *filter, const char *other, const char *topic)
{
    bool is_match = we_match(filter, topic);
    fuzz_claim(is_match == library_matches(filter, topic),
               "a filter matches what the broker matches");
    if (mqtt_topic_covers(filter, other) && we_match(other, topic))
        fuzz_claim(is_match, "a filter that covers another matches all of its topics");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    char *pattern = fuzz_line(&in);
    char *other = fuzz_line(&in);
    char *node = fuzz_line(&in);
    char *topic = fuzz_line(&in);
    char filters[2][TOPIC_MAX];
    bool is_topic = *topic && strlen(topic) < TOPIC_MAX
                    && mosquitto_pub_topic_check(topic) == MOSQ_ERR_SUCCESS;
    if (filter_of(pattern, node, filters[0]) && filter_of(other, node, filters[1])
        && is_topic)
        judge(filters[0], filters[1], topic);
    free(pattern);
    free(other);
    free(node);
    free(topic);
    return 0;
}
