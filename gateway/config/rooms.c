/* rooms.c - a row a room. */
#include <string.h>

#include "base/text.h"
#include "config/room_doubts.h"

enum { CAPACITY_MAX = 100000 };

static const struct sheet_column columns[ROOM_COLUMNS] = {
    [ROOM_ID] = {(const char *const[]){"编号", "教室编号", "房间编号", "id", NULL}, true},
    [ROOM_TITLE] = {(const char *const[]){"名称", "教室", "教室名称", "房间", "title",
                                          "name", "room", NULL},
                    true},
    [ROOM_KIND] = {(const char *const[]){"类型", "用途", "kind", NULL}, true},
    [ROOM_CAPACITY] = {(const char *const[]){"容量", "座位", "座位数", "容纳人数",
                                             "capacity", "seats", NULL},
                       false},
    [ROOM_BUILDING] = {(const char *const[]){"楼栋", "楼", "教学楼", "building", NULL},
                       false},
    [ROOM_FLOOR] = {(const char *const[]){"楼层", "层", "floor", NULL}, false},
    [ROOM_TAG] = {(const char *const[]){"标签", "tag", "tags", NULL}, false},
    [ROOM_STAGE] = {(const char *const[]){"学段", "stage", NULL}, false},
};

/* room_kind - the catalogue's name of the cell's kind; NULL: there is none, a fault. */
static const char *room_kind(const struct load *l, const struct sheet *s,
                             const struct csv_row *row)
{
    const struct config *c = l->config;
    char names[CONFIG_KINDS_TEXT];
    const char *text = sheet_cell(s, row, ROOM_KIND).text;
    struct suggest near = {.wanted = text};
    const struct config_kind *kind = config_kind_called(c, text, &near);
    if (kind)
        return kind->name;
    if (!text[0])
        sheet_fault(s, row, ROOM_KIND,
                    "no kind stands here (allowed: %s; of merged cells only the first "
                    "keeps its text)",
                    config_kind_titles(c, names));
    else if (near.best)
        sheet_fault(s, row, ROOM_KIND, "'%s' is no kind of place (did you mean '%s'?)",
                    text, near.best);
    else
        sheet_fault(s, row, ROOM_KIND, "'%s' is no kind of place (allowed: %s)", text,
                    config_kind_titles(c, names));
    return NULL;
}

/* What the cell calls the tags that plugins and rules ask for. */
static const struct {
    const char *word;
    const char *tag;
} tag_words[] = {{"课后服务", "after_school_service"},
                 {"晚自习", "evening_study"},
                 {"侧门", "entrance"}};

bool room_has_tag(const char *text)
{
    for (size_t i = 0; i < sizeof(tag_words) / sizeof(tag_words[0]); i++)
        if (strstr(text, tag_words[i].word))
            return true;
    return false;
}

/* put_tag - as it is written, and as rules ask for it; what is nearly one of the words
 * that they know is hardly a tag of the school's own, and for what is no id no rule can
 * ask. */
static void put_tag(struct load *l, const struct sheet *s, const struct csv_row *row,
                    struct config_node *tags, const char *tag)
{
    const struct config_mark mark = sheet_cell(s, row, ROOM_TAG).mark;
    struct suggest near = {.wanted = tag};
    bool is_known = false;
    roster_put(l, tags, NULL, tag, mark);
    for (size_t i = 0; i < sizeof(tag_words) / sizeof(tag_words[0]); i++) {
        suggest_offer(&near, tag_words[i].word);
        if (strcmp(tag_words[i].word, tag) != 0)
            continue;
        roster_put(l, tags, NULL, tag_words[i].tag, mark);
        is_known = true;
    }
    if (is_known)
        return;
    if (near.best)
        sheet_warning(s, row, ROOM_TAG, "no rule knows the tag '%s' (did you mean '%s'?)",
                      tag, near.best);
    else if (!config_is_id(tag))
        sheet_warning(
            s, row, ROOM_TAG,
            "no rule knows the tag '%s' (wanted: 课后服务, 晚自习, 侧门, or letters and "
            "digits as a rule of the school asks for; no names of people)",
            tag);
}

