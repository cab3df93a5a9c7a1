#include "config/csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

static const char separators[] = ",;\t";

/* reader - one pass over the text.
 * row, column   where @at is: the line, and the character of it, both 1..
 * number        of the row, which may be several lines long */
struct reader {
    struct config_source *src;
    struct csv *csv;
    const char *at;
    const char *end;
    char separator;
    int line;
    int column;
    uint32_t number;
    struct csv_cell cells[CSV_COLUMNS_MAX];
    size_t count;
    bool has_failed;
};

static struct config_mark here(const struct reader *r)
{
    return (struct config_mark){r->csv->file, r->line, r->column};
}

static void step(struct reader *r)
{
    unsigned char c = (unsigned char)*r->at++;
    if (c == '\n') {
        r->line++;
        r->column = 1;
    } else if ((c & 0xc0) != 0x80) {
        r->column++;
    }
}

static bool is_line_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n'
           || (*r->at == '\r' && (r->at + 1 == r->end || r->at[1] == '\n'));
}

static void skip_line_end(struct reader *r)
{
    if (r->at < r->end && *r->at == '\r')
        r->at++;
    if (r->at < r->end)
        step(r);
}

/* blank_size - bytes of the blank at @s; Chinese typing has a wide one, U+3000, and
 * spreadsheets one that does not break, U+00A0. */
static size_t blank_size(const char *s, size_t left)
{
    if (left >= 1 && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
        return 1;
    if (left >= 2 && memcmp(s, "\xc2\xa0", 2) == 0)
        return 2;
    return left >= 3 && memcmp(s, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t blank_before(const char *start, const char *end)
{
    for (size_t n = 1; n <= 3 && (size_t)(end - start) >= n; n++)
        if (blank_size(end - n, n) == n)
            return n;
    return 0;
}

static const char *trimmed(struct reader *r, const char *start, const char *end)
{
    for (size_t n; (n = blank_size(start, (size_t)(end - start))) > 0;)
        start += n;
    for (size_t n; (n = blank_before(start, end)) > 0;)
        end -= n;
    char *text = arena_alloc(r->src->arena, (size_t)(end - start) + 1);
    if (!text) {
        r->has_failed = true;
        return "";
    }
    memcpy(text, start, (size_t)(end - start));
    return text;
}

/* quoted_size - bytes up to the closing quote, doubled ones and all. */
static size_t quoted_size(const struct reader *r)
{
    const char *c = r->at + 1;
    while (c < r->end && (*c != '"' || (c + 1 < r->end && c[1] == '"')))
        c += 1 + (*c == '"');
    return (size_t)(c - r->at);
}

/* quoted - from the opening quote to behind the closing one; two quotes are one. */
static const char *quoted(struct reader *r)
{
    char *text = arena_alloc(r->src->arena, quoted_size(r) + 1);
    size_t used = 0;
    if (!text) {
        r->has_failed = true;
        r->at = r->end;
        return "";
    }
    step(r);
    for (; r->at < r->end; step(r)) {
        bool is_quote = *r->at == '"';
        if (is_quote && (r->at + 1 == r->end || r->at[1] != '"'))
            break;
        if (is_quote)
            step(r);
        text[used++] = *r->at;
    }
    step(r);
    return trimmed(r, text, text + used);
}

/* is_closed - the quote at r->at has its other one: before the end of a cell.  One that
 * has not would take all rows up to the next quote with it. */
static bool is_closed(const struct reader *r)
{
    const char *next = r->at + quoted_size(r) + 1;
    const char *line = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (next > r->end)
        return false;
    bool is_end = next == r->end || *next == '\n' || *next == '\r' || *next == ' '
                  || *next == r->separator;
    return is_end || !line || next < line;
}

/* unclosed - the rest of the line: what stands below it is read as if nothing was. */
static const char *unclosed(struct reader *r, struct config_mark mark)
{
    config_fault(r->src->faults, mark, r->csv->name,
                 "the quote is not closed (allowed: \"…\", a quote inside doubled)");
    r->csv->is_torn = true;
    while (!is_line_end(r))
        step(r);
    return "";
}

static const char *plain(struct reader *r)
{
    const char *start = r->at;
    while (!is_line_end(r) && *r->at != r->separator)
        step(r);
    return trimmed(r, start, r->at);
}

/* has_signs - @text is parted by some sign into more cells than a sentence has commas. */
static bool has_signs(const char *text)
{
    static const char *const signs[] = {",", ";", "\t", "，", "；"};
    enum { SIGNS_MIN = 10 };
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t count = 0;
        for (const char *at = text; (at = strstr(at, signs[i])); at += strlen(signs[i]))
            count++;
        if (count >= SIGNS_MIN)
            return true;
    }
    return false;
}

static void read_cell(struct reader *r)
{
    while (r->at < r->end && *r->at == ' ' && r->separator != ' ')
        step(r);
    struct csv_cell cell = {.mark = here(r)};
    bool is_quoted = r->at < r->end && *r->at == '"';
    bool is_whole = is_quoted && is_closed(r);
    cell.text = is_whole ? quoted(r) : is_quoted ? unclosed(r, cell.mark) : plain(r);
    if (is_quoted && !is_line_end(r) && *r->at != r->separator) {
        config_fault(r->src->faults, here(r), r->csv->name,
                     "something stands behind the closing quote (allowed: the next "
                     "cell; a quote inside a cell is doubled)");
        (void)plain(r);
    }
    if (strlen(cell.text) > CSV_CELL_MAX && has_signs(cell.text))
        config_fault(r->src->faults, cell.mark, r->csv->name, CSV_OTHER_SIGN, cell.text);
    else if (strlen(cell.text) > CSV_CELL_MAX)
        config_fault(r->src->faults, cell.mark, r->csv->name,
                     "the cell is too long (allowed: %d bytes)", CSV_CELL_MAX);
    if (r->count < CSV_COLUMNS_MAX)
        r->cells[r->count++] = cell;
}

static void keep_row(struct reader *r, const struct csv_row *row)
{
    if (r->csv->count == CSV_ROWS_MAX) {
        config_fault(r->src->faults, row->cells[0].mark, r->csv->name,
                     "the table is too long (allowed: %d rows)", CSV_ROWS_MAX);
        r->at = r->end;
        return;
    }
    r->csv->rows[r->csv->count++] = *row;
}

static bool is_blank(const struct csv_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i].text[0])
            return false;
    return true;
}

