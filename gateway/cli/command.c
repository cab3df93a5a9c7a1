#include "base/language.h"
#include "cli/command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/backup.h"
#include "cli/calendar.h"
#include "cli/client.h"
#include "cli/export.h"
#include "cli/history.h"
#include "cli/order.h"
#include "cli/reload.h"
#include "cli/show.h"
#include "cli/trial.h"

enum { TARGET_MAX = 1024 };

/* clang-format off */
const struct command commands[] = {
    {"status", "status", "how the gateway does",
     "GET", "/api/v1/status", NULL, OPERAND_NONE, "", false, show_status, NULL},
    {"points", "points [GLOB]", "latest values, such as points 'b1-*/co2'",
     "GET", "/api/v1/points?glob=%s", "/api/v1/points", OPERAND_OPTIONAL, "", false,
     show_points, NULL},
    {"history", "history POINT [--from T] [--to T]",
     "what it was: readings, or steps of minutes, hours, days; -o FILE: as CSV",
     "GET", NULL, NULL, OPERAND_REQUIRED, "from output to", false, history_show, history_run},
    {"watch", "watch", "alarms as they change, until Ctrl-C",
     NULL, "/api/v1/events", NULL, OPERAND_NONE, "", false, NULL, NULL},
    {"alarms", "alarms [--all]", "alarms that are not normal, or all ever raised",
     "GET", "/api/v1/alarms", NULL, OPERAND_NONE, "all", false, show_alarms, NULL},
    {"ack", "ack ALARM [--comment TEXT]", "acknowledge, such as ack TF-01@panic-gate",
     "POST", "/api/v1/alarms/%s/ack", NULL, OPERAND_REQUIRED, "comment", false,
     show_alarm, NULL},
    {"reset", "reset ALARM [--comment TEXT]", "end a latched alarm whose cause is gone",
     "POST", "/api/v1/alarms/%s/reset", NULL, OPERAND_REQUIRED, "comment", false,
     show_alarm, NULL},
    {"shelve", "shelve ALARM --for 30min --comment TEXT",
     "silence for a time, with a reason (never P1)",
     "POST", "/api/v1/alarms/%s/shelve", NULL, OPERAND_REQUIRED, "comment for", true,
     show_alarm, NULL},
    {"unshelve", "unshelve ALARM [--comment TEXT]", "end the shelving now",
     "POST", "/api/v1/alarms/%s/unshelve", NULL, OPERAND_REQUIRED, "comment", false,
     show_alarm, NULL},
    {"write", "write POINT VALUE", "put an output, such as write gate-south/siren on",
     "POST", "/api/v1/points/%s/write", NULL, OPERAND_AND_VALUE, "", false, show_write, NULL},
    {"arm", "arm AREA [stay] [--for 2h] [--comment TEXT]",
     "watch an area of the three defenses, wholly or while people stay",
     NULL, NULL, NULL, OPERAND_AND_MAYBE, "comment for", false, NULL, order_run},
    {"disarm", "disarm AREA [--for 2h] [--comment TEXT]",
     "let it be, until the calendar or the time says otherwise",
     NULL, NULL, NULL, OPERAND_REQUIRED, "comment for", false, NULL, order_run},
    {"bypass", "bypass DEVICE --for 2h --comment TEXT",
     "leave out a zone (never panic, fire or gas); bypass DEVICE off",
     NULL, NULL, NULL, OPERAND_AND_MAYBE, "comment for", false, NULL, order_run},
    {"drill", "drill PLACE --for 20min --comment TEXT",
     "mark the alarms of a place or of all (school) as of a drill",
     NULL, NULL, NULL, OPERAND_AND_MAYBE, "comment for", false, NULL, order_run},
    {"test", "test DEVICE --for 10min [--comment TEXT]",
     "mark a device's alarms as of a test; test DEVICE off",
     NULL, NULL, NULL, OPERAND_AND_MAYBE, "comment for", false, NULL, order_run},
    {"sheet", "sheet", "the three defenses today, item by item",
     NULL, NULL, NULL, OPERAND_NONE, "", false, NULL, order_run},
    {"do", "do COMMAND [TARGET [WORD]]", "any command of a plugin; commands lists them",
     NULL, NULL, NULL, OPERAND_UP_TO_THREE, "comment for", false, NULL, order_run},
    {"commands", "commands", "what plugins can be told",
     "GET", "/api/v1/commands", NULL, OPERAND_NONE, "", false, show_commands, NULL},
    {"calendar", "calendar [DAY] | calendar --check",
     "a day as the gateway sees it, such as 2026-11-23; --check: what is to be mended",
     "GET", "/api/v1/calendar?day=%s", "/api/v1/calendar", OPERAND_OPTIONAL, "check", false,
     show_calendar, calendar_run},
    {"enter", "enter WHAT KEY=VALUE,… | enter --csv FILE",
     "a day's leave, attendance, swap-lesson, exempt: leave class=2024-P-01,count=2",
     "POST", "/api/v1/calendar/entries", NULL, OPERAND_AND_VALUE, "csv", false, NULL, enter_run},
    {"devices", "devices", "devices and when they were last seen",
     "GET", "/api/v1/devices", NULL, OPERAND_NONE, "", false, show_devices, NULL},
    {"buses", "buses", "buses, their faults and counters",
     "GET", "/api/v1/buses", NULL, OPERAND_NONE, "", false, show_buses, NULL},
    {"rules", "rules", "rules as they are judged",
     "GET", "/api/v1/rules", NULL, OPERAND_NONE, "", false, show_rules, NULL},
    {"facts", "facts [KIND]", "what was told of days, weeks, months: daily.attendance",
     "GET", "/api/v1/facts?kind=%s", "/api/v1/facts", OPERAND_OPTIONAL, "", false,
     show_facts, NULL},
    {"export", "export [KIND | POINT…] [--from T] [--to T]",
     "readings, alarms or facts as CSV, into -o FILE; such as export 'b1-*/co2'",
     NULL, NULL, NULL, OPERAND_MAYBE_THREE, "excel from output to", false, NULL, export_run},
    {"test-rule", "test-rule FILE [--from T] [--to T]",
     "what rules would have done: stored history, or --replay FILE",
     NULL, NULL, NULL, OPERAND_REQUIRED, "config from to replay", false, NULL, trial_run},
    {"outbox", "outbox", "messages for the county",
     "GET", "/api/v1/outbox", NULL, OPERAND_NONE, "", false, show_outbox, NULL},
    {"backup", "backup [FILE]",
     "a copy of the database, while the gateway runs or not",
     "POST", "/api/v1/backup", NULL, OPERAND_OPTIONAL, "config", false, NULL, backup_run},
    {"restore", "restore FILE [--force]",
     "a backup in place of the database, which is kept; the gateway is stopped",
     NULL, NULL, NULL, OPERAND_REQUIRED, "config force", false, NULL, restore_run},
    {"reload", "reload [--diff | --yes | --confirm]",
     "the changed files; --confirm-within TIME: back unless confirmed",
     "POST", "/api/v1/reload", NULL, OPERAND_NONE, "diff yes confirm within", false, NULL,
     reload_run},
    {0},
};
/* clang-format on */

