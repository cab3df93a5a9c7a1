#include "config/roster.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "config/room_doubts.h"

struct config_node *roster_item(struct load *l, struct node_list *list,
                                struct config_mark mark)
{
    struct config_node *item = arena_alloc(l->src.arena, sizeof(*item));
    if (!item)
        return NULL;
    *item = (struct config_node){.kind = NODE_MAP, .mark = mark};
    list->items[list->count++] = item;
    return item;
}

void roster_adopt(struct load *l, struct config_node *item, struct config_node *node)
{
    struct config_node **items =
        arena_alloc(l->src.arena, (item->count + 1) * sizeof(struct config_node *));
    if (!items)
        return;
    for (size_t i = 0; i < item->count; i++)
        items[i] = item->items[i];
    items[item->count++] = node;
    item->items = items;
}

void roster_put(struct load *l, struct config_node *item, const char *key,
                const char *text, struct config_mark mark)
{
    struct config_node *node = arena_alloc(l->src.arena, sizeof(*node));
    if (!node)
        return;
    *node = (struct config_node){.kind = NODE_SCALAR, .text = text, .mark = mark};
    node_set_key(node, key, mark);
    roster_adopt(l, item, node);
}

const char *roster_number(struct load *l, uint32_t number)
{
    const char *text = arena_format(l->src.arena, "%u", (unsigned)number);
    return text ? text : "0";
}

/* is_same - to whoever compares names: see text_fold(). */
static bool is_same(const char *a, const char *b)
{
    char folded[SHEET_FOLDED_MAX];
    char other[SHEET_FOLDED_MAX];
    text_fold(a, folded, sizeof(folded));
    text_fold(b, other, sizeof(other));
    return strcmp(folded, other) == 0;
}

static bool is_word(const struct config_node *node, const char *folded)
{
    char own[SHEET_FOLDED_MAX];
    const char *text = config_scalar(node);
    text_fold(text ? text : "", own, sizeof(own));
    return text && strcmp(own, folded) == 0;
}

bool roster_is_called(const struct config_node *place, const char *folded)
{
    const struct config_node *title = config_child(place, "title");
    return is_word(config_child(place, "id"), folded) || is_word(title, folded)
           || is_word(config_child(title, "zh"), folded)
           || is_word(config_child(title, "en"), folded);
}

size_t roster_told(const struct load *l)
{
    return config_faults_errors(l->src.faults) + config_faults_warnings(l->src.faults);
}

/* row_above - the row above @row that has the same in @column, or NULL. */
static const struct csv_row *row_above(const struct sheet *s, const struct csv_row *row,
                                       size_t column)
{
    const char *text = sheet_cell(s, row, column).text;
    for (const struct csv_row *above = &s->csv->rows[1]; above < row; above++)
        if (is_same(sheet_cell(s, above, column).text, text))
            return above;
    return NULL;
}

/* is_alike - false: @row has in @column what the row above has, letter by letter. */
static bool is_alike(const struct sheet *s, const struct csv_row *row, size_t column,
                     const struct csv_row *above)
{
    return strcmp(sheet_cell(s, row, column).text, sheet_cell(s, above, column).text)
           != 0;
}

bool roster_are_swapped(const struct sheet *s, size_t id, size_t title)
{
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        if (config_is_id(sheet_cell(s, row, id).text)
            || !config_is_id(sheet_cell(s, row, title).text))
            return false;
    }
    if (s->csv->count < 2)
        return false;
    sheet_fault(s, &s->csv->rows[0], id,
                "the columns of ids and names are swapped (allowed: ids of letters and "
                "digits below '%s')",
                sheet_cell(s, &s->csv->rows[0], id).text);
    return true;
}

static bool is_spoilt(const struct sheet *s, const struct csv_row *row, size_t column)
{
    return sheet_told_date(s->src, s->csv, row, sheet_at(s, column));
}

const char *roster_id(const struct sheet *s, const struct csv_row *row, size_t column)
{
    const char *text = sheet_cell(s, row, column).text;
    const struct csv_row *above = row_above(s, row, column);
    bool is_good = config_is_id(text);
    char folded[SHEET_FOLDED_MAX];
    char wide[4];
    char narrow = 0;
    text_fold(text, folded, sizeof(folded));
    if (is_spoilt(s, row, column))
        return NULL;
    sheet_doubts_date(s->src, s->csv, row, sheet_at(s, column));
    if (!is_good && text_wide(text, wide, &narrow) && config_is_id(folded))
        sheet_fault(s, row, column,
                    "'%s' is not an id: it has a full-width '%s' (allowed: '%c')", text,
                    wide, narrow);
    else if (!text[0])
        sheet_fault(s, row, column,
                    "no id stands here (allowed: A-Z, a-z, 0-9, '.', '_' and '-', a "
                    "letter or digit first, at most %d)",
                    GW_ID_MAX - 1);
    else if (!is_good && strpbrk(folded, ";,\t"))
        sheet_fault(s, row, column, CSV_OTHER_SIGN, text);
    else if (!is_good)
        sheet_fault(s, row, column,
                    "'%s' is not an id (allowed: A-Z, a-z, 0-9, '.', '_' and '-', a "
                    "letter or digit first, at most %d)",
                    text, GW_ID_MAX - 1);
    else if (above && is_alike(s, row, column, above))
        sheet_fault(s, row, column,
                    "'%s' cannot be told from '%s' in row %u (allowed: ids that differ "
                    "in more than capitals)",
                    text, sheet_cell(s, above, column).text, (unsigned)above->number);
    else if (above)
        sheet_fault(s, row, column, "'%s' stands also in row %u (allowed: an id once)",
                    text, (unsigned)above->number);
    else
        return text;
    return NULL;
}

