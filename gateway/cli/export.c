#include "cli/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/client.h"
#include "cli/output.h"

enum { VALUE_MAX = 1024 };

/* What is no kind of table is the name of points, which has a slash or a star. */
static bool is_kind(const char *word)
{
    return !strpbrk(word, "/*?[");
}

static void add_parameter(struct strbuf *target, const char *name, const char *text)
{
    char escaped[VALUE_MAX];
    if (!text || target->has_failed)
        return;
    if (client_escape(text, escaped, sizeof(escaped)) < 0) {
        target->has_failed = true;
        return;
    }
    strbuf_format(target, "%c%s=%s", strchr(target->text, '?') ? '&' : '?', name,
                  escaped);
}

static char *target_of(const struct arguments *arguments)
{
    const char *words[] = {arguments->operand, arguments->value, arguments->third};
    struct strbuf target = {0};
    struct strbuf points = {0};
    const char *kind = words[0] && is_kind(words[0]) ? words[0] : NULL;
    strbuf_add(&target, "/api/v1/export/");
    strbuf_add(&target, kind ? kind : "readings");
    for (size_t i = kind ? 1 : 0; i < 3 && words[i]; i++)
        strbuf_format(&points, "%s%s", points.used ? "," : "", words[i]);
    add_parameter(&target, "from", arguments->from);
    add_parameter(&target, "to", arguments->to);
    add_parameter(&target, "point", points.text);
    add_parameter(&target, "excel", arguments->is_excel ? "true" : NULL);
    strbuf_free(&points);
    if (!target.has_failed)
        return strbuf_take(&target);
    strbuf_free(&target);
    return NULL;
}

static int stream(const struct arguments *arguments, const char *target, FILE *out)
{
    struct gw_error err = {0};
    struct client_answer answer = {0};
    int code = EXIT_DONE;
    int r = client_stream(arguments->socket, target, out, &answer, &err);
    if (r == 0 && fflush(out) != 0)
        r = gw_fail(&err, -EIO, "cannot be written: %s", strerror(errno));
    if (r < 0)
        code = command_failed(&err);
    else if (answer.status >= 400)
        code = command_problem(&answer);
    client_answer_free(&answer);
    return code;
}

/* A table that broke off does not look like a whole one. */
static int stream_to_file(const struct arguments *arguments, const char *target)
{
    struct gw_error err = {0};
    struct output output;
    if (output_open(arguments->output, &output, &err) < 0)
        return command_failed(&err);
    int code = stream(arguments, target, output.stream);
    if (output_close(&output, code == EXIT_DONE, &err) < 0 && code == EXIT_DONE)
        code = command_failed(&err);
    return code;
}

int export_table(const struct arguments *arguments, const char *target)
{
    return arguments->output ? stream_to_file(arguments, target)
                             : stream(arguments, target, stdout);
}

int export_run(const struct command *command, const struct arguments *arguments)
{
    (void)command;
    char *target = target_of(arguments);
    if (!target) {
        (void)fputs("campusctl: the words are too long\n", stderr);
        return EXIT_USAGE;
    }
    int code = export_table(arguments, target);
    free(target);
    return code;
}
