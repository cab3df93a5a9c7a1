#include "gateway.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum {
    BLIND_ROWS = 3, /* of every fourth epoch, made before its clock was set */
    BLIND_EVERY = 4,
    REPLAYED_ROWS = 20,
};

#define AWAY_MIN_US INT64_C(2000000)
#define AWAY_MAX_US INT64_C(20000000)
#define WAIT_MAX_US INT64_C(600000000)
#define NEVER INT64_MAX

static struct gateway_epoch *running(struct gateway *g)
{
    return &g->epochs[g->epoch_count - 1];
}

/* @first_us: when its first rows are made, in school time. */
static void begin_epoch(struct gateway *g, int64_t first_us)
{
    struct gateway_epoch *e = &g->epochs[g->epoch_count++];
    uint64_t number = chance_next(&g->chance);
    *e = (struct gateway_epoch){
        .epoch = (number & INT64_MAX) | 1,
        .began_us = first_us - g->setup->every_us,
        .blind = number >> 32 & (BLIND_EVERY - 1) ? 0 : BLIND_ROWS,
        .next = 1,
        .backlog = 1,
        .fresh = 1,
    };
}

/* Faults come at random: the time between two is distributed exponentially. */
static int64_t next_fault(struct gateway *g, int64_t now_us)
{
    if (g->setup->fault_us == 0)
        return NEVER;
    double share = 1 - chance_share(&g->chance);
    return now_us + (int64_t)(-log(share) * (double)g->setup->fault_us);
}

int gateway_begin(struct gateway *g, const struct gateway_setup *setup, uint32_t number,
                  int64_t now_us, int64_t school_us)
{
    g->setup = setup;
    g->who = (struct body_identity){number, setup->seed};
    g->chance = chance_mix(setup->seed, number);
    g->flights = calloc(setup->window, sizeof(*g->flights));
    if (!g->flights)
        return -ENOMEM;
    int64_t phase_us = (int64_t)(chance_share(&g->chance) * (double)setup->every_us);
    g->make_us = now_us + phase_us;
    begin_epoch(g, school_us + phase_us);
    g->fault_us = next_fault(g, now_us);
    return 0;
}

void gateway_end(struct gateway *g)
{
    for (uint32_t i = 0; i < g->epoch_count; i++) {
        struct gateway_epoch *e = &g->epochs[i];
        range_set_clear(&e->answered);
        range_set_clear(&e->lost);
        range_set_clear(&e->gone);
        for (struct gateway_notice *next; e->notices; e->notices = next) {
            next = e->notices->next;
            range_set_clear(&e->notices->rows);
            free(e->notices);
        }
    }
    free(g->flights);
}

/* What waits is the backlog from now on. */
void gateway_online(struct gateway *g)
{
    g->is_online = true;
    for (uint32_t i = 0; i < g->epoch_count; i++) {
        g->epochs[i].backlog = 1;
        g->epochs[i].fresh = g->epochs[i].made + 1;
        g->epochs[i].next = g->epochs[i].fresh;
    }
}

void gateway_offline(struct gateway *g, int64_t now_us)
{
    g->is_online = false;
    for (uint32_t i = 0; i < g->flight_count; i++)
        if (!g->flights[i].is_at_broker)
            g->flights[i].due_us = now_us;
}

static void crash(struct gateway *g)
{
    g->flight_count = 0;
    if (g->is_online)
        gateway_online(g);
}

static void replay(struct gateway *g)
{
    struct gateway_epoch *e = running(g);
    const struct archive_range *first =
        e->answered.count > 0 ? &e->answered.items[0] : NULL;
    if (!first)
        return;
    uint64_t from =
        first->to > first->from + REPLAYED_ROWS ? first->to - REPLAYED_ROWS : first->from;
    for (uint64_t seq = from; seq <= first->to && g->flight_count < g->setup->window;
         seq++)
        g->flights[g->flight_count++] = (struct gateway_flight){
            .epoch = g->epoch_count - 1,
            .seq = seq,
            .wait_us = g->setup->resend_us,
        };
}

static void meet_fault(struct gateway *g, int64_t now_us, int64_t school_us,
                       struct gateway_counts *counts)
{
    double share = chance_share(&g->chance);
    if (share < 0.4) {
        counts->away++;
        g->return_us =
            now_us + AWAY_MIN_US
            + (int64_t)(chance_share(&g->chance) * (double)(AWAY_MAX_US - AWAY_MIN_US));
    } else if (share < 0.7) {
        counts->crashes++;
        crash(g);
    } else if (share < 0.85) {
        counts->replays++;
        replay(g);
    } else if (g->epoch_count < GATEWAY_EPOCHS) {
        counts->restores++;
        begin_epoch(g, school_us + g->make_us - now_us);
    }
    g->fault_us = next_fault(g, now_us);
}

