#include "base/evidence.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "base/text.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

enum { DATE_SIZE = 10, BASE64 = sodium_base64_VARIANT_ORIGINAL, SIGNATURE_TEXT_MAX = 89 };

/* --- one fact ------------------------------------------------------------------------
 */

void evidence_month_text(int32_t month, char ret[EVIDENCE_DAY_MAX])
{
    (void)snprintf(ret, EVIDENCE_DAY_MAX, "%04d-%02d", month / 12, month % 12 + 1);
}

int evidence_month_read(const char *text, int32_t *ret)
{
    char *end = NULL;
    if (!text || strspn(text, "0123456789") != 4 || text[4] != '-'
        || strspn(text + 5, "0123456789") != 2 || text[7] != '\0')
        return -EINVAL;
    const long year = strtol(text, &end, 10);
    const long month = strtol(end + 1, NULL, 10);
    if (month < 1 || month > 12)
        return -EINVAL;
    *ret = (int32_t)(year * 12 + month - 1);
    return 0;
}

/* The day before the midnight at which it ends, in the school's own dates. */
static int read_last_day(const char *end, struct evidence_fact *ret)
{
    char midnight[CLOCK_TEXT_MAX];
    char day[CLOCK_TEXT_MAX];
    int64_t time_us = 0;
    if (!end)
        return -EINVAL;
    (void)snprintf(midnight, sizeof(midnight), "%.*sT00:00:00Z", DATE_SIZE, end);
    if (clock_parse(midnight, &time_us) < 0)
        return -EINVAL;
    clock_format(time_us - day_us, 0, day);
    day[DATE_SIZE] = '\0';
    ret->day = (int32_t)strtol(day + DATE_SIZE - 2, NULL, 10);
    day[DATE_SIZE - 3] = '\0';
    return evidence_month_read(day, &ret->month);
}

static int read_fact(const json_t *body, struct evidence_fact *ret)
{
    const json_t *data = json_object_get(body, "data");
    const char *key = json_string_value(json_object_get(data, "key"));
    const double revision = json_number_value(json_object_get(data, "revision"));
    const double seq = json_number_value(json_object_get(body, "seq"));
    if (!key || strlen(key) >= sizeof(ret->key) || !(revision >= 1 && revision < 1u << 31)
        || !(seq >= 1 && seq < 9007199254740992.0)
        || !text_to_positive(json_string_value(json_object_get(body, "epoch")),
                             &ret->epoch))
        return -EINVAL;
    const char *type = json_string_value(json_object_get(body, "type"));
    text_copy(ret->key, sizeof(ret->key), key);
    text_copy(ret->type, sizeof(ret->type), type ? type : "");
    ret->revision = (uint32_t)revision;
    ret->seq = (uint64_t)seq;
    ret->completeness = json_number_value(json_object_get(data, "completeness"));
    int r = read_last_day(json_string_value(json_object_get(data, "end")), ret);
    return r == 0 ? canonical_digest(data, ret->digest) : r;
}

int evidence_fact_read(const char *body, size_t size, struct evidence_fact *ret)
{
    json_t *document = json_loadb(body, size, CANONICAL_READ, NULL);
    struct evidence_fact fact = {0};
    int r = read_fact(document, &fact);
    json_decref(document);
    if (r == 0)
        *ret = fact;
    return r;
}

/* --- many ------------------------------------------------------------------------------
 */

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_facts(const void *a, const void *b)
{
    const struct evidence_fact *x = a;
    const struct evidence_fact *y = b;
    int order = (x->day > y->day) - (x->day < y->day);
    if (order == 0)
        order = strcmp(x->key, y->key);
    if (order == 0)
        order = compare(x->revision, y->revision);
    if (order == 0)
        order = compare(x->epoch, y->epoch);
    return order == 0 ? compare(x->seq, y->seq) : order;
}

static json_t *digest_json(const json_t *value)
{
    unsigned char digest[CANONICAL_DIGEST];
    char hex[CANONICAL_HEX_MAX];
    if (canonical_digest(value, digest) < 0)
        return NULL;
    canonical_hex(digest, hex);
    return json_string(hex);
}

/* The facts of one day: which, and all that they say. */
static json_t *day_json(const struct evidence_fact *facts, size_t count)
{
    char day[EVIDENCE_DAY_MAX];
    struct strbuf marks = {0};
    json_t *list = json_array();
    evidence_month_text(facts->month, day);
    for (size_t i = 0; i < count; i++) {
        char hex[CANONICAL_HEX_MAX];
        canonical_hex(facts[i].digest, hex);
        strbuf_format(&marks, "%.*s", EVIDENCE_MARK, hex);
        (void)json_array_append_new(list, json_pack("[s, I, s]", facts[i].key,
                                                    (json_int_t)facts[i].revision, hex));
    }
    char *marked = strbuf_take(&marks);
    json_t *result = json_pack(
        "{s:o, s:I, s:o, s:s}", "day", json_sprintf("%s-%02d", day, facts->day), "count",
        (json_int_t)count, "digest", digest_json(list), "marks", marked ? marked : "");
    if (!marked) {
        json_decref(result);
        result = NULL;
    }
    free(marked);
    json_decref(list);
    return result;
}

