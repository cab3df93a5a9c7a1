#include "store/delivery.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "store/statement.h"

enum { ITEM_BYTES = 10, ID_BYTES = 2 };

/* No transport has more messages under way than it has ids (MQTT 3.1.1, 2.3.1). */
static const uint64_t under_way_max = 65535;

enum { ADD_RUN, FORGET, EACH_RUN };

static const char *const sql[DELIVERY_STATEMENTS] = {
    [ADD_RUN] = "INSERT INTO deliveries (bus, first, last, forget, items)"
                " VALUES (?, ?, ?, ?, ?)",
    [FORGET] = "DELETE FROM deliveries WHERE bus = ?1 AND last <= ?2 AND last < ?3",
    [EACH_RUN] = "SELECT first, last, forget, items FROM deliveries WHERE bus = ?"
                 " ORDER BY last",
};

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

/* Up to which ticket nothing of the run's bus can come again. */
static uint64_t forgotten(const struct delivery_run *run)
{
    uint64_t too_old = run->last > under_way_max ? run->last - under_way_max : 0;
    return run->forget > too_old ? run->forget : too_old;
}

int deliveries_write(struct deliveries *d)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < d->count && rc == SQLITE_OK; i++) {
        const struct delivery_run *run = &d->runs[i];
        rc = statement_run(d->statements[FORGET], "iii", (int64_t)run->bus,
                           (int64_t)forgotten(run), (int64_t)run->last);
        if (rc == SQLITE_OK)
            rc = statement_run(d->statements[ADD_RUN], "iiiib", (int64_t)run->bus,
                               (int64_t)run->first, (int64_t)run->last,
                               (int64_t)run->forget, (const void *)run->items, run->size);
    }
    return rc;
}

/* What was gathered from the rows so far. */
struct loading {
    struct gw_delivery *items;
    size_t count;
    size_t room;
    uint64_t forget;
    uint64_t last;
};

static int load_run(struct loading *l, sqlite3_stmt *st, uint16_t bus)
{
    uint64_t first = (uint64_t)sqlite3_column_int64(st, 0);
    uint64_t forget = (uint64_t)sqlite3_column_int64(st, 2);
    const unsigned char *bytes = sqlite3_column_blob(st, 3);
    size_t count = (size_t)sqlite3_column_bytes(st, 3) / ITEM_BYTES;
    if (l->count + count > l->room) {
        l->room = 2 * (l->count + count);
        struct gw_delivery *items = realloc(l->items, l->room * sizeof(*items));
        if (!items)
            return SQLITE_NOMEM;
        l->items = items;
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t id = 0;
        uint64_t hash = 0;
        memcpy(&id, bytes + i * ITEM_BYTES, ID_BYTES);
        memcpy(&hash, bytes + i * ITEM_BYTES + ID_BYTES, sizeof(hash));
        l->items[l->count++] = (struct gw_delivery){.ticket = first + i,
                                                    .hash = le64toh(hash),
                                                    .message_id = le16toh(id),
                                                    .bus = bus};
    }
    l->last = (uint64_t)sqlite3_column_int64(st, 1);
    if (forget > l->forget)
        l->forget = forget;
    return SQLITE_OK;
}

int deliveries_load(struct deliveries *d, uint16_t bus, struct arena *arena,
                    const struct gw_delivery **ret, size_t *ret_count, uint64_t *ret_next)
{
    struct loading l = {0};
    int rc = statement_row(d->statements[EACH_RUN], "i", (int64_t)bus);
    while (rc == SQLITE_ROW) {
        int r = load_run(&l, d->statements[EACH_RUN], bus);
        rc = r == SQLITE_OK ? sqlite3_step(d->statements[EACH_RUN]) : r;
    }
    (void)sqlite3_reset(d->statements[EACH_RUN]); /* repeats the code of the step */
    size_t skip = 0;
    while (skip < l.count && l.items[skip].ticket <= l.forget)
        skip++;
    const struct gw_delivery *kept = NULL;
    if (rc == SQLITE_DONE && l.count > skip) {
        kept = arena_copy(arena, l.items + skip, (l.count - skip) * sizeof(*kept));
        rc = kept ? SQLITE_DONE : SQLITE_NOMEM;
    }
    free(l.items);
    if (rc != SQLITE_DONE)
        return rc;
    *ret = kept;
    *ret_count = l.count - skip;
    *ret_next = l.last + 1;
    return SQLITE_OK;
}
