#include "config/sheet.h"

#include <stdarg.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

enum { NUMBER_DIGITS_MAX = 9 };

static void told(const struct sheet *s, const struct csv_row *row, size_t column,
                 bool is_warning, const char *format, va_list args)
{
    const struct config_mark mark = csv_cell_at(row, column).mark;
    const char *path = csv_path(s->src, s->csv, row, column);
    config_vfault(s->src->faults, mark, path, is_warning, format, args);
}

/* fault_at - at a column of the table itself. */
static void __attribute__((format(printf, 4, 5)))
fault_at(const struct sheet *s, const struct csv_row *row, size_t column,
         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    told(s, row, column, false, format, args);
    va_end(args);
}

size_t sheet_at(const struct sheet *s, size_t column)
{
    return s->at[column] == SIZE_MAX ? 0 : s->at[column];
}

void sheet_fault(const struct sheet *s, const struct csv_row *row, size_t column,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    told(s, row, sheet_at(s, column), false, format, args);
    va_end(args);
}

void sheet_warning(const struct sheet *s, const struct csv_row *row, size_t column,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    told(s, row, sheet_at(s, column), true, format, args);
    va_end(args);
}

struct csv_cell sheet_cell(const struct sheet *s, const struct csv_row *row,
                           size_t column)
{
    if (s->at[column] == SIZE_MAX)
        return (struct csv_cell){.text = "", .mark = row->cells[0].mark};
    return csv_cell_at(row, s->at[column]);
}

static const char *column_names(const struct sheet *s)
{
    struct strbuf names = {0};
    for (size_t i = 0; i < s->count; i++)
        strbuf_format(&names, "%s%s", i > 0 ? ", " : "", s->columns[i].words[0]);
    const char *text = arena_string(s->src->arena, names.text ? names.text : "");
    strbuf_free(&names);
    return text ? text : "";
}

/* column_of - the column that @text heads; count = none. */
static size_t column_of(const struct sheet *s, const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    text_fold(text, folded, sizeof(folded));
    folded[strcspn(folded, "(")] = '\0';
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; s->columns[i].words[k]; k++)
            if (strcmp(s->columns[i].words[k], folded) == 0)
                return i;
    return s->count;
}

static void read_head(struct sheet *s, const struct csv_row *row, size_t column)
{
    const char *text = row->cells[column].text;
    size_t found = column_of(s, text);
    if (!text[0] || csv_is_comment(text))
        return;
    if (found == s->count)
        fault_at(s, row, column,
                 "'%s' heads no column of this table (allowed: %s; no names of people; "
                 "a column headed # is not read)",
                 text, column_names(s));
    else if (s->at[found] != SIZE_MAX)
        fault_at(s, row, column, "'%s' is the heading of column %zu too (allowed: once)",
                 text, s->at[found] + 1);
    else
        s->at[found] = column;
}

/* is_bare - the heading has nothing in @column; is_unheaded - and most rows have. */
static bool is_bare(const struct sheet *s, size_t column)
{
    return !csv_cell_at(&s->csv->rows[0], column).text[0];
}

static bool is_unheaded(const struct sheet *s, size_t column)
{
    size_t used = 0;
    for (size_t i = 1; i < s->csv->count; i++)
        used += csv_cell_at(&s->csv->rows[i], column).text[0] != '\0';
    return is_bare(s, column) && column < s->csv->rows[0].count
           && 2 * used > s->csv->count;
}

/* check_heads - a column that is filled and has no heading: its cells may be names. */
static void check_heads(const struct sheet *s)
{
    for (size_t i = 0; i < s->csv->rows[0].count; i++)
        if (is_unheaded(s, i))
            fault_at(s, &s->csv->rows[0], i,
                     "no heading stands here, and something in the rows below (allowed: "
                     "%s; a column headed # is not read)",
                     column_names(s));
}

/* check_width - nothing stands under no heading: a comma that is no separator moves all
 * that follows. */
static void check_width(const struct sheet *s, const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].text[0] && is_bare(s, i) && !is_unheaded(s, i))
            fault_at(s, row, i,
                     "'%s' stands under no heading (allowed: below a heading; a comma "
                     "inside a cell wants quotes)",
                     row->cells[i].text);
}

