/* calendar_table.c - a table of entries about days, whole or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campus/entry_table.h"
#include "http/body.h"
#include "http/order.h"
#include "http/server.h"

/* desk - one table on its way; the request keeps it.
 * file   its name, which its slips bear
 * count  its entries */
struct desk {
    struct request *request;
    struct reply *reply;
    struct config_source src;
    struct entry_table table;
    bool is_chinese;
    size_t count;
    char file[REQUEST_VALUE_MAX];
    char actor[GW_ACTOR_MAX];
};

static void desk_free(void *kept)
{
    struct desk *d = kept;
    if (!d)
        return;
    free(d->table.list);
    config_faults_free(d->src.faults);
    arena_free(d->src.arena);
    free(d);
}

static const char *refused_title(const struct desk *d)
{
    return d->is_chinese ? "表格有错，一条也没有登记"
                         : "the table is refused, nothing of it was taken";
}

static void answer_faults(struct desk *d)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out)
        config_faults_print(d->src.faults, out);
    if (!out || fclose(out) != 0)
        reply_problem(d->reply, 500, NULL, "out of memory");
    else
        reply_faults(d->reply, refused_title(d), text);
    free(text);
}

/* warnings_json - what was entered and is hardly meant, a line each; NULL: nothing. */
static json_t *warnings_json(struct desk *d)
{
    struct sources_hold hold;
    char *text = NULL;
    size_t size = 0;
    sources_use(&d->request->http->sources, &hold);
    if (hold.sources.campus && hold.sources.config)
        entry_table_clashes(&d->table, hold.sources.campus, hold.sources.config,
                            clock_school_us());
    sources_done(&d->request->http->sources, &hold);
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    config_faults_print(d->src.faults, out);
    bool is_written = fclose(out) == 0 && size > 0;
    json_t *lines = is_written ? reply_lines(text) : NULL;
    free(text);
    return lines;
}

/* table_done - what only the school as it is could refuse has its cell too. */
static void table_done(struct request *request, struct reply *reply)
{
    struct desk *d = request->kept;
    entry_table_refused(&d->table, request->outcome.answer);
    if (config_faults_errors(d->src.faults) > 0)
        answer_faults(d);
    else if (!order_refused(request, reply))
        reply_json(reply,
                   order_kept(request, json_pack("{s:s, s:i, s:i, s:o*}", "result",
                                                 "entered", "entries", (int)d->count,
                                                 "rows", (int)d->table.rows, "warnings",
                                                 warnings_json(d))));
}

/* doubt - warnings of what is hardly meant, before it is in the day book. */
static void doubt(struct desk *d)
{
    struct sources_hold hold;
    sources_use(&d->request->http->sources, &hold);
    if (hold.sources.campus && hold.sources.config)
        entry_table_doubts(&d->table, hold.sources.campus, hold.sources.config,
                           clock_school_us());
    sources_done(&d->request->http->sources, &hold);
}

/* judge_empty - rows that enter nothing, which main does not judge. */
static void judge_empty(struct desk *d)
{
    struct sources_hold hold;
    sources_use(&d->request->http->sources, &hold);
    if (hold.sources.campus)
        entry_table_empty(&d->table, hold.sources.campus);
    sources_done(&d->request->http->sources, &hold);
}

/* enter - the list goes to main, who frees it; also one that cannot be taken, so that
 * what only the school knows is told in the same answer. */
static void enter(struct desk *d)
{
    const struct http_ops *ops = &d->request->http->ops;
    struct gw_error err = {0};
    size_t count = d->table.list->count;
    struct campus_entry_list *copy =
        malloc(sizeof(*copy) + count * sizeof(copy->items[0]));
    if (!copy) {
        reply_problem(d->reply, 500, NULL, "out of memory");
        return;
    }
    copy->count = count;
    copy->is_trial = config_faults_errors(d->src.faults) > 0;
    memcpy(copy->items, d->table.list->items, count * sizeof(copy->items[0]));
    d->count = count;
    struct request *request = d->request;
    doubt(d);
    const struct outcome_to to = order_begin(request, table_done);
    order_given(request, ops->enter_list(ops->ctx, copy, d->actor, &to, &err), &err);
}

static void read_and_enter(struct desk *d)
{
    if (!request_value(d->request, "file", d->file) || !d->file[0])
        (void)snprintf(d->file, sizeof(d->file), "table.csv");
    const struct csv *csv = csv_parse(
        &d->src, d->file, d->request->body ? d->request->body : "", d->request->size);
    int r = csv ? entry_table_read(&d->src, csv, &d->table) : 0;
    if (csv && r == 0)
        judge_empty(d);
    if (r < 0)
        reply_problem(d->reply, 500, NULL, "out of memory");
    else if (!csv || (d->table.list->count == 0 && config_faults_errors(d->src.faults)))
        answer_faults(d);
    else
        enter(d);
}

/* actor - as with every action; "by" is a parameter here. */
static bool actor(struct desk *d)
{
    char by[REQUEST_VALUE_MAX];
    json_t *said = json_object();
    if (request_value(d->request, "by", by))
        (void)json_object_set_new(said, "by", json_string(by));
    bool is_known = said && body_actor(d->request, said, d->actor, d->reply);
    json_decref(said);
    return is_known;
}

void calendar_table_post(struct request *request, struct reply *reply)
{
    struct desk *d = calloc(1, sizeof(*d));
    request->kept = d;
    request->kept_free = desk_free;
    if (!d || arena_new(&d->src.arena) < 0 || config_faults_new(&d->src.faults) < 0) {
        reply_problem(reply, 500, NULL, "out of memory");
        return;
    }
    d->request = request;
    d->reply = reply;
    d->is_chinese = request_is_chinese(request);
    config_faults_speak(d->src.faults, d->is_chinese);
    if (actor(d))
        read_and_enter(d);
}
