#include "fleet.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <mosquitto.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "carrier.h"
#include "chance.h"

enum {
    TURN_MS = 50, /* between two looks at every gateway */
    ROWS_A_TURN = 100,
    RANGES_MAX = 1000,
    HEARTBEAT_S = 300,
    EPOCH_BITS = 2, /* of a tag, above the row's number */
    SEQ_BITS = 42,
};

/* member - a gateway, its connection, and when it tells how it is. */
struct member {
    struct gateway gateway;
    struct fleet *fleet;
    struct carrier *carrier;
    int64_t state_us;
};

/* share - the gateways of one connection: members [first, first + count). */
struct share {
    struct fleet *fleet;
    struct carrier *carrier;
    uint32_t first;
    uint32_t count;
    char **topics;
    uint32_t topic_count;
    char id[24]; /* of its client */
    int64_t cut_us;
};

struct fleet {
    struct fleet_setup setup;
    struct member *members;
    struct share *shares;
    struct pollfd *polls; /* one a share, and the stop */
    uint64_t chance;
    struct gateway_counts counts;
    uint64_t cuts;
    uint64_t births;
    int64_t began_us;
    int64_t made_us; /* the last row was made */
    int64_t ended_us;
    struct gw_error fault;
    int result; /* of an answer */
};

static uint64_t tag_of(uint32_t number, const struct gateway_flight *flight)
{
    return (uint64_t)number << (EPOCH_BITS + SEQ_BITS)
           | (uint64_t)flight->epoch << SEQ_BITS | flight->seq;
}

static bool publish(struct member *m, const char *kind, char *body, bool is_retained,
                    uint64_t tag)
{
    char topic[CONTRACT_TOPIC_MAX];
    body_topic(&m->gateway.who, kind, topic);
    bool is_sent = body && carrier_publish(m->carrier, topic, body, is_retained, tag);
    free(body);
    return is_sent;
}

static void tell_state(struct member *m, int64_t now_us)
{
    const struct gateway *g = &m->gateway;
    const struct gateway_epoch *e = &g->epochs[g->epoch_count - 1];
    m->state_us = now_us + HEARTBEAT_S * INT64_C(1000000);
    (void)publish(m, "state", body_state(&g->who, e->epoch, e->made, gateway_waiting(g)),
                  true, 0);
}

static void present(struct member *m, int64_t now_us)
{
    const struct gateway *g = &m->gateway;
    m->fleet->births++;
    (void)publish(m, "birth", body_birth(&g->who, g->epochs[g->epoch_count - 1].epoch),
                  true, 0);
    tell_state(m, now_us);
}

static void on_ready(void *ctx)
{
    struct share *s = ctx;
    int64_t now_us = clock_machine_us();
    for (uint32_t i = s->first; i < s->first + s->count; i++) {
        gateway_online(&s->fleet->members[i].gateway);
        present(&s->fleet->members[i], now_us);
    }
}

static void on_lost(void *ctx)
{
    struct share *s = ctx;
    int64_t now_us = clock_machine_us();
    s->fleet->cuts++;
    for (uint32_t i = s->first; i < s->first + s->count; i++)
        gateway_offline(&s->fleet->members[i].gateway, now_us);
}

static void on_published(void *ctx, uint64_t tag)
{
    const struct share *s = ctx;
    uint32_t number = (uint32_t)(tag >> (EPOCH_BITS + SEQ_BITS));
    uint32_t epoch = (uint32_t)(tag >> SEQ_BITS & ((1U << EPOCH_BITS) - 1));
    gateway_is_at_broker(&s->fleet->members[number].gateway, epoch,
                         tag & ((UINT64_C(1) << SEQ_BITS) - 1));
}

