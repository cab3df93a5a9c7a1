/* app_county.c - what the county orders, on its way to main and back: each is done once,
 * and that it came is kept in the commit of what it did. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/text.h"
#include "uplink/county.h"

void app_recalled(void *ctx)
{
    struct app *app = ctx;
    (void)pthread_mutex_lock(&app->links);
    if (app->county)
        county_recalled(app->county);
    (void)pthread_mutex_unlock(&app->links);
}

/* One that main did not come to stays undone. */
static void tell_county(void *ctx, struct outcome *outcome)
{
    struct county_given *given = ctx;
    struct app *app = given->ctx;
    if (given->why == ORDER_OBEYED && outcome->result < 0)
        given->why = ORDER_NOT_NOW;
    given->err = outcome->err;
    free(outcome->answer);
    (void)pthread_mutex_lock(&app->links);
    if (app->county)
        county_done(app->county, given);
    else
        free(given); /* a reload put another in its place meanwhile */
    (void)pthread_mutex_unlock(&app->links);
}

int app_order(void *ctx, struct county_given *given, struct gw_error *err)
{
    struct app *app = ctx;
    const struct operation operation = {
        .kind = OPERATION_COUNTY, .to = {given, tell_county}, .county = given};
    given->ctx = app;
    return operations_give(app->operations, &operation, err);
}

/* "county", or "county:duty": the first is its role. */
static void name_actor(const struct county_order *o, char ret[GW_ACTOR_MAX])
{
    static const char role[] = "county";
    if (o->by[0] && strcmp(o->by, role) != 0)
        (void)snprintf(ret, GW_ACTOR_MAX, "%s:%.50s", role, o->by);
    else
        text_copy(ret, GW_ACTOR_MAX, role);
}

static int replay(struct app *app, const struct county_order *o, int64_t now_us)
{
    const struct gw_record record = {.kind = GW_RECORD_RECALL,
                                     .recall = {.epoch = o->epoch,
                                                .ranges = o->ranges,
                                                .count = o->range_count,
                                                .time_us = now_us}};
    store_add(app->store, &record);
    return 0;
}

static int acknowledge(struct app *app, const struct county_order *o, int64_t now_us,
                       struct gw_error *err)
{
    struct alarm_command command = {.event = ALARM_ACKNOWLEDGE};
    text_copy(command.id, sizeof(command.id), o->alarm);
    name_actor(o, command.actor);
    return pipeline_operate(app->live.pipeline, &command, now_us, err);
}

static int drill(struct app *app, const struct county_order *o, int64_t now_us,
                 struct outcome *ret)
{
    struct gw_command command = {
        .name = "drill",
        .until_us = o->length_us ? now_us + o->length_us : GW_TIME_NONE,
    };
    text_copy(command.target, sizeof(command.target), o->target);
    text_copy(command.value, sizeof(command.value), o->length_us ? "" : "off");
    text_copy(command.comment, sizeof(command.comment), o->comment);
    name_actor(o, command.actor);
    return pipeline_command(app->live.pipeline, &command, now_us, &ret->answer,
                            &ret->err);
}

static int obey(struct app *app, const struct county_order *o, int64_t now_us,
                struct outcome *ret)
{
    switch (o->what) {
    case COUNTY_REPLAY:
        return replay(app, o, now_us);
    case COUNTY_ACKNOWLEDGE:
        return acknowledge(app, o, now_us, &ret->err);
    case COUNTY_DRILL:
        return drill(app, o, now_us, ret);
    case COUNTY_STATUS: /* the uplink's own */
    default:
        return 0;
    }
}

/* Also of one that cannot be done: it was answered, and is not done when it comes again.
 */
static void keep(struct app *app, const struct county_order *o)
{
    char key[COMMAND_BOOK_KEY_MAX];
    const struct command_page *page = command_book_note(&app->book, o);
    const struct gw_record record = {.kind = GW_RECORD_STATE,
                                     .state = command_page_state(page, key)};
    store_add(app->store, &record);
}

void app_serve_county(struct app *app, struct county_given *given, int64_t now_us,
                      struct outcome *ret, uint64_t *ret_mark)
{
    const struct county_order *o = &given->order;
    if (store_is_away(app->store)) {
        given->why = ORDER_NOT_NOW;
        ret->result = gw_fail(&ret->err, -EAGAIN,
                              "without a database nobody knows whether it came before");
        return;
    }
    given->why = command_book_look(&app->book, o, &ret->err);
    if (given->why != ORDER_OBEYED) {
        ret->result = -EALREADY;
        return;
    }
    keep(app, o);
    ret->result = obey(app, o, now_us, ret);
    if (ret->result < 0)
        given->why = ORDER_NOT_DONE;
    ret->keeping = OUTCOME_UNKEPT;
    *ret_mark = store_urge(app->store);
}
