#include "ingest/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "gw/log.h"
#include "ingest/gone.h"
#include "ingest/message.h"
#include "ingest/receipts.h"

enum {
    BATCH_BYTES_MAX = 16 * 1024 * 1024,
    TOLD_MAX = 10000, /* then they are told anew */
};

const int intake_lag_limits_s[INTAKE_LAGS] = {1, 5, 15, 60, 300, 3600, 86400, 604800};

/* delivery - one message as it came.
 * size     what was sent, of which at most MESSAGE_SIZE_MAX are kept
 * gateway  of its topic; "" when the topic is none of the contract's */
struct delivery {
    char *topic;
    char *payload;
    size_t size;
    char gateway[MESSAGE_GATEWAY_MAX];
};

struct intake {
    struct archive *archive;
    const struct schema_set *schemas;
    struct receipts *receipts;
    struct intake_counts counts;
    struct gw_complaint contract_complaint;
    struct text_map *told; /* streams of which a conflict has been said */
    size_t told_count;
    int64_t now_us; /* at the storing of the batch */
    size_t count;
    size_t bytes;
    struct delivery deliveries[INTAKE_BATCH_MAX];
    const char *gateways[INTAKE_BATCH_MAX];
    size_t repeats_count;
    struct archive_repeat repeats[INTAKE_BATCH_MAX];
    const struct delivery *repeated[INTAKE_BATCH_MAX]; /* of each of them */
};

int intake_new(struct archive *archive, const struct schema_set *schemas,
               struct intake **ret)
{
    struct intake *in = calloc(1, sizeof(*in));
    if (!in || receipts_new(&in->receipts) < 0) {
        free(in);
        return -ENOMEM;
    }
    in->archive = archive;
    in->schemas = schemas;
    *ret = in;
    return 0;
}

struct intake *intake_free(struct intake *in)
{
    if (!in)
        return NULL;
    intake_drop(in);
    receipts_free(in->receipts);
    text_map_free(in->told);
    free(in);
    return NULL;
}

static size_t kept(size_t size)
{
    return size > MESSAGE_SIZE_MAX ? MESSAGE_SIZE_MAX : size;
}

int intake_add(struct intake *in, const char *topic, const void *payload, size_t size)
{
    struct delivery *d = &in->deliveries[in->count];
    size_t topic_size = strlen(topic) + 1;
    d->topic = malloc(topic_size + kept(size) + 1);
    if (!d->topic)
        return -ENOMEM;
    d->payload = d->topic + topic_size;
    d->size = size;
    memcpy(d->topic, topic, topic_size);
    if (size > 0)
        memcpy(d->payload, payload, kept(size));
    message_gateway(topic, d->gateway);
    in->count++;
    in->bytes += kept(size);
    in->counts.messages++;
    return 0;
}

bool intake_is_full(const struct intake *in)
{
    return in->count == INTAKE_BATCH_MAX || in->bytes >= BATCH_BYTES_MAX;
}

size_t intake_count(const struct intake *in)
{
    return in->count;
}

void intake_drop(struct intake *in)
{
    for (size_t i = 0; i < in->count; i++)
        free(in->deliveries[i].topic);
    in->count = 0;
    in->bytes = 0;
    in->repeats_count = 0;
}

static uint64_t letter_digest(const struct delivery *d)
{
    const uint64_t parts[2] = {hash_bytes(d->topic, strlen(d->topic)),
                               hash_bytes(d->payload, kept(d->size))};
    return hash_bytes(parts, sizeof(parts));
}

static int reject(struct intake *in, const struct delivery *d, const struct message *m,
                  const char *fault, bool *ret_is_new, struct gw_error *err)
{
    in->counts.invalid++;
    gw_complain(&in->contract_complaint, (struct gw_subject){"TOPIC", d->topic},
                "%s: kept as a dead letter", fault);
    struct archive_letter letter = {
        .key = {m->is_numbered ? m->gateway : NULL, m->epoch, m->seq},
        .digest = letter_digest(d),
        .topic = d->topic,
        .fault = fault,
        .payload = d->payload,
        .size = kept(d->size),
    };
    return archive_reject(in->archive, &letter, ret_is_new, err);
}