/* Never the last of a batch: a row above shows that it is missing. */
static void make_rows(struct gateway *g, struct gateway_counts *counts)
{
    struct gateway_epoch *e = running(g);
    uint64_t end = e->made + g->setup->at_once;
    bool is_new;
    for (uint64_t seq = e->made + 1; g->setup->lose_every > 0 && seq < end; seq++)
        if (chance_next(&g->chance) % g->setup->lose_every == 0)
            (void)range_set_add(&e->lost, seq, &is_new);
    e->made = end;
    counts->rows += g->setup->at_once;
}

bool gateway_live(struct gateway *g, int64_t now_us, int64_t school_us,
                  struct gateway_counts *counts)
{
    while (g->make_us <= now_us) {
        make_rows(g, counts);
        g->make_us += g->setup->every_us;
    }
    if (g->fault_us <= now_us)
        meet_fault(g, now_us, school_us, counts);
    if (g->return_us == 0 || g->return_us > now_us)
        return false;
    g->return_us = 0;
    if (g->is_online)
        gateway_online(g);
    return g->is_online;
}

static bool is_under_way(const struct gateway *g, uint32_t epoch, uint64_t seq)
{
    for (uint32_t i = 0; i < g->flight_count; i++)
        if (g->flights[i].epoch == epoch && g->flights[i].seq == seq)
            return true;
    return false;
}

/* The first row from *@at on and before @end that is neither answered nor under way. */
static bool find(const struct gateway *g, uint32_t epoch, uint64_t *at, uint64_t end)
{
    while (*at < end) {
        const struct archive_range *r = range_set_find(&g->epochs[epoch].answered, *at);
        if (!r)
            r = range_set_find(&g->epochs[epoch].lost, *at);
        if (r)
            *at = r->to + 1;
        else if (is_under_way(g, epoch, *at))
            (*at)++;
        else
            return true;
    }
    return false;
}

static bool pick_again(struct gateway *g, int64_t now_us, struct gateway_flight *ret)
{
    for (uint32_t i = 0; i < g->flight_count; i++)
        if (g->flights[i].due_us <= now_us) {
            *ret = g->flights[i];
            return true;
        }
    return false;
}

static bool pick_new(struct gateway *g, struct gateway_flight *ret)
{
    uint32_t index = g->epoch_count - 1;
    struct gateway_epoch *e = &g->epochs[index];
    if (!find(g, index, &e->next, e->made + 1))
        return false;
    *ret = (struct gateway_flight){.epoch = index, .seq = e->next};
    return true;
}

static bool pick_backlog(struct gateway *g, int64_t now_us, struct gateway_flight *ret)
{
    if (g->backlog_us > now_us)
        return false;
    for (uint32_t i = 0; i < g->epoch_count; i++) {
        struct gateway_epoch *e = &g->epochs[i];
        uint64_t end = i + 1 < g->epoch_count ? e->made + 1 : e->fresh;
        if (find(g, i, &e->backlog, end)) {
            *ret = (struct gateway_flight){.epoch = i, .seq = e->backlog};
            g->backlog_us = now_us + 1000000 / g->setup->backlog_rate;
            return true;
        }
    }
    return false;
}

static const struct range_set *notice_of(const struct gateway_epoch *e, uint64_t seq)
{
    const struct gateway_notice *n = e->notices;
    while (n && n->seq != seq)
        n = n->next;
    return n ? &n->rows : NULL;
}

bool gateway_next(struct gateway *g, int64_t now_us, struct body_row *ret,
                  struct gateway_flight *ret_flight)
{
    if (!g->is_online || g->return_us > 0)
        return false;
    bool has_row = pick_again(g, now_us, ret_flight);
    if (!has_row && g->flight_count < g->setup->window)
        has_row = pick_new(g, ret_flight) || pick_backlog(g, now_us, ret_flight);
    if (!has_row)
        return false;
    const struct gateway_epoch *e = &g->epochs[ret_flight->epoch];
    const int64_t batch = (int64_t)((ret_flight->seq - 1) / g->setup->at_once) + 1;
    *ret = (struct body_row){
        .epoch = e->epoch,
        .seq = ret_flight->seq,
        .time_us = e->began_us + batch * g->setup->every_us,
        .began_us = e->began_us,
        .blind = e->blind,
        .gone = notice_of(e, ret_flight->seq),
    };
    return true;
}

static struct gateway_flight *flight_of(struct gateway *g, uint32_t epoch, uint64_t seq)
{
    for (uint32_t i = 0; i < g->flight_count; i++)
        if (g->flights[i].epoch == epoch && g->flights[i].seq == seq)
            return &g->flights[i];
    return NULL;
}

void gateway_sent(struct gateway *g, const struct gateway_flight *flight, int64_t now_us,
                  struct gateway_counts *counts)
{
    struct gateway_flight *f = flight_of(g, flight->epoch, flight->seq);
    if (f) {
        counts->resent++;
        f->wait_us = 2 * f->wait_us < WAIT_MAX_US ? 2 * f->wait_us : WAIT_MAX_US;
    } else {
        counts->sent++;
        f = &g->flights[g->flight_count++];
        *f = *flight;
        f->wait_us = g->setup->resend_us;
    }
    f->is_at_broker = false;
    f->due_us = now_us + f->wait_us;
}

