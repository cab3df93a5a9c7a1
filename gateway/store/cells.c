#include "store/cells.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDEX_INTERIOR = 2,
    TABLE_INTERIOR = 5,
    INDEX_LEAF = 10,
    TABLE_LEAF = 13,
    FILE_HEADER = 100, /* page 1 begins behind it */
    LEAF_HEADER = 8,
    INTERIOR_HEADER = 12,
    RIGHTMOST_AT = 8, /* the last child of an interior page */
    POINTER = 4,
    VARINT_MAX = 9,
};

/* span - bytes that end somewhere. */
struct span {
    const unsigned char *at;
    const unsigned char *end;
};

struct cells {
    const struct pages *pages;
    unsigned char *page;
    unsigned char *overflow;
    unsigned char *payload; /* of a row that goes on in other pages */
    size_t room;
};

int cells_new(const struct pages *pages, struct cells **ret)
{
    struct cells *c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    c->pages = pages;
    c->page = malloc(pages_size(pages));
    c->overflow = malloc(pages_size(pages));
    if (!c->page || !c->overflow) {
        cells_free(c);
        return -ENOMEM;
    }
    *ret = c;
    return 0;
}

struct cells *cells_free(struct cells *c)
{
    if (!c)
        return NULL;
    free(c->page);
    free(c->overflow);
    free(c->payload);
    free(c);
    return NULL;
}

static bool take_varint(struct span *s, uint64_t *ret)
{
    uint64_t value = 0;
    for (int i = 0; i < VARINT_MAX && s->at < s->end; i++) {
        unsigned char byte = *s->at++;
        if (i == VARINT_MAX - 1) {
            *ret = value << 8 | byte;
            return true;
        }
        value = value << 7 | (byte & 0x7Fu);
        if (byte < 0x80) {
            *ret = value;
            return true;
        }
    }
    return false;
}

static uint64_t take_big(struct span *s, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | *s->at++;
    return value;
}

static bool take_integer(struct span *s, size_t size, struct cell_value *ret)
{
    if ((size_t)(s->end - s->at) < size)
        return false;
    unsigned shift = (unsigned)(64 - 8 * size);
    ret->type = CELL_INTEGER;
    ret->integer = size ? (int64_t)(take_big(s, size) << shift) >> shift : 0;
    return true;
}

static bool take_real(struct span *s, struct cell_value *ret)
{
    if ((size_t)(s->end - s->at) < sizeof(double))
        return false;
    uint64_t bits = take_big(s, sizeof(bits));
    ret->type = CELL_REAL;
    memcpy(&ret->real, &bits, sizeof(bits));
    return true;
}

static bool take_bytes(struct span *s, uint64_t serial, struct cell_value *ret)
{
    uint64_t size = (serial - 12) / 2;
    if ((uint64_t)(s->end - s->at) < size)
        return false;
    ret->type = serial % 2 ? CELL_TEXT : CELL_BLOB;
    ret->bytes = s->at;
    ret->size = (size_t)size;
    s->at += size;
    return true;
}

static bool take_value(struct span *s, uint64_t serial, struct cell_value *ret)
{
    static const size_t integer_sizes[] = {0, 1, 2, 3, 4, 6, 8};
    enum { SERIAL_REAL = 7, SERIAL_ZERO = 8, SERIAL_ONE = 9, SERIAL_BYTES = 12 };
    *ret = (struct cell_value){.type = CELL_NULL};
    if (serial == 0)
        return true;
    if (serial < SERIAL_REAL)
        return take_integer(s, integer_sizes[serial], ret);
    if (serial == SERIAL_REAL)
        return take_real(s, ret);
    if (serial == SERIAL_ZERO || serial == SERIAL_ONE) {
        ret->type = CELL_INTEGER;
        ret->integer = serial == SERIAL_ONE;
        return true;
    }
    return serial >= SERIAL_BYTES && take_bytes(s, serial, ret);
}

/* A record is whole when its values end where its payload does. */
static bool read_record(const unsigned char *payload, size_t size, struct cell *ret)
{
    struct span header = {payload, payload + size};
    struct span body = {payload, payload + size};
    uint64_t header_size = 0;
    if (!take_varint(&header, &header_size) || header_size > size
        || header_size < (uint64_t)(header.at - payload))
        return false;
    header.end = payload + header_size;
    body.at = header.end;
    ret->count = 0;
    while (header.at < header.end) {
        uint64_t serial = 0;
        if (ret->count == CELL_COLUMNS_MAX || !take_varint(&header, &serial)
            || !take_value(&body, serial, &ret->values[ret->count]))
            return false;
        ret->count++;
    }
    return body.at == body.end;
}

