#include "uplink/presence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uplink/contract.h"

char *presence_will(const struct presence *p)
{
    const struct contract_state state = {.cause = "lost"};
    return contract_state(p->setup->config, p->boot, store_epoch(p->setup->store),
                          &state);
}

/* Publishes a retained body of the topic @kind and frees it. */
static int publish(const struct presence *p, struct link *link, const char *kind,
                   char *body, int *ret_mid, struct gw_error *err)
{
    if (!body)
        return gw_fail(err, -ENOMEM, "%s: out of memory", kind);
    char topic[CONTRACT_TOPIC_MAX];
    int mid = 0;
    contract_topic(p->setup->config, kind, topic);
    int r = link_publish(link, topic, body, strlen(body), true, &mid, err);
    free(body);
    if (r == 0 && ret_mid)
        *ret_mid = mid;
    return r;
}

int presence_tell_birth(const struct presence *p, struct link *link, struct gw_error *err)
{
    char *body = contract_birth(p->setup->config, p->boot, store_epoch(p->setup->store),
                                p->setup->birth);
    return publish(p, link, "birth", body, NULL, err);
}

int presence_tell_state(const struct presence *p, struct link *link,
                        struct outbox *outbox, bool is_online, int *ret_mid,
                        struct gw_error *err)
{
    struct contract_state state = {
        .is_online = is_online,
        .cause = is_online ? NULL : "stopped",
    };
    uint64_t epoch = 0;
    struct store_status store;
    store_status(p->setup->store, &store);
    state.waiting = store.outbox_waiting;
    int r = outbox_last(outbox, &epoch, &state.last_seq, err);
    if (r < 0)
        return r;
    if (is_online && store.outbox_untold > 0)
        store_tell_dropped(p->setup->store);
    char *body = contract_state(p->setup->config, p->boot,
                                epoch ? epoch : store_epoch(p->setup->store), &state);
    return publish(p, link, "state", body, ret_mid, err);
}
