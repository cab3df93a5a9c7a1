#include "ingest/requester.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"

enum {
    LOOKS = 5,         /* in the time after which a hole is asked for */
    GATEWAYS_MAX = 50, /* of one turn, each with a commit of its own */
};

static const int64_t look_max_us = INT64_C(30) * 1000000;
/* Of a command: one that comes late does no harm, but few gateways wait for one. */
static const int64_t life_us = INT64_C(86400) * 1000000;

/* order - a command that may go once its asking is kept. */
struct order {
    char *body;
    struct order *next;
};

struct requester {
    struct archive *archive;
    const struct signer *signer;
    struct asking_pace pace;
    int64_t look_us; /* the next one */
    uint64_t commands;
    struct gw_complaint complaint;
};

int requester_new(struct archive *archive, const struct signer *signer,
                  const struct asking_pace *pace, struct requester **ret)
{
    struct requester *rq = calloc(1, sizeof(*rq));
    if (!rq)
        return -ENOMEM;
    rq->archive = archive;
    rq->signer = signer;
    rq->pace = *pace;
    *ret = rq;
    return 0;
}

struct requester *requester_free(struct requester *rq)
{
    free(rq);
    return NULL;
}

uint64_t requester_commands(const struct requester *rq)
{
    return rq->commands;
}

static struct order *free_orders(struct order *orders)
{
    while (orders) {
        struct order *next = orders->next;
        free(orders->body);
        free(orders);
        orders = next;
    }
    return NULL;
}

static int add_order(struct requester *rq, const struct asking *a,
                     const struct range_set *request, struct order **orders,
                     struct gw_error *err)
{
    struct signer_replay replay = {
        .gateway = a->gateway,
        .expires_us = clock_school_us() + life_us,
        .epoch = a->epoch,
        .ranges = request,
    };
    int r = archive_command(rq->archive, &replay.seq, err);
    if (r < 0)
        return r;
    struct order *order = calloc(1, sizeof(*order));
    if (order)
        order->body = signer_replay(rq->signer, &replay);
    if (!order || !order->body) {
        free(order);
        return gw_fail(err, -ENOMEM, "requests: out of memory");
    }
    while (*orders)
        orders = &(*orders)->next;
    *orders = order;
    return 0;
}

static int judge_stream(struct requester *rq, struct asking *a, struct order **orders,
                        struct gw_error *err)
{
    struct range_set request = {0};
    bool is_changed = false;
    int r = asking_judge(a, &rq->pace, clock_school_us(), &is_changed, &request);
    if (r < 0)
        r = gw_fail(err, r, "requests: out of memory");
    if (r == 0 && is_changed)
        r = archive_keep_asking(rq->archive, a, err);
    if (r == 0 && request.count > 0)
        r = add_order(rq, a, &request, orders, err);
    range_set_clear(&request);
    return r;
}

/* Under the lock of @gateway, as what it says may have changed since it was looked at. */
static int judge_gateway(struct requester *rq, const char *gateway,
                         struct order **ret_orders, struct gw_error *err)
{
    struct archive_batch batch = {&gateway, 1, false};
    struct asking_list list = {0};
    struct order *orders = NULL;
    int r = archive_begin(rq->archive, &batch, err);
    if (r == 0)
        r = archive_askings(rq->archive, gateway, &list, err);
    for (size_t i = 0; r == 0 && i < list.count; i++)
        r = judge_stream(rq, &list.items[i], &orders, err);
    if (r == 0)
        r = archive_commit(rq->archive, err);
    asking_list_clear(&list);
    if (r < 0) {
        archive_rollback(rq->archive);
        orders = free_orders(orders);
    }
    *ret_orders = orders;
    return r;
}

static void publish(struct requester *rq, struct feed *feed, const char *gateway,
                    const struct order *orders)
{
    for (; orders; orders = orders->next) {
        struct gw_error err;
        if (feed_publish(feed, gateway, "cmd", orders->body, &err) == 0)
            rq->commands++;
        else
            gw_log(GW_LOG_WARNING, (struct gw_subject){"GATEWAY", gateway},
                   "%s: its missing rows are asked for later", err.text);
    }
}

static int ask_gateway(struct requester *rq, struct feed *feed, const char *gateway,
                       struct gw_error *err)
{
    struct order *orders = NULL;
    int r = judge_gateway(rq, gateway, &orders, err);
    publish(rq, feed, gateway, orders);
    free_orders(orders);
    return r;
}

/* Whether anything about @a is to be done; without effect on what is kept. */
static int is_due(const struct requester *rq, struct asking *a, bool *ret)
{
    struct range_set request = {0};
    int r = asking_judge(a, &rq->pace, clock_school_us(), ret, &request);
    range_set_clear(&request);
    return r;
}

/* *ret_is_done: no gateway is left for the next turn. */
static int look(struct requester *rq, struct feed *feed, bool *ret_is_done,
                struct gw_error *err)
{
    struct asking_list list = {0};
    const char *before = "";
    size_t gateways = 0;
    int r = archive_askings(rq->archive, NULL, &list, err);
    for (size_t i = 0; r == 0 && i < list.count && gateways < GATEWAYS_MAX; i++) {
        bool is_changed = false;
        if (strcmp(before, list.items[i].gateway) == 0)
            continue;
        if (is_due(rq, &list.items[i], &is_changed) < 0)
            r = gw_fail(err, -ENOMEM, "requests: out of memory");
        if (r < 0 || !is_changed)
            continue;
        before = list.items[i].gateway;
        gateways++;
        r = ask_gateway(rq, feed, before, err);
    }
    *ret_is_done = gateways < GATEWAYS_MAX;
    asking_list_clear(&list);
    return r;
}

void requester_turn(struct requester *rq, struct feed *feed)
{
    const struct gw_subject subject = {"ARCHIVE", "county"};
    int64_t every_us = rq->pace.first_us / LOOKS;
    int64_t now_us = clock_machine_us();
    struct gw_error err;
    bool is_done = true;
    if (now_us < rq->look_us || !feed_is_up(feed))
        return;
    if (look(rq, feed, &is_done, &err) < 0)
        gw_complain(&rq->complaint, subject, "%s: nothing is asked for", err.text);
    else
        gw_relieve(&rq->complaint, subject, "missing rows are asked for again");
    if (is_done)
        rq->look_us = now_us + (every_us < look_max_us ? every_us : look_max_us);
}
