/* gateway.h - one simulated gateway: what it has made, what the county has answered.
 *
 * The uplink's side of the contract without its disk: rows in order of their number, new
 * ones before the backlog, sent again after a time that doubles until they are answered,
 * and at once after a lost connection when the broker had not acknowledged them.
 * Thread: one owner.
 */
#ifndef FLEET_GATEWAY_H
#define FLEET_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "body.h"
#include "ingest/range_set.h"
#include "order.h"

/* gateway_setup - of all of a fleet.
 * every_us      between two batches of rows
 * at_once       rows of a batch
 * window        rows without an answer
 * backlog_rate  rows a second of what was there when the connection began
 * lose_every    one row of so many is not sent by itself, as if it had been answered:
 * half of these come when they are asked for, of the others it says that it does not keep
 * them; 0 = none fault_us      mean time between two faults of one gateway; 0 = none */
struct gateway_setup {
    uint64_t seed;
    int64_t every_us;
    uint32_t at_once;
    uint32_t window;
    int64_t resend_us;
    uint32_t backlog_rate;
    uint32_t lose_every;
    int64_t fault_us;
};

/* gateway_counts - since the start.
 * away      times nothing was sent for a while
 * crashes   what was under way was forgotten and is sent again
 * restores  a new epoch, beside which what waits of the old ones is sent to its end
 * replays   rows that were answered are sent once more
 * commands  of the county; recalled: rows that came because of them; gone: rows of which
 *           was said that they will not */
struct gateway_counts {
    uint64_t rows;
    uint64_t sent;
    uint64_t resent;
    uint64_t answered;
    uint64_t away;
    uint64_t crashes;
    uint64_t restores;
    uint64_t replays;
    uint64_t commands;
    uint64_t recalled;
    uint64_t gone;
};

enum { GATEWAY_EPOCHS = 4 };

/* gateway_notice - the row @seq says that @rows will never come. */
struct gateway_notice {
    uint64_t seq;
    struct range_set rows;
    struct gateway_notice *next;
};

/* gateway_epoch - of a database.
 * lost  rows that are not sent; gone: those of them that nobody needs to ask for again */
struct gateway_epoch {
    uint64_t epoch;
    int64_t began_us; /* school time */
    uint64_t blind;   /* as body_row */
    uint64_t made;    /* rows 1..made are there */
    uint64_t next;    /* new rows to send begin here */
    uint64_t backlog; /* the next of the backlog's, which ends before `fresh` */
    uint64_t fresh;
    struct range_set answered;
    struct range_set lost;
    struct range_set gone;
    struct gateway_notice *notices;
};

/* gateway_flight - a row that was sent and is not answered. */
struct gateway_flight {
    uint32_t epoch; /* index */
    uint64_t seq;
    int64_t due_us;
    int64_t wait_us;
    bool is_at_broker;
};

struct gateway {
    const struct gateway_setup *setup;
    struct body_identity who;
    uint64_t chance;
    struct gateway_epoch epochs[GATEWAY_EPOCHS]; /* the last one runs */
    uint32_t epoch_count;
    uint64_t command;               /* the highest seq of one */
    struct gateway_flight *flights; /* setup->window of them */
    uint32_t flight_count;
    bool is_online;
    int64_t make_us;    /* the next rows are made */
    int64_t fault_us;   /* the next fault */
    int64_t return_us;  /* away until then; 0 = there */
    int64_t backlog_us; /* the next of the backlog may go */
};

/* gateway_begin - @g is zero; the first rows come after a part of every_us of its own.
 * returns 0 or -ENOMEM.  gateway_end - frees. */
int gateway_begin(struct gateway *g, const struct gateway_setup *setup, uint32_t number,
                  int64_t now_us, int64_t school_us);
void gateway_end(struct gateway *g);

/* gateway_online, gateway_offline - its connection. */
void gateway_online(struct gateway *g);
void gateway_offline(struct gateway *g, int64_t now_us);

/* gateway_live - makes the rows and faults that are due; not after the fleet's day.
 * returns true when the gateway comes back from having been away: birth and state are due
 */
bool gateway_live(struct gateway *g, int64_t now_us, int64_t school_us,
                  struct gateway_counts *counts);

/* gateway_next - the row to send now, then gateway_sent(); gateway_is_at_broker() with
 * what gateway_next() put into *ret_flight.  returns false when nothing may go */
bool gateway_next(struct gateway *g, int64_t now_us, struct body_row *ret,
                  struct gateway_flight *ret_flight);
void gateway_sent(struct gateway *g, const struct gateway_flight *flight, int64_t now_us,
                  struct gateway_counts *counts);
void gateway_is_at_broker(struct gateway *g, uint32_t epoch, uint64_t seq);

/* gateway_answer - the county has [@from, @to] of @epoch. returns 0 or -ENOMEM; -EPROTO
 * when that names rows that were never made */
int gateway_answer(struct gateway *g, uint64_t epoch, uint64_t from, uint64_t to,
                   struct gateway_counts *counts);

/* gateway_obey - sends again what @ranges of @epoch name and what is kept; of the rest it
 * says that it is not.  A command that came before does nothing.
 * returns 0 or -ENOMEM; -EPROTO when that names rows that were never made */
int gateway_obey(struct gateway *g, const struct order *order,
                 struct gateway_counts *counts);

/* gateway_waiting - rows that are not answered. */
uint64_t gateway_waiting(const struct gateway *g);

#endif
