#include "cli/backup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "cli/beside.h"
#include "cli/client.h"

/* The gateway does not know where this was typed. */
static char *absolute(const char *file)
{
    char *folder = *file == '/' ? NULL : getcwd(NULL, 0);
    char *path = NULL;
    if (*file == '/')
        return strdup(file);
    if (folder && asprintf(&path, "%s/%s", folder, file) < 0)
        path = NULL;
    free(folder);
    return path;
}

static int run_beside(const struct arguments *arguments, const char *file)
{
    const char *words[BESIDE_WORDS_MAX] = {"--config", beside_config(arguments),
                                           "--backup", file};
    if (arguments->is_json)
        words[4] = "--json";
    return beside_run(words);
}

static void show_made(const json_t *answer, FILE *out)
{
    (void)fprintf(out,
                  language_is_chinese() ? "%s\n%.1f MB，%lld 行，用时 %.1f s\n"
                                        : "%s\n%.1f MB, %lld rows, %.1f s\n",
                  json_string_value(json_object_get(answer, "file")),
                  (double)json_integer_value(json_object_get(answer, "bytes")) / 1e6,
                  (long long)json_integer_value(json_object_get(answer, "rows")),
                  (double)json_integer_value(json_object_get(answer, "took_ms")) / 1e3);
}

static bool is_nobody(int r)
{
    return r == -ENOENT || r == -ECONNREFUSED;
}

static int ask(const struct command *command, const struct arguments *arguments,
               const char *file)
{
    struct gw_error err = {0};
    struct client_answer answer = {0};
    json_t *body = json_object();
    if (*file)
        (void)json_object_set_new(body, "file", json_string(file));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    int r = client_ask_long(arguments->socket, command->target, text, &answer, &err);
    free(text);
    if (is_nobody(r))
        return run_beside(arguments, file);
    int code = EXIT_DONE;
    if (r < 0)
        code = command_failed(&err);
    else if (answer.status >= 400)
        code = command_problem(&answer);
    else if (arguments->is_json)
        (void)printf("%s\n", answer.text);
    else
        show_made(answer.json, stdout);
    client_answer_free(&answer);
    return code;
}

int backup_run(const struct command *command, const struct arguments *arguments)
{
    char *file = arguments->operand ? absolute(arguments->operand) : strdup("");
    if (!file) {
        (void)fputs("campusctl: out of memory\n", stderr);
        return EXIT_REFUSED;
    }
    int code = ask(command, arguments, file);
    free(file);
    return code;
}

int restore_run(const struct command *command, const struct arguments *arguments)
{
    (void)command;
    return beside_run((const char *const[BESIDE_WORDS_MAX]){
        "--config", beside_config(arguments), "--restore", arguments->operand,
        arguments->is_forced ? "--force" : NULL});
}
