#include "cli/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

enum { TABLE_CELL_MAX = 512, TABLE_GAP = 2 };

struct table {
    const char *heads[TABLE_COLUMNS_MAX];
    bool is_right[TABLE_COLUMNS_MAX];
    size_t columns;
    char **cells;
    size_t used;
    size_t room;
};

static const struct {
    uint32_t first;
    uint32_t last;
    size_t width;
} ranges[] = {
    {0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0},
    {0x2e80, 0x303e, 2},   {0x3041, 0x33ff, 2},   {0x3400, 0x4dbf, 2},
    {0x4e00, 0x9fff, 2},   {0xa000, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
    {0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
    {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
    {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
};

/* table_character - the code point at *text, which moves on; broken bytes count one. */
static uint32_t table_character(const char **text)
{
    const unsigned char *c = (const unsigned char *)*text;
    size_t more = c[0] >= 0xf0 ? 3 : c[0] >= 0xe0 ? 2 : c[0] >= 0xc0 ? 1 : 0;
    uint32_t code = more ? c[0] & (0x3fu >> more) : c[0];
    size_t i = 1;
    for (; i <= more && (c[i] & 0xc0) == 0x80; i++)
        code = code << 6 | (c[i] & 0x3fu);
    *text += i;
    return code;
}

size_t table_width(const char *text)
{
    size_t width = 0;
    while (*text) {
        uint32_t code = table_character(&text);
        size_t cells = 1;
        for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
            if (code >= ranges[i].first && code <= ranges[i].last)
                cells = ranges[i].width;
        width += cells;
    }
    return width;
}

int table_new(const char *const *heads, struct table **ret)
{
    struct table *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    for (; heads[t->columns] && t->columns < TABLE_COLUMNS_MAX; t->columns++) {
        const char *head = heads[t->columns];
        t->is_right[t->columns] = *head == '>';
        t->heads[t->columns] = words_tell(head + (*head == '>'));
    }
    *ret = t;
    return 0;
}

struct table *table_free(struct table *t)
{
    if (!t)
        return NULL;
    for (size_t i = 0; i < t->used; i++)
        free(t->cells[i]);
    free(t->cells);
    free(t);
    return NULL;
}

int table_cell(struct table *t, const char *text)
{
    if (t->used == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        char **cells = realloc(t->cells, room * sizeof(*cells));
        if (!cells)
            return -ENOMEM;
        t->cells = cells;
        t->room = room;
    }
    char *cell = strndup(text, TABLE_CELL_MAX);
    if (!cell)
        return -ENOMEM;
    for (char *c = cell; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    t->cells[t->used++] = cell;
    return 0;
}

int table_format(struct table *t, const char *format, ...)
{
    char text[TABLE_CELL_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return table_cell(t, text);
}

size_t table_rows(const struct table *t)
{
    return t->columns ? t->used / t->columns : 0;
}

static void table_pad(FILE *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)fputc(' ', out);
}

static void table_line(const struct table *t, const char *const *cells,
                       const size_t *widths, FILE *out)
{
    for (size_t i = 0; i < t->columns; i++) {
        size_t blank = widths[i] - table_width(cells[i]);
        bool is_last = i + 1 == t->columns;
        if (t->is_right[i])
            table_pad(out, blank);
        (void)fputs(cells[i], out);
        if (!is_last)
            table_pad(out, (t->is_right[i] ? 0 : blank) + TABLE_GAP);
    }
    (void)fputc('\n', out);
}

void table_print(const struct table *t, FILE *out)
{
    size_t widths[TABLE_COLUMNS_MAX];
    for (size_t i = 0; i < t->columns; i++)
        widths[i] = table_width(t->heads[i]);
    for (size_t i = 0; i < table_rows(t) * t->columns; i++) {
        size_t width = table_width(t->cells[i]);
        if (width > widths[i % t->columns])
            widths[i % t->columns] = width;
    }
    table_line(t, t->heads, widths, out);
    for (size_t row = 0; row < table_rows(t); row++)
        table_line(t, (const char *const *)t->cells + row * t->columns, widths, out);
}