static int note_gone(struct intake *in, const struct message *m, struct gw_error *err)
{
    struct range_set ranges = {0};
    struct archive_key key = {.gateway = m->gateway};
    int r = gone_read(m->body, &key.epoch, &ranges, err);
    if (r == 0)
        r = archive_gone(in->archive, &key, &ranges, err);
    range_set_clear(&ranges);
    return r;
}

static int accept(struct intake *in, const struct delivery *d, const struct message *m,
                  bool *ret_is_new, struct gw_error *err)
{
    if (!m->is_numbered) {
        struct archive_presence presence = {m->gateway, m->topic, d->payload, d->size};
        *ret_is_new = true;
        return archive_presence(in->archive, &presence, err);
    }
    struct archive_message row = {
        .key = {m->gateway, m->epoch, m->seq},
        .topic = m->topic,
        .type = m->type,
        .time = m->time,
        .time_us = m->time_us,
        .digest = m->digest,
        .body = d->payload,
        .size = d->size,
    };
    int r = archive_add(in->archive, &row, ret_is_new, err);
    return r == 0 && *ret_is_new && gone_is_told(m->type) ? note_gone(in, m, err) : r;
}

static void note_row(struct intake *in, const struct message *m)
{
    in->counts.stored++;
    if (m->time_us == ARCHIVE_NO_TIME)
        return;
    double lag_s = (double)(in->now_us - m->time_us) / 1e6;
    size_t place = 0;
    while (place < INTAKE_LAGS && lag_s > intake_lag_limits_s[place])
        place++;
    in->counts.lags[place]++;
    in->counts.lag_sum_s += lag_s > 0 ? lag_s : 0; /* a clock that is ahead */
}

static void note_repeat(struct intake *in, const struct delivery *d,
                        const struct message *m)
{
    in->repeated[in->repeats_count] = d;
    in->repeats[in->repeats_count++] = (struct archive_repeat){
        .key = {d->gateway, m->epoch, m->seq},
        .digest = m->digest,
        .letter = letter_digest(d),
    };
}

/* @refusal: why the archive does not take it, or NULL: not tried yet. */
static int take(struct intake *in, const struct delivery *d, const char *refusal,
                struct gw_error *err)
{
    struct message m;
    struct gw_error fault;
    bool is_new = false;
    int valid = message_read(d->topic, d->payload, d->size, in->schemas, &m, &fault);
    int r = valid < 0 || refusal
                ? reject(in, d, &m, valid < 0 ? fault.text : refusal, &is_new, err)
                : accept(in, d, &m, &is_new, err);
    if (r == 0 && m.is_numbered
        && receipts_add(in->receipts, &(struct archive_key){m.gateway, m.epoch, m.seq})
               < 0)
        r = gw_fail(err, -ENOMEM, "receipts: out of memory");
    if (r == 0 && !is_new)
        note_repeat(in, d, &m);
    else if (r == 0 && valid == 0 && !refusal && m.is_numbered)
        note_row(in, &m);
    message_clear(&m);
    return r;
}

/* Once a stream: what makes one conflict, a database that lives twice, makes many. */
static void tell_conflict(struct intake *in, const struct archive_key *key)
{
    char stream[MESSAGE_GATEWAY_MAX + 24];
    (void)snprintf(stream, sizeof(stream), "%s/%" PRIu64, key->gateway, key->epoch);
    if (in->told_count == TOLD_MAX) {
        in->told = text_map_free(in->told);
        in->told_count = 0;
    }
    if ((!in->told && text_map_new(TOLD_MAX / 4, &in->told) < 0)
        || text_map_put(in->told, stream, 0) < 0)
        return;
    in->told_count++;
    gw_log(GW_LOG_WARNING, (struct gw_subject){"STREAM", stream},
           "%s/%" PRIu64
           ": another body under a key that is there: kept as a dead letter,"
           " as further ones of this epoch; is its database in use twice?",
           stream, key->seq);
}

