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

char *presence_birth(const struct presence *p)
{
    return contract_birth(p->setup->config, p->boot, store_epoch(p->setup->store),
                          p->setup->birth);
}

int presence_state(const struct presence *p, struct outbox *outbox, bool is_online,
                   char **ret, struct gw_error *err)
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
    *ret = contract_state(p->setup->config, p->boot,
                          epoch ? epoch : store_epoch(p->setup->store), &state);
    return *ret ? 0 : gw_fail(err, -ENOMEM, "state: out of memory");
}

/* Takes @body over, NULL is no memory. */
static int write_letter(const struct presence *p, const char *kind, char *body,
                        struct letter *ret)
{
    int r = body ? letter_write(p->setup->config, kind, body, strlen(body), true, ret)
                 : -ENOMEM;
    if (r == 1 && !ret->made)
        ret->made = body;
    else
        free(body);
    return r;
}

int presence_tell_will(const struct presence *p, struct letter *ret)
{
    return write_letter(p, "state", presence_will(p), ret);
}

/* Publishes a body of the topic @kind and frees it. */
static int publish(const struct presence *p, struct link *link, const char *kind,
                   char *body, int *ret_mid, struct gw_error *err)
{
    struct letter letter;
    int mid = 0;
    int r = write_letter(p, kind, body, &letter);
    if (r < 0)
        return gw_fail(err, r, "%s: %s", kind, strerror(-r));
    if (r == 1) {
        r = link_publish(link, &letter, &mid, err);
        letter_done(&letter);
    }
    if (r == 0 && ret_mid)
        *ret_mid = mid;
    return r;
}

int presence_tell_birth(const struct presence *p, struct link *link, struct gw_error *err)
{
    return publish(p, link, "birth", presence_birth(p), NULL, err);
}

int presence_tell_state(const struct presence *p, struct link *link,
                        struct outbox *outbox, bool is_online, int *ret_mid,
                        struct gw_error *err)
{
    char *body = NULL;
    int r = presence_state(p, outbox, is_online, &body, err);
    return r == 0 ? publish(p, link, "state", body, ret_mid, err) : r;
}
