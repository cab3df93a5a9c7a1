#include "cli/show_plain.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cli/show.h"
#include "cli/table.h"
#include "cli/words.h"

enum { DEPTH_MAX = 4, HEAD_MAX = 32, CELL_MAX = 64 };

static void show_value(const json_t *value, int depth, FILE *out);

static bool is_text(const json_t *value)
{
    return json_is_object(value) && json_object_get(value, "zh");
}

/* A list or an object of its own; not {"zh":…, "en":…}. */
static bool is_nested(const json_t *value)
{
    return json_is_array(value) || (json_is_object(value) && !is_text(value));
}

static const char *cell_text(const json_t *value, char room[CELL_MAX])
{
    const char *text = is_text(value) ? show_title(value) : json_string_value(value);
    if (json_is_number(value)) {
        (void)snprintf(room, CELL_MAX, "%.10g", json_number_value(value));
        text = room;
    }
    if (json_is_boolean(value))
        text = json_is_true(value) ? "yes" : "-";
    return text && *text ? words_tell(text) : "-";
}

/* "left_out" is told as "left out", or "LEFT OUT" over a table. */
static void head_text(const char *key, bool is_upper, char ret[HEAD_MAX])
{
    size_t i = 0;
    for (; key[i] && i < HEAD_MAX - 1; i++)
        ret[i] = (char)(key[i] == '_' ? ' '
                        : is_upper    ? toupper((unsigned char)key[i])
                                      : key[i]);
    ret[i] = '\0';
}

/* --- a list of objects -------------------------------------------------------------- */

/* The keys of the first object that hold one value each. */
static size_t list_keys(const json_t *list, const char *keys[TABLE_COLUMNS_MAX])
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t count = 0;
    json_object_foreach(json_array_get(list, 0), key, value)
    {
        if (!is_nested(value) && count < TABLE_COLUMNS_MAX)
            keys[count++] = key;
    }
    return count;
}

static void show_table(const json_t *list, FILE *out)
{
    const char *keys[TABLE_COLUMNS_MAX];
    char heads[TABLE_COLUMNS_MAX][HEAD_MAX];
    const char *shown[TABLE_COLUMNS_MAX + 1] = {NULL};
    char room[CELL_MAX];
    struct table *t = NULL;
    size_t count = list_keys(list, keys);
    for (size_t k = 0; k < count; k++) {
        head_text(keys[k], true, heads[k]);
        shown[k] = heads[k];
    }
    if (count == 0 || table_new(shown, &t) < 0)
        return;
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = 0; k < count; k++)
            (void)table_cell(
                t, cell_text(json_object_get(json_array_get(list, i), keys[k]), room));
    table_print(t, out);
    (void)table_free(t);
}

/* What @object has inside, under its name: its first value says which it is. */
static void show_inside(const json_t *object, bool is_row, int depth, FILE *out)
{
    char room[CELL_MAX];
    char head[HEAD_MAX];
    const char *key = NULL;
    const char *which = "";
    json_t *value = NULL;
    json_object_foreach((json_t *)object, key, value)
    {
        if (is_row && !*which && !is_nested(value))
            which = cell_text(value, room);
        if (!is_nested(value))
            continue;
        head_text(key, false, head);
        (void)fprintf(out, words_phrase("\n%s%s%s:", "\n%s%s%s："), which,
                      *which ? " " : "", words_tell(head));
        if (json_is_array(value) && json_array_size(value) == 0)
            (void)fprintf(out, words_phrase(" %s", "%s"), words_tell("none"));
        (void)fputc('\n', out);
        show_value(value, depth + 1, out);
    }
}

static void show_list(const json_t *list, int depth, FILE *out)
{
    char room[CELL_MAX];
    if (json_is_object(json_array_get(list, 0))) {
        show_table(list, out);
        for (size_t i = 0; i < json_array_size(list); i++)
            show_inside(json_array_get(list, i), true, depth, out);
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        (void)fprintf(out, "%s\n", cell_text(json_array_get(list, i), room));
}

/* --- an object ---------------------------------------------------------------------- */

static void show_object(const json_t *object, int depth, FILE *out)
{
    char room[CELL_MAX];
    char head[HEAD_MAX];
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)object, key, value)
    {
        head_text(key, false, head);
        if (!is_nested(value))
            (void)fprintf(out, words_phrase("%s: %s\n", "%s：%s\n"), words_tell(head),
                          cell_text(value, room));
    }
    show_inside(object, false, depth, out);
}

static void show_value(const json_t *value, int depth, FILE *out)
{
    if (depth >= DEPTH_MAX)
        return;
    if (json_is_array(value))
        show_list(value, depth, out);
    else
        show_object(value, depth, out);
}

void show_plain(const json_t *value, FILE *out)
{
    if (json_is_array(value) && json_array_size(value) == 0)
        (void)fprintf(out, "%s\n", words_tell("none"));
    show_value(value, 0, out);
}