const struct command *command_find(const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}

bool command_takes(const struct command *command, const char *option)
{
    const char *found = strstr(command->options, option);
    return found != NULL;
}

int command_failed(const struct gw_error *err)
{
    (void)fprintf(stderr, "campusctl: %s\n", err->text);
    return EXIT_REFUSED;
}

/* command_problem - an RFC 9457 document as one sentence, and a line each fault. */
int command_problem(const struct client_answer *answer)
{
    const char *detail = json_string_value(json_object_get(answer->json, "detail"));
    const char *title = json_string_value(json_object_get(answer->json, "title"));
    const json_t *allowed = json_object_get(answer->json, "allowed");
    const char *opens = language_is_chinese() ? "（可写：" : " (allowed: ";
    const char *closes = language_is_chinese() ? "）" : ")";
    if (!detail || !language_is_chinese())
        (void)fprintf(stderr, "campusctl: %s", title ? title : "the gateway refused");
    else
        (void)fputs("campusctl", stderr); /* the title is the protocol's, in English */
    if (detail)
        (void)fprintf(stderr, ": %s", detail);
    for (size_t i = 0; i < json_array_size(allowed); i++)
        (void)fprintf(stderr, "%s%s", i == 0 ? opens : ", ",
                      json_string_value(json_array_get(allowed, i)));
    (void)fprintf(stderr, "%s\n", json_array_size(allowed) > 0 ? closes : "");
    const json_t *faults = json_object_get(answer->json, "faults");
    for (size_t i = 0; i < json_array_size(faults); i++)
        (void)fprintf(stderr, "%s\n", json_string_value(json_array_get(faults, i)));
    return EXIT_REFUSED;
}

