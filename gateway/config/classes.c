/* classes.c - a row a class. */
#include <string.h>

#include "base/text.h"
#include "config/class_doubts.h"
#include "config/cohort.h"
#include "config/grade.h"
#include "config/naming.h"
#include "config/roster.h"

enum { ENROLLED_MAX = 200, STAFF_MAX = 10 };

static const struct sheet_column columns[CLASS_COLUMNS] = {
    [CLASS_ID] = {(const char *const[]){"编号", "班级编号", "id", NULL}, true},
    [CLASS_TITLE] = {(const char *const[]){"班级", "班级名称", "班名", "名称", "class",
                                           "title", "name", NULL},
                     true},
    [CLASS_STAGE] = {(const char *const[]){"学段", "stage", NULL}, false},
    [CLASS_GRADE] = {(const char *const[]){"年级", "grade", NULL}, false},
    [CLASS_ROOM] = {(const char *const[]){"教室", "本班教室", "教室编号", "room", "place",
                                          NULL},
                    false},
    [CLASS_ENROLLED] = {(const char *const[]){"人数", "学生数", "学生人数", "在籍人数",
                                              "学籍人数", "enrolled", "pupils", NULL},
                        true},
    [CLASS_STAFF] = {(const char *const[]){"教师数", "教师人数", "staff", NULL}, false},
    [CLASS_LIMIT] = {(const char *const[]){"班额", "班额上限", "limit", NULL}, false},
};

/* roster_row - one row being read. */
struct roster_row {
    struct load *l;
    const struct sheet *s;
    const struct csv_row *row;
    struct node_list *places;
};

static void folded_cell(const struct roster_row *r, size_t column,
                        char ret[SHEET_FOLDED_MAX])
{
    text_fold(sheet_cell(r->s, r->row, column).text, ret, SHEET_FOLDED_MAX);
}

/* grade_cell - 1 .. 12, 0 for an empty cell, -1: a fault. */
static int grade_cell(const struct roster_row *r)
{
    char folded[SHEET_FOLDED_MAX];
    const char *rest = "";
    folded_cell(r, CLASS_GRADE, folded);
    int grade = folded[0] ? grade_read(folded, &rest) : 0;
    if (!folded[0] || (grade > 0 && !*rest))
        return grade;
    sheet_fault(r->s, r->row, CLASS_GRADE,
                "'%s' is no grade (allowed: 一年级 .. 九年级, 初一 .. 高三, 1 .. 12)",
                sheet_cell(r->s, r->row, CLASS_GRADE).text);
    return -1;
}

/* fits_title - false, and a fault: a class of one grade by its name and another one by
 * its column. */
static bool fits_title(const struct roster_row *r, int grade)
{
    char folded[SHEET_FOLDED_MAX];
    const char *rest = NULL;
    folded_cell(r, CLASS_TITLE, folded);
    int named = grade_read(folded, &rest);
    bool is_grade = strstr(folded, "年级") || *rest == '(';
    bool is_same =
        named == grade || (!strstr(folded, "年级") && class_is_year(named, grade));
    if (grade == 0 || named == 0 || is_same || !is_grade)
        return true;
    sheet_fault(r->s, r->row, CLASS_GRADE,
                "'%s' is not the grade of '%s' (allowed: the same in both)",
                sheet_cell(r->s, r->row, CLASS_GRADE).text,
                sheet_cell(r->s, r->row, CLASS_TITLE).text);
    return false;
}

/* stage_of - by the stage's cell, or else the grade's; where both stand they agree.  A
 * sixth year may be a junior one (五四制).  NULL: a fault. */
static const char *stage_of(const struct roster_row *r)
{
    const char *stage = roster_stage(r->s, r->row, CLASS_STAGE);
    int grade = grade_cell(r);
    if (!stage || grade < 0)
        return NULL;
    if (!fits_title(r, grade))
        return *stage ? stage : NULL;
    if (!*stage && grade == 0 && !roster_is_row(r->s, r->row, CLASS_ID, CLASS_STAGE))
        return NULL;
    if (!*stage && grade == 0) {
        size_t at = r->s->at[CLASS_STAGE] == SIZE_MAX ? CLASS_GRADE : CLASS_STAGE;
        sheet_fault(r->s, r->row, at,
                    "no stage or grade stands here (allowed: 小学, 初中, 高中, or a "
                    "grade; of merged cells only the first keeps its text)");
        return NULL;
    }
    if (!*stage)
        return grade_stage(grade);
    bool is_same = grade == 0 || strcmp(stage, grade_stage(grade)) == 0
                   || (grade == 6 && strcmp(stage, "junior") == 0);
    if (!is_same)
        sheet_fault(r->s, r->row, CLASS_GRADE,
                    "'%s' is not a grade of stage '%s' (allowed: the same in both)",
                    sheet_cell(r->s, r->row, CLASS_GRADE).text,
                    sheet_cell(r->s, r->row, CLASS_STAGE).text);
    return is_same ? stage : NULL;
}

