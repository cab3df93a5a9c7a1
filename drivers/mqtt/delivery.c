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

static void append(struct mqtt_delivery *d, uint64_t ticket, uint64_t hash,
                   uint16_t message_id)
{
    /* Only a broker that never answers the barrier gets here, and it has given the packet
     * id of the oldest doubt to another message since: that one is settled. */
    if (d->count == DELIVERY_DOUBTS)
        drop_first(d);
    *doubt_at(d, d->count++) = (struct mqtt_delivery_doubt){
        .ticket = ticket, .hash = hash, .message_id = message_id};
}

/* Redelivered ones at the front are settled: their new ticket stands for them. */
static void drop_settled(struct mqtt_delivery *d)
{
    while (d->count && doubt_at(d, 0)->is_again)
        drop_first(d);
}

static void end_redeliveries(struct mqtt_delivery *d)
{
    d->is_older_open = false;
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
    return mqtt_own_ids_take(&d->own_ids, hash);
}

/* Memory may have given up messages of the time away: they are new when they come again.
 * Nothing was settled then. */
static void forget_all(struct mqtt_delivery *d)
{
    while (d->count)
        drop_first(d);
    mqtt_own_ids_clear(&d->own_ids);
}

void mqtt_delivery_start(struct mqtt_delivery *d, const struct gw_bus_setup *setup)
{
    const struct gw_delivered *kept = &setup->delivered;
    const struct gw_own_ids *ids = &setup->own_ids;
    bool has_store_come = d->is_store_away && !setup->is_store_away;
    if (d->is_started && !has_store_come)
        return;
    if (has_store_come)
        forget_all(d);
    d->is_started = true;
    d->is_store_away = setup->is_store_away;
    d->is_older_open = setup->is_store_away;
    d->last = kept->next ? kept->next - 1 : 0;
    for (size_t i = 0; i < kept->count; i++) {
        const struct gw_delivery *item = &kept->items[i];
        append(d, item->ticket, item->hash, item->message_id);
        if (item->ticket > d->last)
            d->last = item->ticket;
    }
    for (size_t i = 0; i < ids->count; i++)
        (void)mqtt_own_ids_take(&d->own_ids, ids->hashes[i]);
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

static bool is_known(struct mqtt_delivery *d, struct mqtt_delivery_key key)
{
    if (key.has_own_id)
        return mqtt_own_ids_take(&d->own_ids, key.hash);
    return key.is_dup
           && ((d->old && match_old(d, key))
               || mqtt_settled_knows(&d->settled, key.hash, key.message_id));
}

/* What earlier runs took is settled when nothing of it can come again. */
static uint64_t settled_until(struct mqtt_delivery *d)
{
    if (d->is_older_open)
        return 0;
    return (d->count ? doubt_at(d, 0)->ticket : d->last) - 1;
}

bool mqtt_delivery_take(struct mqtt_delivery *d, struct mqtt_delivery_key key,
                        struct gw_delivery *ret)
{
    mqtt_settled_saw(&d->settled, key.message_id);
    bool was_known = is_known(d, key);
    if (!key.is_dup)
        end_redeliveries(d);
    bool may_be_older = key.has_own_id ? d->is_store_away : d->is_older_open;
    d->last++;
    d->is_last_own = key.has_own_id;
    if (!key.has_own_id)
        append(d, d->last, key.hash, key.message_id);
    *ret = (struct gw_delivery){
        .ticket = d->last,
        .forget = settled_until(d),
        .hash = key.hash,
        .message_id = key.has_own_id ? 0 : key.message_id,
        .is_again = key.has_own_id && was_known,
        .may_be_again = may_be_older && !was_known,
    };
    return was_known;
}

void mqtt_delivery_sure(struct mqtt_delivery *d, uint64_t ticket)
{
    while (d->count && !doubt_at(d, 0)->is_old && doubt_at(d, 0)->ticket <= ticket) {
        const struct mqtt_delivery_doubt *doubt = doubt_at(d, 0);
        mqtt_settled_add(&d->settled, doubt->hash, doubt->message_id);
        drop_first(d);
    }
}

void mqtt_delivery_untake(struct mqtt_delivery *d)
{
    if (d->is_last_own)
        mqtt_own_ids_untake(&d->own_ids);
    else
        d->count--;
    d->last--;
}