static void take_answer(struct fleet *f, struct gateway *g, const char *topic,
                        const void *payload, size_t size)
{
    struct gw_range ranges[RANGES_MAX];
    uint64_t epoch = 0;
    int count = contract_read_ack(payload, size, &epoch, ranges, RANGES_MAX);
    if (!g || count < 0) {
        f->result = gw_fail(&f->fault, -EPROTO, "%s: %.*s: no answer of the contract's",
                            topic, size < 200 ? (int)size : 200, (const char *)payload);
        return;
    }
    for (int i = 0; i < count; i++) {
        int r = gateway_answer(g, epoch, ranges[i].from, ranges[i].to, &f->counts);
        if (r < 0)
            f->result = gw_fail(&f->fault, r,
                                "%s: %" PRIu64 ": %" PRIu64 " to %" PRIu64
                                " were answered and not all of them made",
                                topic, epoch, ranges[i].from, ranges[i].to);
    }
}

static void obey(struct fleet *f, struct gateway *g, const void *payload, size_t size)
{
    struct order order;
    int r = order_read(f->setup.key, body_gateway_id, clock_school_us(), payload, size,
                       &order, &f->fault);
    if (r == 0) {
        r = gateway_obey(g, &order, &f->counts);
        if (r < 0)
            (void)gw_fail(&f->fault, r,
                          "epoch %" PRIu64 ": rows never made are asked for",
                          order.epoch);
    }
    order_clear(&order);
    f->result = r < 0 ? r : f->result;
}

static bool is_command(const char *topic)
{
    return strcmp(strrchr(topic, '/'), "/cmd") == 0;
}

static void on_message(void *ctx, const char *topic, const void *payload, size_t size)
{
    struct share *s = ctx;
    struct fleet *f = s->fleet;
    uint32_t number = body_number(topic);
    bool is_ours = number >= s->first && number < s->first + s->count;
    if (is_ours && is_command(topic))
        obey(f, &f->members[number].gateway, payload, size);
    else
        take_answer(f, is_ours ? &f->members[number].gateway : NULL, topic, payload,
                    size);
}

static int64_t next_cut(struct fleet *f, int64_t now_us)
{
    if (f->setup.cut_us == 0)
        return INT64_MAX;
    double share = 1 - chance_share(&f->chance);
    return now_us + (int64_t)(-log(share) * (double)f->setup.cut_us);
}

/* The topic @kind of each of the share's gateways, behind those that are named. */
static int name_topics(struct share *s, const char *kind)
{
    size_t room = s->topic_count + s->count;
    char **topics = realloc(s->topics, room * sizeof(*topics));
    if (!topics)
        return -ENOMEM;
    s->topics = topics;
    for (uint32_t i = s->first; i < s->first + s->count; i++) {
        char topic[CONTRACT_TOPIC_MAX];
        body_topic(&s->fleet->members[i].gateway.who, kind, topic);
        s->topics[s->topic_count] = strdup(topic);
        if (!s->topics[s->topic_count])
            return -ENOMEM;
        s->topic_count++;
    }
    return 0;
}

static int connect_share(struct fleet *f, uint32_t number)
{
    struct share *s = &f->shares[number];
    uint32_t first =
        (uint32_t)((uint64_t)f->setup.gateways * number / f->setup.connections);
    uint32_t end =
        (uint32_t)((uint64_t)f->setup.gateways * (number + 1) / f->setup.connections);
    *s = (struct share){.fleet = f, .first = first, .count = end - first};
    int r = name_topics(s, "ack");
    if (r == 0 && f->setup.key)
        r = name_topics(s, "cmd");
    if (r < 0)
        return r;
    (void)snprintf(s->id, sizeof(s->id), "fleet-%" PRIu32, number);
    struct carrier_setup setup = {
        .host = f->setup.host,
        .port = f->setup.port,
        .id = s->id,
        .topics = s->topics,
        .topic_count = s->topic_count,
        .chance = chance_mix(f->setup.gateway.seed, number),
        .handler = {s, on_ready, on_lost, on_published, on_message},
    };
    r = carrier_new(&setup, &s->carrier);
    for (uint32_t i = first; r == 0 && i < end; i++)
        f->members[i].carrier = s->carrier;
    return r;
}

