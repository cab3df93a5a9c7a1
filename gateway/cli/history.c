#include "cli/history.h"

#include <stdlib.h>

#include "base/language.h"
#include "base/strbuf.h"
#include "cli/client.h"
#include "cli/export.h"
#include "cli/show_field.h"
#include "cli/table.h"

enum { ESCAPED_MAX = 1024 };

/* Lines on a screen; a file gets what the gateway gives unless said. */
static const char screen_limit[] = "60";

static void number_cell(struct table *t, const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    if (json_is_number(value))
        (void)table_format(t, "%.6g", json_number_value(value));
    else
        (void)table_cell(t, "-");
}

static void add_reading(struct table *t, const json_t *row)
{
    (void)table_cell(t, field_text(row, "t"));
    number_cell(t, row, "v");
    (void)table_cell(t, field_text(row, "q"));
}

static void add_value(struct table *t, const json_t *row)
{
    static const char *const keys[] = {"min", "mean", "max", "last", "increase"};
    const json_t *valid = json_object_get(row, "valid");
    (void)table_cell(t, field_text(row, "t"));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        number_cell(t, row, keys[i]);
    (void)table_format(t, "%.0f%%", 100 * json_number_value(valid));
}

static void show_rows(const json_t *rows, const char *const *heads,
                      void (*add)(struct table *t, const json_t *row), FILE *out)
{
    struct table *t = NULL;
    size_t i = 0;
    const json_t *row = NULL;
    if (table_new(heads, &t) < 0)
        return;
    json_array_foreach(rows, i, row) add(t, row);
    table_print(t, out);
    (void)table_free(t);
}

void history_show(const json_t *answer, FILE *out)
{
    static const char *const log_heads[] = {"TIME", ">VALUE", "QUALITY", NULL};
    static const char *const heads[] = {"FROM",  ">MIN",      ">MEAN",  ">MAX",
                                        ">LAST", ">INCREASE", ">VALID", NULL};
    const json_t *readings = json_object_get(answer, "readings");
    const json_t *values = json_object_get(answer, "values");
    if (json_array_size(readings) + json_array_size(values) == 0)
        (void)fputs(
            language_is_chinese() ? "这段时间没有读数\n" : "nothing in this time\n", out);
    else if (readings)
        show_rows(readings, log_heads, add_reading, out);
    else
        show_rows(values, heads, add_value, out);
}

static void add_parameter(struct strbuf *target, const char *name, const char *text)
{
    char escaped[ESCAPED_MAX];
    if (!text)
        return;
    if (client_escape(text, escaped, sizeof(escaped)) < 0)
        target->has_failed = true;
    else
        strbuf_format(target, "&%s=%s", name, escaped);
}

int history_run(const struct command *command, const struct arguments *arguments)
{
    char point[ESCAPED_MAX];
    struct strbuf target = {0};
    bool is_table = arguments->output != NULL;
    if (client_escape(arguments->operand, point, sizeof(point)) < 0)
        target.has_failed = true;
    strbuf_format(&target, "/api/v1/points/%s/history?format=%s", point,
                  is_table ? "csv" : "json");
    add_parameter(&target, "from", arguments->from);
    add_parameter(&target, "to", arguments->to);
    add_parameter(&target, "limit", is_table || arguments->is_json ? NULL : screen_limit);
    if (target.has_failed) {
        (void)fputs("campusctl: the words are too long\n", stderr);
        strbuf_free(&target);
        return EXIT_USAGE;
    }
    char *text = strbuf_take(&target);
    const struct request request = {
        .method = "GET", .target = text, .show = command->show};
    int code =
        is_table ? export_table(arguments, text) : command_ask(arguments, &request);
    free(text);
    return code;
}