static size_t day_end(const struct evidence_fact *facts, size_t first, size_t count)
{
    size_t end = first;
    while (end < count && facts[end].day == facts[first].day)
        end++;
    return end;
}

/* The last seq of each epoch: whatever was told of this month later is not in the file.
 */
static json_t *upto_json(const struct evidence_fact *facts, size_t count)
{
    json_t *upto = json_object();
    for (size_t i = 0; i < count; i++) {
        char epoch[24];
        (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, facts[i].epoch);
        const json_int_t seq = (json_int_t)facts[i].seq;
        if (seq > json_integer_value(json_object_get(upto, epoch)))
            (void)json_object_set_new(upto, epoch, json_integer(seq));
    }
    return upto;
}

/* Of the newest revision of each. */
static double mean_completeness(const struct evidence_fact *facts, size_t count)
{
    double sum = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || strcmp(facts[i].key, facts[i + 1].key) != 0) {
            sum += facts[i].completeness;
            used++;
        }
    return used > 0 ? round(sum / (double)used * 10000) / 10000 : 0;
}

int evidence_fold(struct evidence_fact *facts, size_t count, json_t *data)
{
    if (count > 1)
        qsort(facts, count, sizeof(*facts), compare_facts);
    json_t *days = json_array();
    int r = days ? 0 : -ENOMEM;
    for (size_t i = 0, end = 0; i < count && r == 0; i = end) {
        end = day_end(facts, i, count);
        r = json_array_append_new(days, day_json(facts + i, end - i)) < 0 ? -ENOMEM : 0;
    }
    json_t *total =
        json_pack("{s:I, s:o}", "count", (json_int_t)count, "digest", digest_json(days));
    if (json_object_set_new(data, "days", days) < 0
        || json_object_set_new(data, "facts", total) < 0
        || json_object_set_new(data, "completeness",
                               json_real(mean_completeness(facts, count)))
               < 0
        || json_object_set_new(data, "upto", upto_json(facts, count)) < 0)
        r = -ENOMEM;
    return r;
}

json_t *evidence_late(const struct evidence_fact *facts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        char hex[CANONICAL_HEX_MAX];
        canonical_hex(facts[i].digest, hex);
        if (json_array_append_new(
                list, json_pack("{s:s, s:I, s:s}", "key", facts[i].key, "revision",
                                (json_int_t)facts[i].revision, "digest", hex))
            < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* --- the signature -------------------------------------------------------------------
 */

void evidence_key_text(const unsigned char key[EVIDENCE_PUBLIC],
                       char ret[EVIDENCE_KEY_TEXT_MAX])
{
    (void)sodium_bin2base64(ret, EVIDENCE_KEY_TEXT_MAX, key, EVIDENCE_PUBLIC, BASE64);
}

void evidence_fingerprint(const unsigned char key[EVIDENCE_PUBLIC],
                          char ret[EVIDENCE_FINGERPRINT_MAX])
{
    unsigned char digest[CANONICAL_DIGEST];
    (void)crypto_hash_sha256(digest, key, EVIDENCE_PUBLIC);
    (void)sodium_bin2hex(ret, EVIDENCE_FINGERPRINT_MAX, digest, CANONICAL_DIGEST / 2);
}

int evidence_sign(json_t *data, const unsigned char secret[EVIDENCE_SECRET])
{
    unsigned char public_key[EVIDENCE_PUBLIC];
    unsigned char signature[crypto_sign_BYTES];
    char text[SIGNATURE_TEXT_MAX];
    (void)crypto_sign_ed25519_sk_to_pk(public_key, secret);
    evidence_key_text(public_key, text);
    if (json_object_set_new(data, "public_key", json_string(text)) < 0)
        return -ENOMEM;
    char *message = canonical_json(data);
    if (!message)
        return -ENOMEM;
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)message,
                               strlen(message), secret);
    free(message);
    (void)sodium_bin2base64(text, sizeof(text), signature, sizeof(signature), BASE64);
    return json_object_set_new(data, "signature", json_string(text)) < 0 ? -ENOMEM : 0;
}

/* Exactly @size bytes. */
static bool read_base64(const json_t *text, unsigned char *ret, size_t size)
{
    const char *from = json_string_value(text);
    size_t used = 0;
    return from
           && sodium_base642bin(ret, size, from, strlen(from), NULL, &used, NULL, BASE64)
                  == 0
           && used == size;
}

int evidence_check(const json_t *data, unsigned char ret_public[EVIDENCE_PUBLIC])
{
    unsigned char public_key[EVIDENCE_PUBLIC];
    unsigned char signature[crypto_sign_BYTES];
    if (!read_base64(json_object_get(data, "public_key"), public_key, sizeof(public_key))
        || !read_base64(json_object_get(data, "signature"), signature, sizeof(signature)))
        return -EINVAL;
    json_t *rest = json_copy((json_t *)data);
    (void)json_object_del(rest, "signature");
    char *message = canonical_json(rest);
    json_decref(rest);
    if (!message)
        return -EINVAL;
    int r = crypto_sign_verify_detached(signature, (const unsigned char *)message,
                                        strlen(message), public_key);
    free(message);
    memcpy(ret_public, public_key, sizeof(public_key));
    return r == 0 ? 0 : -EBADMSG;
}
