#include "store/delivery.h"

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/statement.h"

enum { ITEM_BYTES = 10, ID_BYTES = 2 };

/* No transport has more messages under way than it has ids (MQTT 3.1.1, 2.3.1); of ids
 * of their own as many are promised. */
static const uint64_t kept_max = 65535;

/* Rows that are too old go together, as many messages as fill a page of 1024 bytes: a few
 * at a time would cost each commit a page, and many at a time leave free pages that the
 * commit does not fill again; those are written too, as empty. */
enum { TOGETHER = 128 };

enum { ADD_RUN, LAST_RUN, NEXT_RUN, FORGET_RUN, FORGET_UNTIL, EACH_RUN };

/* A row's number is its bus * 2^48 + its last ticket. */
static const char *const sql[DELIVERY_STATEMENTS] = {
    [ADD_RUN] = "INSERT OR REPLACE INTO deliveries (number, bus, first, last, forget,"
                " items) VALUES (?, ?, ?, ?, ?, ?)",
    [LAST_RUN] = "SELECT last, forget FROM deliveries WHERE number BETWEEN ? AND ?"
                 " ORDER BY number DESC LIMIT 1",
    [NEXT_RUN] = "SELECT number, items FROM deliveries WHERE number BETWEEN ? AND ?"
                 " ORDER BY number LIMIT 1",
    [FORGET_RUN] = "DELETE FROM deliveries WHERE number = ?",
    [FORGET_UNTIL] = "DELETE FROM deliveries WHERE number BETWEEN ? AND ?",
    [EACH_RUN] = "SELECT first, last, forget, items FROM deliveries"
                 " WHERE number BETWEEN ? AND ? ORDER BY number",
};

static int64_t row_number(uint16_t bus, uint64_t ticket)
{
    return (int64_t)((uint64_t)bus << 48 | ticket);
}

static int64_t last_number(uint16_t bus)
{
    return row_number(bus, (UINT64_C(1) << 48) - 1);
}

int deliveries_open(struct deliveries *d, sqlite3 *db)
{
    return statements_prepare(db, sql, d->statements, DELIVERY_STATEMENTS);
}

void deliveries_close(struct deliveries *d)
{
    statements_finalize(d->statements, DELIVERY_STATEMENTS);
    for (size_t i = 0; i < d->room; i++)
        free(d->runs[i].items);
    free(d->runs);
    *d = (struct deliveries){0};
}

void deliveries_clear(struct deliveries *d)
{
    for (size_t i = 0; i < d->count; i++)
        d->runs[i].size = 0; /* the memory serves the next commit */
    d->count = 0;
}

/* The run that @delivery continues, or NULL. */
static struct delivery_run *find_run(struct deliveries *d,
                                     const struct gw_delivery *delivery)
{
    for (size_t i = d->count; i > 0; i--)
        if (d->runs[i - 1].bus == delivery->bus)
            return d->runs[i - 1].last + 1 == delivery->ticket ? &d->runs[i - 1] : NULL;
    return NULL;
}

static struct delivery_run *new_run(struct deliveries *d,
                                    const struct gw_delivery *delivery)
{
    if (d->count == d->room) {
        size_t room = d->room ? 2 * d->room : 8;
        struct delivery_run *runs = realloc(d->runs, room * sizeof(*runs));
        if (!runs)
            return NULL;
        memset(runs + d->room, 0, (room - d->room) * sizeof(*runs));
        d->runs = runs;
        d->room = room;
    }
    struct delivery_run *run = &d->runs[d->count++];
    run->bus = delivery->bus;
    run->first = delivery->ticket;
    run->forget = 0;
    return run;
}

int deliveries_add(struct deliveries *d, const struct gw_delivery *delivery)
{
    struct delivery_run *run = find_run(d, delivery);
    if (!run)
        run = new_run(d, delivery);
    if (!run)
        return SQLITE_NOMEM;
    if (run->size + ITEM_BYTES > run->room) {
        size_t room = run->room ? 2 * run->room : (size_t)64 * ITEM_BYTES;
        unsigned char *items = realloc(run->items, room);
        if (!items)
            return SQLITE_NOMEM;
        run->items = items;
        run->room = room;
    }
    uint16_t id = htole16(delivery->message_id);
    uint64_t hash = htole64(delivery->hash);
    memcpy(run->items + run->size, &id, ID_BYTES);
    memcpy(run->items + run->size + ID_BYTES, &hash, sizeof(hash));
    run->size += ITEM_BYTES;
    run->last = delivery->ticket;
    if (delivery->forget > run->forget)
        run->forget = delivery->forget;
    return SQLITE_OK;
}

static uint16_t item_id(const unsigned char *items, size_t index)
{
    uint16_t id = 0;
    memcpy(&id, items + index * ITEM_BYTES, ID_BYTES);
    return le16toh(id);
}

static uint64_t item_hash(const unsigned char *items, size_t index)
{
    uint64_t hash = 0;
    memcpy(&hash, items + index * ITEM_BYTES + ID_BYTES, sizeof(hash));
    return le64toh(hash);
}

/* Whether one of the row's messages bore an id of its own. */
static bool has_own_id(sqlite3_stmt *st, int column)
{
    const unsigned char *items = sqlite3_column_blob(st, column);
    size_t count = (size_t)sqlite3_column_bytes(st, column) / ITEM_BYTES;
    for (size_t i = 0; i < count; i++)
        if (!item_id(items, i))
            return true;
    return false;
}

