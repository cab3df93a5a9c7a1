#include "campus/entry_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "campus/civil.h"
#include "campus/day_book.h"
#include "campus/entry_clash.h"
#include "campus/entry_columns.h"
#include "campus/entry_counts.h"
#include "campus/entry_doubts.h"
#include "campus/entry_judge.h"
#include "campus/entry_words.h"
#include "campus/names.h"
#include "campus/school.h"
#include "campus/timetable.h"
#include "config/chinese.h"

enum { WORD_MAX = SHEET_FOLDED_MAX };

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

/* keys - of an entry, by column; ENTRY_KEYS: the column is read otherwise. */
static const enum entry_key keys[COLUMNS] = {
    [COLUMN_DO] = ENTRY_KEY_DO,           [COLUMN_DAY] = ENTRY_KEY_DAY,
    [COLUMN_CLASS] = ENTRY_KEY_CLASS,     [COLUMN_COUNT] = ENTRY_KEY_COUNT,
    [COLUMN_LEAVE] = ENTRY_KEYS,          [COLUMN_ATTENDANCE] = ENTRY_KEYS,
    [COLUMN_LESSON] = ENTRY_KEY_LESSON,   [COLUMN_WITH] = ENTRY_KEY_WITH,
    [COLUMN_SUBJECT] = ENTRY_KEY_SUBJECT, [COLUMN_WITH_DAY] = ENTRY_KEY_WITH_DAY,
    [COLUMN_PLACE] = ENTRY_KEY_PLACE,     [COLUMN_REASON] = ENTRY_KEY_REASON,
    [COLUMN_FROM] = ENTRY_KEY_FROM,       [COLUMN_UNTIL] = ENTRY_KEY_UNTIL,
    [COLUMN_UNDO] = ENTRY_KEY_UNDO,
};

/* is_missing - nothing stands in the cell. */
static bool is_missing(const struct entry_table *t, const struct csv_row *row,
                       size_t column)
{
    return !sheet_cell(&t->sheet, row, column).text[0];
}

static void put(json_t *object, size_t column, json_t *value)
{
    (void)json_object_set_new(object, entry_key_name(keys[column]), value);
}

/* put_word - what the cell's word means, or a fault. */
static bool put_word(const struct entry_table *t, const struct csv_row *row,
                     size_t column, json_t *object)
{
    const char *text = sheet_cell(&t->sheet, row, column).text;
    const char *value = entry_meaning(keys[column], text);
    const char *allowed = entry_meanings(keys[column]);
    if (config_faults_is_chinese(t->sheet.src->faults))
        allowed = chinese_format(allowed);
    if (!value)
        sheet_fault(&t->sheet, row, column, "'%s' is not known (allowed: %s)", text,
                    allowed);
    else
        put(object, column,
            column == COLUMN_UNDO ? entry_undo_json(value) : json_string(value));
    return value != NULL;
}

static bool read_number(const struct entry_table *t, const struct csv_row *row,
                        size_t column, uint32_t *ret)
{
    bool is_lesson = column == COLUMN_LESSON || column == COLUMN_WITH;
    char folded[NAME_MAX_BYTES];
    text_fold(sheet_cell(&t->sheet, row, column).text, folded, sizeof(folded));
    int number = is_lesson ? name_number(folded) : 0; /* 第五节 */
    if (number >= 1 && number <= TIMETABLE_LESSONS_MAX) {
        *ret = (uint32_t)number;
        return true;
    }
    uint32_t most = is_lesson ? TIMETABLE_LESSONS_MAX : DAY_BOOK_PUPILS_MAX;
    return sheet_whole(&t->sheet, row, column, is_lesson, most, ret);
}

static bool put_number(const struct entry_table *t, const struct csv_row *row,
                       size_t column, json_t *object)
{
    uint32_t number = 0;
    if (!read_number(t, row, column, &number))
        return false;
    put(object, column, json_integer(number));
    return true;
}