/* is_taken - another row says that its class is at home in @place. */
static bool is_taken(const struct roster_row *r, const struct config_node *place)
{
    for (size_t i = 1; i < r->s->csv->count; i++) {
        char folded[SHEET_FOLDED_MAX];
        const struct csv_row *other = &r->s->csv->rows[i];
        text_fold(sheet_cell(r->s, other, CLASS_ROOM).text, folded, sizeof(folded));
        if (other != r->row && roster_is_called(place, folded))
            return true;
    }
    return false;
}

/* word_of - the one of @place's words that is @key: id or title. */
static const char *word_of(const struct config_node *place, const char *key)
{
    return config_scalar(config_child(place, key));
}

/* alike - how many places but @of have an id or title, as @key says, that is like @text.
 */
static size_t alike(const struct roster_row *r, const struct config_node *of,
                    const char *key, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < r->places->count; i++) {
        const char *its = word_of(r->places->items[i], key);
        count += r->places->items[i] != of && its && naming_is_alike(its, text);
    }
    return count;
}

/* near_room - the free place whose name is nearest to that in the cell.
 * ret_key  which name that is */
static struct config_node *near_room(const struct roster_row *r, const char **ret_key)
{
    static const char *const keys[] = {"id", "title"};
    struct suggest near = {.wanted = sheet_cell(r->s, r->row, CLASS_ROOM).text};
    struct config_node *nearest = NULL;
    for (size_t i = 0; i < r->places->count; i++) {
        struct config_node *place = r->places->items[i];
        for (size_t k = 0; k < 2 && !is_taken(r, place); k++) {
            const char *word = word_of(place, keys[k]);
            const char *before = near.best;
            if (word)
                suggest_offer(&near, word);
            if (near.best == before)
                continue;
            nearest = place;
            *ret_key = keys[k];
        }
    }
    return nearest;
}

/* told_room - the others are named as the cell has it, and @room is not: it is told, and
 * taken.  returns false: it is not so */
static bool told_room(const struct roster_row *r, const struct config_node *room,
                      const char *key)
{
    enum { OTHERS_MIN = 2 };
    const struct csv_cell cell = sheet_cell(r->s, r->row, CLASS_ROOM);
    const struct config_node *node = config_child(room, key);
    const char *word = config_scalar(node);
    if (!r->l->rooms || node->mark.file != r->l->rooms->file
        || alike(r, room, key, cell.text) < OTHERS_MIN || alike(r, room, key, word) > 0)
        return false;
    config_fault(r->l->src.faults, node->mark,
                 csv_path_at(&r->l->src, r->l->rooms, node->mark),
                 "'%s' is '%s' at %s:%d:%d, and the others are named so (allowed: the "
                 "same in both)",
                 word, cell.text, cell.mark.file, cell.mark.line, cell.mark.column);
    return true;
}

/* unknown_room - a fault; the place that is named otherwise where it is defined, or NULL.
 */
static struct config_node *unknown_room(const struct roster_row *r, bool has_several)
{
    const char *text = sheet_cell(r->s, r->row, CLASS_ROOM).text;
    const char *key = NULL;
    struct config_node *near = has_several || !r->l->rooms ? NULL : near_room(r, &key);
    if (near && told_room(r, near, key))
        return near;
    if (has_several)
        sheet_fault(r->s, r->row, CLASS_ROOM,
                    "several places are called '%s' (allowed: its id)", text);
    else if (!r->l->rooms) {
        sheet_fault(
            r->s, r->row, CLASS_ROOM,
            "unknown room '%s', and there is no rooms.csv (allowed: id or title of "
            "a place in rooms.csv or campus.yaml)",
            text);
        r->l->config->has_lost_rooms = true; /* the others are told by that */
    } else if (near)
        sheet_fault(r->s, r->row, CLASS_ROOM, "unknown room '%s' (did you mean '%s'?)",
                    text, word_of(near, key));
    else
        sheet_fault(r->s, r->row, CLASS_ROOM,
                    "unknown room '%s' (allowed: id or title of a place in rooms.csv or "
                    "campus.yaml)",
                    text);
    return NULL;
}

/* roomless - who checks the timetable need not tell it again. */
static void roomless(const struct roster_row *r, const char *id)
{
    struct config *c = r->l->config;
    if (!c->roomless)
        c->roomless =
            arena_alloc(r->l->src.arena, (r->s->csv->count + 1) * sizeof(*c->roomless));
    if (c->roomless)
        c->roomless[c->roomless_count++] = id;
}