bool csv_is_comment(const char *text)
{
    static const char *const errors[] = {
        "#N/A",          "#REF!",     "#VALUE!",   "#NAME?",    "#DIV/0!", "#NUM!",
        "#NULL!",        "#CALC!",    "#SPILL!",   "#BLOCKED!", "#FIELD!", "#BUSY!",
        "#GETTING_DATA", "#UNKNOWN!", "#CONNECT!", NULL};
    for (size_t i = 0; errors[i]; i++)
        if (strcasecmp(text, errors[i]) == 0)
            return false;
    return text[0] == '#' && (!text[1] || text[strspn(text, "#")]);
}

/* A row of hashes alone is a ruler. */
static bool is_comment(const struct reader *r)
{
    const char *text = r->cells[0].text;
    return csv_is_comment(text) || (r->count == 1 && text[0] == '#');
}

static void read_row(struct reader *r)
{
    r->count = 0;
    r->number++;
    size_t errors = config_faults_errors(r->src->faults);
    read_cell(r);
    while (!is_line_end(r)) {
        step(r); /* the separator */
        read_cell(r);
    }
    bool is_torn = r->csv->is_torn && config_faults_errors(r->src->faults) > errors;
    if (!is_torn && !is_blank(r->cells, r->count) && !is_comment(r)) {
        struct csv_row row = {
            .cells = arena_copy(r->src->arena, r->cells, r->count * sizeof(*r->cells)),
            .count = r->count,
            .number = r->number,
        };
        if (row.cells)
            keep_row(r, &row);
        else
            r->has_failed = true;
    }
    skip_line_end(r);
}

/* find_separator - what the first row with any has most of, or Excel's "sep=;". */
static void find_separator(struct reader *r)
{
    size_t left = (size_t)(r->end - r->at);
    if (left > 4 && strncmp(r->at, "sep=", 4) == 0) {
        r->separator = r->at[4];
        while (!is_line_end(r))
            step(r);
        skip_line_end(r);
        r->number++;
        return;
    }
    size_t counts[sizeof(separators)] = {0};
    size_t most = 0;
    bool is_quoted = false;
    for (const char *c = r->at; c < r->end && (*c != '\n' || most == 0); c++) {
        const char *found = is_quoted ? NULL : strchr(separators, *c);
        is_quoted ^= *c == '"';
        if (!found)
            continue;
        size_t n = ++counts[found - separators];
        if (n > most) {
            most = n;
            r->separator = *c;
        }
    }
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 1;
    for (size_t i = 0; i < size && lines < CSV_ROWS_MAX; i++)
        lines += text[i] == '\n';
    return lines;
}

/* has_wide_separator - false, or a fault: a row that a Chinese keyboard parted. */
static bool has_wide_separator(struct reader *r)
{
    static const char *const wide[] = {"，", "；", "、", "｜"};
    struct reader at = *r;
    for (; at.at < at.end && *at.at != '\n'; step(&at)) {
        if (strchr(separators, *at.at))
            return false;
        for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
            if ((size_t)(at.end - at.at) >= strlen(wide[i])
                && memcmp(at.at, wide[i], strlen(wide[i])) == 0) {
                config_fault(r->src->faults, here(&at), r->csv->name,
                             "the cells are parted by a full-width '%s' (allowed: a "
                             "comma, a semicolon or a tab, all of them half-width)",
                             wide[i]);
                return true;
            }
    }
    return false;
}

/* parted - how many lines below the first have @separator. */
static size_t parted(const struct reader *r, char separator)
{
    size_t lines = 0;
    const char *line = memchr(r->at, '\n', (size_t)(r->end - r->at));
    while (line && ++line < r->end) {
        const char *next = memchr(line, '\n', (size_t)(r->end - line));
        const size_t size = (size_t)((next ? next : r->end) - line);
        lines += memchr(line, separator, size) != NULL;
        line = next;
    }
    return lines;
}

