#include "cli/reload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/words.h"

/* --- what is shown ---------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* What stands there in the place of a value is said in the person's language. */
static const char *value_of(const json_t *key, const char *when)
{
    const char *text = text_of(key, when);
    if (strcmp(text, "nothing") == 0)
        return words_phrase(text, "（无）");
    return strcmp(text, "(not shown)") == 0 ? words_phrase(text, "（不显示）") : text;
}

static const char *kind_of(const json_t *row)
{
    static const struct {
        const char *kind;
        const char *chinese;
    } kinds[] = {
        {"section", "部分"}, {"metric", "指标"}, {"place", "场所"}, {"class", "班级"},
        {"bus", "总线"},     {"device", "设备"}, {"point", "测点"}, {"rule", "规则"},
    };
    const char *kind = text_of(row, "kind");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return words_phrase(kind, kinds[i].chinese);
    return kind;
}

static void show_keys(const json_t *keys, FILE *out)
{
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const json_t *key = json_array_get(keys, i);
        bool is_fixed = json_is_true(json_object_get(key, "restart"));
        (void)fprintf(out, "    %s: %s -> %s%s\n", text_of(key, "key"),
                      value_of(key, "before"), value_of(key, "after"),
                      is_fixed ? words_phrase("  (takes a restart)", "  （要重启）")
                               : "");
    }
}

/* "+ bus rs485-2", "- device lux-1", "~ rule EY-01" and its keys. */
static void show_changes(const json_t *changes, FILE *out)
{
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *row = json_array_get(changes, i);
        const char *what = text_of(row, "what");
        char sign = !strcmp(what, "added") ? '+' : !strcmp(what, "removed") ? '-' : '~';
        (void)fprintf(out, "%c %s %s\n", sign, kind_of(row), text_of(row, "name"));
        show_keys(json_object_get(row, "keys"), out);
    }
}

static void show_lines(const json_t *lines, FILE *out)
{
    for (size_t i = 0; i < json_array_size(lines); i++)
        (void)fprintf(out, "%s\n", json_string_value(json_array_get(lines, i)));
}

static bool has_changes(const json_t *answer)
{
    return json_array_size(json_object_get(answer, "changes")) > 0;
}

static void show_done(const json_t *answer, FILE *out)
{
    double ms = json_number_value(json_object_get(answer, "swap_ms"));
    long long buses = json_integer_value(json_object_get(answer, "buses_restarted"));
    const json_t *left = json_object_get(answer, "left_s");
    if (strcmp(text_of(answer, "state"), "confirmed") == 0)
        (void)fputs(words_phrase("confirmed: what runs is for good\n",
                                 "已确认：现在运行的配置正式生效\n"),
                    out);
    if (strcmp(text_of(answer, "state"), "applied") != 0)
        return;
    (void)fprintf(out,
                  words_phrase("reloaded: %lld bus%s restarted, the rules paused for "
                               "%.1f ms\n",
                               "已加载：重启总线 %lld 条%s，规则停顿 %.1f ms\n"),
                  buses, words_phrase(buses == 1 ? "" : "es", ""), ms);
    if (json_is_integer(left))
        (void)fprintf(
            out,
            words_phrase("goes back in %lld s unless `campusctl reload --confirm` "
                         "follows\n",
                         "%lld 秒内没有 `campusctl reload --confirm` 就退回原来的配置\n"),
            (long long)json_integer_value(left));
}

/* --- asking ------------------------------------------------------------------------- */

static char *body_of(const char *verb, const struct arguments *arguments)
{
    json_t *body = json_pack("{s:s}", "do", verb);
    if (arguments->within_s && !strcmp(verb, "apply"))
        (void)json_object_set_new(body, "confirm_within_s",
                                  json_integer(arguments->within_s));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

/* is_journal - stderr goes there, as of `systemctl reload`.  Source: systemd.exec(5),
 * JOURNAL_STREAM */
static bool is_journal(void)
{
    struct stat st;
    char *rest = NULL;
    const char *stream = getenv("JOURNAL_STREAM");
    if (!stream || fstat(STDERR_FILENO, &st) < 0)
        return false;
    uintmax_t device = strtoumax(stream, &rest, 10);
    return *rest == ':' && device == st.st_dev
           && strtoumax(rest + 1, NULL, 10) == st.st_ino;
}

/* Shows the answer; warnings and faults go to stderr, as --check prints them.  The
 * journal has them from the gateway, without what may be a name. */
static int show_answer(const struct arguments *arguments,
                       const struct client_answer *answer)
{
    bool is_refused = answer->status >= 400;
    if (is_refused && !json_object_get(answer->json, "changes"))
        return command_problem(answer);
    if (arguments->is_json) {
        (void)printf("%s\n", answer->text);
        return is_refused ? EXIT_REFUSED : EXIT_DONE;
    }
    if (!is_journal())
        show_lines(json_object_get(answer->json, "faults"), stderr);
    show_changes(json_object_get(answer->json, "changes"), stdout);
    if (is_refused)
        (void)fprintf(stderr, "campusctl: %s\n", text_of(answer->json, "detail"));
    else if (!has_changes(answer->json) && !arguments->is_confirm)
        (void)puts(words_phrase("no change", "没有变化"));
    show_done(answer->json, stdout);
    return is_refused ? EXIT_REFUSED : EXIT_DONE;
}

static int ask(const struct command *command, const struct arguments *arguments,
               const char *verb, bool *ret_has_changes)
{
    struct gw_error err = {0};
    struct client_answer answer = {0};
    char *body = body_of(verb, arguments);
    int r = client_ask(arguments->socket, command->method, command->target, body, &answer,
                       &err);
    int code = r < 0 ? command_failed(&err) : show_answer(arguments, &answer);
    *ret_has_changes = has_changes(answer.json);
    free(body);
    client_answer_free(&answer);
    return code;
}

static bool is_agreed(void)
{
    char line[16];
    (void)fputs(words_phrase("apply this? [y/N] ", "就这样加载吗？[y/N] "), stdout);
    (void)fflush(stdout);
    return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}

int reload_run(const struct command *command, const struct arguments *arguments)
{
    bool has_some = false;
    if (arguments->is_diff)
        return ask(command, arguments, "diff", &has_some);
    if (arguments->is_confirm)
        return ask(command, arguments, "confirm", &has_some);
    if (arguments->is_yes)
        return ask(command, arguments, "apply", &has_some);
    int code = ask(command, arguments, "diff", &has_some);
    if (code != EXIT_DONE || !has_some)
        return code;
    if (!isatty(STDIN_FILENO)) {
        (void)fputs(
            words_phrase("campusctl: nobody can be asked here: --yes applies it\n",
                         "campusctl: 这里没人可问：加 --yes 直接加载\n"),
            stderr);
        return EXIT_USAGE;
    }
    if (!is_agreed())
        return EXIT_DONE;
    return ask(command, arguments, "apply", &has_some);
}
