/* roster.h - classes.csv and rooms.csv, read as if they stood in campus.yaml.
 *
 * What a row says becomes an item of campus.yaml's `classes` or `places`, with the marks
 * of its cells: whoever reads those lists need not know where an item was written, and an
 * id in both is one that is taken.  Thread: main.
 */
#ifndef CONFIG_ROSTER_H
#define CONFIG_ROSTER_H

#include "config/load.h"
#include "config/node.h"
#include "config/sheet.h"

/* node_list - items on their way to a list of campus.yaml; room for all of them. */
struct node_list {
    struct config_node **items;
    uint32_t count;
};

/* roster_item - an empty mapping, added to @list; NULL: out of memory. */
struct config_node *roster_item(struct load *l, struct node_list *list,
                                struct config_mark mark);

/* roster_put - @key: @text in @item. */
void roster_put(struct load *l, struct config_node *item, const char *key,
                const char *text, struct config_mark mark);

/* roster_adopt - @node, with its key, in @item. */
void roster_adopt(struct load *l, struct config_node *item, struct config_node *node);

/* roster_number - as text in the arena. */
const char *roster_number(struct load *l, uint32_t number);

/* roster_id - the cell's text as an id; NULL: it is none, and a fault. */
const char *roster_id(const struct sheet *s, const struct csv_row *row, size_t column);

/* roster_are_swapped - true, and one fault: titles stand under the ids' heading and ids
 * under the titles', in every row. */
bool roster_are_swapped(const struct sheet *s, size_t id, size_t title);

/* roster_title - the cell's text as a title that no row above has; NULL: it is none,
 * and a fault, unless the row's id in column @id was told of the same: that it is a copy
 * of the row above, or no row at all. */
const char *roster_title(const struct sheet *s, const struct csv_row *row, size_t id,
                         size_t column);

/* roster_stage_of - the stage that @text names, "" for an empty one, NULL: none.
 * roster_stage - of the cell; NULL also a fault. */
const char *roster_stage_of(const char *text);
const char *roster_stage(const struct sheet *s, const struct csv_row *row, size_t column);

/* roster_told - how many slips were told so far: of what was told nothing is doubted. */
size_t roster_told(const struct load *l);

/* roster_is_called - @folded (text_fold()) is the id of the place or class, or its title.
 */
bool roster_is_called(const struct config_node *place, const char *folded);

/* roster_is_row - @row has an id, or what stands in @column: else it is a total or was
 * parted by another sign, and its id is told alone. */
bool roster_is_row(const struct sheet *s, const struct csv_row *row, size_t id,
                   size_t column);

/* rooms_read - rows of rooms.csv; classes_read - of classes.csv: also makes a class at
 * home in its room, which is a place of @places. */
void rooms_read(struct load *l, const struct csv *csv, struct node_list *places);
void classes_read(struct load *l, const struct csv *csv, struct node_list *classes,
                  struct node_list *places);

#endif