static int set_up(struct fleet *f)
{
    const struct fleet_setup *setup = &f->setup;
    f->members = calloc(setup->gateways, sizeof(*f->members));
    f->shares = calloc(setup->connections, sizeof(*f->shares));
    f->polls = calloc(setup->connections + 1, sizeof(*f->polls));
    if (!f->members || !f->shares || !f->polls)
        return -ENOMEM;
    f->chance = chance_mix(setup->gateway.seed, BODY_NUMBERS);
    f->began_us = clock_machine_us();
    int r = 0;
    for (uint32_t i = 0; r == 0 && i < setup->gateways; i++) {
        f->members[i].fleet = f;
        r = gateway_begin(&f->members[i].gateway, &f->setup.gateway, i, f->began_us,
                          clock_school_us());
    }
    for (uint32_t i = 0; r == 0 && i < setup->connections; i++) {
        r = connect_share(f, i);
        f->shares[i].cut_us = next_cut(f, f->began_us);
    }
    return r;
}

int fleet_new(const struct fleet_setup *setup, struct fleet **ret, struct gw_error *err)
{
    struct fleet *f = calloc(1, sizeof(*f));
    if (!f)
        return gw_fail(err, -ENOMEM, "fleet: out of memory");
    (void)mosquitto_lib_init();
    f->setup = *setup;
    int r = set_up(f);
    if (r < 0) {
        fleet_free(f);
        return gw_fail(err, r, "fleet: out of memory");
    }
    *ret = f;
    return 0;
}

struct fleet *fleet_free(struct fleet *f)
{
    for (uint32_t i = 0; f->shares && i < f->setup.connections; i++) {
        struct share *s = &f->shares[i];
        carrier_free(s->carrier);
        for (uint32_t k = 0; s->topics && k < s->topic_count; k++)
            free(s->topics[k]);
        free(s->topics);
    }
    for (uint32_t i = 0; f->members && i < f->setup.gateways; i++)
        gateway_end(&f->members[i].gateway);
    free(f->members);
    free(f->shares);
    free(f->polls);
    (void)mosquitto_lib_cleanup();
    free(f);
    return NULL;
}

static void send_rows(struct member *m, int64_t now_us)
{
    struct fleet *f = m->fleet;
    struct body_row row;
    struct gateway_flight flight;
    for (int i = 0; i < ROWS_A_TURN; i++) {
        if (!gateway_next(&m->gateway, now_us, &row, &flight))
            return;
        const char *topic;
        char *body = body_encode(&m->gateway.who, &row, &topic);
        uint64_t tag = tag_of(m->gateway.who.number, &flight);
        if (!publish(m, topic, body, false, tag))
            return;
        gateway_sent(&m->gateway, &flight, now_us, &f->counts);
    }
}

/* Every gateway's turn: what is due is made and sent. */
static void take_turns(struct fleet *f, int64_t now_us)
{
    int64_t school_us = clock_school_us();
    bool is_day = now_us < f->began_us + f->setup.make_us;
    for (uint32_t i = 0; i < f->setup.gateways; i++) {
        struct member *m = &f->members[i];
        uint64_t made = f->counts.rows;
        bool is_back = is_day && gateway_live(&m->gateway, now_us, school_us, &f->counts);
        if (f->counts.rows > made)
            f->made_us = now_us;
        if (!is_day)
            m->gateway.return_us = 0;
        if (is_back)
            present(m, now_us);
        else if (m->gateway.is_online && now_us >= m->state_us)
            tell_state(m, now_us);
        send_rows(m, now_us);
    }
}

static void cut_some(struct fleet *f, int64_t now_us)
{
    for (uint32_t i = 0; i < f->setup.connections; i++)
        if (now_us >= f->shares[i].cut_us) {
            carrier_cut(f->shares[i].carrier, now_us);
            f->shares[i].cut_us = next_cut(f, now_us);
        }
}

