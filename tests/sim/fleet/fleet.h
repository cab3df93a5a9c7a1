/* fleet.h - all gateways of the simulation and their day.  Thread: one owner. */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

#include <stdio.h>

#include "gateway.h"
#include "gw/error.h"

struct fleet;

/* fleet_setup
 * host, port   of the county's broker
 * connections  shared by the gateways
 * make_us      how long rows are made
 * drain_us     how long the answers are waited for after that
 * cut_us       mean time between two breaks of one connection; 0 = none */
struct fleet_setup {
    const char *host;
    int port;
    uint32_t gateways;
    uint32_t connections;
    int64_t make_us;
    int64_t drain_us;
    int64_t cut_us;
    const struct order_key *key; /* whose commands are obeyed; NULL = nobody's */
    struct gateway_setup gateway;
};

/* fleet_new - no connection yet.  Owner: caller; fleet_free() */
int fleet_new(const struct fleet_setup *setup, struct fleet **ret, struct gw_error *err);
struct fleet *fleet_free(struct fleet *f);

/* fleet_run - until all that was made is answered, drain_us are over, or a signal says
 * so in @stop_fd. returns 1 when all is answered, 0 when not; -EPROTO for an answer that
 * breaks the contract, -ENOTCONN when there was never a connection */
int fleet_run(struct fleet *f, int stop_fd, struct gw_error *err);

/* fleet_print - one JSON line: the counts; fleet_journal - one a stream:
 * {"gateway", "epoch", "rows", "gone"}, the last as an int8multirange. */
void fleet_print(const struct fleet *f, FILE *out);
void fleet_journal(const struct fleet *f, FILE *out);

#endif