/* put_cell - false, and a fault: nobody can read it. */
static bool put_cell(const struct entry_table *t, const struct csv_row *row,
                     size_t column, json_t *object)
{
    bool is_number =
        column == COLUMN_COUNT || column == COLUMN_LESSON || column == COLUMN_WITH;
    if (keys[column] == ENTRY_KEYS || !sheet_cell(&t->sheet, row, column).text[0])
        return true;
    if (entry_meanings(keys[column]))
        return put_word(t, row, column, object);
    if (is_number)
        return put_number(t, row, column, object);
    put(object, column, json_string(sheet_cell(&t->sheet, row, column).text));
    return true;
}

/* column_of - where the cell of an entry's @key stands. */
static size_t column_of(enum entry_key key, size_t count)
{
    size_t column = 0;
    while (column < COLUMNS && keys[column] != key)
        column++;
    return key == ENTRY_KEY_COUNT ? count : column < COLUMNS ? column : COLUMN_DO;
}

static struct entry_refusals refusals_of(const struct entry_table *t)
{
    return (struct entry_refusals){.is_chinese =
                                       config_faults_is_chinese(t->sheet.src->faults)};
}

static void tell_refusals(const struct entry_table *t, const struct csv_row *row,
                          size_t count, const struct entry_refusals *refusals)
{
    for (size_t i = 0; i < refusals->count; i++)
        sheet_fault(&t->sheet, row, column_of(refusals->items[i].key, count), "%s",
                    refusals->items[i].text);
}

/* take - the entry that @object says; @faulty: bits of what was told of it. */
static void take(struct entry_table *t, const struct csv_row *row, size_t count,
                 unsigned faulty, const json_t *object)
{
    struct entry_refusals refusals = refusals_of(t);
    struct campus_entry *entry = &t->list->items[t->list->count];
    if (entry_read_all(object, NULL, faulty, entry, &refusals) < 0)
        t->list->is_trial = true;
    tell_refusals(t, row, count, &refusals);
    if (entry->kind == ENTRY_EXEMPT && entry->from_s < 0)
        entry->from_s = 0; /* "from now on" would be another time each time */
    t->origins[t->list->count++] = (struct entry_origin){row, count};
}

/* read_empty - a row without a number enters nothing.  It is judged all the same: a
 * whole row may stand in the cell of its day. */
static void read_empty(struct entry_table *t, const struct csv_row *row, unsigned faulty,
                       json_t *object)
{
    struct entry_refusals refusals = refusals_of(t);
    struct campus_entry ignored;
    const char *undo = entry_key_name(ENTRY_KEY_UNDO);
    if (json_is_true(json_object_get(object, undo)))
        sheet_fault(&t->sheet, row, COLUMN_UNDO,
                    "nothing says what is taken back (allowed: a table with the column "
                    "登记)");
    (void)json_object_del(object, undo);
    put(object, COLUMN_DO, json_string("leave"));
    (void)entry_read_all(object, NULL, faulty | 1u << ENTRY_KEY_COUNT, &ignored,
                         &refusals);
    tell_refusals(t, row, COLUMN_COUNT, &refusals);
    if (!(ignored.faulty >> ENTRY_KEY_CLASS & 1))
        t->empty[t->empty_count++] = row;
}

/* read_counts - a row of a class and a day: what stands under 请假 and 到校. */
static void read_counts(struct entry_table *t, const struct csv_row *row, unsigned faulty,
                        json_t *object)
{
    static const struct {
        size_t column;
        const char *kind;
    } counts[] = {{COLUMN_LEAVE, "leave"}, {COLUMN_ATTENDANCE, "attendance"}};
    if (is_missing(t, row, COLUMN_LEAVE) && is_missing(t, row, COLUMN_ATTENDANCE))
        read_empty(t, row, faulty, object);
    for (size_t i = 0; i < ENTRIES_OF_A_ROW; i++) {
        size_t column = counts[i].column;
        uint32_t number = 0;
        if (is_missing(t, row, column))
            continue;
        bool is_number = read_number(t, row, column, &number);
        put(object, COLUMN_DO, json_string(counts[i].kind));
        if (is_number)
            put(object, COLUMN_COUNT, json_integer(number));
        else
            (void)json_object_del(object, entry_key_name(ENTRY_KEY_COUNT));
        take(t, row, column, faulty | (is_number ? 0 : 1u << ENTRY_KEY_COUNT), object);
    }
}

