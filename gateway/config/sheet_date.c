/* sheet_date.c - ids and names that a spreadsheet took for dates. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "config/sheet.h"

enum { MONTH_SIZE = 3, YEAR_DIGITS = 4, SERIAL_DIGITS = 5 };

/* Of the days 2020-01-01 and 2035-12-31, counted as spreadsheets do. */
enum { SERIAL_MIN = 43831, SERIAL_MAX = 49674 };

/* skip_digits - 1 .. @max of them; NULL: none. */
static const char *skip_digits(const char *text, size_t max)
{
    size_t n = text ? strspn(text, "0123456789") : 0;
    return n > 0 && n <= max ? text + n : NULL;
}

/* skip_word - @word; NULL: something else. */
static const char *skip_word(const char *text, const char *word)
{
    size_t size = strlen(word);
    return text && strncmp(text, word, size) == 0 ? text + size : NULL;
}

/* skip_month - "mar"; NULL: none. */
static const char *skip_month(const char *text)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    for (size_t i = 0; text && i < sizeof(months) / sizeof(months[0]); i++)
        if (strncmp(text, months[i], MONTH_SIZE) == 0)
            return text + MONTH_SIZE;
    return NULL;
}

static bool is_end(const char *text)
{
    return text && !*text;
}

/* is_chinese - 3月1日 or 2026年3月1日, its last word left out or not. */
static bool is_chinese(const char *folded)
{
    const char *year = skip_word(skip_digits(folded, YEAR_DIGITS), "年");
    const char *month = skip_word(skip_digits(year ? year : folded, 2), "月");
    const char *day = skip_digits(month, 2);
    return is_end(day) || is_end(skip_word(day, "日"));
}

/* is_stroked - 3/1, 2026/3/1. */
static bool is_stroked(const char *folded)
{
    const char *rest = skip_word(skip_digits(folded, YEAR_DIGITS), "/");
    rest = skip_digits(rest, 2);
    return rest && (!*rest || *rest == '/');
}

bool sheet_is_date(const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    text_fold(text, folded, sizeof(folded));
    const char *behind = skip_word(skip_digits(folded, YEAR_DIGITS), "-");
    const char *before = skip_word(skip_month(folded), "-");
    return is_end(skip_month(behind)) || is_end(skip_digits(before, YEAR_DIGITS))
           || is_chinese(folded) || is_stroked(folded);
}

/* is_serial - 46023, what a date is once its cell is a number. */
static bool is_serial(const char *folded)
{
    long number = 0;
    if (!is_end(skip_digits(folded, SERIAL_DIGITS)) || strlen(folded) != SERIAL_DIGITS)
        return false;
    for (const char *digit = folded; *digit; digit++)
        number = number * 10 + (*digit - '0');
    return number >= SERIAL_MIN && number <= SERIAL_MAX;
}

static bool may_be_date(const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    text_fold(text, folded, sizeof(folded));
    const char *month = skip_word(skip_digits(folded, YEAR_DIGITS), "-");
    const char *day = skip_word(skip_digits(month, 2), "-");
    bool is_whole = month == folded + YEAR_DIGITS + 1 && is_end(skip_digits(day, 2));
    return is_whole || is_serial(folded);
}

/* dates - how many cells of the column, below the heading, are such dates; 0: one stands
 * above @row, and that one was told with their number. */
static size_t dates(const struct csv *csv, const struct csv_row *row, size_t column,
                    bool (*is_date)(const char *text))
{
    size_t count = 0;
    for (const struct csv_row *at = &csv->rows[1]; at < csv->rows + csv->count; at++) {
        if (!is_date(csv_cell_at(at, column).text))
            continue;
        if (at < row)
            return 0;
        count++;
    }
    return count;
}

bool sheet_told_date(struct config_source *src, const struct csv *csv,
                     const struct csv_row *row, size_t column)
{
    const struct csv_cell cell = csv_cell_at(row, column);
    if (!sheet_is_date(cell.text))
        return false;
    size_t count = dates(csv, row, column, sheet_is_date);
    if (count > 0)
        config_fault(src->faults, cell.mark, csv_path(src, csv, row, column),
                     "'%s' is a date that the spreadsheet made of something else, %zu in "
                     "this column (allowed: text; make the column a text column and "
                     "write it anew)",
                     cell.text, count);
    return true;
}

void sheet_doubts_date(struct config_source *src, const struct csv *csv,
                       const struct csv_row *row, size_t column)
{
    const struct csv_cell cell = csv_cell_at(row, column);
    size_t count = may_be_date(cell.text) ? dates(csv, row, column, may_be_date) : 0;
    if (count > 0)
        config_warning(src->faults, cell.mark, csv_path(src, csv, row, column),
                       "'%s' looks like a date that the spreadsheet made of something "
                       "else, %zu in this column (wanted: an id such as 2024-P-01, the "
                       "column a text column first; leave it where it is meant)",
                       cell.text, count);
}
