/* delivery.h - messages that came with a commit, kept until their acknowledgement is
 * known to have arrived, or another one bears their packet id; those with an id of their
 * own longer, for a broker may forget what it had.  However often a broker sends them
 * again, a bus has no more than the last 65,663 of its own ids and twice its packet ids:
 * 0.7 MB each, or 2 MB with a commit for each message.
 * Thread: the writer's; loading before it runs. */
#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H

#include <sqlite3.h>

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "gw/types.h"

enum { DELIVERY_STATEMENTS = 6 };

/* delivery_run - tickets in a row of one bus, becoming one row. */
struct delivery_run {
    uint16_t bus;
    uint64_t last;
    uint64_t forget;
    unsigned char *items;
    size_t size;
    size_t room;
};

/* Zero-initialise. */
struct deliveries {
    sqlite3_stmt *statements[DELIVERY_STATEMENTS];
    struct delivery_run *runs;
    size_t count;
    size_t room;
};

int deliveries_open(struct deliveries *d, sqlite3 *db);
void deliveries_close(struct deliveries *d);

/* deliveries_clear - a transaction begins: nothing gathered. */
void deliveries_clear(struct deliveries *d);

/* deliveries_add - gathers one message; SQLITE_OK or SQLITE_NOMEM. */
int deliveries_add(struct deliveries *d, const struct gw_delivery *delivery);

/* deliveries_write - one row a run, and away with what need not be kept; the row with a
 * bus's highest ticket stays, so that tickets rise for life. */
int deliveries_write(struct deliveries *d);

/* deliveries_load - what is kept of @bus, in @arena; ret->next = the highest ticket ever
 * + 1. */
int deliveries_load(struct deliveries *d, uint16_t bus, struct arena *arena,
                    struct gw_delivered *ret, struct gw_own_ids *ret_ids);

#endif