/* is_total - what stands in the day's cell is no day, and nothing in the class's: the row
 * is about something else, and its day is told alone. */
static bool is_total(const struct entry_table *t, const struct csv_row *row)
{
    char folded[WORD_MAX];
    struct civil_date ignored;
    text_fold(sheet_cell(&t->sheet, row, COLUMN_DAY).text, folded, sizeof(folded));
    return folded[0] && !civil_scan(folded, &ignored) && is_missing(t, row, COLUMN_CLASS);
}

static void read_row(struct entry_table *t, const struct csv_row *row)
{
    json_t *object = json_object();
    unsigned faulty = 0;
    bool has_do = t->sheet.at[COLUMN_DO] != SIZE_MAX;
    size_t before = t->list->count;
    for (size_t i = 0; i < COLUMNS; i++)
        if (!put_cell(t, row, i, object))
            faulty |= 1u << keys[i];
    if (has_do && is_missing(t, row, COLUMN_DO)) {
        sheet_fault(
            &t->sheet, row, COLUMN_DO, "nothing says what is entered here (allowed: %s)",
            config_faults_say(t->sheet.src->faults, entry_meanings(ENTRY_KEY_DO)));
        faulty |= 1u << ENTRY_KEY_DO;
    }
    if (is_missing(t, row, COLUMN_DAY)) {
        sheet_fault(&t->sheet, row, COLUMN_DAY,
                    "no day stands here (allowed: a day such as 2026-11-23)");
        faulty |= 1u << ENTRY_KEY_DAY;
    }
    if (!has_do && is_total(t, row)) {
        faulty |= 1u << ENTRY_KEY_CLASS;
    } else if (!has_do && is_missing(t, row, COLUMN_CLASS)) {
        sheet_fault(&t->sheet, row, COLUMN_CLASS,
                    "no class stands here (allowed: id or title of a class)");
        faulty |= 1u << ENTRY_KEY_CLASS;
    }
    if (has_do)
        take(t, row, COLUMN_COUNT, faulty, object);
    else
        read_counts(t, row, faulty, object);
    t->rows += t->list->count > before;
    json_decref(object);
}

