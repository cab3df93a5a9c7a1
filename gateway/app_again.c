/* app_again.c - what was ordered while there was no store, done again on the one that
 * came. */
#include <errno.h>
#include <stdlib.h>

#include "app.h"
#include "base/strbuf.h"

enum { NAMED_MAX = 8 };

/* The clock of a plugin does not go back: it is done as of now, and ends when it was to
 * end. */
static int command_again(struct pipeline *pipeline, const struct gw_command *command,
                         int64_t now_us, char **ret_answer, struct gw_error *err)
{
    if (command->until_us != GW_TIME_NONE && command->until_us <= now_us)
        return gw_fail(err, -ETIME, "its time is over");
    return pipeline_command(pipeline, command, now_us, ret_answer, err);
}

static int do_again(struct app *app, const struct remembered_order *order, int64_t now_us,
                    struct gw_error *err)
{
    const struct operation *o = &order->operation;
    struct pipeline *pipeline = app->live.pipeline;
    char *answer = NULL;
    int r = 0;
    switch (o->kind) {
    case OPERATION_ENTRY:
        r = pipeline_enter_again(pipeline, &o->entry.entry, order->time_us, err);
        break;
    case OPERATION_LIST:
        r = pipeline_enter_list_again(pipeline, o->list.list, order->time_us, &answer,
                                      err);
        break;
    case OPERATION_COMMAND:
        r = command_again(pipeline, &o->command, now_us, &answer, err);
        break;
    case OPERATION_ALARM:  /* waits in the store */
    case OPERATION_COUNTY: /* not without a store */
    default:
        break;
    }
    free(answer);
    return r;
}

static void name_order(struct strbuf *text, const struct operation *o, const char *why)
{
    const char *separator = text->text ? "; " : "";
    if (o->kind == OPERATION_COMMAND)
        strbuf_format(text, "%s%s %s by %s (%s)", separator, o->command.name,
                      o->command.target, o->command.actor, why);
    else if (o->kind == OPERATION_ENTRY)
        strbuf_format(text, "%s%s %s by %s (%s)", separator,
                      entry_name(o->entry.entry.kind), o->entry.entry.class_id,
                      o->entry.actor, why);
    else
        strbuf_format(text, "%sa table of %zu entries by %s (%s)", separator,
                      o->list.list->count, o->list.actor, why);
}

void app_orders_again(struct app *app)
{
    const int64_t now_us = clock_school_us();
    struct remembered *all = &app->remembered;
    struct strbuf undone = {0};
    size_t refused = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct gw_error err = {0};
        if (do_again(app, &all->orders[i], now_us, &err) < 0 && refused++ < NAMED_MAX)
            name_order(&undone, &all->orders[i].operation, err.text);
    }
    if (all->count > 0)
        gw_log(refused > 0 ? GW_LOG_WARNING : GW_LOG_NOTICE,
               (struct gw_subject){"STORE", "orders"},
               "%zu of %zu orders given without a store were done again%s%s%s",
               all->count - refused, all->count, refused > 0 ? "; not so: " : "",
               undone.text ? undone.text : "", refused > NAMED_MAX ? "; and more" : "");
    strbuf_free(&undone);
    if (!store_is_away(app->store))
        remembered_clear(all);
}
