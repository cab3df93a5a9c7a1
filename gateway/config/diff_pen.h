/* diff_pen.h - how rows are written, for those who compare. */
#ifndef CONFIG_DIFF_PEN_H
#define CONFIG_DIFF_PEN_H

#include "config/diff.h"

/* pen - the row of one object; made when its first key differs. */
struct pen {
    struct config_diff *diff;
    enum diff_kind kind;
    const char *name;
    size_t row; /* index + 1; 0 = none yet */
};

/* diff_row_add - an object that comes, goes, or gets keys.  NULL = out of memory, which
 * @d keeps in mind */
struct diff_row *diff_row_add(struct config_diff *d, enum diff_kind kind,
                              enum diff_what what, const char *name);

/* pen_options - what @options find different in two structs; subtrees key by key. */
void pen_options(struct pen *pen, const struct gw_option *options, const void *a,
                 const void *b);

/* pen_nodes - mappings key by key, anything else as a whole, under @key; NULL = not
 * there. */
void pen_nodes(struct pen *pen, const char *key, const struct config_node *a,
               const struct config_node *b);

/* diff_item - the mapping in @list whose `id` is @id, or NULL. */
const struct config_node *diff_item(const struct config_node *list, const char *id);

/* diff_files - the files of one tree that may have a list. */
struct diff_files {
    const struct config_node *const *roots;
    size_t count;
};

/* diff_lists - the items of the lists at @key, which have no id: those that are in both
 * are passed over, in whatever order, those of one name are compared, the others come and
 * go as a whole. */
void diff_lists(struct config_diff *d, const char *key, const struct diff_files *before,
                const struct diff_files *after);

#endif
