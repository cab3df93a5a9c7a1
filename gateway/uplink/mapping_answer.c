/* mapping_answer.c - what a platform says of a message: which one, and what became of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "uplink/contract.h"
#include "uplink/mapping_parts.h"

enum { ANSWER_SIZE_MAX = 64 * 1024, BY_NUMBER = 0, BY_ID = 1 };

struct reply_options {
    const char *topic;
    const char *id;
    int is;
    const struct config_node *done;
    const struct config_node *refused;
};

#define REPLY(field) offsetof(struct reply_options, field)

static const char *const is_choices[] = {"number", "id", NULL};

static const struct gw_option options[] = {
    {"topic", GW_OPT_STRING, REPLY(topic), true, 0, 0, NULL, NULL,
     "where the platform answers; + and # as in MQTT"},
    {"id", GW_OPT_STRING, REPLY(id), true, 0, 0, NULL, NULL,
     "the field of the answer that repeats what the message was sent with"},
    {"is", GW_OPT_ENUM, REPLY(is), false, 0, 0, is_choices, "number",
     "what that is: {number} or {id}"},
    {"done", GW_OPT_NODE, REPLY(done), false, 0, 0, NULL, NULL,
     "{field: value or [values]} of an answer that ends a row; left out: any does"},
    {"refused", GW_OPT_NODE, REPLY(refused), false, 0, 0, NULL, NULL,
     "likewise, of an answer after which it is not sent again although it was not taken"},
    {0},
};

void mapping_reply_print_options(FILE *out)
{
    config_print_options(out, "answer", options, 0);
}

void mapping_reply_read(struct mapping_reader *r, const struct config_node *node,
                        struct mapping_reply *ret)
{
    static const char path[] = "answer";
    struct reply_options o = {0};
    (void)config_fill(r->src, node, path, options, &o, NULL);
    const struct config_node *topic = config_child(node, "topic");
    ret->is = o.is;
    if (o.topic)
        ret->topic = mapping_text_fixed(r, topic, o.topic, "answer.topic");
    if (ret->topic
        && (strlen(ret->topic) >= MAPPING_TOPIC_MAX
            || mosquitto_sub_topic_check(ret->topic) != MOSQ_ERR_SUCCESS))
        config_fault(r->src->faults, config_where(topic), "answer.topic",
                     "'%.80s' is no filter of topics (allowed: at most %d bytes, + and # "
                     "as a whole level)",
                     ret->topic, MAPPING_TOPIC_MAX - 1);
    if (o.id)
        (void)mapping_read_path(r, o.id, &ret->id);
    mapping_conditions_read(r, o.done, "answer.done", &ret->done);
    mapping_conditions_read(r, o.refused, "answer.refused", &ret->refused);
}

const char *mapping_answer_topic(const struct mapping *m)
{
    return m->reply.topic;
}

uint32_t mapping_number(uint64_t epoch, uint64_t seq)
{
    return (uint32_t)(hash_bytes(&epoch, sizeof(epoch)) + seq);
}

/* "gw-01/4611686018427387905/18" */
static bool read_id(const char *gateway, const char *text, struct mapping_answer *ret)
{
    char epoch[24];
    size_t size = strlen(gateway);
    if (strncmp(text, gateway, size) != 0 || text[size] != '/')
        return false;
    text += size + 1;
    size = strcspn(text, "/");
    if (size >= sizeof(epoch) || text[size] != '/')
        return false;
    memcpy(epoch, text, size);
    epoch[size] = '\0';
    return text_to_positive(epoch, &ret->epoch)
           && text_to_positive(text + size + 1, &ret->seq);
}

/* 0 is a number, too. */
static bool read_number(const char *text, uint32_t *ret)
{
    uint64_t value = 0;
    if (strcmp(text, "0") != 0 && !text_to_positive(text, &value))
        return false;
    *ret = (uint32_t)value;
    return value <= UINT32_MAX;
}

static bool read_which(const struct mapping *m, const json_t *answer,
                       struct mapping_answer *ret)
{
    char word[MAPPING_WORD_MAX];
    const json_t *id = mapping_at(answer, NULL, &m->reply.id);
    if (!mapping_word(id, word))
        return false;
    return m->reply.is == BY_ID ? read_id(m->gateway, word, ret)
                                : read_number(word, &ret->number);
}

int mapping_answer_read(const struct mapping *m, const void *payload, size_t size,
                        struct mapping_answer *ret)
{
    if (size > ANSWER_SIZE_MAX)
        return -EINVAL;
    struct mapping_answer read = {.verdict = MAPPING_NOT_TAKEN};
    json_t *answer = json_loadb(payload, size, JSON_REJECT_DUPLICATES, NULL);
    bool is_ours = read_which(m, answer, &read);
    if (mapping_conditions_hold(&m->reply.done, answer))
        read.verdict = MAPPING_TAKEN;
    else if (m->reply.refused.count > 0
             && mapping_conditions_hold(&m->reply.refused, answer))
        read.verdict = MAPPING_REFUSED;
    json_decref(answer);
    if (!is_ours)
        return -EINVAL;
    *ret = read;
    return 0;
}

bool mapping_answer_is_of(const struct mapping_answer *answer, uint64_t epoch,
                          uint64_t seq)
{
    return answer->epoch ? answer->epoch == epoch && answer->seq == seq
                         : mapping_number(epoch, seq) == answer->number;
}