static int command_target(const struct command *command,
                          const struct arguments *arguments, char ret[TARGET_MAX])
{
    char operand[TARGET_MAX / 2] = "";
    if (arguments->operand
        && client_escape(arguments->operand, operand, sizeof(operand)) < 0) {
        (void)fprintf(stderr, "campusctl: '%s' is too long\n", arguments->operand);
        return EXIT_USAGE;
    }
    const char *target = command->target;
    const char *hole = strstr(target, "%s");
    if (hole && !arguments->operand)
        (void)snprintf(ret, TARGET_MAX, "%s", command->bare);
    else if (hole)
        (void)snprintf(ret, TARGET_MAX, "%.*s%s%s", (int)(hole - target), target, operand,
                       hole + 2);
    else
        (void)snprintf(ret, TARGET_MAX, "%s%s", target,
                       arguments->all ? "?all=true" : "");
    return EXIT_DONE;
}

/* command_value - a number where it is one, else the word of a state. */
static json_t *command_value(const char *text)
{
    char *end = NULL;
    double number = strtod(text, &end);
    bool is_number = end != text && !*end && isfinite(number);
    return is_number ? json_real(number) : json_string(text);
}

json_t *command_options(const struct arguments *arguments)
{
    json_t *body = json_object();
    if (arguments->comment)
        (void)json_object_set_new(body, "comment", json_string(arguments->comment));
    if (arguments->minutes)
        (void)json_object_set_new(body, "minutes", json_integer(arguments->minutes));
    return body;
}

static char *command_body(const struct arguments *arguments)
{
    json_t *body = command_options(arguments);
    if (arguments->value)
        (void)json_object_set_new(body, "value", command_value(arguments->value));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

static bool command_event(void *ctx, const char *type, const char *data)
{
    const struct arguments *arguments = ctx;
    if (!arguments->is_json) {
        show_event(type, data, stdout);
    } else if (strcmp(type, "heartbeat") != 0) {
        (void)printf("{\"event\":\"%s\",\"data\":%s}\n", type, data);
        (void)fflush(stdout);
    }
    return true;
}

static int command_follow(const struct command *command,
                          const struct arguments *arguments)
{
    struct gw_error err = {0};
    if (client_follow(arguments->socket, command->target, command_event,
                      (void *)arguments, &err)
        < 0)
        return command_failed(&err);
    (void)fputs("campusctl: the gateway ended the stream\n", stderr);
    return EXIT_REFUSED;
}

/* Done, and gone if the gateway ends before the disk takes it. */
static void warn_unkept(const json_t *answer)
{
    const char *why = json_string_value(json_object_get(answer, "why"));
    if (json_is_false(json_object_get(answer, "kept")))
        (void)fprintf(stderr, "campusctl: done, but not on the disk: %s\n",
                      why ? why : "?");
}

int command_ask(const struct arguments *arguments, const struct request *request)
{
    struct gw_error err = {0};
    struct client_answer answer = {0};
    int code = EXIT_DONE;
    int r = request->csv
                ? client_ask_table(arguments->socket, request->target, request->csv,
                                   request->csv_size, &answer, &err)
                : client_ask(arguments->socket, request->method, request->target,
                             request->body, &answer, &err);
    if (r < 0)
        code = command_failed(&err);
    else if (answer.status >= 400)
        code = command_problem(&answer);
    else if (arguments->is_json)
        (void)printf("%s\n", answer.text);
    else
        request->show(answer.json, stdout);
    if (r == 0)
        warn_unkept(answer.json);
    client_answer_free(&answer);
    return code;
}

int command_run(const struct command *command, const struct arguments *arguments)
{
    if (command->run)
        return command->run(command, arguments);
    if (!command->method)
        return command_follow(command, arguments);

    char target[TARGET_MAX];
    int code = command_target(command, arguments, target);
    if (code != EXIT_DONE)
        return code;
    char *body = strcmp(command->method, "POST") ? NULL : command_body(arguments);
    code = command_ask(arguments, &(struct request){.method = command->method,
                                                    .target = target,
                                                    .body = body,
                                                    .show = command->show});
    free(body);
    return code;
}
