#include "ingest/receipts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "ingest/message.h"

struct receipt {
    char gateway[MESSAGE_GATEWAY_MAX];
    uint64_t epoch;
    uint64_t seq;
};

struct receipts {
    struct receipt *items;
    size_t count;
    size_t room;
};

int receipts_new(struct receipts **ret)
{
    *ret = calloc(1, sizeof(**ret));
    return *ret ? 0 : -ENOMEM;
}

struct receipts *receipts_free(struct receipts *r)
{
    if (r)
        free(r->items);
    free(r);
    return NULL;
}

int receipts_add(struct receipts *r, const struct archive_key *key)
{
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        struct receipt *items = realloc(r->items, room * sizeof(*items));
        if (!items)
            return -ENOMEM;
        r->items = items;
        r->room = room;
    }
    struct receipt *item = &r->items[r->count++];
    (void)snprintf(item->gateway, sizeof(item->gateway), "%s", key->gateway);
    item->epoch = key->epoch;
    item->seq = key->seq;
    return 0;
}

size_t receipts_count(const struct receipts *r)
{
    return r->count;
}

void receipts_clear(struct receipts *r)
{
    r->count = 0;
}

static int compare(const void *a, const void *b)
{
    const struct receipt *x = a;
    const struct receipt *y = b;
    int order = strcmp(x->gateway, y->gateway);
    if (order != 0)
        return order;
    if (x->epoch != y->epoch)
        return x->epoch < y->epoch ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* One acknowledgement of items [0, count), all of one gateway and epoch, at most
 * RECEIPTS_RANGES_MAX ranges.  *ret_done: how many items it covers. */
static int write_answer(struct archive *archive, const struct receipt *items,
                        size_t count, struct strbuf *body, size_t *ret_done,
                        struct gw_error *err)
{
    strbuf_format(body, "{\"epoch\":\"%" PRIu64 "\",\"ranges\":[", items[0].epoch);
    struct archive_range range = {1, 0};
    size_t ranges = 0;
    size_t i = 0;
    for (; i < count; i++) {
        if (ranges > 0 && items[i].seq <= range.to)
            continue;
        if (ranges == RECEIPTS_RANGES_MAX)
            break;
        struct archive_key key = {items[i].gateway, items[i].epoch, items[i].seq};
        int r = archive_find(archive, &key, &range, err);
        if (r < 0)
            return r;
        if (r == 0)
            return gw_fail(err, -EIO, "archive: %s/%" PRIu64 "/%" PRIu64 " is not there",
                           key.gateway, key.epoch, key.seq);
        strbuf_format(body, "%s[%" PRIu64 ",%" PRIu64 "]", ranges ? "," : "", range.from,
                      range.to);
        ranges++;
    }
    strbuf_add(body, "]}");
    *ret_done = i;
    return body->has_failed ? gw_fail(err, -ENOMEM, "receipts: out of memory") : 0;
}

static size_t group_size(const struct receipts *r, size_t start)
{
    size_t end = start + 1;
    while (end < r->count && r->items[end].epoch == r->items[start].epoch
           && strcmp(r->items[end].gateway, r->items[start].gateway) == 0)
        end++;
    return end - start;
}

int receipts_answer(struct receipts *r, struct archive *archive,
                    int (*publish)(void *ctx, const char *gateway, const char *body,
                                   struct gw_error *err),
                    void *ctx, struct gw_error *err)
{
    if (r->count > 1)
        qsort(r->items, r->count, sizeof(*r->items), compare);
    struct strbuf body = {0};
    int result = 0;
    for (size_t i = 0, done = 0; result == 0 && i < r->count; i += done) {
        const struct receipt *first = &r->items[i];
        strbuf_clear(&body);
        result = write_answer(archive, first, group_size(r, i), &body, &done, err);
        if (result == 0)
            result = publish(ctx, first->gateway, body.text, err);
    }
    strbuf_free(&body);
    receipts_clear(r);
    return result;
}
