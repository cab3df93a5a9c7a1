#include "uplink/county_order.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/schema.h"
#include "uplink/contract.h"

enum { COMMENT_LETTERS = 60, FIELDS = 5 };

#define MINUTE_US INT64_C(60000000)

static int malformed(struct gw_error *err, const char *what)
{
    return gw_fail(err, ORDER_MALFORMED, "malformed: %s", what);
}

/* --- the fields of a payload ----------------------------------------------------------
 */

/* An id, or "" where the field may be left out and is. */
static bool read_id(const json_t *payload, const char *field, bool is_needed,
                    char ret[GW_ID_MAX])
{
    const json_t *json = json_object_get(payload, field);
    const char *text = json_string_value(json);
    ret[0] = '\0';
    if (!json)
        return !is_needed;
    if (!text || !config_is_id(text))
        return false;
    text_copy(ret, GW_ID_MAX, text);
    return true;
}

static int read_replay(const json_t *payload, struct county_order *o,
                       struct gw_error *err)
{
    const json_t *ranges = json_object_get(payload, "ranges");
    o->range_count = json_array_size(ranges);
    if (!text_to_positive(json_string_value(json_object_get(payload, "epoch")),
                          &o->epoch))
        return malformed(err, "epoch (allowed: a decimal number as text)");
    bool is_good = o->range_count >= 1 && o->range_count <= COUNTY_ORDER_RANGES;
    for (size_t i = 0; is_good && i < o->range_count; i++)
        is_good = contract_read_range(json_array_get(ranges, i), &o->ranges[i]);
    return is_good ? 0
                   : malformed(err, "ranges (allowed: 1 to 100 of [from, to], from 1 on "
                                    "and rising)");
}

static bool is_alarm(const char *id)
{
    char rule[GW_ID_MAX];
    size_t size = strcspn(id, "@");
    if (size >= sizeof(rule) || id[size] != '@')
        return false;
    memcpy(rule, id, size);
    rule[size] = '\0';
    return config_is_id(rule) && config_is_id(id + size + 1);
}

static int read_acknowledge(const json_t *payload, struct county_order *o,
                            struct gw_error *err)
{
    const char *alarm = json_string_value(json_object_get(payload, "alarm"));
    if (!alarm || !is_alarm(alarm))
        return malformed(err, "alarm (allowed: RULE@object)");
    text_copy(o->alarm, sizeof(o->alarm), alarm);
    return read_id(payload, "by", false, o->by) ? 0
                                                : malformed(err, "by (allowed: an id)");
}

/* One line of at most COMMENT_LETTERS; or left out. */
static bool read_comment(const json_t *payload, struct county_order *o)
{
    const json_t *json = json_object_get(payload, "comment");
    const char *text = json_string_value(json);
    size_t letters = 0;
    if (!json)
        return true;
    if (!text || !*text)
        return false;
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F)
            return false;
        letters += (*at & 0xC0) != 0x80;
    }
    text_copy(o->comment, sizeof(o->comment), text);
    return letters <= COMMENT_LETTERS;
}

static int read_drill(const json_t *payload, struct county_order *o, struct gw_error *err)
{
    const json_t *minutes = json_object_get(payload, "minutes");
    const json_t *value = json_object_get(payload, "value");
    if (!read_id(payload, "target", true, o->target))
        return malformed(err, "target (allowed: a place, or school)");
    if (!read_comment(payload, o))
        return malformed(err, "comment (allowed: one line of at most 60 letters)");
    if (!read_id(payload, "by", false, o->by))
        return malformed(err, "by (allowed: an id)");
    if (value) {
        const char *word = json_string_value(value);
        return word && strcmp(word, "off") == 0 && !minutes
                   ? 0
                   : malformed(err, "value (allowed: off, and no minutes then)");
    }
    json_int_t number = json_integer_value(minutes);
    if (number < 1 || number > COUNTY_DRILL_MINUTES_MAX)
        return malformed(err, "minutes (allowed: 1 to 30)");
    o->length_us = number * MINUTE_US;
    return o->comment[0] ? 0 : malformed(err, "a drill needs its reason, comment");
}

static int read_status(const json_t *payload, struct county_order *o,
                       struct gw_error *err)
{
    (void)payload;
    (void)o;
    (void)err;
    return 0;
}

/* What may be ordered, and the fields that say it beside those of every order. */
static const struct {
    const char *name;
    int (*read)(const json_t *payload, struct county_order *o, struct gw_error *err);
    const char *fields[FIELDS];
} orders[] = {
    [COUNTY_REPLAY] = {"replay", read_replay, {"epoch", "ranges"}},
    [COUNTY_ACKNOWLEDGE] = {"acknowledge", read_acknowledge, {"alarm", "by"}},
    [COUNTY_DRILL] = {"drill",
                      read_drill,
                      {"target", "value", "minutes", "comment", "by"}},
    [COUNTY_STATUS] = {"status", read_status, {NULL}},
};

const char *county_do_name(enum county_do what)
{
    return orders[what].name;
}

static bool is_field(const char *const fields[FIELDS], const char *name)
{
    for (size_t i = 0; i < FIELDS && fields[i]; i++)
        if (strcmp(fields[i], name) == 0)
            return true;
    return false;
}

static bool has_others(const json_t *payload, enum county_do what)
{
    static const char *const common[FIELDS] = {"gateway", "seq", "expires", "do"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)payload, name,
                        value) if (!is_field(common, name)
                                   && !is_field(orders[what].fields, name)) return true;
    return false;
}

