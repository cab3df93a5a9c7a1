/* history.c - what one point was: its logged readings where they are few and there, else
 * what they were over steps; served on the slow lane. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/history_values.h"
#include "http/resource.h"
#include "http/server.h"
#include "store/query.h"

enum { HISTORY_LIMIT = 2000, HISTORY_LIMIT_MAX = 10000 };
static const int64_t history_span_us = 24 * INT64_C(3600) * 1000000;

/* What may be asked for; the levels of trend.h follow. */
enum { LEVEL_AUTO, LEVEL_LOG, LEVEL_TREND };
static const char *const levels[] = {"auto", "log", "minutes", "quarters", "days", NULL};

/* history - what is asked for, and the answer.
 * is_log   it is readings, and not a trend */
struct history {
    const struct request *request;
    uint32_t point;
    char name[GW_NAME_MAX];
    char unit[GW_ID_MAX];
    enum config_metric_kind kind;
    int64_t from_us;
    int64_t to_us;
    size_t limit;
    unsigned level;
    bool is_csv;
    int offset_s;
    struct gw_reading *readings; /* room for the limit */
    size_t count;
    bool is_log;
    bool has_more;
    struct trend trend;
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
        h->kind = entry->metric->kind;
    }
    h->offset_s = hold.sources.offset_s;
    sources_done(&request->http->sources, &hold);
    return entry != NULL;
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
    const struct trend *t = &h->trend;
    json_t *answer = json_pack(
        "{s:{s:I, s:s, s:s}, s:o, s:o, s:s, s:b}", "point", "id", (json_int_t)h->point,
        "name", h->name, "unit", h->unit, "from", resource_time(h->from_us, h->offset_s),
        "to", resource_time(h->to_us, h->offset_s), "level",
        h->is_log ? levels[LEVEL_LOG] : trend_level_name(t->level), "more", h->has_more);
    if (h->is_log) {
        (void)json_object_set_new(
            answer, "readings",
            history_readings_json(h->readings, h->count, h->offset_s));
        return answer;
    }
    (void)json_object_set_new(answer, "step_s", json_integer(t->step_us / 1000000));
    (void)json_object_set_new(answer, "values",
                              history_values_json(t, h->kind, h->offset_s));
    return answer;
}

static void history_csv(const struct history *h, struct reply *reply)
{
    struct strbuf out = {0};
    if (h->is_log)
        history_readings_csv(h->readings, h->count, h->offset_s, &out);
    else
        history_values_csv(&h->trend, h->kind, h->offset_s, &out);
    size_t size = out.used;
    reply_text(reply, "text/csv; charset=utf-8; header=present", strbuf_take(&out), size);
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

static int ask_log(struct query *query, struct history *h, struct gw_error *err)
{
    int r = query_history(query, h->point, h->from_us, h->to_us, h->readings, h->limit,
                          &h->count, &h->has_more, err);
    h->is_log = r == 0;
    return r;
}

static int ask_trend(struct query *query, struct history *h, struct gw_error *err)
{
    const struct http_ops *ops = &h->request->http->ops;
    struct block running;
    int64_t hour_us = 0;
    bool is_running =
        ops->running
        && ops->running(ops->ctx, h->point, clock_school_us(), &hour_us, &running);
    const struct trend_ask ask = {
        .point = h->point,
        .from_us = h->from_us,
        .to_us = h->to_us,
        .max = h->limit < 2 ? 2 : h->limit,
        .level = h->level < LEVEL_TREND ? TREND_MINUTES : h->level - LEVEL_TREND,
        .offset_us = h->offset_s * INT64_C(1000000),
        .running = is_running ? &running : NULL,
        .hour_us = hour_us};
    return query_trend(query, &ask, &h->trend, err);
}

/* Readings are the finest of all: few enough, and none of them gone. */
static int log_is_enough(struct query *query, const struct history *h, bool *ret,
                         struct gw_error *err)
{
    const struct trend *t = &h->trend;
    int64_t begin_us = 0;
    int r = query_log_begin(query, &begin_us, err);
    *ret = t->rows <= h->limit
           && (t->count == 0 || h->from_us >= begin_us
               || t->values[0].start_us + t->step_us > begin_us);
    return r;
}

static int ask_history(void *ctx, struct query *query, struct gw_error *err)
{
    struct history *h = ctx;
    bool is_enough = false;
    struct gw_error slow = {0};
    free(h->trend.values); /* of a first try on a broken page */
    h->trend = (struct trend){0};
    if (h->level == LEVEL_LOG)
        return ask_log(query, h, err);
    int r = ask_trend(query, h, err);
    if (r == 0 && h->level == LEVEL_AUTO)
        r = log_is_enough(query, h, &is_enough, err);
    if (r < 0 || !is_enough)
        return r;
    r = ask_log(query, h, &slow);
    if (r < 0 && r != -ETIME) {
        *err = slow;
        return r;
    }
    h->is_log = r == 0 && (!h->has_more || h->trend.count == 0);
    h->has_more = h->is_log && h->has_more;
    return 0;
}

static void history_read(struct request *request, struct history *h, struct reply *reply)
{
    struct gw_error err = {0};
    h->request = request;
    h->readings = calloc(h->limit, sizeof(*h->readings));
    if (!h->readings)
        reply_problem(reply, 500, NULL, "out of memory");
    else if (request_ask(request, ask_history, h, &err) < 0)
        reply_problem(reply, 503, NULL, "%s", err.text);
    else if (h->is_csv)
        history_csv(h, reply);
    else
        reply_json(reply, history_json(h));
    free(h->readings);
    free(h->trend.values);
}

/* One of @words. */
static bool history_word(const struct request *request, const char *name,
                         const char *const *words, unsigned *ret, struct reply *reply)
{
    char text[REQUEST_VALUE_MAX];
    if (!request_value(request, name, text))
        return true;
    for (unsigned i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) {
            *ret = i;
            return true;
        }
    reply_problem(reply, 422, words, "%s: '%s' is none of the words allowed", name, text);
    return false;
}

void history_answer(struct request *request, struct reply *reply)
{
    static const char *const formats[] = {"json", "csv", NULL};
    struct history h = {.limit = HISTORY_LIMIT, .to_us = clock_school_us()};
    unsigned format = 0;
    if (!history_point(request, &h)) {
        reply_problem(reply, 404, NULL, "there is no point '%s'", request->item);
        return;
    }
    if (!request_time(request, "to", &h.to_us, reply))
        return;
    h.from_us = h.to_us - history_span_us;
    if (!request_time(request, "from", &h.from_us, reply)
        || !request_limit(request, &h.limit, reply)
        || !history_word(request, "level", levels, &h.level, reply)
        || !history_word(request, "format", formats, &format, reply))
        return;
    h.is_csv = format == 1;
    if (h.from_us >= h.to_us)
        reply_problem(reply, 422, NULL, "from: not before to");
    else
        history_read(request, &h, reply);
}
