#include "campus/entry_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "campus/day_book.h"
#include "campus/timetable.h"

enum { WORD_MAX = SHEET_FOLDED_MAX, DATE_MAX = 64, OF_A_ROW = 2 };

enum entry_column {
    COLUMN_DO,
    COLUMN_DAY,
    COLUMN_CLASS,
    COLUMN_COUNT,
    COLUMN_LEAVE,
    COLUMN_ATTENDANCE,
    COLUMN_LESSON,
    COLUMN_WITH,
    COLUMN_WITH_DAY,
    COLUMN_SUBJECT,
    COLUMN_PLACE,
    COLUMN_REASON,
    COLUMN_FROM,
    COLUMN_UNTIL,
    COLUMN_UNDO,
    COLUMNS
};

#define WORDS(...)                                      \
    {                                                   \
        (const char *const[]){__VA_ARGS__, NULL}, false \
    }
static const struct sheet_column columns[COLUMNS] = {
    [COLUMN_DO] = WORDS("登记", "事项", "do"),
    [COLUMN_DAY] = {(const char *const[]){"日期", "day", "date", NULL}, true},
    [COLUMN_CLASS] = WORDS("班级", "班", "class"),
    [COLUMN_COUNT] = WORDS("人数", "count"),
    [COLUMN_LEAVE] = WORDS("请假", "请假人数", "leave"),
    [COLUMN_ATTENDANCE] = WORDS("到校", "到校人数", "实到", "实到人数", "attendance"),
    [COLUMN_LESSON] = WORDS("节次", "节", "lesson"),
    [COLUMN_WITH] = WORDS("对调节次", "对调", "with"),
    [COLUMN_WITH_DAY] = WORDS("对调日期", "with_day"),
    [COLUMN_SUBJECT] = WORDS("科目", "课程", "subject"),
    [COLUMN_PLACE] = WORDS("教室", "地点", "place", "room"),
    [COLUMN_REASON] = WORDS("原因", "reason"),
    [COLUMN_FROM] = WORDS("开始", "从", "from"),
    [COLUMN_UNTIL] = WORDS("结束", "到", "until"),
    [COLUMN_UNDO] = WORDS("撤销", "undo"),
};

/* keys - of an entry, by column; NULL: the column is read otherwise. */
static const char *const keys[COLUMNS] = {
    [COLUMN_DO] = "do",           [COLUMN_DAY] = "day",
    [COLUMN_CLASS] = "class",     [COLUMN_COUNT] = "count",
    [COLUMN_LESSON] = "lesson",   [COLUMN_WITH] = "with",
    [COLUMN_SUBJECT] = "subject", [COLUMN_WITH_DAY] = "with_day",
    [COLUMN_PLACE] = "place",     [COLUMN_REASON] = "reason",
    [COLUMN_FROM] = "from",       [COLUMN_UNTIL] = "until",
    [COLUMN_UNDO] = "undo",
};

/* entry_origin - count: the column that has the number. */
struct entry_origin {
    const struct csv_row *row;
    size_t count;
};

/* word - what people may write for a value. */
struct word {
    const char *written;
    const char *value;
};

static const struct word kinds[] = {{"请假", "leave"},
                                    {"leave", "leave"},
                                    {"到校", "attendance"},
                                    {"考勤", "attendance"},
                                    {"attendance", "attendance"},
                                    {"调课", "swap-lesson"},
                                    {"换课", "swap-lesson"},
                                    {"swap-lesson", "swap-lesson"},
                                    {"免户外", "exempt"},
                                    {"exempt", "exempt"},
                                    {NULL, NULL}};
static const struct word reasons[] = {{"下雨", "rain"},
                                      {"雨", "rain"},
                                      {"rain", "rain"},
                                      {"污染", "pollution"},
                                      {"空气污染", "pollution"},
                                      {"pollution", "pollution"},
                                      {NULL, NULL}};
static const struct word undone[] = {
    {"是", "true"}, {"撤销", "true"}, {"true", "true"}, {"1", "true"}, {NULL, NULL}};

static const char *meaning(const struct word *words, const char *folded)
{
    while (words->written && strcmp(words->written, folded) != 0)
        words++;
    return words->value;
}

/* date_text - 2026-11-23, also of 2026/11/23 and 2026年11月23日 as spreadsheets show it;
 * what is none of them stays. */
