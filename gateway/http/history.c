/* history.c - logged readings of one point; served on the slow lane. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/resource.h"
#include "http/server.h"
#include "store/query.h"

enum { HISTORY_LIMIT = 1000, HISTORY_LIMIT_MAX = 10000 };
static const int64_t history_span_us = 24 * INT64_C(3600) * 1000000;

/* history - what is asked for, and the answer. */
struct history {
    uint32_t point;
    char name[GW_NAME_MAX];
    char unit[GW_ID_MAX];
    int64_t from_us;
    int64_t to_us;
    size_t limit;
    int offset_s;
    struct gw_reading *readings; /* room for the limit */
    size_t count;
    bool has_more;
};

/* history_point - finds request->item, a name or an id, in the catalogue; copies what the
 * answer needs, so that a slow query holds no source. */
static bool history_point(struct request *request, struct history *h)
{
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    const struct point_entry *entry = resource_point(request, &hold.sources);
    if (entry) {
        h->point = entry->id;
        (void)snprintf(h->name, sizeof(h->name), "%s", entry->name);
        (void)snprintf(h->unit, sizeof(h->unit), "%s",
                       entry->metric->unit ? entry->metric->unit : "");
    }
    h->offset_s = hold.sources.offset_s;
    sources_done(&request->http->sources, &hold);
    return entry != NULL;
}

bool request_time(const struct request *request, const char *name, int64_t *ret_us,
                  struct reply *reply)
{
    char text[REQUEST_VALUE_MAX];
    if (!request_value(request, name, text) || clock_parse(text, ret_us) == 0)
        return true;
    reply_problem(reply, 422, NULL,
                  "%s: '%s' is no time (2026-11-23T08:20:00+08:00, with + written %%2B)",
                  name, text);
    return false;
}

bool request_limit(const struct request *request, size_t *ret, struct reply *reply)
{
    char text[REQUEST_VALUE_MAX];
    if (!request_value(request, "limit", text))
        return true;
    char *end = NULL;
    unsigned long limit = strtoul(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && !*end && limit >= 1
        && limit <= HISTORY_LIMIT_MAX) {
        *ret = limit;
        return true;
    }
    reply_problem(reply, 422, NULL, "limit: '%s' is not 1..%d", text, HISTORY_LIMIT_MAX);
    return false;
}

static json_t *history_json(const struct history *h)
{
    json_t *list = json_array();
    for (size_t i = 0; i < h->count; i++) {
        const struct gw_reading *reading = &h->readings[i];
        json_t *row = json_pack(
            "{s:o, s:o, s:s}", "t", resource_time(reading->time_us, h->offset_s), "v",
            resource_number(reading->value), "q", gw_quality_name(reading->quality));
        if (reading->quality != GW_GOOD)
            (void)json_object_set_new(row, "reason",
                                      json_string(gw_reason_name(reading->reason)));
        (void)json_array_append_new(list, row);
    }
    return json_pack("{s:{s:I, s:s, s:s}, s:o, s:o, s:b, s:o}", "point", "id",
                     (json_int_t)h->point, "name", h->name, "unit", h->unit, "from",
                     resource_time(h->from_us, h->offset_s), "to",
                     resource_time(h->to_us, h->offset_s), "more", h->has_more,
                     "readings", list);
}

/* What is broken is read from the disk anew, not from memory; and the log that was read
 * may have given way to another. */
static bool must_reopen(int code)
{
    return code == -EUCLEAN || code == -EIO;
}

static int ask_once(struct request *request,
                    int (*ask)(void *ctx, struct query *query, struct gw_error *err),
                    void *ctx, struct gw_error *err)
{
    struct sources_hold hold;
    int r = 0;
    if (*request->history && !query_is_current(*request->history))
        *request->history = query_close(*request->history);
    if (!*request->history) {
        sources_use(&request->http->sources, &hold);
        r = query_open(hold.sources.store_path, request->history, err);
        sources_done(&request->http->sources, &hold);
    }
    if (r == 0)
        r = ask(ctx, *request->history, err);
    if (must_reopen(r))
        *request->history = query_close(*request->history);
    return r;
}

int request_ask(struct request *request,
                int (*ask)(void *ctx, struct query *query, struct gw_error *err),
                void *ctx, struct gw_error *err)
{
    int r = ask_once(request, ask, ctx, err);
    if (must_reopen(r))
        r = ask_once(request, ask, ctx, err);
    if (r == -EUCLEAN)
        request->http->ops.broken(request->http->ops.ctx);
    return r;
}

static int ask_history(void *ctx, struct query *query, struct gw_error *err)
{
    struct history *h = ctx;
    return query_history(query, h->point, h->from_us, h->to_us, h->readings, h->limit,
                         &h->count, &h->has_more, err);
}

static void history_read(struct request *request, struct history *h, struct reply *reply)
{
    struct gw_error err = {0};
    h->readings = calloc(h->limit, sizeof(*h->readings));
    if (!h->readings)
        reply_problem(reply, 500, NULL, "out of memory");
    else if (request_ask(request, ask_history, h, &err) == 0)
        reply_json(reply, history_json(h));
    else
        reply_problem(reply, 503, NULL, "%s", err.text);
    free(h->readings);
}

void history_answer(struct request *request, struct reply *reply)
{
    struct history h = {.limit = HISTORY_LIMIT, .to_us = clock_school_us()};
    if (!history_point(request, &h)) {
        reply_problem(reply, 404, NULL, "there is no point '%s'", request->item);
        return;
    }
    if (!request_time(request, "to", &h.to_us, reply))
        return;
    h.from_us = h.to_us - history_span_us;
    if (!request_time(request, "from", &h.from_us, reply)
        || !request_limit(request, &h.limit, reply))
        return;
    if (h.from_us >= h.to_us)
        reply_problem(reply, 422, NULL, "from: not before to");
    else
        history_read(request, &h, reply);
}