void gateway_is_at_broker(struct gateway *g, uint32_t epoch, uint64_t seq)
{
    struct gateway_flight *f = flight_of(g, epoch, seq);
    if (f)
        f->is_at_broker = true;
}

static void land(struct gateway *g, uint32_t epoch, uint64_t from, uint64_t to)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < g->flight_count; i++) {
        const struct gateway_flight *f = &g->flights[i];
        if (f->epoch != epoch || f->seq < from || f->seq > to)
            g->flights[kept++] = *f;
    }
    g->flight_count = kept;
}

static uint32_t index_of(const struct gateway *g, uint64_t epoch)
{
    uint32_t index = 0;
    while (index < g->epoch_count && g->epochs[index].epoch != epoch)
        index++;
    return index;
}

int gateway_answer(struct gateway *g, uint64_t epoch, uint64_t from, uint64_t to,
                   struct gateway_counts *counts)
{
    uint32_t index = index_of(g, epoch);
    if (index == g->epoch_count || to > g->epochs[index].made)
        return -EPROTO;
    land(g, index, from, to);
    for (uint64_t seq = from; seq <= to;) {
        struct range_set *answered = &g->epochs[index].answered;
        const struct archive_range *known = range_set_find(answered, seq);
        bool is_new;
        if (known) {
            seq = known->to + 1;
            continue;
        }
        if (range_set_add(answered, seq++, &is_new) < 0)
            return -ENOMEM;
        counts->answered++;
    }
    return 0;
}

/* One row more, of which the county learns that @rows will never come. */
static int give_notice(struct gateway_epoch *e, struct range_set *rows,
                       struct gateway_counts *counts)
{
    struct gateway_notice *n = calloc(1, sizeof(*n));
    if (!n)
        return -ENOMEM;
    n->seq = ++e->made;
    n->rows = *rows;
    n->next = e->notices;
    e->notices = n;
    *rows = (struct range_set){0};
    counts->rows++;
    counts->gone += range_set_rows(&n->rows);
    counts->answered += range_set_rows(&n->rows); /* nobody waits for them */
    for (size_t i = 0; i < n->rows.count; i++)
        if (range_set_join(&e->gone, n->rows.items[i]) < 0)
            return -ENOMEM;
    return 0;
}

/* Of the lost rows every other number is kept. */
static int recall(struct gateway_epoch *e, const struct archive_range *range,
                  struct range_set *kept, struct range_set *gone)
{
    bool is_new;
    int r = 0;
    for (uint64_t seq = range->from; r == 0 && seq <= range->to; seq++)
        if (range_set_find(&e->lost, seq) && !range_set_find(&e->gone, seq))
            r = range_set_add(seq % 2 ? kept : gone, seq, &is_new);
    return r;
}

/* What is kept is a row like any other now, of the backlog or a new one. */
static int release(struct gateway_epoch *e, const struct range_set *kept,
                   struct gateway_counts *counts)
{
    struct range_set left = {0};
    int r = range_set_subtract(&e->lost, kept, &left);
    range_set_clear(&e->lost);
    e->lost = left;
    if (r < 0 || kept->count == 0)
        return r;
    uint64_t first = kept->items[0].from;
    e->backlog = first < e->backlog ? first : e->backlog;
    first = first < e->fresh ? e->fresh : first;
    e->next = first < e->next ? first : e->next;
    counts->recalled += range_set_rows(kept);
    return 0;
}

int gateway_obey(struct gateway *g, const struct order *order,
                 struct gateway_counts *counts)
{
    uint32_t index = index_of(g, order->epoch);
    const struct archive_range *last = &order->ranges.items[order->ranges.count - 1];
    struct range_set kept = {0};
    struct range_set gone = {0};
    if (index == g->epoch_count || last->to > g->epochs[index].made)
        return -EPROTO;
    if (order->seq <= g->command)
        return 0;
    g->command = order->seq;
    counts->commands++;
    struct gateway_epoch *e = &g->epochs[index];
    int r = 0;
    for (size_t i = 0; r == 0 && i < order->ranges.count; i++)
        r = recall(e, &order->ranges.items[i], &kept, &gone);
    if (r == 0)
        r = release(e, &kept, counts);
    if (r == 0 && gone.count > 0)
        r = give_notice(e, &gone, counts);
    range_set_clear(&kept);
    range_set_clear(&gone);
    return r;
}

uint64_t gateway_waiting(const struct gateway *g)
{
    uint64_t waiting = 0;
    for (uint32_t i = 0; i < g->epoch_count; i++) {
        waiting += g->epochs[i].made;
        for (size_t k = 0; k < g->epochs[i].answered.count; k++)
            waiting -= g->epochs[i].answered.items[k].to
                       - g->epochs[i].answered.items[k].from + 1;
    }
    return waiting;
}
