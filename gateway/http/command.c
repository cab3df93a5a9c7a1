/* command.c - what people order of plugins: the rows, a question, an order. */
#include <string.h>

#include "base/clock.h"
#include "http/body.h"
#include "http/order.h"
#include "http/server.h"

static const char *const fields[] = {"target", "value", "comment", "by", "minutes", NULL};

/* The longest that a row may allow is its own to say. */
enum { MINUTES_MAX = 366 * 24 * 60 };

static enum role role_of(const struct gw_command_info *info)
{
    return (enum role)(ROLE_VIEWER + (int)info->role);
}

static json_t *words_json(const char *const *words)
{
    json_t *list = json_array();
    for (size_t i = 0; words && words[i]; i++)
        (void)json_array_append_new(list, json_string(words[i]));
    return list;
}

static json_t *needs_json(uint32_t needs)
{
    static const char *const names[] = {"target", "value", "comment", "minutes"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (needs >> i & 1)
            (void)json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *info_json(const struct gw_command_info *info)
{
    return json_pack("{s:s, s:o, s:s, s:b, s:o, s:o, s:o, s:I}", "name", info->name,
                     "help", resource_title(&info->help), "role",
                     role_name(role_of(info)), "question", info->is_question, "target",
                     resource_string(info->target), "values", words_json(info->values),
                     "needs", needs_json(info->needs), "minutes_max",
                     (json_int_t)(info->end_max_us / 60000000));
}

void commands_answer(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    json_t *list = json_array();
    sources_use(&request->http->sources, &hold);
    const struct gw_command_info *const *all = hold.sources.commands;
    for (; all && *all; all++)
        (void)json_array_append_new(list, info_json(*all));
    sources_done(&request->http->sources, &hold);
    reply_json(reply, json_pack("{s:o}", "commands", list));
}

/* command_may - the command of the path is there, fits the method and this person. */
static bool command_may(struct request *request, bool is_get, struct reply *reply)
{
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    const struct gw_command_info *const *all = hold.sources.commands;
    while (all && *all && strcmp((*all)->name, request->item) != 0)
        all++;
    const struct gw_command_info *info = all ? *all : NULL;
    if (!info || strlen(request->item) >= GW_ID_MAX)
        reply_problem(reply, 404, NULL, "there is no command '%s'", request->item);
    else if (is_get && !info->is_question)
        reply_problem(reply, 409, NULL, "'%s' is an order: POST it", info->name);
    else if (request->peer.role < role_of(info))
        reply_problem(reply, 403, NULL, "'%s' takes the role %s or more, yours is %s",
                      info->name, role_name(role_of(info)),
                      role_name(request->peer.role));
    sources_done(&request->http->sources, &hold);
    return !reply->status;
}

static bool command_end(const json_t *body, struct gw_command *command,
                        struct reply *reply)
{
    const json_t *value = json_object_get(body, "minutes");
    json_int_t minutes = json_integer_value(value);
    command->until_us = GW_TIME_NONE;
    if (!value || json_is_null(value))
        return true;
    if (minutes < 1 || minutes > MINUTES_MAX) {
        reply_problem(reply, 422, NULL, "minutes: a whole number from 1");
        return false;
    }
    command->until_us = clock_school_us() + (int64_t)minutes * 60 * 1000000;
    return true;
}

static bool command_read(struct request *request, struct gw_command *command,
                         struct reply *reply)
{
    json_t *body = body_object(request, fields, reply);
    bool is_fine = body && body_text(body, "target", command->target, GW_NAME_MAX, reply)
                   && body_text(body, "value", command->value, GW_ID_MAX, reply)
                   && body_text(body, "comment", command->comment, GW_COMMENT_MAX, reply)
                   && body_actor(request, body, command->actor, reply)
                   && command_end(body, command, reply);
    json_decref(body);
    return is_fine;
}

static void command_done(struct request *request, struct reply *reply)
{
    if (order_refused(request, reply))
        return;
    json_t *answer = json_pack("{s:s, s:o}", "command", request->item, "answer",
                               order_answer(request));
    reply_json(reply, order_kept(request, answer));
}

static void command_do(struct request *request, struct gw_command *command)
{
    struct gw_error err = {0};
    const struct http_ops *ops = &request->http->ops;
    (void)snprintf(command->name, sizeof(command->name), "%.*s", GW_ID_MAX - 1,
                   request->item);
    const struct outcome_to to = order_begin(request, command_done);
    order_given(request, ops->command(ops->ctx, command, &to, &err), &err);
}

void command_get(struct request *request, struct reply *reply)
{
    struct gw_command command = {.until_us = GW_TIME_NONE};
    char text[REQUEST_VALUE_MAX];
    if (!command_may(request, true, reply))
        return;
    if (request_value(request, "target", text))
        (void)snprintf(command.target, sizeof(command.target), "%.*s", GW_NAME_MAX - 1,
                       text);
    command_do(request, &command);
}

void command_post(struct request *request, struct reply *reply)
{
    struct gw_command command = {0};
    if (command_may(request, false, reply) && command_read(request, &command, reply))
        command_do(request, &command);
}
