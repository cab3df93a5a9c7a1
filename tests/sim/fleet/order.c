#include "order.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define LIFE_MAX_US INT64_C(604800000000)

enum { PAYLOAD_MAX = 16384, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static bool decode(const char *text, int variant, unsigned char *ret, size_t room,
                   size_t *ret_size)
{
    return text
           && sodium_base642bin(ret, room, text, strlen(text), NULL, ret_size, NULL,
                                variant)
                  == 0;
}

int order_key_read(const char *text, struct order_key *ret)
{
    const char *colon = strchr(text, ':');
    size_t size = 0;
    if (sodium_init() < 0 || !colon || (size_t)(colon - text) >= sizeof(ret->name)
        || !decode(colon + 1, sodium_base64_VARIANT_ORIGINAL, ret->bytes,
                   sizeof(ret->bytes), &size)
        || size != sizeof(ret->bytes))
        return -EINVAL;
    (void)snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(colon - text), text);
    return 0;
}

static const char *text_of(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

/* What the envelope says, if @key has signed it.  Owner: caller; json_decref() */
static json_t *open_envelope(const struct order_key *key, const json_t *envelope)
{
    unsigned char payload[PAYLOAD_MAX];
    unsigned char signature[crypto_sign_BYTES];
    size_t size = 0;
    size_t signed_size = 0;
    const char *name = text_of(envelope, "key");
    bool is_signed =
        name && strcmp(name, key->name) == 0
        && decode(text_of(envelope, "payload"), VARIANT, payload, sizeof(payload), &size)
        && decode(text_of(envelope, "signature"), VARIANT, signature, sizeof(signature),
                  &signed_size)
        && signed_size == sizeof(signature)
        && crypto_sign_verify_detached(signature, payload, size, key->bytes) == 0;
    return is_signed
               ? json_loadb((const char *)payload, size, JSON_REJECT_DUPLICATES, NULL)
               : NULL;
}

static bool read_ranges(const json_t *list, struct range_set *ret)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        json_int_t from = json_integer_value(json_array_get(pair, 0));
        json_int_t to = json_integer_value(json_array_get(pair, 1));
        if (from < 1 || to < from
            || range_set_join(ret, (struct archive_range){(uint64_t)from, (uint64_t)to})
                   < 0)
            return false;
    }
    return count >= 1 && count <= ASKING_RANGES_MAX;
}

static bool is_for(const json_t *json, const char *id, int64_t now_us)
{
    int64_t expires_us = 0;
    const char *gateway = text_of(json, "gateway");
    const char *what = text_of(json, "do");
    const char *expires = text_of(json, "expires");
    return gateway && strcmp(gateway, id) == 0 && what && strcmp(what, "replay") == 0
           && expires && clock_parse(expires, &expires_us) == 0 && now_us < expires_us
           && expires_us <= now_us + LIFE_MAX_US;
}

int order_read(const struct order_key *key, const char *id, int64_t now_us,
               const void *payload, size_t size, struct order *ret, struct gw_error *err)
{
    *ret = (struct order){0};
    json_t *envelope = json_loadb(payload, size, JSON_REJECT_DUPLICATES, NULL);
    json_t *json = open_envelope(key, envelope);
    json_int_t seq = json_integer_value(json_object_get(json, "seq"));
    bool is_good = json && is_for(json, id, now_us) && seq > 0
                   && text_to_positive(text_of(json, "epoch"), &ret->epoch)
                   && read_ranges(json_object_get(json, "ranges"), &ret->ranges);
    ret->seq = (uint64_t)seq;
    json_decref(json);
    json_decref(envelope);
    return is_good ? 0
                   : gw_fail(err, -EPROTO, "%.*s: no command of the contract's",
                             size < 200 ? (int)size : 200, (const char *)payload);
}

void order_clear(struct order *o)
{
    range_set_clear(&o->ranges);
}
