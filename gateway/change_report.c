/* change_report.c - a change as people see it. */
#include <string.h>

#include "change.h"

static json_t *key_json(const struct diff_row *row, const struct diff_key *key)
{
    return json_pack("{s:s, s:s, s:s, s:b}", "key", key->key, "before", key->before,
                     "after", key->after, "restart", settings_is_fixed(row, key->key));
}

static json_t *row_json(const struct diff_row *row)
{
    json_t *keys = json_array();
    for (size_t i = 0; i < row->key_count; i++)
        (void)json_array_append_new(keys, key_json(row, &row->keys[i]));
    return json_pack("{s:s, s:s, s:s, s:o}", "kind", diff_kind_name(row->kind), "name",
                     row->name, "what", diff_what_name(row->what), "keys", keys);
}

/* The faults are lines already. */
static json_t *lines_json(const char *text)
{
    json_t *lines = json_array();
    while (text && *text) {
        size_t size = strcspn(text, "\n");
        (void)json_array_append_new(lines, json_stringn(text, size));
        text += size + (text[size] == '\n');
    }
    return lines;
}

json_t *change_json(const struct change *c)
{
    json_t *rows = json_array();
    for (size_t i = 0; c->diff && i < c->diff->count; i++)
        (void)json_array_append_new(rows, row_json(&c->diff->rows[i]));
    return json_pack("{s:o, s:o, s:I, s:I, s:f}", "changes", rows, "faults",
                     lines_json(c->listing), "errors", (json_int_t)c->faults,
                     "buses_restarted", (json_int_t)c->parted, "swap_ms",
                     (double)c->swap_us / 1000.0);
}
