/* cells.h - the rows of one page of a b-tree, read without trust in it.
 *
 * A cell that points outside its page, a length that cannot be, a chain of overflow
 * pages that breaks: that row is not there, the others are.
 * Source: the SQLite file format, https://www.sqlite.org/fileformat2.html, 1.6 and 2.1.
 * Thread: one user at a time.
 */
#ifndef STORE_CELLS_H
#define STORE_CELLS_H

#include "store/pages.h"

enum { CELL_COLUMNS_MAX = 16, CELL_BYTES_MAX = 1 << 20 };

enum cell_type { CELL_NULL, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BLOB };

struct cell_value {
    enum cell_type type;
    int64_t integer;
    double real;
    const void *bytes; /* valid until the next cell */
    size_t size;
};

/* cell - one row.  rowid: of a table; in_index: a row of an index or of a table WITHOUT
 * ROWID, where rowid is 0. */
struct cell {
    bool in_index;
    int64_t rowid;
    unsigned count;
    struct cell_value values[CELL_COLUMNS_MAX];
};

struct cells;

int cells_new(const struct pages *pages, struct cells **ret);
struct cells *cells_free(struct cells *c);

/* cells_each - calls @each for every row that reads on page @number, in order; rows of a
 * table whose ids do not rise are left out.  Stops at the first non-zero and returns
 * it. */
int cells_each(struct cells *c, uint32_t number,
               int (*each)(void *ctx, const struct cell *cell), void *ctx);

/* cells_newest - the highest row id of a page of a table with @columns columns; false:
 * it is none, or nothing of it reads. */
bool cells_newest(struct cells *c, uint32_t number, unsigned columns, int64_t *ret);

/* cells_damage - of a node of a tree: 1 when not all of it reads, and how many of its
 * children, or of the trees of a schema, are no nodes.  Nothing of another page: a free
 * one, or one that a row goes on in, which is judged with its row.  1 too when the disk
 * does not give it. */
unsigned cells_damage(struct cells *c, uint32_t number);

#endif