/* room_of - the place whose id stands in the cell, else the one that is called so.
 * ret_found  how many are */
static struct config_node *room_of(const struct roster_row *r, size_t *ret_found)
{
    char folded[SHEET_FOLDED_MAX];
    struct config_node *room = NULL;
    const char *text = sheet_cell(r->s, r->row, CLASS_ROOM).text;
    *ret_found = 0;
    folded_cell(r, CLASS_ROOM, folded);
    for (size_t i = 0; i < r->places->count; i++) {
        struct config_node *place = r->places->items[i];
        const char *id = config_scalar(config_child(place, "id"));
        bool is_id = id && strcmp(id, text) == 0;
        if (!is_id && !roster_is_called(place, folded))
            continue;
        room = place;
        ++*ret_found;
        if (!is_id)
            continue;
        *ret_found = 1;
        break;
    }
    return room;
}

/* class_home - makes class @id at home in the room of its row. */
static void class_home(const struct roster_row *r, const char *id)
{
    size_t found = 0;
    if (r->s->at[CLASS_ROOM] == SIZE_MAX)
        return; /* the places of campus.yaml may say it */
    if (!sheet_cell(r->s, r->row, CLASS_ROOM).text[0]) {
        sheet_warning(r->s, r->row, CLASS_ROOM,
                      "class '%s' has no room (wanted: id or title of a place)", id);
        roomless(r, id);
        return;
    }
    struct config_node *room = room_of(r, &found);
    if (found == 0 && r->l->config->has_lost_rooms)
        return; /* it may be the one whose row was told */
    if (found != 1)
        room = unknown_room(r, found > 1);
    const struct config_node *other = config_child(room, "class");
    if (!room)
        return;
    if (other)
        sheet_fault(
            r->s, r->row, CLASS_ROOM,
            "'%s' is the room of class '%s' by %s:%d:%d (allowed: a class a room)",
            sheet_cell(r->s, r->row, CLASS_ROOM).text,
            config_scalar(other) ? config_scalar(other) : "?", other->mark.file,
            other->mark.line, other->mark.column);
    else
        roster_put(r->l, room, "class", id, sheet_cell(r->s, r->row, CLASS_ROOM).mark);
}

/* put_number - @key from the column, @fallback where the cell is faulty: that was told.
 * An empty cell puts nothing unless it is required. */
static void put_number(const struct roster_row *r, struct config_node *item,
                       const char *key, size_t column, uint32_t max)
{
    uint32_t number = 0;
    const struct csv_cell cell = sheet_cell(r->s, r->row, column);
    if (!cell.text[0] && !columns[column].is_required)
        return;
    (void)sheet_whole(r->s, r->row, column, 0, max, &number);
    number = number <= max ? number : 0;
    roster_put(r->l, item, key, roster_number(r->l, number), cell.mark);
}

/* lost - who names the class of a row that cannot be taken is not told that there is
 * none: the row was told. */
static void lost(const struct roster_row *r)
{
    struct config *c = r->l->config;
    const char *title = sheet_cell(r->s, r->row, CLASS_TITLE).text;
    c->lost_title_count += !title[0] || sheet_is_date(title);
    if (!c->lost_classes)
        c->lost_classes = arena_alloc(r->l->src.arena, 2 * (r->s->csv->count + 1)
                                                           * sizeof(*c->lost_classes));
    if (!c->lost_classes)
        return;
    c->lost_classes[c->lost_class_count++] = sheet_cell(r->s, r->row, CLASS_ID).text;
    c->lost_classes[c->lost_class_count++] = title;
}

/* check_id - what it says by itself agrees with the columns. */
static void check_id(const struct roster_row *r, const char *id, const char *stage)
{
    int grade = class_grade(r->s, r->row);
    int named = naming_grade(id);
    const char *its = naming_stage(id);
    if (named > 0 && grade > 0 && named != grade && !class_is_year(named, grade))
        sheet_warning(r->s, r->row, CLASS_ID,
                      "'%s' looks like grade %d, and the row says grade %d (wanted: the "
                      "same, or an id by the year of entry such as 2024-P-01)",
                      id, named, grade);
    if (its && stage && strcmp(its, stage) != 0)
        sheet_warning(r->s, r->row, CLASS_ID,
                      "'%s' has the letter of stage %s, and the row is of stage %s "
                      "(wanted: P primary, J junior, S senior)",
                      id, config_faults_say(r->s->src->faults, its),
                      config_faults_say(r->s->src->faults, stage));
    if (naming_is_nearly(id) || class_is_odd(r->s, id))
        sheet_warning(
            r->s, r->row, CLASS_ID,
            "'%s' is nearly an id by the year of entry (wanted: four digits, P, "
            "J or S, and a number, as 2024-P-01)",
            id);
}

