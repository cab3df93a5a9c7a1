#include "store/delivery.h"

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/statement.h"

/* An item without a message id is an own id; with nothing at all, it stands for a ticket
 * that left nothing. */
enum { ITEM_BYTES = 10, ID_BYTES = 2 };

/* No transport has more messages under way than it has ids (MQTT 3.1.1, 2.3.1); of ids
 * of their own as many are promised. */
static const uint64_t kept_max = 65535;
enum { SEEN_BYTES = 65536 / 8 };
static const uint64_t ticket_max = (UINT64_C(1) << 48) - 1;

/* Rows that are too old go together, as many own ids as fill a page of 1024 bytes: a few
 * at a time would cost each commit a page, and many at a time leave free pages that the
 * commit does not fill again; those are written too, as empty. */
enum { TOGETHER = 128 };

enum { ADD_RUN, LAST_RUN, NEXT_RUN, STRIP_RUN, FORGET_RUN, EACH_RUN };

/* A row's number is its bus * 2^48 + its last ticket. */
static const char *const sql[DELIVERY_STATEMENTS] = {
    [ADD_RUN] = "INSERT OR REPLACE INTO deliveries (number, own, forget, items)"
                " VALUES (?, ?, ?, ?)",
    [LAST_RUN] = "SELECT number, own, forget, items FROM deliveries"
                 " WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT 1",
    [NEXT_RUN] = "SELECT number, own, items FROM deliveries WHERE number BETWEEN ? AND ?"
                 " ORDER BY number LIMIT 1",
    [STRIP_RUN] = "UPDATE deliveries SET items = ?2 WHERE number = ?1",
    [FORGET_RUN] = "DELETE FROM deliveries WHERE number = ?",
    [EACH_RUN] = "SELECT number, forget, items FROM deliveries"
                 " WHERE number BETWEEN ? AND ? ORDER BY number",
};

static int64_t row_number(uint16_t bus, uint64_t ticket)
{
    return (int64_t)((uint64_t)bus << 48 | ticket);
}

static uint64_t last_ticket(int64_t number)
{
    return (uint64_t)number & ticket_max;
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

static struct delivery_run *new_run(struct deliveries *d, uint16_t bus)
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
    run->bus = bus;
    run->forget = 0;
    return run;
}

static int add_item(struct delivery_run *run, uint16_t message_id, uint64_t hash)
{
    if (run->size + ITEM_BYTES > run->room) {
        size_t room = run->room ? 2 * run->room : (size_t)64 * ITEM_BYTES;
        unsigned char *items = realloc(run->items, room);
        if (!items)
            return SQLITE_NOMEM;
        run->items = items;
        run->room = room;
    }
    message_id = htole16(message_id);
    hash = htole64(hash);
    memcpy(run->items + run->size, &message_id, ID_BYTES);
    memcpy(run->items + run->size + ID_BYTES, &hash, sizeof(hash));
    run->size += ITEM_BYTES;
    return SQLITE_OK;
}

int deliveries_add(struct deliveries *d, const struct gw_delivery *delivery)
{
    struct delivery_run *run = find_run(d, delivery);
    if (!run && delivery->is_again)
        return SQLITE_OK;
    if (!run)
        run = new_run(d, delivery->bus);
    if (!run)
        return SQLITE_NOMEM;
    run->last = delivery->ticket;
    if (delivery->forget > run->forget)
        run->forget = delivery->forget;
    return delivery->is_again ? add_item(run, 0, 0)
                              : add_item(run, delivery->message_id, delivery->hash);
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

static bool is_own(const unsigned char *items, size_t index)
{
    return !item_id(items, index) && item_hash(items, index);
}

static uint64_t count_own(const unsigned char *items, size_t size)
{
    uint64_t count = 0;
    for (size_t i = 0; i < size / ITEM_BYTES; i++)
        count += is_own(items, i);
    return count;
}

/* The ids of their own among @items, to their front. returns  their size in bytes */
static size_t keep_own(unsigned char *items, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < size / ITEM_BYTES; i++)
        if (is_own(items, i)) {
            memmove(items + kept, items + i * ITEM_BYTES, ITEM_BYTES);
            kept += ITEM_BYTES;
        }
    return kept;
}

