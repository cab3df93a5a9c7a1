#include "delivery.h"

#include <string.h>

static struct mqtt_delivery_doubt *doubt_at(struct mqtt_delivery *d, size_t index)
{
    return &d->doubts[(d->first + index) % DELIVERY_DOUBTS];
}

static void drop_first(struct mqtt_delivery *d)
{
    struct mqtt_delivery_doubt *doubt = doubt_at(d, 0);
    if (doubt->is_old && !doubt->is_again)
        d->old--;
    d->first = (d->first + 1) % DELIVERY_DOUBTS;
    d->count--;
    if (d->next)
        d->next--;
    if (!d->count)
        d->first = 0; /* memory never touched costs nothing */
}

static void append(struct mqtt_delivery *d, uint64_t ticket, struct mqtt_delivery_key key)
{
    /* Only a broker that never answers the barrier gets here, and it has given the packet
     * id of the oldest doubt to another message since: that one is settled. */
    if (d->count == DELIVERY_DOUBTS)
        drop_first(d);
    *doubt_at(d, d->count++) = (struct mqtt_delivery_doubt){
        .ticket = ticket, .hash = key.hash, .message_id = key.message_id};
}

/* Redelivered ones at the front are settled: their new ticket stands for them. */
static void drop_settled(struct mqtt_delivery *d)
{
    while (d->count && doubt_at(d, 0)->is_again)
        drop_first(d);
}

static void end_redeliveries(struct mqtt_delivery *d)
{
    while (d->count && doubt_at(d, 0)->is_old)
        drop_first(d);
    mqtt_settled_end(&d->settled);
}

/* The doubt that @key comes again of, among those from @from to before @end. */
static bool match_between(struct mqtt_delivery *d, struct mqtt_delivery_key key,
                          size_t from, size_t end)
{
    for (size_t i = from; i < end && doubt_at(d, i)->is_old; i++) {
        struct mqtt_delivery_doubt *doubt = doubt_at(d, i);
        if (doubt->is_again || doubt->hash != key.hash
            || doubt->message_id != key.message_id)
            continue;
        doubt->is_again = true;
        d->old--;
        d->next = i + 1;
        drop_settled(d);
        return true;
    }
    return false;
}

static bool match_old(struct mqtt_delivery *d, struct mqtt_delivery_key key)
{
    return match_between(d, key, d->next, d->count) || match_between(d, key, 0, d->next);
}

bool mqtt_delivery_saw_id(struct mqtt_delivery *d, uint64_t hash)
{
    uint64_t *set = d->ids[hash % DELIVERY_ID_SETS];
    for (size_t way = 0; way < DELIVERY_ID_WAYS; way++)
        if (set[way] == hash)
            return true;
    memmove(set + 1, set, (DELIVERY_ID_WAYS - 1) * sizeof(*set));
    set[0] = hash;
    return false;
}

static void forget_id(struct mqtt_delivery *d, uint64_t hash)
{
    uint64_t *set = d->ids[hash % DELIVERY_ID_SETS];
    for (size_t way = 0; way < DELIVERY_ID_WAYS; way++)
        if (set[way] == hash)
            set[way] = 0;
}

void mqtt_delivery_start(struct mqtt_delivery *d, const struct gw_delivered *kept)
{
    if (d->is_started)
        return;
    d->is_started = true;
    d->last = kept->next ? kept->next - 1 : 0;
    for (size_t i = 0; i < kept->count; i++) {
        const struct gw_delivery *item = &kept->items[i];
        const struct mqtt_delivery_key key = {item->hash, item->message_id, false};
        append(d, item->ticket, key);
        if (!item->message_id)
            (void)mqtt_delivery_saw_id(d, item->hash);
        if (item->ticket > d->last)
            d->last = item->ticket;
    }
}

void mqtt_delivery_asked(struct mqtt_delivery *d)
{
    mqtt_settled_asked(&d->settled);
}

void mqtt_delivery_connected(struct mqtt_delivery *d, bool has_session)
{
    d->old = 0;
    d->next = 0;
    for (size_t i = 0; i < d->count; i++) {
        doubt_at(d, i)->is_old = true;
        d->old += !doubt_at(d, i)->is_again;
    }
    if (!has_session)
        end_redeliveries(d);
}

bool mqtt_delivery_take(struct mqtt_delivery *d, struct mqtt_delivery_key key,
                        struct gw_delivery *ret)
{
    if (key.message_id)
        mqtt_settled_saw(&d->settled, key.message_id);
    bool is_known = key.is_dup
                    && ((d->old && match_old(d, key))
                        || mqtt_settled_knows(&d->settled, key.hash, key.message_id));
    if (!key.is_dup)
        end_redeliveries(d);
    if (!key.message_id && mqtt_delivery_saw_id(d, key.hash))
        is_known = true;

    append(d, ++d->last, key);
    *ret = (struct gw_delivery){
        .ticket = d->last,
        .forget = doubt_at(d, 0)->ticket - 1,
        .hash = key.hash,
        .message_id = key.message_id,
    };
    return is_known;
}

void mqtt_delivery_sure(struct mqtt_delivery *d, uint64_t ticket)
{
    while (d->count && !doubt_at(d, 0)->is_old && doubt_at(d, 0)->ticket <= ticket) {
        const struct mqtt_delivery_doubt *doubt = doubt_at(d, 0);
        if (doubt->message_id)
            mqtt_settled_add(&d->settled, doubt->hash, doubt->message_id);
        drop_first(d);
    }
}

void mqtt_delivery_untake(struct mqtt_delivery *d)
{
    struct mqtt_delivery_doubt *doubt = doubt_at(d, --d->count);
    if (!doubt->message_id)
        forget_id(d, doubt->hash);
    d->last--;
}