/* Rows from @number up to @end whose messages' acknowledgements have arrived. */
static int forget_settled(struct deliveries *d, int64_t number, int64_t end)
{
    sqlite3_stmt *next = d->statements[NEXT_RUN];
    int rc = statement_row(next, "ii", number, end);
    while (rc == SQLITE_ROW) {
        number = sqlite3_column_int64(next, 0);
        bool stays = has_own_id(next, 1);
        (void)sqlite3_reset(next);
        rc = stays ? SQLITE_OK : statement_run(d->statements[FORGET_RUN], "i", number);
        if (rc == SQLITE_OK)
            rc = statement_row(next, "ii", number + 1, end);
    }
    (void)sqlite3_reset(next); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int forget_old(struct deliveries *d, uint16_t bus, uint64_t last)
{
    if (last <= kept_max)
        return SQLITE_OK;
    return statement_run(d->statements[FORGET_UNTIL], "ii", row_number(bus, 0),
                         row_number(bus, last - kept_max));
}

/* What the bus's row before has not forgotten yet. */
static int forget_before(struct deliveries *d, const struct delivery_run *run)
{
    sqlite3_stmt *row = d->statements[LAST_RUN];
    int rc = statement_row(row, "ii", row_number(run->bus, 0),
                           row_number(run->bus, run->last - 1));
    if (rc != SQLITE_ROW) {
        (void)sqlite3_reset(row); /* repeats the code of the step */
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    uint64_t last = (uint64_t)sqlite3_column_int64(row, 0);
    uint64_t from = (uint64_t)sqlite3_column_int64(row, 1) + 1;
    (void)sqlite3_reset(row);
    if (from > last)
        from = last; /* it could not forget itself */
    rc = forget_settled(d, row_number(run->bus, from), row_number(run->bus, run->forget));
    if (rc == SQLITE_OK && last / TOGETHER != run->last / TOGETHER)
        rc = forget_old(d, run->bus, run->last);
    return rc;
}

int deliveries_write(struct deliveries *d)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < d->count && rc == SQLITE_OK; i++) {
        const struct delivery_run *run = &d->runs[i];
        rc = forget_before(d, run);
        if (rc == SQLITE_OK)
            rc = statement_run(d->statements[ADD_RUN], "iiiiib",
                               row_number(run->bus, run->last), (int64_t)run->bus,
                               (int64_t)run->first, (int64_t)run->last,
                               (int64_t)run->forget, (const void *)run->items, run->size);
    }
    return rc;
}

/* What was gathered from the rows so far. */
struct loading {
    struct gw_delivery *items; /* without own ids */
    size_t count;
    size_t room;
    uint64_t *own_ids;
    size_t own_count;
    size_t own_room;
    uint64_t forget;
    uint64_t last;
};

static bool make_room(struct loading *l, size_t more)
{
    if (l->count + more > l->room) {
        l->room = 2 * (l->count + more);
        void *items = realloc(l->items, l->room * sizeof(*l->items));
        if (!items)
            return false;
        l->items = items;
    }
    if (l->own_count + more > l->own_room) {
        l->own_room = 2 * (l->own_count + more);
        void *own_ids = realloc(l->own_ids, l->own_room * sizeof(*l->own_ids));
        if (!own_ids)
            return false;
        l->own_ids = own_ids;
    }
    return true;
}

static int load_run(struct loading *l, sqlite3_stmt *st, uint16_t bus)
{
    uint64_t first = (uint64_t)sqlite3_column_int64(st, 0);
    uint64_t forget = (uint64_t)sqlite3_column_int64(st, 2);
    const unsigned char *bytes = sqlite3_column_blob(st, 3);
    size_t count = (size_t)sqlite3_column_bytes(st, 3) / ITEM_BYTES;
    if (!make_room(l, count))
        return SQLITE_NOMEM;
    for (size_t i = 0; i < count; i++) {
        uint16_t id = item_id(bytes, i);
        if (id)
            l->items[l->count++] = (struct gw_delivery){.ticket = first + i,
                                                        .hash = item_hash(bytes, i),
                                                        .message_id = id,
                                                        .bus = bus};
        else
            l->own_ids[l->own_count++] = item_hash(bytes, i);
    }
    l->last = (uint64_t)sqlite3_column_int64(st, 1);
    if (forget > l->forget)
        l->forget = forget;
    return SQLITE_OK;
}

/* In @arena, without what is forgotten. */
static int hand_over(const struct loading *l, struct arena *arena,
                     struct gw_delivered *ret, struct gw_own_ids *ret_ids)
{
    size_t skip = 0;
    while (skip < l->count && l->items[skip].ticket <= l->forget)
        skip++;
    struct gw_delivered delivered = {.count = l->count - skip, .next = l->last + 1};
    struct gw_own_ids own_ids = {.count = l->own_count};
    if (delivered.count)
        delivered.items =
            arena_copy(arena, l->items + skip, delivered.count * sizeof(*l->items));
    if (own_ids.count)
        own_ids.hashes =
            arena_copy(arena, l->own_ids, own_ids.count * sizeof(*l->own_ids));
    if ((delivered.count && !delivered.items) || (own_ids.count && !own_ids.hashes))
        return SQLITE_NOMEM;
    *ret = delivered;
    *ret_ids = own_ids;
    return SQLITE_OK;
}

int deliveries_load(struct deliveries *d, uint16_t bus, struct arena *arena,
                    struct gw_delivered *ret, struct gw_own_ids *ret_ids)
{
    struct loading l = {0};
    sqlite3_stmt *each = d->statements[EACH_RUN];
    int rc = statement_row(each, "ii", row_number(bus, 0), last_number(bus));
    while (rc == SQLITE_ROW) {
        int r = load_run(&l, each, bus);
        rc = r == SQLITE_OK ? sqlite3_step(each) : r;
    }
    (void)sqlite3_reset(each); /* repeats the code of the step */
    if (rc == SQLITE_DONE)
        rc = hand_over(&l, arena, ret, ret_ids);
    free(l.items);
    free(l.own_ids);
    return rc;
}
