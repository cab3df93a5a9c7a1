/* app_orders.c - what people order, done on main; and what their answers wait for. */
#include <errno.h>
#include <string.h>

#include "app.h"

static bool is_question(const struct app *app, const char *name)
{
    const struct gw_command_info *const *all = pipeline_commands(app->live.pipeline);
    while (*all && strcmp((*all)->name, name) != 0)
        all++;
    return *all && (*all)->is_question;
}

static void journal(const struct gw_command *command, const struct outcome *outcome)
{
    bool is_done = outcome->result == 0;
    gw_log(is_done ? GW_LOG_NOTICE : GW_LOG_WARNING,
           (struct gw_subject){"COMMAND", command->name}, "%s%s%s%s%s by %s: %s%s%s",
           command->name, command->target[0] ? " " : "", command->target,
           command->value[0] ? " " : "", command->value, command->actor,
           is_done ? "done" : outcome->err.text, command->comment[0] ? ": " : "",
           command->comment);
}

/* log_entry - of one that is refused not its words: whoever entered it is told, and it
 * may be the name of somebody. */
static void log_entry(const struct operation_entry *o, const struct outcome *outcome)
{
    const char *kind = entry_name(o->entry.kind);
    const char *class_id = o->entry.class_id;
    bool is_refused = outcome->result == -EINVAL || outcome->result == -ENOENT;
    if (outcome->result < 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){"STATE", "day-book"}, "%s by %s: %s",
               kind, o->actor, is_refused ? "refused" : outcome->err.text);
    else
        gw_log(GW_LOG_NOTICE, (struct gw_subject){"CLASS", class_id},
               "%s%s%s by %s: entered", kind, class_id[0] ? " of " : "", class_id,
               o->actor);
}

static void enter(struct pipeline *pipeline, const struct operation_entry *o,
                  int64_t now_us, struct outcome *ret)
{
    ret->result = pipeline_enter(pipeline, &o->entry, now_us, &ret->err);
    log_entry(o, ret);
}

static void enter_list(struct pipeline *pipeline, const struct operation_list *o,
                       int64_t now_us, struct outcome *ret)
{
    ret->result = pipeline_enter_list(pipeline, o->list, now_us, &ret->answer, &ret->err);
    gw_log(ret->result == 0 ? GW_LOG_NOTICE : GW_LOG_WARNING,
           (struct gw_subject){"STATE", "day-book"}, "a table of %zu entries by %s: %s",
           o->list->count, o->actor, ret->result == 0 ? "entered" : ret->err.text);
}

/* remember - for the store that comes; an alarm needs it not: see remembered.h. */
static void remember(struct app *app, const struct operation *operation, int64_t now_us,
                     struct gw_error *ret_lost)
{
    struct gw_error err = {0};
    if (!store_is_away(app->store) || operation->kind == OPERATION_ALARM)
        return;
    if (remembered_add(&app->remembered, operation, now_us, &err) < 0)
        (void)gw_fail(ret_lost, 0, "this order will be lost when the store comes: %s",
                      err.text);
}

void app_serve(void *ctx, const struct operation *operation, struct outcome *ret,
               uint64_t *ret_mark)
{
    struct app *app = ctx;
    struct pipeline *pipeline = app->live.pipeline;
    int64_t now_us = app_school_now(app);
    bool is_order = true;
    switch (operation->kind) {
    case OPERATION_ALARM:
        ret->result = pipeline_operate(pipeline, &operation->alarm, now_us, &ret->err);
        break;
    case OPERATION_ENTRY:
        enter(pipeline, &operation->entry, now_us, ret);
        break;
    case OPERATION_LIST:
        enter_list(pipeline, &operation->list, now_us, ret);
        break;
    case OPERATION_COUNTY:
        app_serve_county(app, operation->county, now_us, ret, ret_mark);
        return;
    case OPERATION_COMMAND:
    default:
        ret->result = pipeline_command(pipeline, &operation->command, now_us,
                                       &ret->answer, &ret->err);
        is_order = !is_question(app, operation->command.name);
        if (is_order)
            journal(&operation->command, ret);
        break;
    }
    if (!is_order || ret->result < 0)
        return;
    remember(app, operation, now_us, &ret->err);
    ret->keeping = OUTCOME_UNKEPT;
    *ret_mark = store_urge(app->store);
}

/* After the batch was sealed: a commit before that told nobody. */
void app_settle(struct app *app)
{
    struct store_progress progress;
    store_progress(app->store, &progress);
    operations_settle(app->operations, progress.kept, progress.fault);
}

int app_backup(void *ctx, const struct http_backup *asked, const struct outcome_to *to,
               struct gw_error *err)
{
    struct app *app = ctx;
    return backup_job_start(app->backups, asked->file, asked->actor, to, err);
}