static void exchange(struct fleet *f, int64_t until_us)
{
    const uint32_t count = f->setup.connections;
    for (;;) {
        int64_t now_us = clock_machine_us();
        for (uint32_t i = 0; i < count; i++)
            carrier_wait(f->shares[i].carrier, now_us, &f->polls[i]);
        int64_t left_us = until_us - now_us;
        int ready =
            poll(f->polls, count + 1, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);
        for (uint32_t i = 0; i < count; i++)
            if (f->polls[i].revents || ready <= 0)
                carrier_exchange(f->shares[i].carrier, now_us, f->polls[i].revents);
        if (ready <= 0 || clock_machine_us() >= until_us || f->polls[count].revents)
            return;
    }
}

static bool is_settled(const struct fleet *f)
{
    return f->counts.answered == f->counts.rows;
}

int fleet_run(struct fleet *f, int stop_fd, struct gw_error *err)
{
    const int64_t day_end_us = f->began_us + f->setup.make_us;
    struct pollfd *stop = &f->polls[f->setup.connections];
    *stop = (struct pollfd){.fd = stop_fd, .events = POLLIN};
    int64_t now_us = clock_machine_us();
    while (f->result == 0 && !stop->revents && now_us < day_end_us + f->setup.drain_us
           && (now_us < day_end_us || !is_settled(f))) {
        take_turns(f, now_us);
        if (now_us < day_end_us)
            cut_some(f, now_us);
        exchange(f, now_us + TURN_MS * INT64_C(1000));
        now_us = clock_machine_us();
    }
    f->ended_us = now_us;
    f->made_us = f->made_us ? f->made_us : f->began_us;
    if (f->births == 0)
        return gw_fail(err, -ENOTCONN, "%s:%d: no connection was ever made",
                       f->setup.host, f->setup.port);
    if (f->result < 0)
        *err = f->fault;
    return f->result < 0 ? f->result : is_settled(f);
}

void fleet_print(const struct fleet *f, FILE *out)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                   + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    uint64_t streams = 0;
    for (uint32_t i = 0; i < f->setup.gateways; i++)
        streams += f->members[i].gateway.epoch_count;
    (void)fprintf(out,
                  "{\"gateways\":%" PRIu32 ",\"streams\":%" PRIu64 ",\"rows\":%" PRIu64
                  ",\"sent\":%" PRIu64 ",\"resent\":%" PRIu64 ",\"answered\":%" PRIu64
                  ",\"births\":%" PRIu64 ",\"cuts\":%" PRIu64 ",\"away\":%" PRIu64
                  ",\"crashes\":%" PRIu64 ",\"restores\":%" PRIu64 ",\"replays\":%" PRIu64
                  ",\"commands\":%" PRIu64 ",\"recalled\":%" PRIu64 ",\"gone\":%" PRIu64
                  ",\"drain_s\":%.3f,\"seconds\":%.3f,\"cpu_s\":%.3f}\n",
                  f->setup.gateways, streams, f->counts.rows, f->counts.sent,
                  f->counts.resent, f->counts.answered, f->births, f->cuts,
                  f->counts.away, f->counts.crashes, f->counts.restores,
                  f->counts.replays, f->counts.commands, f->counts.recalled,
                  f->counts.gone, (double)(f->ended_us - f->made_us) / 1e6,
                  (double)(f->ended_us - f->began_us) / 1e6, cpu_s);
}

void fleet_journal(const struct fleet *f, FILE *out)
{
    for (uint32_t i = 0; i < f->setup.gateways; i++) {
        const struct gateway *g = &f->members[i].gateway;
        char topic[CONTRACT_TOPIC_MAX];
        body_topic(&g->who, "", topic);
        const char *name = topic + strlen("campus/v1/");
        for (uint32_t k = 0; k < g->epoch_count; k++) {
            struct strbuf gone = {0};
            range_set_write(&g->epochs[k].gone, &gone);
            (void)fprintf(out,
                          "{\"gateway\":\"%.*s\",\"epoch\":\"%" PRIu64
                          "\",\"rows\":%" PRIu64 ",\"gone\":\"%s\"}\n",
                          (int)strlen(name) - 1, name, g->epochs[k].epoch,
                          g->epochs[k].made, gone.text);
            strbuf_free(&gone);
        }
    }
}
