#include "config/room_doubts.h"

#include <string.h>

#include "base/text.h"
#include "config/room_numbers.h"

static bool is_kind(const void *ctx, const char *text)
{
    struct suggest ignored = {.wanted = text};
    return config_kind_called(ctx, text, &ignored) != NULL;
}

static bool is_id(const void *ctx, const char *text)
{
    (void)ctx;
    return config_is_id(text);
}

static bool is_number(const void *ctx, const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    (void)ctx;
    text_fold(text, folded, sizeof(folded));
    return !folded[strspn(folded, "0123456789")];
}

static bool is_title(const void *ctx, const char *text)
{
    return !is_number(ctx, text) && !is_kind(ctx, text);
}

static bool is_floor(const void *ctx, const char *text)
{
    (void)ctx;
    return room_is_floor(text);
}

static bool is_stage(const void *ctx, const char *text)
{
    (void)ctx;
    return roster_stage_of(text) != NULL;
}

static bool is_tag(const void *ctx, const char *text)
{
    (void)ctx;
    return room_has_tag(text);
}

bool room_doubts_exchanged(const struct config *config, const struct sheet *s)
{
    static const struct column_trait traits[ROOM_COLUMNS] = {
        [ROOM_ID] = {.fits = is_id, .is_unique = true},
        [ROOM_TITLE] = {.fits = is_title, .is_unique = true},
        [ROOM_KIND] = {.fits = is_kind},
        [ROOM_CAPACITY] = {.fits = is_number},
        [ROOM_FLOOR] = {.fits = is_floor},
        [ROOM_TAG] = {.fits = is_tag, .is_sparse = true},
        [ROOM_STAGE] = {.fits = is_stage},
    };
    return sheet_are_exchanged(s, traits, config);
}

/* check_gaps - of merged cells only the first row keeps its text: classrooms without it,
 * told once, where others have it.  A capacity may be one that nobody knows. */
static void check_gaps(const struct load *l, const struct sheet *s, size_t column)
{
    const struct csv_row *first = NULL;
    size_t without = 0;
    size_t with = 0;
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        struct suggest ignored = {.wanted = ""};
        const struct config_kind *kind =
            config_kind_called(l->config, sheet_cell(s, row, ROOM_KIND).text, &ignored);
        if (!kind || !kind->is_home)
            continue;
        bool has_one = sheet_cell(s, row, column).text[0] != '\0';
        first = has_one || first ? first : row;
        with += has_one;
        without += !has_one;
    }
    if (!first || with == 0)
        return;
    if (column == ROOM_CAPACITY && without < with)
        sheet_warning(s, first, column,
                      "%zu classrooms have no capacity, and %zu have one (wanted: how "
                      "many it may hold; leave it where that is not known)",
                      without, with);
    else
        sheet_warning(s, first, column,
                      "%zu classrooms have no %s, and others have one (wanted: it in "
                      "every row; of merged cells only the first keeps its text)",
                      without, s->columns[column].words[0]);
}

/* count_of - rows that have @text in @column. */
static size_t count_of(const struct sheet *s, size_t column, const char *text)
{
    size_t count = 0;
    for (size_t i = 1; i < s->csv->count; i++)
        count += strcmp(sheet_cell(s, &s->csv->rows[i], column).text, text) == 0;
    return count;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* check_swap - building and floor of the other rows the other way round.  returns false:
 * there is no such slip */
static bool check_swap(const struct sheet *s, const struct csv_row *row)
{
    const char *building = sheet_cell(s, row, ROOM_BUILDING).text;
    const char *floor = sheet_cell(s, row, ROOM_FLOOR).text;
    if (!building[0] || !floor[0] || count_of(s, ROOM_BUILDING, building) > 1
        || count_of(s, ROOM_FLOOR, floor) > 1 || count_of(s, ROOM_FLOOR, building) == 0
        || count_of(s, ROOM_BUILDING, floor) == 0)
        return false;
    sheet_warning(s, row, ROOM_BUILDING,
                  "building '%s' and floor '%s' are the other way round in other rows "
                  "(wanted: as there)",
                  building, floor);
    return true;
}

/* check_building - the room's name begins with another one.  returns false: it does not
 */
static bool check_building(const struct sheet *s, const struct csv_row *row)
{
    enum { NAME_MIN = 6 }; /* two Chinese characters */
    const char *own = sheet_cell(s, row, ROOM_BUILDING).text;
    const char *title = sheet_cell(s, row, ROOM_TITLE).text;
    for (size_t i = 1; own[0] && i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_BUILDING).text;
        if (strlen(other) < NAME_MIN || !begins(title, other) || begins(title, own)
            || begins(own, other) || begins(other, own)
            || count_of(s, ROOM_BUILDING, other) < 2)
            continue;
        sheet_warning(s, row, ROOM_BUILDING,
                      "room '%s' has the name of building '%s' and stands in '%s' "
                      "(wanted: the same in both)",
                      title, other, own);
        return true;
    }
    return false;
}