/* is_headless - no cell of the first row heads a column: that is told once. */
static bool is_headless(const struct sheet *s)
{
    const struct csv_row *heading = &s->csv->rows[0];
    for (size_t i = 0; i < heading->count; i++)
        if (column_of(s, heading->cells[i].text) != s->count)
            return false;
    return true;
}

/* tell_missing - false, or one fault with all columns that must be there and are not.
 * has_heads  some are there: else the file may be in another encoding */
static bool tell_missing(const struct sheet *s, bool has_heads)
{
    struct strbuf names = {0};
    size_t missing = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->columns[i].is_required && s->at[i] == SIZE_MAX)
            strbuf_format(&names, "%s%s", missing++ > 0 ? ", " : "",
                          s->columns[i].words[0]);
    if (missing > 0 && !has_heads)
        fault_at(s, &s->csv->rows[0], 0,
                 "no column is headed %s (allowed: in the first row, %s; saved as UTF-8 "
                 "where it cannot be read)",
                 names.text ? names.text : "", column_names(s));
    else if (missing > 0)
        fault_at(s, &s->csv->rows[0], 0,
                 "no column is headed %s (allowed: in the first row, %s)",
                 names.text ? names.text : "", column_names(s));
    strbuf_free(&names);
    return missing > 0;
}

bool sheet_open(struct config_source *src, const struct csv *csv,
                const struct sheet_column *columns, size_t count, struct sheet *ret)
{
    size_t errors = config_faults_errors(src->faults);
    *ret = (struct sheet){src, csv, columns, count, {0}};
    for (size_t i = 0; i < count; i++)
        ret->at[i] = SIZE_MAX;
    if (csv->count == 0) {
        config_fault(src->faults, (struct config_mark){csv->file, 1, 1}, csv->name,
                     "the table is empty (allowed: a row of headings and rows below it; "
                     "or no such file)");
        return false;
    }
    bool is_good = !is_headless(ret);
    for (size_t i = 0; is_good && i < csv->rows[0].count; i++)
        read_head(ret, &csv->rows[0], i);
    if (is_good)
        check_heads(ret);
    is_good = !tell_missing(ret, is_good);
    for (size_t i = 1; is_good && i < csv->count; i++)
        check_width(ret, &csv->rows[i]);
    if (is_good && csv->count == 1 && !csv->is_torn
        && config_faults_errors(src->faults) == errors)
        fault_at(ret, &csv->rows[0], 0,
                 "nothing stands below the headings (allowed: rows below them; or no "
                 "such file)");
    return is_good && csv->count > 1;
}

bool sheet_are_exchanged(const struct sheet *s, const struct column_trait *traits,
                         const void *ctx)
{
    const struct exchange e = {s->csv, s->at, traits, s->count, ctx};
    const struct csv_row *heading = &s->csv->rows[0];
    size_t a = 0;
    size_t b = 0;
    if (!exchange_find(&e, &a, &b))
        return false;
    sheet_fault(s, heading, a,
                "what belongs below '%s' stands below '%s', and the other way round "
                "(allowed: each below its heading)",
                sheet_cell(s, heading, a).text, sheet_cell(s, heading, b).text);
    return true;
}

bool sheet_whole(const struct sheet *s, const struct csv_row *row, size_t column,
                 uint32_t min, uint32_t max, uint32_t *ret)
{
    char folded[SHEET_FOLDED_MAX];
    uint32_t number = 0;
    const char *text = sheet_cell(s, row, column).text;
    text_fold(text, folded, sizeof(folded));
    size_t digits = strspn(folded, "0123456789");
    bool is_good = digits > 0 && digits <= NUMBER_DIGITS_MAX && !folded[digits];
    for (size_t i = 0; is_good && i < digits; i++)
        number = number * 10 + (uint32_t)(folded[i] - '0');
    if (!text[0])
        sheet_fault(s, row, column, "no %s stands here (allowed: %u .. %u)",
                    s->columns[column].words[0], (unsigned)min, (unsigned)max);
    else if (!is_good)
        sheet_fault(s, row, column,
                    "'%s' is not a whole number (allowed: %u .. %u, the number alone)",
                    text, (unsigned)min, (unsigned)max);
    else if (number < min || number > max)
        sheet_fault(s, row, column, "'%s' is out of range (allowed: %u .. %u)", text,
                    (unsigned)min, (unsigned)max);
    *ret = is_good ? number : 0;
    return is_good && number >= min && number <= max;
}