/* How much of @size stays in the page itself. */
static size_t local_size(const struct cells *c, bool in_index, size_t size)
{
    size_t usable = pages_size(c->pages);
    size_t most = in_index ? (usable - 12) * 64 / 255 - 23 : usable - 35;
    size_t least = (usable - 12) * 32 / 255 - 23;
    if (size <= most)
        return size;
    size_t local = least + (size - least) % (usable - POINTER);
    return local <= most ? local : least;
}

static bool make_room(struct cells *c, size_t size)
{
    if (size <= c->room)
        return true;
    unsigned char *payload = realloc(c->payload, size);
    if (!payload)
        return false;
    c->payload = payload;
    c->room = size;
    return true;
}

/* Gathers a payload from the page and its chain of overflow pages. */
static bool follow_chain(struct cells *c, struct span *s, size_t local, size_t size)
{
    if (!make_room(c, size) || (size_t)(s->end - s->at) < local + POINTER)
        return false;
    memcpy(c->payload, s->at, local);
    s->at += local;
    uint64_t next = take_big(s, POINTER);
    size_t each = pages_size(c->pages) - POINTER;
    for (size_t done = local; done < size;) {
        size_t part = size - done < each ? size - done : each;
        if (!pages_read(c->pages, (uint32_t)next, c->overflow))
            return false;
        memcpy(c->payload + done, c->overflow + POINTER, part);
        struct span pointer = {c->overflow, c->overflow + POINTER};
        next = take_big(&pointer, POINTER);
        done += part;
    }
    return next == 0; /* the last page of a chain points nowhere */
}

static bool read_cell(struct cells *c, struct span s, unsigned char kind,
                      struct cell *ret)
{
    uint64_t size = 0;
    uint64_t rowid = 0;
    *ret = (struct cell){.in_index = kind != TABLE_LEAF};
    if (kind == INDEX_INTERIOR)
        s.at += POINTER;
    if (s.at >= s.end || !take_varint(&s, &size) || size > CELL_BYTES_MAX
        || (!ret->in_index && !take_varint(&s, &rowid)))
        return false;
    ret->rowid = (int64_t)rowid;
    size_t local = local_size(c, ret->in_index, (size_t)size);
    if (local == size)
        return (uint64_t)(s.end - s.at) >= size && read_record(s.at, (size_t)size, ret);
    return follow_chain(c, &s, local, (size_t)size)
           && read_record(c->payload, (size_t)size, ret);
}

static const unsigned char *header_of(const unsigned char *page, uint32_t number)
{
    return page + (number == 1 ? FILE_HEADER : 0);
}

static bool is_interior(unsigned char kind)
{
    return kind == INDEX_INTERIOR || kind == TABLE_INTERIOR;
}

/* 0 = no node of a tree. */
static unsigned char kind_of(const unsigned char *page, uint32_t number)
{
    unsigned char kind = header_of(page, number)[0];
    return is_interior(kind) || kind == INDEX_LEAF || kind == TABLE_LEAF ? kind : 0;
}

/* Where the cells of the page at hand are told of; false: its header cannot be. */
static bool find_pointers(const struct cells *c, uint32_t number, unsigned char kind,
                          struct span *ret)
{
    const unsigned char *header = header_of(c->page, number);
    size_t count = (size_t)header[3] << 8 | header[4];
    ret->at = header + (is_interior(kind) ? INTERIOR_HEADER : LEAF_HEADER);
    ret->end = ret->at + 2 * count;
    return ret->end <= c->page + pages_size(c->pages);
}

/* What page @number is, once its header is possible; 0 = without rows. */
static unsigned char read_page(struct cells *c, uint32_t number, struct span *ret_cells)
{
    if (!pages_read(c->pages, number, c->page))
        return 0;
    unsigned char kind = kind_of(c->page, number);
    if (!kind || kind == TABLE_INTERIOR || !find_pointers(c, number, kind, ret_cells))
        return 0;
    return kind;
}