/* is_table - it heads what is entered. */
static bool is_table(const struct entry_table *t)
{
    const struct sheet *s = &t->sheet;
    const struct csv_row *heading = &s->csv->rows[0];
    if (s->csv->count - 1 > ENTRY_LIST_MAX / ENTRIES_OF_A_ROW) {
        sheet_fault(s, &s->csv->rows[1 + ENTRY_LIST_MAX / ENTRIES_OF_A_ROW], COLUMN_DAY,
                    "the table is too long (allowed: %d rows)",
                    ENTRY_LIST_MAX / ENTRIES_OF_A_ROW);
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
    ret->empty = arena_alloc(src->arena, ENTRY_LIST_MAX * sizeof(*ret->empty));
    if (!ret->list || !ret->origins || !ret->empty)
        return -ENOMEM;
    if (!sheet_open(src, csv, columns, COLUMNS, &ret->sheet) || !is_table(ret))
        return 0;
    for (size_t i = 1; i < csv->count; i++)
        read_row(ret, &csv->rows[i]);
    return 0;
}

void entry_table_empty(const struct entry_table *t, const struct gw_campus *c)
{
    for (size_t i = 0; i < t->empty_count; i++) {
        struct entry_refusals refusals = refusals_of(t);
        (void)entry_judge_class(c, sheet_cell(&t->sheet, t->empty[i], COLUMN_CLASS).text,
                                &refusals);
        tell_refusals(t, t->empty[i], COLUMN_COUNT, &refusals);
    }
}

static void told_twin(const struct entry_table *t, const struct entry_origin *origin,
                      enum entry_key key, size_t twin)
{
    const struct entry_origin *first = &t->origins[twin];
    sheet_fault(&t->sheet, origin->row, column_of(key, origin->count),
                key == ENTRY_KEY_REASON
                    ? "says what row %u says (allowed: each exemption once)"
                    : "is entered in row %u already (allowed: each class and day, or "
                      "lesson, once)",
                (unsigned)first->row->number);
}

void entry_table_refused(const struct entry_table *t, const char *answer)
{
    json_t *slips = answer ? json_loads(answer, 0, NULL) : NULL;
    size_t i = 0;
    const json_t *slip = NULL;
    json_array_foreach(slips, i, slip)
    {
        size_t index = (size_t)json_integer_value(json_object_get(slip, "entry"));
        json_int_t key = json_integer_value(json_object_get(slip, "key"));
        const char *text = json_string_value(json_object_get(slip, "text"));
        const json_t *twin = json_object_get(slip, "twin");
        size_t first = (size_t)json_integer_value(twin);
        if (index >= t->list->count || key < 0 || key >= ENTRY_KEYS)
            continue;
        const struct entry_origin *origin = &t->origins[index];
        if (text)
            sheet_fault(&t->sheet, origin->row,
                        column_of((enum entry_key)key, origin->count), "%s", text);
        else if (twin && first < t->list->count)
            told_twin(t, origin, (enum entry_key)key, first);
    }
    json_decref(slips);
}

/* is_told_below - an entry further down gave that lesson of the other class the room: it
 * is told there. */
static bool is_told_below(const struct entry_table *t, const struct gw_campus *c,
                          size_t index, const struct entry_clash *clash)
{
    for (size_t i = index + 1; i < t->list->count; i++) {
        const struct campus_entry *e = &t->list->items[i];
        int64_t with_day = e->with_day == ENTRY_TODAY ? e->day : e->with_day;
        uint32_t class = name_get(c->class_names, e->class_id);
        bool is_class =
            class != UINT32_MAX && strcmp(c->classes[class].id, clash->class_id) == 0;
        if (e->kind == ENTRY_SWAP && is_class
            && ((e->day == clash->day && e->lesson == clash->lesson)
                || (with_day == clash->day && e->with == clash->lesson)))
            return true;
    }
    return false;
}

void entry_table_doubts(const struct entry_table *t, const struct gw_campus *c,
                        const struct config *config, int64_t time_us)
{
    entry_counts_doubt(t, c);
    for (size_t i = 0; i < t->list->count; i++) {
        const struct entry_origin *origin = &t->origins[i];
        struct entry_refusals told = refusals_of(t);
        if (origin->count == COLUMN_ATTENDANCE
            && !is_missing(t, origin->row, COLUMN_LEAVE))
            continue; /* both together are judged */
        entry_doubts(c, config, &t->list->items[i], time_us, &told);
        for (size_t k = 0; k < told.count; k++)
            sheet_warning(&t->sheet, origin->row,
                          column_of(told.items[k].key, origin->count), "%s",
                          told.items[k].text);
    }
}

void entry_table_clashes(const struct entry_table *t, const struct gw_campus *c,
                         const struct config *config, int64_t time_us)
{
    for (size_t i = 0; i < t->list->count; i++) {
        struct entry_clash clashes[ENTRY_CLASHES_MAX];
        const struct entry_origin *origin = &t->origins[i];
        size_t count = entry_clashes(c, config, &t->list->items[i], time_us, clashes);
        for (size_t k = 0; k < count; k++)
            if (!is_told_below(t, c, i, &clashes[k]))
                sheet_warning(&t->sheet, origin->row,
                              column_of(clashes[k].key, origin->count),
                              ENTRY_CLASH_FORMAT, clashes[k].room, clashes[k].class_id,
                              (unsigned)clashes[k].lesson);
    }
}