/* has_lone_heading - false, or a fault: the heading is parted by one sign and what is
 * below by another. */
static bool has_lone_heading(struct reader *r)
{
    static const char *const names[] = {",", ";", "\\t"};
    enum { LINES_MIN = 2 };
    const char *own = strchr(separators, r->separator);
    if (!own || !*own || parted(r, r->separator) > 0)
        return false;
    for (size_t i = 0; separators[i]; i++)
        if (parted(r, separators[i]) >= LINES_MIN) {
            config_fault(r->src->faults, here(r), r->csv->name,
                         "the heading is parted by '%s', and the rows below by '%s' "
                         "(allowed: one sign in the whole table)",
                         names[own - separators], names[i]);
            return true;
        }
    return false;
}

static void read_rows(struct reader *r)
{
    find_separator(r);
    r->has_failed = has_wide_separator(r) || has_lone_heading(r);
    while (r->at < r->end && !r->has_failed)
        read_row(r);
}

/* forget_remarks - what stands in columns headed #…; a row may have nothing else. */
static void forget_remarks(struct csv *csv)
{
    size_t kept = 0;
    for (size_t i = csv->count; i-- > 0;) /* the heading last: it tells which */
        for (size_t k = 0; k < csv->rows[i].count && k < csv->rows[0].count; k++)
            if (csv_is_comment(csv->rows[0].cells[k].text))
                csv->rows[i].cells[k].text = i == 0 ? "#" : "";
    for (size_t i = 0; i < csv->count; i++)
        if (!is_blank(csv->rows[i].cells, csv->rows[i].count))
            csv->rows[kept++] = csv->rows[i];
    csv->count = kept;
}

/* put_version - false: out of memory. */
static bool put_version(struct config_source *src, struct csv *csv)
{
    char *plain = csv_plain(csv);
    csv->hash = plain ? hash_bytes(plain, strlen(plain)) : 0;
    csv->version =
        arena_format(src->arena, "%zu rows, %016" PRIx64, csv->count, csv->hash);
    free(plain);
    return plain && csv->version;
}

/* base_name - "timetable" of "/etc/campus-gateway/timetable.csv". */
static const char *base_name(struct config_source *src, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return arena_format(src->arena, "%.*s", dot ? (int)(dot - name) : (int)strlen(name),
                        name);
}

const struct csv *csv_parse(struct config_source *src, const char *file, const char *text,
                            size_t size)
{
    struct csv *csv = arena_alloc(src->arena, sizeof(*csv));
    struct reader *r = arena_alloc(src->arena, sizeof(*r));
    const char *name = base_name(src, file);
    const char *encoding = "";
    size_t bad = 0;
    if (!csv || !r || !name)
        return NULL;
    *csv = (struct csv){.file = file, .name = name};
    *r =
        (struct reader){.src = src, .csv = csv, .separator = ',', .line = 1, .column = 1};
    if (csv_is_workbook(text, size)) {
        config_fault(
            src->faults, here(r), name,
            "is a workbook of a spreadsheet program, whatever its name (allowed: "
            "saved as CSV)");
        return NULL;
    }
    r->at = csv_utf8(src, text, size, &size, &encoding, &bad);
    if (!r->at) {
        for (size_t i = 0; i < bad; i++)
            r->line += text[i] == '\n';
        config_fault(src->faults, here(r), name,
                     "cannot be read as %s (allowed: UTF-8, UTF-16 or GB18030)",
                     encoding);
        return NULL;
    }
    r->end = r->at + size;
    csv->rows = arena_alloc(src->arena, count_lines(r->at, size) * sizeof(*csv->rows));
    if (!csv->rows)
        return NULL;
    read_rows(r);
    forget_remarks(csv);
    return put_version(src, csv) && !r->has_failed ? csv : NULL;
}

struct csv_cell csv_cell_at(const struct csv_row *row, size_t column)
{
    if (column < row->count)
        return row->cells[column];
    return (struct csv_cell){.text = "", .mark = row->cells[row->count - 1].mark};
}

const char *csv_version(const struct csv *csv)
{
    return csv ? csv->version : NULL;
}

const char *csv_path(struct config_source *src, const struct csv *csv,
                     const struct csv_row *row, size_t column)
{
    char letters[3] = {0};
    if (column >= 26)
        letters[0] = (char)('A' + column / 26 - 1);
    letters[column >= 26] = (char)('A' + column % 26);
    const char *path =
        arena_format(src->arena, "%s.%s%u", csv->name, letters, row->number);
    return path ? path : csv->name;
}

const char *csv_path_at(struct config_source *src, const struct csv *csv,
                        struct config_mark mark)
{
    for (size_t i = 0; i < csv->count; i++)
        for (size_t k = 0; k < csv->rows[i].count; k++)
            if (csv->rows[i].cells[k].mark.line == mark.line
                && csv->rows[i].cells[k].mark.column == mark.column)
                return csv_path(src, csv, &csv->rows[i], k);
    return csv->name;
}