static const char *date_text(const char *folded, char ret[DATE_MAX])
{
    static const char *const forms[] = {"%4d-%2d-%2d%n", "%4d/%2d/%2d%n",
                                        "%4d年%2d月%2d日%n"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        int year = 0;
        int month = 0;
        int day = 0;
        int size = 0;
        if (sscanf(folded, forms[i], &year, &month, &day, &size) != 3 || folded[size])
            continue;
        (void)snprintf(ret, DATE_MAX, "%04d-%02d-%02d", year, month, day);
        return ret;
    }
    return folded;
}

/* clock_text - 08:20, also of 8:20 and 8:20:00; what is none of them stays. */
static const char *clock_text(const char *folded, char ret[DATE_MAX])
{
    static const char *const forms[] = {"%2d:%2d%n", "%2d:%2d:00%n"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        int hour = 0;
        int minute = 0;
        int size = 0;
        if (sscanf(folded, forms[i], &hour, &minute, &size) != 2 || !size || folded[size])
            continue;
        (void)snprintf(ret, DATE_MAX, "%02d:%02d", hour, minute);
        return ret;
    }
    return folded;
}

/* put_word - the value that @words have for the cell, or a fault. */
static bool put_word(const struct entry_table *t, const struct csv_row *row,
                     size_t column, const struct word *words, json_t *object)
{
    char folded[WORD_MAX];
    const char *text = sheet_cell(&t->sheet, row, column).text;
    text_fold(text, folded, sizeof(folded));
    const char *value = meaning(words, folded);
    if (!value)
        sheet_fault(&t->sheet, row, column, "'%s' is not known (allowed: %s, %s, …)",
                    text, words[0].written, words[2].written);
    else
        (void)json_object_set_new(object, keys[column],
                                  column == COLUMN_UNDO ? json_true()
                                                        : json_string(value));
    return value != NULL;
}

static bool put_number(const struct entry_table *t, const struct csv_row *row,
                       size_t column, const char *key, json_t *object)
{
    uint32_t number = 0;
    bool is_lesson = column == COLUMN_LESSON || column == COLUMN_WITH;
    uint32_t most = is_lesson ? TIMETABLE_LESSONS_MAX : DAY_BOOK_PUPILS_MAX;
    if (!sheet_whole(&t->sheet, row, column, is_lesson, most, &number))
        return false;
    return json_object_set_new(object, key, json_integer(number)) == 0;
}

/* put_text - as it stands, but for the forms that spreadsheets give to days and times. */
static bool put_text(const struct entry_table *t, const struct csv_row *row,
                     size_t column, json_t *object)
{
    char folded[WORD_MAX];
    char form[DATE_MAX];
    const char *text = sheet_cell(&t->sheet, row, column).text;
    text_fold(text, folded, sizeof(folded));
    if (column == COLUMN_DAY || column == COLUMN_WITH_DAY)
        text = date_text(folded, form);
    else if (column == COLUMN_FROM || column == COLUMN_UNTIL)
        text = clock_text(folded, form);
    return json_object_set_new(object, keys[column], json_string(text)) == 0;
}

static bool put_cell(const struct entry_table *t, const struct csv_row *row,
                     size_t column, json_t *object)
{
    static const struct word *const words[COLUMNS] = {
        [COLUMN_DO] = kinds, [COLUMN_REASON] = reasons, [COLUMN_UNDO] = undone};
    bool is_number =
        column == COLUMN_COUNT || column == COLUMN_LESSON || column == COLUMN_WITH;
    if (!keys[column] || !sheet_cell(&t->sheet, row, column).text[0])
        return true;
    if (words[column])
        return put_word(t, row, column, words[column], object);
    return is_number ? put_number(t, row, column, keys[column], object)
                     : put_text(t, row, column, object);
}

/* column_of - where the cell of an entry's @key stands. */
static size_t column_of(const char *key, size_t count)
{
    for (size_t i = 0; key && strcmp(key, "count") != 0 && i < COLUMNS; i++)
        if (keys[i] && strcmp(keys[i], key) == 0)
            return i;
    return key && strcmp(key, "count") == 0 ? count : COLUMN_DO;
}

