/* facts.c - what was told to the county of days, weeks and months, and the evidence
 * behind it; served on the slow lane. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/resource.h"
#include "http/server.h"
#include "store/query.h"

enum { FACTS_LIMIT = 100 };

/* listing - the answer as it grows. */
struct listing {
    json_t *list;
    int offset_s;
};

static json_t *values_json(const struct gw_fact *fact)
{
    json_t *values = json_object();
    for (size_t i = 0; i < fact->count; i++) {
        const struct gw_fact_value *v = &fact->values[i];
        (void)json_object_set_new(
            values, v->name, v->text ? json_string(v->text) : resource_number(v->value));
    }
    return values;
}

static void add_fact(void *ctx, const struct gw_fact *fact)
{
    struct listing *l = ctx;
    (void)json_array_append_new(
        l->list,
        json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "kind", fact->kind, "rule",
                  resource_string(fact->rule), "object", fact->object, "start",
                  resource_time(fact->start_us, l->offset_s), "end",
                  resource_time(fact->end_us, l->offset_s), "time",
                  resource_time(fact->time_us, l->offset_s), "values", values_json(fact),
                  "completeness", resource_number(fact->completeness)));
}

static int offset_of(struct request *request)
{
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    int offset_s = hold.sources.offset_s;
    sources_done(&request->http->sources, &hold);
    return offset_s;
}

/* asking - a list of what the filter lets through. */
struct asking {
    struct query_fact_filter filter;
    struct listing listing;
};

static int ask_facts(void *ctx, struct query *query, struct gw_error *err)
{
    struct asking *a = ctx;
    (void)json_array_clear(a->listing.list);
    return query_facts(query, &a->filter, add_fact, &a->listing, err);
}

void facts_answer(struct request *request, struct reply *reply)
{
    char kind[REQUEST_VALUE_MAX];
    char object[REQUEST_VALUE_MAX];
    struct asking a = {
        .filter = {
            .kind = request_value(request, "kind", kind) ? kind : NULL,
            .object = request_value(request, "object", object) ? object : NULL,
            .before_us = INT64_MAX,
            .max = FACTS_LIMIT,
        }};
    struct gw_error err = {0};
    if (!request_time(request, "before", &a.filter.before_us, reply)
        || !request_limit(request, &a.filter.max, reply))
        return;
    a.listing = (struct listing){.list = json_array(), .offset_s = offset_of(request)};
    if (request_ask(request, ask_facts, &a, &err) == 0) {
        reply_json(reply, json_pack("{s:o}", "facts", a.listing.list));
        return;
    }
    json_decref(a.listing.list);
    reply_problem(reply, 503, NULL, "%s", err.text);
}
