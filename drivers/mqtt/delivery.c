#include "delivery.h"

static void end_redeliveries(struct mqtt_delivery *d)
{
    d->is_older_open = false;
    const struct mqtt_doubt *oldest = mqtt_doubts_oldest(&d->doubts);
    for (; oldest && oldest->is_old; oldest = mqtt_doubts_oldest(&d->doubts))
        mqtt_doubts_drop_oldest(&d->doubts);
    mqtt_settled_end(&d->settled);
}

static bool is_in_doubt(const struct mqtt_delivery *d, struct mqtt_delivery_key key)
{
    const struct mqtt_doubt *doubt = mqtt_doubts_find(&d->doubts, key.message_id);
    return doubt && doubt->is_old && doubt->hash == key.hash;
}

bool mqtt_delivery_saw_id(struct mqtt_delivery *d, uint64_t hash)
{
    return mqtt_own_ids_take(&d->own_ids, hash);
}

/* Memory may have given up messages of the time away: they are new when they come again.
 * Nothing was settled then. */
static void forget_all(struct mqtt_delivery *d)
{
    while (d->doubts.count)
        mqtt_doubts_drop_oldest(&d->doubts);
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
        mqtt_doubts_put(&d->doubts, item->ticket, item->hash, item->message_id);
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
    mqtt_doubts_age(&d->doubts);
    if (!has_session)
        end_redeliveries(d);
}

static bool is_known(struct mqtt_delivery *d, struct mqtt_delivery_key key)
{
    if (key.has_own_id)
        return mqtt_own_ids_take(&d->own_ids, key.hash);
    return key.is_dup
           && (is_in_doubt(d, key)
               || mqtt_settled_knows(&d->settled, key.hash, key.message_id));
}

/* What earlier runs took is settled when nothing of it can come again. */
static uint64_t settled_until(const struct mqtt_delivery *d)
{
    if (d->is_older_open)
        return 0;
    const struct mqtt_doubt *oldest = mqtt_doubts_oldest(&d->doubts);
    return (oldest ? oldest->ticket : d->last) - 1;
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
        mqtt_doubts_put(&d->doubts, d->last, key.hash, key.message_id);
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
    const struct mqtt_doubt *oldest = mqtt_doubts_oldest(&d->doubts);
    while (oldest && !oldest->is_old && oldest->ticket <= ticket) {
        mqtt_settled_add(&d->settled, oldest->hash, oldest->message_id);
        mqtt_doubts_drop_oldest(&d->doubts);
        oldest = mqtt_doubts_oldest(&d->doubts);
    }
}

void mqtt_delivery_untake(struct mqtt_delivery *d)
{
    if (d->is_last_own)
        mqtt_own_ids_untake(&d->own_ids);
    else
        mqtt_doubts_drop_newest(&d->doubts);
    d->last--;
}