enum { SIGN_SIZE = 3 };

/* is_like - before its number @text has @own but for one Chinese character. */
static bool is_like(const char *text, const char *own)
{
    const size_t size = strlen(own);
    size_t odd = 0;
    if (size <= SIGN_SIZE || size % SIGN_SIZE != 0 || strcspn(text, "0123456789") != size
        || !text[size])
        return false;
    for (size_t i = 0; i < size; i += SIGN_SIZE)
        odd += strncmp(text + i, own + i, SIGN_SIZE) != 0;
    return odd == 1;
}

/* check_begin - 启致楼301 in 启智楼, of which the others have the name.  returns false:
 * it is not so */
static bool check_begin(const struct sheet *s, const struct csv_row *row)
{
    enum { ROWS_MIN = 3 };
    const char *own = sheet_cell(s, row, ROOM_BUILDING).text;
    const char *title = sheet_cell(s, row, ROOM_TITLE).text;
    size_t alike = 0;
    size_t begun = 0;
    for (size_t i = 1; i < s->csv->count; i++) {
        const char *its = sheet_cell(s, &s->csv->rows[i], ROOM_TITLE).text;
        if (strcmp(sheet_cell(s, &s->csv->rows[i], ROOM_BUILDING).text, own) != 0)
            continue;
        alike += is_like(its, own) && strncmp(its, title, strlen(own)) == 0;
        begun += begins(its, own);
    }
    if (!is_like(title, own) || alike > 1 || begun < ROWS_MIN)
        return false;
    sheet_warning(s, row, ROOM_TITLE,
                  "room '%s' stands in building '%s', with which the names of %zu others "
                  "begin (wanted: the same in both; leave it where it is meant)",
                  title, own, begun);
    return true;
}

/* check_kind - 图书室 as an office, or as a laboratory. */
static void check_kind(const struct config *config, const struct sheet *s,
                       const struct csv_row *row)
{
    static const size_t columns[] = {ROOM_TITLE, ROOM_ID};
    const char *kind = sheet_cell(s, row, ROOM_KIND).text;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const char *name = sheet_cell(s, row, columns[i]).text;
        if (!config_kind_is_other(config, name, kind))
            continue;
        sheet_warning(s, row, ROOM_KIND,
                      "'%s' is a kind of place, and the kind '%s' stands here (wanted: "
                      "its kind; leave it where it is meant)",
                      name, kind);
        return;
    }
}

/* check_word - 小学搂, once, where other rows say 小学楼.  returns false: it is not so */
static bool check_word(const struct sheet *s, const struct csv_row *row)
{
    static const char *const signs[] = {"楼", "栋", "座", "馆", "区", "院", "部", "号"};
    const char *own = sheet_cell(s, row, ROOM_BUILDING).text;
    size_t size = strlen(own);
    if (size <= SIGN_SIZE || count_of(s, ROOM_BUILDING, own) > 1)
        return false;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strcmp(own + size - SIGN_SIZE, signs[i]) == 0)
            return false;
    for (size_t i = 1; i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_BUILDING).text;
        size_t others = count_of(s, ROOM_BUILDING, other);
        if (strlen(other) != size || strncmp(own, other, size - SIGN_SIZE) != 0
            || strcmp(other + size - SIGN_SIZE, signs[0]) != 0 || others < 2)
            continue;
        sheet_warning(s, row, ROOM_BUILDING,
                      "building '%s' is '%s' in %zu other rows (wanted: one word for "
                      "both)",
                      own, other, others);
        return true;
    }
    return false;
}

/* is_written_so - @own is the building @other: without its last sign, with it twice, or
 * with more behind it than the room @title has. */
static bool is_written_so(const char *own, const char *other, const char *title)
{
    const size_t size = strlen(other);
    const char *sign = size > SIGN_SIZE ? other + size - SIGN_SIZE : "";
    bool is_sign = strcmp(sign, "楼") == 0 || strcmp(sign, "栋") == 0;
    if (is_sign && strlen(own) == size - SIGN_SIZE && begins(other, own))
        return true;
    return begins(own, other)
           && ((is_sign && strcmp(own + size, sign) == 0)
               || (begins(title, other) && !begins(title, own)));
}

/* check_form - 明德 or 明德楼楼, once, where other rows say 明德楼.  returns false: it is
 * not so */
