/* county_ways.c - the session with the broker, or batches: which of them carries. */
#include <stdio.h>

#include "base/clock.h"
#include "uplink/county_parts.h"
#include "uplink/letter.h"

#define TRIAL_US INT64_C(60000000) /* from one trial of the session to the next */
#define GRACE_US INT64_C(2000000)  /* for the last batch, when the session is back */

/* A session is back when the platform answers by it: until then the first row of a batch
 * goes by both, now and then. */
static void try_session(void *ctx, const struct outbox_row *row)
{
    struct county *c = ctx;
    struct gw_error err;
    struct letter letter;
    int64_t now_us = clock_machine_us();
    if (!c->link || !county_is_online(c) || now_us < c->trial_us)
        return;
    c->trial_us = now_us + TRIAL_US;
    if (letter_write(c->config, row->kind, row->body, row->size, false, &letter) == 1
        && link_publish(c->link, &letter, &c->trial_mid, &err) < 0)
        county_lose(c, err.code, err.text);
    letter_done(&letter);
}

static void go_over(struct county *c)
{
    c->is_batching = true;
    c->grace_us = 0;
    outgoing_end(c->outgoing);
    outgoing_anew(c->outgoing);
    batcher_begin(c->batcher);
    if (c->config->broker)
        gw_log(GW_LOG_WARNING, county_broker(c),
               "no answer for %.0f s: rows go by %s until there is one",
               (double)c->fallback.after_us / 1e6, c->config->batch.url);
    county_note_way(c);
}

/* The batch under way has a moment to end: given up, its rows would go twice. */
static int come_back(struct county *c, struct gw_error *err)
{
    int64_t now_us = clock_machine_us();
    if (c->grace_us == 0)
        c->grace_us = now_us + GRACE_US;
    if (batcher_is_busy(c->batcher) && now_us < c->grace_us)
        return 0;
    batcher_end(c->batcher);
    c->is_batching = false;
    gw_log(GW_LOG_INFO, county_broker(c), "rows go by the broker again");
    county_note_fault(c, c->link_fault);
    return county_is_online(c) ? outgoing_begin(c->outgoing, c->config->window, err) : 0;
}

/* Where batches are not taken either, a connection is proof enough. */
void ways_online(struct county *c)
{
    c->trial_us = 0;
    if (c->is_batching && !batcher_is_up(c->batcher))
        fallback_served(&c->fallback, clock_machine_us());
}

int ways_choose(struct county *c, struct gw_error *err)
{
    bool is_due = fallback_is_due(&c->fallback, clock_machine_us());
    int r = 0;
    if (!c->batcher)
        return 0;
    if (is_due && !c->is_batching)
        go_over(c);
    if (!is_due && c->is_batching)
        r = come_back(c, err);
    if (is_due)
        batcher_serve(c->batcher);
    return r;
}

void ways_exchange(struct county *c, short revents)
{
    if (!batcher_exchange(c->batcher, revents))
        return;
    county_note_fault(c, batcher_is_up(c->batcher) ? c->link_fault
                                                   : batcher_fault(c->batcher));
    if (batcher_is_stuck(c->batcher) && county_is_online(c))
        fallback_served(&c->fallback, clock_machine_us()); /* no worse a way */
}

void ways_say_goodbye(struct county *c, int64_t until_us)
{
    if (c->is_batching)
        batcher_say_offline(c->batcher);
    while (c->is_batching && batcher_is_busy(c->batcher)
           && clock_machine_us() < until_us) {
        struct pollfd fd;
        (void)batcher_wait(c->batcher, &fd);
        (void)poll(&fd, 1, 50);
        (void)batcher_exchange(c->batcher, fd.revents);
    }
}

int ways_set_up(struct county *c, struct gw_error *err)
{
    const struct batcher_setup setup = {
        .config = c->config,
        .presence = &c->presence,
        .outgoing = c->outgoing,
        .ctx = c,
        .leaves = try_session,
    };
    c->fallback.served_us = clock_machine_us();
    c->fallback.after_us = c->config->broker ? c->config->batch.after_us : 0;
    return c->config->batch.url ? batcher_new(&setup, &c->batcher, err) : 0;
}