/* put_tags - each of a cell, as people part them. */
static void put_tags(struct load *l, const struct sheet *s, const struct csv_row *row,
                     struct config_node *tags)
{
    const struct csv_cell cell = sheet_cell(s, row, ROOM_TAG);
    static const char *const parts[] = {"、", "，", "；", "／", "\u3000"};
    char *text = arena_string(l->src.arena, cell.text);
    char *rest = NULL;
    for (size_t i = 0; text && i < sizeof(parts) / sizeof(parts[0]); i++)
        for (char *at = strstr(text, parts[i]); at; at = strstr(at, parts[i]))
            memset(at, ' ', strlen(parts[i]));
    for (char *tag = text ? strtok_r(text, " ,;/|\t", &rest) : NULL; tag;
         tag = strtok_r(NULL, " ,;/|\t", &rest))
        put_tag(l, s, row, tags, tag);
}

/* room_tags - building, floor and tag as the tags of the place. */
static void room_tags(struct load *l, const struct sheet *s, const struct csv_row *row,
                      struct config_node *item)
{
    struct config_node *tags = arena_alloc(l->src.arena, sizeof(*tags));
    const struct config_mark mark = row->cells[0].mark;
    if (!tags)
        return;
    *tags = (struct config_node){.mark = mark};
    node_set_key(tags, "tags", mark);
    for (size_t column = ROOM_BUILDING; column < ROOM_TAG; column++) {
        const struct csv_cell cell = sheet_cell(s, row, column);
        if (cell.text[0])
            roster_put(l, tags, NULL, cell.text, cell.mark);
    }
    put_tags(l, s, row, tags);
    tags->kind = NODE_LIST;
    if (tags->count > 0)
        roster_adopt(l, item, tags);
}

static void room_read(struct load *l, const struct sheet *s, const struct csv_row *row,
                      struct node_list *places)
{
    uint32_t capacity = 0;
    const struct csv_cell seats = sheet_cell(s, row, ROOM_CAPACITY);
    const char *id = roster_id(s, row, ROOM_ID);
    const char *title = roster_title(s, row, ROOM_ID, ROOM_TITLE);
    bool has_kind = roster_is_row(s, row, ROOM_ID, ROOM_KIND);
    const char *kind = has_kind ? room_kind(l, s, row) : NULL;
    const char *stage = roster_stage(s, row, ROOM_STAGE);
    bool has_capacity =
        seats.text[0] && sheet_whole(s, row, ROOM_CAPACITY, 0, CAPACITY_MAX, &capacity);
    struct config_node *item =
        id ? roster_item(l, places, sheet_cell(s, row, ROOM_ID).mark) : NULL;
    l->config->has_lost_rooms |= !item || !title;
    if (!item)
        return;
    /* what is faulty was told: it must not be told of every reader too */
    roster_put(l, item, "id", id, sheet_cell(s, row, ROOM_ID).mark);
    roster_put(l, item, "title", title ? title : id, sheet_cell(s, row, ROOM_TITLE).mark);
    roster_put(l, item, "kind", kind ? kind : "classroom",
               sheet_cell(s, row, ROOM_KIND).mark);
    if (has_capacity && capacity == 0)
        sheet_warning(
            s, row, ROOM_CAPACITY,
            "the room holds nobody (wanted: how many it may hold; an empty cell "
            "where that is not known)");
    if (has_capacity)
        roster_put(l, item, "capacity", roster_number(l, capacity), seats.mark);
    if (stage && *stage)
        roster_put(l, item, "stage", stage, sheet_cell(s, row, ROOM_STAGE).mark);
    room_tags(l, s, row, item);
}

void rooms_read(struct load *l, const struct csv *csv, struct node_list *places)
{
    struct sheet s;
    if (!sheet_open(&l->src, csv, columns, ROOM_COLUMNS, &s)) {
        l->config->has_lost_rooms = true;
        return;
    }
    if (roster_are_swapped(&s, ROOM_ID, ROOM_TITLE)
        || room_doubts_exchanged(l->config, &s)) {
        l->config->has_lost_rooms = true;
        return;
    }
    for (size_t i = 1; i < csv->count; i++) {
        const size_t told = roster_told(l);
        room_read(l, &s, &csv->rows[i], places);
        if (roster_told(l) == told)
            room_doubts_row(l->config, &s, &csv->rows[i]);
    }
    room_doubts_columns(l, &s);
}