int cells_each(struct cells *c, uint32_t number,
               int (*each)(void *ctx, const struct cell *cell), void *ctx)
{
    struct span pointers = {0};
    unsigned char kind = read_page(c, number, &pointers);
    int64_t last = INT64_MIN;
    int r = 0;
    while (kind && pointers.at < pointers.end && r == 0) {
        struct cell cell;
        size_t at = (size_t)take_big(&pointers, 2);
        struct span bytes = {c->page + at, c->page + pages_size(c->pages)};
        if (at >= pages_size(c->pages) || !read_cell(c, bytes, kind, &cell)
            || (!cell.in_index && cell.rowid <= last))
            continue;
        last = cell.rowid;
        r = each(ctx, &cell);
    }
    return r;
}

struct newest {
    unsigned columns;
    bool is_found;
    int64_t rowid;
};

static int note_newest(void *ctx, const struct cell *cell)
{
    struct newest *newest = ctx;
    if (cell->in_index || cell->count != newest->columns)
        return 1;
    newest->is_found = true;
    newest->rowid = cell->rowid;
    return 0;
}

bool cells_newest(struct cells *c, uint32_t number, unsigned columns, int64_t *ret)
{
    struct newest newest = {.columns = columns};
    (void)cells_each(c, number, note_newest, &newest);
    *ret = newest.rowid;
    return newest.is_found;
}

/* --- damage ------------------------------------------------------------------ */

static bool is_node(struct cells *c, uint32_t number)
{
    return pages_read(c->pages, number, c->overflow) && kind_of(c->overflow, number);
}

static bool leads_to_node(struct cells *c, struct span pointer)
{
    return is_node(c, (uint32_t)take_big(&pointer, POINTER));
}

/* A row of the schema: type, name, table, root page, SQL.  No table of ours begins with a
 * text. */
static bool is_schema(const struct cell *cell)
{
    enum { COLUMNS = 5 };
    return !cell->in_index && cell->count == COLUMNS && cell->values[0].type == CELL_TEXT
           && cell->values[3].type == CELL_INTEGER;
}

/* A cell of an interior page of a table is a child and a key. */
static bool read_key(struct span s, struct cell *ret)
{
    uint64_t key = 0;
    s.at += POINTER;
    if (s.at >= s.end || !take_varint(&s, &key))
        return false;
    *ret = (struct cell){.rowid = (int64_t)key};
    return true;
}

/* damage - what is found of it on one page. */
struct damage {
    bool is_unreadable;
    unsigned children;
    int64_t last;
};

static void judge_cell(struct cells *c, struct span bytes, unsigned char kind,
                       struct damage *d)
{
    struct cell cell;
    if (bytes.end - bytes.at < POINTER) {
        d->is_unreadable = true;
        return;
    }
    if (is_interior(kind))
        d->children += !leads_to_node(c, bytes);
    bool reads = kind == TABLE_INTERIOR ? read_key(bytes, &cell)
                                        : read_cell(c, bytes, kind, &cell);
    if (reads && kind == TABLE_LEAF && is_schema(&cell))
        d->children += !is_node(c, (uint32_t)cell.values[3].integer);
    if (!reads || (!cell.in_index && cell.rowid <= d->last))
        d->is_unreadable = true;
    else
        d->last = cell.rowid;
}

unsigned cells_damage(struct cells *c, uint32_t number)
{
    struct damage d = {.last = INT64_MIN};
    struct span pointers = {0};
    if (!pages_read(c->pages, number, c->page))
        return 1;
    unsigned char kind = kind_of(c->page, number);
    if (!kind)
        return 0;
    if (!find_pointers(c, number, kind, &pointers))
        return 1;
    const unsigned char *end = c->page + pages_size(c->pages);
    const unsigned char *first = pointers.end;
    while (pointers.at < pointers.end && !d.is_unreadable) {
        struct span bytes = {c->page + take_big(&pointers, 2), end};
        if (bytes.at < first || bytes.at >= end)
            d.is_unreadable = true;
        else
            judge_cell(c, bytes, kind, &d);
    }
    const unsigned char *rightmost = header_of(c->page, number) + RIGHTMOST_AT;
    if (is_interior(kind) && !d.is_unreadable)
        d.children += !leads_to_node(c, (struct span){rightmost, end});
    return d.children + d.is_unreadable;
}