static int keep_conflict(struct intake *in, size_t index, struct gw_error *err)
{
    const struct delivery *d = in->repeated[index];
    bool is_new;
    struct archive_letter letter = {
        .digest = in->repeats[index].letter,
        .topic = d->topic,
        .fault = "conflict: another body is kept under its key",
        .payload = d->payload,
        .size = kept(d->size),
    };
    in->counts.conflicts++;
    tell_conflict(in, &in->repeats[index].key);
    return archive_reject(in->archive, &letter, &is_new, err);
}

/* Copies, or other bodies under the same keys; not before all else is in the archive. */
static int judge_repeats(struct intake *in, struct gw_error *err)
{
    size_t count = in->repeats_count;
    int r = count > 0 ? archive_compare(in->archive, in->repeats, count, err) : 0;
    for (size_t i = 0; r == 0 && i < count; i++)
        if (in->repeats[i].is_conflict)
            r = keep_conflict(in, i, err);
        else
            in->counts.repeated++;
    in->repeats_count = 0;
    return r;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

static size_t collect_gateways(struct intake *in)
{
    size_t count = 0;
    size_t distinct = 0;
    for (size_t i = 0; i < in->count; i++)
        if (in->deliveries[i].gateway[0])
            in->gateways[count++] = in->deliveries[i].gateway;
    if (count > 1)
        qsort(in->gateways, count, sizeof(in->gateways[0]), compare_names);
    for (size_t i = 0; i < count; i++)
        if (distinct == 0 || strcmp(in->gateways[distinct - 1], in->gateways[i]) != 0)
            in->gateways[distinct++] = in->gateways[i];
    return distinct;
}

static int store_all(struct intake *in, struct gw_error *err)
{
    struct archive_batch batch = {in->gateways, collect_gateways(in), false};
    int r = archive_begin(in->archive, &batch, err);
    for (size_t i = 0; r == 0 && i < in->count; i++)
        r = take(in, &in->deliveries[i], NULL, err);
    if (r == 0)
        r = judge_repeats(in, err);
    return r == 0 ? archive_commit(in->archive, err) : r;
}

static int store_one(struct intake *in, const struct delivery *d, const char *refusal,
                     struct gw_error *err)
{
    const char *gateway = d->gateway;
    struct archive_batch batch = {&gateway, gateway[0] ? 1 : 0, true};
    int r = archive_begin(in->archive, &batch, err);
    if (r == 0)
        r = take(in, d, refusal, err);
    if (r == 0)
        r = judge_repeats(in, err);
    if (r == 0)
        r = archive_commit(in->archive, err);
    if (r < 0) {
        archive_rollback(in->archive);
        in->repeats_count = 0;
    }
    return r;
}

/* One of the batch is nothing for the database, and it does not say which. */
static int store_each(struct intake *in, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < in->count; i++) {
        struct gw_error refusal;
        r = store_one(in, &in->deliveries[i], NULL, &refusal);
        if (r == -EBADMSG)
            r = store_one(in, &in->deliveries[i], refusal.text, err);
        else if (r < 0)
            *err = refusal;
    }
    return r;
}

int intake_store(struct intake *in, struct gw_error *err)
{
    struct intake_counts before = in->counts;
    in->now_us = clock_school_us();
    int r = store_all(in, err);
    if (r < 0) {
        archive_rollback(in->archive);
        receipts_clear(in->receipts);
        in->repeats_count = 0;
        in->counts = before;
    }
    if (r == -EBADMSG)
        r = store_each(in, err);
    if (r < 0) {
        receipts_clear(in->receipts);
        in->counts.returned++;
    } else {
        in->counts.batches++;
    }
    intake_drop(in);
    return r;
}

int intake_answer(struct intake *in,
                  int (*publish)(void *ctx, const char *gateway, const char *body,
                                 struct gw_error *err),
                  void *ctx, struct gw_error *err)
{
    return receipts_answer(in->receipts, in->archive, publish, ctx, err);
}

struct intake_counts intake_counts(const struct intake *in)
{
    return in->counts;
}