bool roster_is_row(const struct sheet *s, const struct csv_row *row, size_t id,
                   size_t column)
{
    return config_is_id(sheet_cell(s, row, id).text)
           || sheet_cell(s, row, column).text[0];
}

/* row_called - another row, whose id is what is the title of @row; NULL = none. */
static const struct csv_row *row_called(const struct sheet *s, const struct csv_row *row,
                                        size_t id, const char *title)
{
    for (size_t i = 1; i < s->csv->count; i++)
        if (&s->csv->rows[i] != row
            && strcmp(sheet_cell(s, &s->csv->rows[i], id).text, title) == 0)
            return &s->csv->rows[i];
    return NULL;
}

const char *roster_title(const struct sheet *s, const struct csv_row *row, size_t id,
                         size_t column)
{
    const char *text = sheet_cell(s, row, column).text;
    const struct csv_row *above = row_above(s, row, column);
    bool is_copy = above && above == row_above(s, row, id);
    const struct csv_row *other = text[0] ? row_called(s, row, id, text) : NULL;
    if (is_copy || !roster_is_row(s, row, id, column))
        return NULL;
    if (!text[0])
        sheet_fault(s, row, column, "no name stands here (allowed: what people call it)");
    else if (is_spoilt(s, row, column))
        return NULL;
    else if (above && is_alike(s, row, column, above))
        sheet_fault(s, row, column,
                    "'%s' cannot be told from '%s' in row %u (allowed: names that differ "
                    "in more than blanks, wide forms and capitals)",
                    text, sheet_cell(s, above, column).text, (unsigned)above->number);
    else if (above)
        sheet_fault(s, row, column,
                    "'%s' stands also in row %u (allowed: a name for one only)", text,
                    (unsigned)above->number);
    else if (other)
        sheet_fault(s, row, column,
                    "'%s' is the id of row %u (allowed: a name of its own)", text,
                    (unsigned)other->number);
    else
        return text;
    return NULL;
}

const char *roster_stage_of(const char *text)
{
    static const struct {
        const char *word, *stage;
    } words[] = {{"", ""},
                 {"小学", "primary"},
                 {"小学部", "primary"},
                 {"primary", "primary"},
                 {"初中", "junior"},
                 {"初中部", "junior"},
                 {"junior", "junior"},
                 {"高中", "senior"},
                 {"高中部", "senior"},
                 {"普通高中", "senior"},
                 {"senior", "senior"}};
    char folded[SHEET_FOLDED_MAX];
    text_fold(text, folded, sizeof(folded));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, folded) == 0)
            return words[i].stage;
    return NULL;
}

const char *roster_stage(const struct sheet *s, const struct csv_row *row, size_t column)
{
    const char *text = sheet_cell(s, row, column).text;
    const char *stage = roster_stage_of(text);
    if (!stage)
        sheet_fault(s, row, column,
                    "'%s' is no stage (allowed: 小学, 初中, 高中; primary, junior, "
                    "senior)",
                    text);
    return stage;
}

/* list_of - the items of campus.yaml's list @key, and room for @more. */
static bool list_of(struct load *l, const char *key, size_t more, struct node_list *ret)
{
    const struct config_node *list = config_child(l->config->campus, key);
    uint32_t count = config_is_list(list) ? list->count : 0;
    ret->count = count;
    ret->items =
        arena_alloc(l->src.arena, (count + more + 1) * sizeof(struct config_node *));
    for (size_t i = 0; ret->items && i < count; i++)
        ret->items[i] = list->items[i];
    return ret->items != NULL;
}

/* list_put - @list as the list @key of @root; one that is no list stays, and is told by
 * its reader. */
static void list_put(struct load *l, struct config_node *root, const char *key,
                     const struct node_list *list)
{
    const struct config_node *old = config_child(root, key);
    struct config_node *node = arena_alloc(l->src.arena, sizeof(*node));
    if (!node || list->count == 0 || (old && !config_is_list(old)))
        return;
    *node = (struct config_node){.kind = NODE_LIST,
                                 .mark = old ? config_where(old) : list->items[0]->mark,
                                 .items = list->items,
                                 .count = list->count};
    node_set_key(node, key, old ? config_where_key(old) : node->mark);
    size_t at = 0;
    while (at < root->count && root->items[at] != old)
        at++;
    root->items[at] = node;
    root->count += at == root->count;
}

/* root_copy - of campus.yaml, with room for both lists. */
static struct config_node *root_copy(struct load *l)
{
    const struct config_node *campus = l->config->campus;
    struct config_node *root = arena_alloc(l->src.arena, sizeof(*root));
    struct config_node **items =
        arena_alloc(l->src.arena, (campus->count + 2) * sizeof(struct config_node *));
    if (!root || !items)
        return NULL;
    *root = *campus;
    root->kind = NODE_MAP;
    for (size_t i = 0; i < campus->count; i++)
        items[i] = campus->items[i];
    root->items = items;
    return root;
}

int load_roster(struct load *l)
{
    struct node_list places = {0};
    struct node_list classes = {0};
    if ((!l->classes && !l->rooms) || !config_is_map(l->config->campus))
        return 0;
    struct config_node *root = root_copy(l);
    if (!root || !list_of(l, "places", l->rooms ? l->rooms->count : 0, &places)
        || !list_of(l, "classes", l->classes ? l->classes->count : 0, &classes))
        return -ENOMEM;
    if (l->rooms)
        rooms_read(l, l->rooms, &places);
    if (l->classes)
        classes_read(l, l->classes, &classes, &places);
    if (l->rooms)
        room_doubts_all(l, &places, &classes);
    list_put(l, root, "places", &places);
    list_put(l, root, "classes", &classes);
    l->config->campus = root;
    return 0;
}