/* row - a copy: a statement that stands on a row cannot change it. */
struct row {
    int64_t number;
    unsigned char *items;
    size_t size;
};

static int take_row(sqlite3_stmt *st, int column, struct row *ret)
{
    size_t size = (size_t)sqlite3_column_bytes(st, column);
    ret->items = malloc(size + 1);
    if (!ret->items)
        return SQLITE_NOMEM;
    if (size)
        memcpy(ret->items, sqlite3_column_blob(st, column), size);
    ret->size = size;
    ret->number = sqlite3_column_int64(st, 0);
    (void)sqlite3_reset(st);
    return SQLITE_OK;
}

static int put_row(struct deliveries *d, const struct row *row)
{
    if (row->size)
        return statement_run(d->statements[STRIP_RUN], "ib", row->number,
                             (const void *)row->items, row->size);
    return statement_run(d->statements[FORGET_RUN], "i", row->number);
}

/* The row's messages' acknowledgements have arrived. */
static int settle_next(struct deliveries *d, int64_t *number)
{
    struct row row;
    int rc = take_row(d->statements[NEXT_RUN], 2, &row);
    if (rc != SQLITE_OK)
        return rc;
    size_t size = row.size;
    row.size = keep_own(row.items, size);
    if (row.size < size || !size)
        rc = put_row(d, &row);
    *number = row.number;
    free(row.items);
    return rc;
}