/* take - the entry that @object says. */
static void take(struct entry_table *t, const struct csv_row *row, size_t count,
                 const json_t *object)
{
    struct gw_error err = {0};
    const char *key = NULL;
    struct campus_entry *entry = &t->list->items[t->list->count];
    if (entry_read_key(object, NULL, entry, &key, &err) < 0) {
        sheet_fault(&t->sheet, row, column_of(key, count), "%s", err.text);
        return;
    }
    if (entry->kind == ENTRY_EXEMPT && entry->from_s < 0)
        entry->from_s = 0; /* "from now on" would be another time each time */
    t->origins[t->list->count++] = (struct entry_origin){row, count};
}

/* read_counts - a row of a class and a day: what stands under 请假 and 到校. */
static void read_counts(struct entry_table *t, const struct csv_row *row, json_t *object)
{
    static const struct {
        size_t column;
        const char *kind;
    } counts[] = {{COLUMN_LEAVE, "leave"}, {COLUMN_ATTENDANCE, "attendance"}};
    for (size_t i = 0; i < OF_A_ROW; i++) {
        size_t column = counts[i].column;
        if (!sheet_cell(&t->sheet, row, column).text[0])
            continue;
        (void)json_object_set_new(object, "do", json_string(counts[i].kind));
        if (put_number(t, row, column, "count", object))
            take(t, row, column, object);
    }
}

static void read_row(struct entry_table *t, const struct csv_row *row)
{
    json_t *object = json_object();
    bool is_good = object != NULL;
    bool has_do = t->sheet.at[COLUMN_DO] != SIZE_MAX;
    for (size_t i = 0; i < COLUMNS; i++)
        is_good &= put_cell(t, row, i, object);
    if (!sheet_cell(&t->sheet, row, COLUMN_DAY).text[0]) {
        sheet_fault(&t->sheet, row, COLUMN_DAY,
                    "no day stands here (allowed: 2026-11-23)");
        is_good = false;
    }
    if (is_good && has_do)
        take(t, row, COLUMN_COUNT, object);
    else if (is_good)
        read_counts(t, row, object);
    json_decref(object);
}

/* is_table - it heads what is entered. */
static bool is_table(const struct entry_table *t)
{
    const struct sheet *s = &t->sheet;
    const struct csv_row *heading = &s->csv->rows[0];
    if (s->csv->count - 1 > ENTRY_LIST_MAX / OF_A_ROW) {
        sheet_fault(s, &s->csv->rows[1 + ENTRY_LIST_MAX / OF_A_ROW], COLUMN_DAY,
                    "the table is too long (allowed: %d rows)",
                    ENTRY_LIST_MAX / OF_A_ROW);
        return false;
    }
    if (s->at[COLUMN_DO] != SIZE_MAX || s->at[COLUMN_LEAVE] != SIZE_MAX
        || s->at[COLUMN_ATTENDANCE] != SIZE_MAX)
        return true;
    sheet_fault(s, heading, COLUMN_DAY,
                "no column says what is entered (allowed: 登记; or 请假, 到校)");
    return false;
}

int entry_table_read(struct config_source *src, const struct csv *csv,
                     struct entry_table *ret)
{
    *ret = (struct entry_table){0};
    ret->list = calloc(1, sizeof(*ret->list)
                              + (ENTRY_LIST_MAX + 1) * sizeof(struct campus_entry));
    ret->origins = arena_alloc(src->arena, (ENTRY_LIST_MAX + 1) * sizeof(*ret->origins));
    if (!ret->list || !ret->origins)
        return -ENOMEM;
    if (!sheet_open(src, csv, columns, COLUMNS, &ret->sheet) || !is_table(ret))
        return 0;
    for (size_t i = 1; i < csv->count; i++)
        read_row(ret, &csv->rows[i]);
    return 0;
}

void entry_table_refused(const struct entry_table *t, const char *answer)
{
    json_t *slips = answer ? json_loads(answer, 0, NULL) : NULL;
    size_t i = 0;
    const json_t *slip = NULL;
    json_array_foreach(slips, i, slip)
    {
        size_t index = (size_t)json_integer_value(json_object_get(slip, "entry"));
        const char *key = json_string_value(json_object_get(slip, "key"));
        const char *text = json_string_value(json_object_get(slip, "text"));
        if (index >= t->list->count || !text)
            continue;
        const struct entry_origin *origin = &t->origins[index];
        sheet_fault(&t->sheet, origin->row, column_of(key, origin->count), "%s", text);
    }
    json_decref(slips);
}
