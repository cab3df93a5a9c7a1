#include "ingest/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "ingest/gone.h"

static const char root[] = "campus/v1/";

/* As in the schemas: what a JSON reader keeps exactly. */
static const json_int_t seq_max = 9007199254740991;

/* "campus/v1/530502/2153012345/gw-01/alarm" → the middle three and the last level. */
static int read_topic(const char *topic, struct message *m, struct gw_error *err)
{
    size_t levels = 0;
    for (const char *c = topic; *c; c++)
        levels += *c == '/';
    const char *last = strrchr(topic, '/');
    if (strncmp(topic, root, sizeof(root) - 1) != 0 || levels != 5)
        return gw_fail(err, -EINVAL,
                       "topic '%.200s': must be "
                       "campus/v1/<division>/<school>/<gateway>/<kind>",
                       topic);
    const char *gateway = topic + sizeof(root) - 1;
    size_t size = (size_t)(last - gateway);
    if (size >= sizeof(m->gateway) || strlen(last + 1) >= sizeof(m->topic))
        return gw_fail(err, -EINVAL, "topic '%.200s': too long", topic);
    memcpy(m->gateway, gateway, size);
    m->gateway[size] = '\0';
    (void)snprintf(m->topic, sizeof(m->topic), "%s", last + 1);
    return 0;
}

void message_gateway(const char *topic, char ret[MESSAGE_GATEWAY_MAX])
{
    struct message m = {0};
    bool is_known = read_topic(topic, &m, NULL) == 0;
    memcpy(ret, is_known ? m.gateway : "", is_known ? sizeof(m.gateway) : 1);
}

/* The key is taken from the envelope before the schema is asked, so that a row that
 * breaks the contract can still be ended; a row of another gateway's cannot. */
static void read_key(struct message *m)
{
    const char *gateway = json_string_value(json_object_get(m->body, "gateway"));
    const char *own = strrchr(m->gateway, '/');
    json_int_t seq = json_integer_value(json_object_get(m->body, "seq"));
    if (!gateway || !own || strcmp(gateway, own + 1) != 0 || seq < 1 || seq > seq_max)
        return;
    m->is_numbered =
        text_to_positive(json_string_value(json_object_get(m->body, "epoch")), &m->epoch);
    m->seq = (uint64_t)seq;
}

static int check_key(const struct message *m, struct gw_error *err)
{
    const char *id = json_string_value(json_object_get(m->body, "id"));
    char expected[MESSAGE_GATEWAY_MAX + 48];
    (void)snprintf(expected, sizeof(expected), "%s/%" PRIu64 "/%" PRIu64,
                   strrchr(m->gateway, '/') + 1, m->epoch, m->seq);
    if (id && strcmp(id, expected) == 0)
        return 0;
    return gw_fail(err, -EINVAL, "id: must be '%s'", expected);
}

static uint64_t hash_value(const json_t *v);

/* The order of members says nothing, so they are added up. */
static uint64_t hash_object(const json_t *v)
{
    const char *name;
    json_t *member;
    uint64_t sum = JSON_OBJECT;
    json_object_foreach((json_t *)(uintptr_t)v, name, member)
    {
        const uint64_t parts[2] = {hash_bytes(name, strlen(name)), hash_value(member)};
        sum += hash_bytes(parts, sizeof(parts));
    }
    return sum;
}

static uint64_t hash_array(const json_t *v)
{
    uint64_t parts[2] = {JSON_ARRAY, 0};
    for (size_t i = 0; i < json_array_size(v); i++) {
        parts[1] = hash_value(json_array_get(v, i));
        parts[0] = hash_bytes(parts, sizeof(parts));
    }
    return parts[0];
}

static uint64_t hash_value(const json_t *v)
{
    const double real = json_real_value(v);
    const json_int_t whole = json_integer_value(v);
    if (json_is_object(v))
        return hash_object(v);
    if (json_is_array(v))
        return hash_array(v);
    if (json_is_string(v))
        return hash_bytes(json_string_value(v), json_string_length(v));
    if (json_is_real(v))
        return hash_bytes(&real, sizeof(real));
    if (json_is_integer(v))
        return hash_bytes(&whole, sizeof(whole));
    return v ? json_typeof(v) : 0;
}

static uint64_t digest_of(const struct message *m)
{
    const uint64_t parts[3] = {
        hash_bytes(m->type, strlen(m->type)),
        m->time ? hash_bytes(m->time, strlen(m->time)) : 0,
        hash_value(json_object_get(m->body, "data")),
    };
    return hash_bytes(parts, sizeof(parts));
}

static int check_gone(const json_t *body, struct gw_error *err)
{
    uint64_t epoch = 0;
    struct range_set ranges = {0};
    int r = gone_read(body, &epoch, &ranges, err);
    range_set_clear(&ranges);
    return r;
}

static bool is_presence(const struct message *m)
{
    return strcmp(m->topic, "birth") == 0 || strcmp(m->topic, "state") == 0;
}

int message_read(const char *topic, const void *payload, size_t size,
                 const struct schema_set *schemas, struct message *ret,
                 struct gw_error *err)
{
    *ret = (struct message){0};
    int r = read_topic(topic, ret, err);
    if (r < 0)
        return r;
    if (size > MESSAGE_SIZE_MAX)
        return gw_fail(err, -EINVAL, "%zu bytes, at most %d", size, MESSAGE_SIZE_MAX);

    json_error_t fault;
    ret->body = json_loadb(payload, size, JSON_REJECT_DUPLICATES, &fault);
    if (!json_is_object(ret->body))
        return gw_fail(err, -EINVAL, "not a JSON object: %s",
                       ret->body ? "another value" : fault.text);
    read_key(ret);
    ret->type = json_string_value(json_object_get(ret->body, "type"));
    ret->time = json_string_value(json_object_get(ret->body, "time"));
    if (!ret->type)
        return gw_fail(err, -EINVAL, "type: missing");

    r = schema_set_check(schemas, ret->topic, ret->type, ret->body, err);
    if (r == 0 && !is_presence(ret))
        r = ret->is_numbered ? check_key(ret, err)
                             : gw_fail(err, -EINVAL, "gateway: not the topic's");
    if (r == 0 && gone_is_told(ret->type))
        r = check_gone(ret->body, err);
    if (r == 0)
        ret->digest = digest_of(ret);
    if (!ret->time || clock_parse(ret->time, &ret->time_us) < 0)
        ret->time_us = ARCHIVE_NO_TIME;
    return r;
}

void message_clear(struct message *m)
{
    json_decref(m->body);
    *m = (struct message){0};
}

bool message_key(const char *topic, const void *payload, size_t size,
                 char ret_gateway[MESSAGE_GATEWAY_MAX], uint64_t *ret_epoch,
                 uint64_t *ret_seq)
{
    struct message m = {0};
    struct gw_error unheard;
    bool is_numbered = false;
    if (read_topic(topic, &m, &unheard) == 0 && size <= MESSAGE_SIZE_MAX) {
        m.body = json_loadb(payload, size, JSON_REJECT_DUPLICATES, NULL);
        if (json_is_object(m.body))
            read_key(&m);
        is_numbered = m.is_numbered;
    }
    if (is_numbered) {
        (void)snprintf(ret_gateway, MESSAGE_GATEWAY_MAX, "%s", m.gateway);
        *ret_epoch = m.epoch;
        *ret_seq = m.seq;
    }
    message_clear(&m);
    return is_numbered;
}
