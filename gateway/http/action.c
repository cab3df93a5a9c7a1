/* action.c - what an operator does to an alarm. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "http/alarms.h"
#include "http/body.h"
#include "http/order.h"
#include "http/resource.h"
#include "http/server.h"

struct action {
    const char *verb;
    enum alarm_event event;
    bool needs_comment;
    bool needs_minutes;
};

static const struct action actions[] = {
    {"ack", ALARM_ACKNOWLEDGE, false, false},
    {"reset", ALARM_RESET, false, false},
    {"shelve", ALARM_SHELVE, true, true},
    {"unshelve", ALARM_UNSHELVE, false, false},
};
static const char *const verbs[] = {"ack", "reset", "shelve", "unshelve", NULL};
static const char *const fields[] = {"by", "comment", "minutes", NULL};

static const struct action *action_find(const char *verb)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (!strcmp(actions[i].verb, verb))
            return &actions[i];
    return NULL;
}

/* action_target - splits "TF-01@panic-gate/ack". */
static const struct action *action_target(const struct request *request,
                                          struct alarm_command *command,
                                          struct reply *reply)
{
    const char *slash = strrchr(request->item, '/');
    const struct action *action = slash ? action_find(slash + 1) : NULL;
    size_t length = slash ? (size_t)(slash - request->item) : 0;
    if (!action) {
        reply_problem(reply, 404, verbs, "alarms/%s: no such action", request->item);
        return NULL;
    }
    if (length == 0 || length >= sizeof(command->id)) {
        reply_problem(reply, 404, NULL, "an alarm's id has 1..%zu bytes",
                      sizeof(command->id) - 1);
        return NULL;
    }
    memcpy(command->id, request->item, length);
    command->id[length] = '\0';
    command->event = action->event;
    return action;
}

static bool action_minutes(const struct action *action, const json_t *body,
                           struct alarm_command *command, struct reply *reply)
{
    if (!action->needs_minutes)
        return true;
    const json_t *value = json_object_get(body, "minutes");
    json_int_t minutes = json_integer_value(value);
    if (minutes < 1 || minutes > ALARM_SHELVE_MINUTES_MAX) {
        reply_problem(reply, 422, NULL, "minutes: a whole number 1..%d, at most %d h",
                      ALARM_SHELVE_MINUTES_MAX, ALARM_SHELVE_MINUTES_MAX / 60);
        return false;
    }
    command->until_us = clock_school_us() + (int64_t)minutes * 60 * 1000000;
    return true;
}

static bool action_read(const struct request *request, const struct action *action,
                        struct alarm_command *command, struct reply *reply)
{
    json_t *body = body_object(request, fields, reply);
    if (!body)
        return false;
    bool is_fine =
        body_text(body, "comment", command->comment, sizeof(command->comment), reply)
        && body_actor(request, body, command->actor, reply)
        && action_minutes(action, body, command, reply);
    json_decref(body);
    if (is_fine && action->needs_comment && !*command->comment)
        reply_problem(reply, 422, NULL, "comment: %s needs a reason", action->verb);
    return !reply->status;
}

/* action_done - the alarm as it is now. */
static void action_done(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    struct alarm_row *rows = NULL;
    struct arena *arena = NULL;
    json_t *alarm = NULL;
    struct alarm_command command = {0};
    if (order_refused(request, reply))
        return;
    (void)action_target(request, &command, reply);
    sources_use(&request->http->sources, &hold);
    if (arena_new(&arena) == 0) {
        size_t count = alarms_snapshot(hold.sources.alarms, true, arena, &rows);
        for (size_t i = 0; i < count && !alarm; i++)
            if (!strcmp(rows[i].id, command.id))
                alarm = alarm_json(&rows[i], hold.sources.offset_s);
    }
    arena_free(arena);
    sources_done(&request->http->sources, &hold);
    json_t *answer = json_pack("{s:o}", "alarm", alarm ? alarm : json_null());
    reply_json(reply, order_kept(request, answer));
}

void action_post(struct request *request, struct reply *reply)
{
    struct alarm_command command = {0};
    const struct action *action = action_target(request, &command, reply);
    if (!action || !action_read(request, action, &command, reply))
        return;
    const struct http_ops *ops = &request->http->ops;
    struct gw_error err = {0};
    const struct outcome_to to = order_begin(request, action_done);
    order_given(request, ops->operate(ops->ctx, &command, &to, &err), &err);
}