static int settle_rows(struct deliveries *d, int64_t number, int64_t end)
{
    sqlite3_stmt *next = d->statements[NEXT_RUN];
    int rc = statement_row(next, "ii", number, end);
    while (rc == SQLITE_ROW) {
        rc = settle_next(d, &number);
        if (rc == SQLITE_OK)
            rc = statement_row(next, "ii", number + 1, end);
    }
    (void)sqlite3_reset(next); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Of a newer row's message id the older message is over.  returns  whether one was */
static bool thin_row(struct row *row, unsigned char seen[SEEN_BYTES])
{
    bool has_doubts = false;
    bool is_over = false;
    for (size_t i = row->size / ITEM_BYTES; i > 0; i--) {
        uint16_t id = item_id(row->items, i - 1);
        unsigned char bit = (unsigned char)(1u << id % 8);
        if (id && (seen[id / 8] & bit)) {
            memset(row->items + (i - 1) * ITEM_BYTES, 0, ITEM_BYTES);
            is_over = true;
        } else if (id) {
            seen[id / 8] |= bit;
            has_doubts = true;
        }
    }
    if (!has_doubts)
        row->size = keep_own(row->items, row->size);
    return is_over;
}

/* A broker that never gets to the oldest message and sends the others again and again
 * leaves as many rows as it likes behind that one. */
static int thin_out(struct deliveries *d, const struct delivery_run *run)
{
    sqlite3_stmt *last = d->statements[LAST_RUN];
    unsigned char *seen = calloc(1, SEEN_BYTES);
    const int64_t from = row_number(run->bus, run->forget + 1);
    int rc = seen ? statement_row(last, "ii", from, row_number(run->bus, ticket_max))
                  : SQLITE_NOMEM;
    while (rc == SQLITE_ROW) {
        struct row row;
        rc = take_row(last, 3, &row);
        if (rc != SQLITE_OK)
            break;
        if (thin_row(&row, seen))
            rc = put_row(d, &row);
        free(row.items);
        if (rc == SQLITE_OK)
            rc = statement_row(last, "ii", from, row.number - 1);
    }
    (void)sqlite3_reset(last); /* repeats the code of the step */
    free(seen);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Rows whose ids of their own all stand before the last kept_max of @own. */
static int forget_old(struct deliveries *d, uint16_t bus, uint64_t own)
{
    sqlite3_stmt *next = d->statements[NEXT_RUN];
    const int64_t from = row_number(bus, 0);
    const int64_t end = row_number(bus, ticket_max);
    int rc = statement_row(next, "ii", from, end);
    while (rc == SQLITE_ROW
           && (uint64_t)sqlite3_column_int64(next, 1) + kept_max <= own) {
        int64_t number = sqlite3_column_int64(next, 0);
        (void)sqlite3_reset(next);
        rc = statement_run(d->statements[FORGET_RUN], "i", number);
        if (rc == SQLITE_OK)
            rc = statement_row(next, "ii", from, end);
    }
    (void)sqlite3_reset(next); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The bus's row with the highest ticket; zeros when it has none. */
struct last_row {
    uint64_t ticket;
    uint64_t own;
    uint64_t forget;
};

static int find_last(struct deliveries *d, uint16_t bus, struct last_row *ret)
{
    sqlite3_stmt *row = d->statements[LAST_RUN];
    int rc = statement_row(row, "ii", row_number(bus, 0), row_number(bus, ticket_max));
    *ret = (struct last_row){0};
    if (rc == SQLITE_ROW)
        *ret = (struct last_row){last_ticket(sqlite3_column_int64(row, 0)),
                                 (uint64_t)sqlite3_column_int64(row, 1),
                                 (uint64_t)sqlite3_column_int64(row, 2)};
    (void)sqlite3_reset(row); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* What the row before has not forgotten yet; itself it could not. */
static int settle_before(struct deliveries *d, const struct delivery_run *run,
                         const struct last_row *before)
{
    uint64_t from = before->forget < before->ticket ? before->forget + 1 : before->ticket;
    return settle_rows(d, row_number(run->bus, from), row_number(run->bus, run->forget));
}

static void end_run(struct delivery_run *run)
{
    while (run->size && !item_id(run->items, run->size / ITEM_BYTES - 1)
           && !item_hash(run->items, run->size / ITEM_BYTES - 1)) {
        run->size -= ITEM_BYTES;
        run->last--;
    }
    if (run->forget > run->last)
        run->forget = run->last; /* tickets behind it are given anew after a restart */
}

static int write_run(struct deliveries *d, struct delivery_run *run)
{
    struct last_row before;
    end_run(run);
    int rc = find_last(d, run->bus, &before);
    if (rc == SQLITE_OK)
        rc = settle_before(d, run, &before);
    uint64_t own = before.own + count_own(run->items, run->size);
    if (rc == SQLITE_OK && before.own / TOGETHER != own / TOGETHER)
        rc = forget_old(d, run->bus, own);
    if (rc == SQLITE_OK)
        rc = statement_run(d->statements[ADD_RUN], "iiib",
                           row_number(run->bus, run->last), (int64_t)own,
                           (int64_t)run->forget, (const void *)run->items, run->size);
    if (rc == SQLITE_OK && before.ticket / kept_max != run->last / kept_max
        && run->last - run->forget > kept_max)
        rc = thin_out(d, run);
    return rc;
}

int deliveries_write(struct deliveries *d)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < d->count && rc == SQLITE_OK; i++)
        rc = write_run(d, &d->runs[i]);
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
    uint64_t last = last_ticket(sqlite3_column_int64(st, 0));
    uint64_t forget = (uint64_t)sqlite3_column_int64(st, 1);
    const unsigned char *bytes = sqlite3_column_blob(st, 2);
    size_t count = (size_t)sqlite3_column_bytes(st, 2) / ITEM_BYTES;
    if (!make_room(l, count))
        return SQLITE_NOMEM;
    for (size_t i = 0; i < count; i++) {
        uint16_t id = item_id(bytes, i);
        if (id)
            l->items[l->count++] = (struct gw_delivery){.ticket = last - (count - 1 - i),
                                                        .hash = item_hash(bytes, i),
                                                        .message_id = id,
                                                        .bus = bus};
        else if (is_own(bytes, i))
            l->own_ids[l->own_count++] = item_hash(bytes, i);
    }
    l->last = last;
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
    int rc = statement_row(each, "ii", row_number(bus, 0), row_number(bus, ticket_max));
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