static int read_do(const json_t *payload, struct county_order *o, struct gw_error *err)
{
    const char *word = json_string_value(json_object_get(payload, "do"));
    if (!word)
        return malformed(err, "do is missing (allowed: replay, acknowledge, drill, "
                              "status)");
    size_t i = 0;
    while (i < sizeof(orders) / sizeof(orders[0]) && strcmp(orders[i].name, word) != 0)
        i++;
    if (i == sizeof(orders) / sizeof(orders[0]))
        return gw_fail(err, ORDER_UNKNOWN,
                       "what it says to do is unknown (allowed: replay, acknowledge, "
                       "drill, status)");
    o->what = (enum county_do)i;
    if (has_others(payload, o->what))
        return malformed(err, "it has a field that is none of this order's");
    return orders[i].read(payload, o, err);
}

/* Whom it is for, which it is, and until when it may be obeyed. */
static int read_head(const json_t *payload, const char *gateway, int64_t now_us,
                     struct county_order *o, struct gw_error *err)
{
    const char *id = json_string_value(json_object_get(payload, "gateway"));
    const char *expires = json_string_value(json_object_get(payload, "expires"));
    json_int_t seq = json_integer_value(json_object_get(payload, "seq"));
    if (!json_is_object(payload) || !id)
        return malformed(err, "gateway (allowed: a gateway's id)");
    if (seq < 1 || seq >> CONTRACT_SEQ_MAX_BITS != 0)
        return malformed(err, "seq (allowed: a number from 1 to 2^53 - 1)");
    if (!expires || clock_parse(expires, &o->expires_us) < 0)
        return malformed(err, "expires (allowed: RFC 3339 with its offset)");
    o->seq = (uint64_t)seq;
    if (strcmp(id, gateway) != 0)
        return gw_fail(err, ORDER_TO_ANOTHER, "it is for another gateway");
    if (now_us == GW_TIME_NONE)
        return gw_fail(
            err, ORDER_WITHOUT_CLOCK,
            "nobody can say whether it has expired: the time is not known yet");
    if (o->expires_us <= now_us)
        return gw_fail(err, ORDER_EXPIRED, "it has expired");
    if (o->expires_us - now_us > COUNTY_ORDER_AHEAD_US)
        return gw_fail(err, ORDER_TOO_FAR_AHEAD, "it expires more than 7 days ahead");
    return 0;
}

/* --- the envelope ---------------------------------------------------------------------
 */

/* @ret holds @max bytes; returns the size, 0 = not base64url without padding. */
static size_t decode(const json_t *json, unsigned char *ret, size_t max)
{
    size_t size = 0;
    const char *text = json_string_value(json);
    int r = text ? sodium_base642bin(ret, max, text, strlen(text), NULL, &size, NULL,
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING)
                 : -1;
    return r == 0 ? size : 0;
}

static const struct county_key *find_key(const struct county_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->items[i].name, name) == 0)
            return &keys->items[i];
    return NULL;
}

/* The payload's bytes, once they are known to be of who may order. */
static int open_envelope(const json_t *envelope, const struct county_keys *keys,
                         unsigned char *payload, size_t *ret_size, struct county_order *o,
                         struct gw_error *err)
{
    unsigned char signature[crypto_sign_BYTES];
    const char *name = json_string_value(json_object_get(envelope, "key"));
    *ret_size =
        decode(json_object_get(envelope, "payload"), payload, COUNTY_ORDER_SIZE_MAX);
    if (json_object_size(envelope) != 3 || !name || !config_is_id(name))
        return malformed(err, "it is not {payload, key, signature}");
    if (*ret_size == 0)
        return malformed(err, "payload (allowed: base64url without padding)");
    if (decode(json_object_get(envelope, "signature"), signature, sizeof(signature))
        != sizeof(signature))
        return malformed(err, "signature (allowed: 64 bytes as base64url without "
                              "padding)");
    const struct county_key *key = find_key(keys, name);
    if (!key)
        return gw_fail(err, ORDER_OF_UNKNOWN_KEY,
                       "its key '%s' is none of county.command_keys", name);
    if (crypto_sign_verify_detached(signature, payload, *ret_size, key->bytes) != 0)
        return gw_fail(err, ORDER_BADLY_SIGNED,
                       "its signature is not of the key '%s' over this payload", name);
    text_copy(o->key_name, sizeof(o->key_name), name);
    memcpy(o->key, key->bytes, sizeof(o->key));
    return 0;
}

static int read_order(const json_t *envelope, const struct county_keys *keys,
                      const char *gateway, int64_t now_us, unsigned char *bytes,
                      struct county_order *o, struct gw_error *err)
{
    size_t size = 0;
    int r = open_envelope(envelope, keys, bytes, &size, o, err);
    if (r != 0)
        return r;
    json_t *payload = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
    r = payload ? read_head(payload, gateway, now_us, o, err)
                : malformed(err, "its payload is no JSON");
    if (r == 0)
        r = read_do(payload, o, err);
    json_decref(payload);
    return r;
}

enum order_refusal county_order_read(const void *message, size_t size,
                                     const struct county_keys *keys, const char *gateway,
                                     int64_t now_us, struct county_order *ret,
                                     struct gw_error *err)
{
    if (sodium_init() < 0 || size > COUNTY_ORDER_SIZE_MAX)
        return (enum order_refusal)malformed(err, "it is too large");
    json_t *envelope = json_loadb(message, size, JSON_REJECT_DUPLICATES, NULL);
    unsigned char *bytes = malloc(COUNTY_ORDER_SIZE_MAX);
    struct county_order order = {0};
    int r = bytes ? read_order(envelope, keys, gateway, now_us, bytes, &order, err)
                  : malformed(err, "out of memory");
    free(bytes);
    json_decref(envelope);
    if (r == 0)
        *ret = order;
    return (enum order_refusal)r;
}