static bool check_form(const struct sheet *s, const struct csv_row *row)
{
    enum { ROWS_MIN = 3 };
    const char *own = sheet_cell(s, row, ROOM_BUILDING).text;
    const char *title = sheet_cell(s, row, ROOM_TITLE).text;
    for (size_t i = 1;
         own[0] && count_of(s, ROOM_BUILDING, own) == 1 && i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_BUILDING).text;
        const size_t others = count_of(s, ROOM_BUILDING, other);
        if (!other[0] || strcmp(own, other) == 0 || others < ROWS_MIN
            || !is_written_so(own, other, title))
            continue;
        sheet_warning(s, row, ROOM_BUILDING,
                      "building '%s' is '%s' in %zu other rows (wanted: one word for "
                      "both)",
                      own, other, others);
        return true;
    }
    return false;
}

void room_doubts_row(const struct config *config, const struct sheet *s,
                     const struct csv_row *row)
{
    check_kind(config, s, row);
    if (!check_swap(s, row) && !check_building(s, row) && !check_form(s, row)
        && !check_word(s, row) && !check_begin(s, row))
        room_numbers_row(s, row);
}

void room_doubts_columns(const struct load *l, const struct sheet *s)
{
    static const size_t columns[] = {ROOM_CAPACITY, ROOM_BUILDING, ROOM_FLOOR};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (s->at[columns[i]] != SIZE_MAX)
            check_gaps(l, s, columns[i]);
    room_numbers_words(s);
}

/* has_class - @room is the home of the class @id. */
static bool has_class(const struct config_node *room, const char *id)
{
    const char *its = config_scalar(config_child(room, "class"));
    return its && strcmp(its, id) == 0;
}

/* check_title - of @room against @others: all places, or all classes. */
static void check_title(struct load *l, const struct config_node *room,
                        const struct node_list *others, bool are_places)
{
    char folded[SHEET_FOLDED_MAX];
    const struct config_node *title = config_child(room, "title");
    const char *text = config_scalar(title);
    const char *id = config_scalar(config_child(room, "id"));
    text_fold(text ? text : "", folded, sizeof(folded));
    for (size_t i = 0; text && id && i < others->count; i++) {
        const struct config_node *other = others->items[i];
        const char *its = config_scalar(config_child(other, "id"));
        const char *file = other->mark.file;
        if (!its || !roster_is_called(other, folded) || strcmp(text, id) == 0
            || (are_places && (file == l->rooms->file || strcmp(its, id) == 0))
            || (!are_places && has_class(room, its)))
            continue;
        config_warning(l->src.faults, title->mark,
                       csv_path_at(&l->src, l->rooms, title->mark),
                       are_places ? "place '%s' at %s:%d:%d is called '%s', too (wanted: "
                                    "a name for one only)"
                                  : "class '%s' at %s:%d:%d is called '%s', too, and not "
                                    "at home here (wanted: a name for one only)",
                       its, file, other->mark.line, other->mark.column, text);
        return;
    }
}

static bool has_tag(const struct config_node *room, const char *tag)
{
    const struct config_node *tags = config_child(room, "tags");
    for (size_t i = 0; config_is_list(tags) && i < config_count(tags); i++) {
        const char *its = config_scalar(config_item(tags, i));
        if (its && strcmp(its, tag) == 0)
            return true;
    }
    return false;
}

/* check_tag - the only room of a class in rooms.csv that lacks a tag. */
static void check_tag(struct load *l, const struct node_list *places, const char *tag,
                      const char *word)
{
    enum { OTHERS_MIN = 5 };
    const struct config_node *odd = NULL;
    size_t with = 0;
    size_t without = 0;
    for (size_t i = 0; i < places->count; i++) {
        const struct config_node *room = places->items[i];
        if (room->mark.file != l->rooms->file || !config_child(room, "class"))
            continue;
        bool has_one = has_tag(room, tag);
        with += has_one;
        without += !has_one;
        odd = has_one ? odd : room;
    }
    if (without == 1 && with >= OTHERS_MIN)
        config_warning(l->src.faults, odd->mark,
                       csv_path_at(&l->src, l->rooms, odd->mark),
                       "room '%s' of class '%s' has no tag '%s', and those of all %zu "
                       "others have (wanted: the tag; leave it where it is meant)",
                       config_scalar(config_child(odd, "id")),
                       config_scalar(config_child(odd, "class")), word, with);
}

void room_doubts_all(struct load *l, const struct node_list *places,
                     const struct node_list *classes)
{
    for (size_t i = 0; i < places->count; i++) {
        if (places->items[i]->mark.file != l->rooms->file)
            continue;
        check_title(l, places->items[i], places, true);
        check_title(l, places->items[i], classes, false);
    }
    check_tag(l, places, "after_school_service", "课后服务");
    check_tag(l, places, "evening_study", "晚自习");
}