/* check_row - what can be so, and hardly is. */
static void check_row(const struct roster_row *r, const char *id, const char *stage)
{
    char folded[SHEET_FOLDED_MAX];
    const char *title = sheet_cell(r->s, r->row, CLASS_TITLE).text;
    check_id(r, id, stage);
    if (naming_has_person(title))
        sheet_warning(r->s, r->row, CLASS_TITLE,
                      "'%s' seems to name somebody (wanted: the class alone, no names "
                      "of people)",
                      title);
    folded_cell(r, CLASS_ENROLLED, folded);
    if (folded[0] == '0' && strspn(folded, "0") == strlen(folded))
        sheet_warning(r->s, r->row, CLASS_ENROLLED,
                      "class '%s' has no pupils (wanted: how many there are; a row less "
                      "where there is no such class)",
                      id);
}

/* title_of - the cell's text as a title that no row above and no class of campus.yaml
 * has; NULL: it is none, and a fault.  A class with this @id in both is told of that. */
static const char *title_of(const struct roster_row *r, const char *id,
                            const struct node_list *classes)
{
    char folded[SHEET_FOLDED_MAX];
    const char *title = roster_title(r->s, r->row, CLASS_ID, CLASS_TITLE);
    folded_cell(r, CLASS_TITLE, folded);
    for (size_t i = 0; title && i < classes->count; i++) {
        const struct config_node *other = classes->items[i];
        const char *its = config_scalar(config_child(other, "id"));
        if (other->mark.file == r->s->csv->file || !its
            || !roster_is_called(other, folded) || (id && strcmp(its, id) == 0))
            continue;
        sheet_fault(r->s, r->row, CLASS_TITLE,
                    "class '%s' at %s:%d:%d is called '%s', too (allowed: a name for one "
                    "only)",
                    its, other->mark.file, other->mark.line, other->mark.column, title);
        return NULL;
    }
    return title;
}

static void class_read(const struct roster_row *r, struct node_list *classes)
{
    const struct config_mark mark = sheet_cell(r->s, r->row, CLASS_ID).mark;
    const char *id = roster_id(r->s, r->row, CLASS_ID);
    const char *title = title_of(r, id, classes);
    const char *stage = stage_of(r);
    struct config_node *item = id ? roster_item(r->l, classes, mark) : NULL;
    if (!item || !title)
        lost(r);
    if (!item)
        return;
    check_row(r, id, stage);
    /* what is faulty was told: it must not be told of every reader too */
    roster_put(r->l, item, "id", id, mark);
    roster_put(r->l, item, "title", title ? title : id,
               sheet_cell(r->s, r->row, CLASS_TITLE).mark);
    roster_put(r->l, item, "stage", stage ? stage : "primary",
               sheet_cell(r->s, r->row, CLASS_STAGE).mark);
    put_number(r, item, "enrolled", CLASS_ENROLLED, ENROLLED_MAX);
    put_number(r, item, "staff", CLASS_STAFF, STAFF_MAX);
    put_number(r, item, "limit", CLASS_LIMIT, ENROLLED_MAX);
    class_home(r, id);
}

/* check_cohorts - of all rows that have an id. */
static void check_cohorts(const struct load *l, const struct sheet *s)
{
    const struct csv *csv = s->csv;
    struct cohort_class *classes =
        arena_alloc(l->src.passing, csv->count * sizeof(*classes));
    size_t count = 0;
    for (size_t i = 1; classes && i < csv->count; i++) {
        const struct csv_row *row = &csv->rows[i];
        const char *id = sheet_cell(s, row, CLASS_ID).text;
        if (config_is_id(id))
            classes[count++] = (struct cohort_class){row, id, class_grade(s, row)};
    }
    if (classes)
        cohort_check(s, CLASS_ID, classes, count,
                     config_child(l->config->campus, "calendar"));
}

void classes_read(struct load *l, const struct csv *csv, struct node_list *classes,
                  struct node_list *places)
{
    struct sheet s;
    const size_t told = roster_told(l);
    if (!sheet_open(&l->src, csv, columns, CLASS_COLUMNS, &s)) {
        l->config->has_lost_classes = true;
        return;
    }
    if (roster_are_swapped(&s, CLASS_ID, CLASS_TITLE)
        || class_doubts_exchanged(l, &s, places)) {
        l->config->has_lost_classes = true;
        return;
    }
    for (size_t i = 1; i < csv->count; i++) {
        const struct roster_row row = {l, &s, &csv->rows[i], places};
        class_read(&row, classes);
    }
    check_cohorts(l, &s);
    class_doubts_columns(&s);
    if (roster_told(l) == told)
        class_doubts_numbers(&s);
}
