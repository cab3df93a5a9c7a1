/* show_order.c - what plugins answer: a sentence, a sheet of items, else in tables. */
#include <stdlib.h>
#include <string.h>

#include "cli/show.h"
#include "cli/show_field.h"
#include "cli/show_plain.h"
#include "cli/table.h"
#include "cli/words.h"

static const char *word_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_object(value) ? show_title(value) : field_text(object, key);
}

static void show_items(const json_t *sheet, FILE *out)
{
    static const char *const heads[] = {"GROUP",    "ITEM",      "STATE",
                                        "MEASURED", ">COMPLETE", NULL};
    const json_t *items = json_object_get(sheet, "items");
    struct table *t = NULL;
    if (table_new(heads, &t) < 0)
        return;
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const json_t *complete = json_object_get(item, "completeness");
        (void)table_cell(t, word_of(item, "group"));
        (void)table_cell(t, word_of(item, "title"));
        (void)table_cell(t, word_of(item, "verdict"));
        (void)table_cell(t, word_of(item, "measured"));
        if (json_is_number(complete))
            (void)table_format(t, "%.0f%%", 100 * json_number_value(complete));
        else
            (void)table_cell(t, "-");
    }
    (void)fprintf(out, "%s  %s\n", word_of(sheet, "title"), field_text(sheet, "date"));
    table_print(t, out);
    (void)table_free(t);
}

void show_order(const json_t *answer, FILE *out)
{
    const json_t *value = json_object_get(answer, "answer");
    if (json_is_array(json_object_get(value, "items")))
        show_items(value, out);
    else if (json_is_object(json_object_get(value, "text")))
        (void)fprintf(out, "%s\n", word_of(value, "text"));
    else if (json_is_object(value) || json_is_array(value))
        show_plain(value, out);
    else
        (void)fprintf(out, words_phrase("%s: done\n", "%s：已执行\n"),
                      field_text(answer, "command"));
}

void show_commands(const json_t *answer, FILE *out)
{
    static const char *const heads[] = {"COMMAND", "TARGET", "ROLE", "WHAT IT DOES",
                                        NULL};
    const json_t *commands = json_object_get(answer, "commands");
    struct table *t = NULL;
    if (table_new(heads, &t) < 0)
        return;
    for (size_t i = 0; i < json_array_size(commands); i++) {
        const json_t *command = json_array_get(commands, i);
        (void)table_cell(t, field_text(command, "name"));
        (void)table_cell(t, field_text(command, "target"));
        (void)table_cell(t, field_text(command, "role"));
        (void)table_cell(t, word_of(command, "help"));
    }
    table_print(t, out);
    (void)table_free(t);
}
