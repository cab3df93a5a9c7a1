#include "doubts.h"

static uint16_t new_place(struct mqtt_doubts *d)
{
    uint16_t place = d->free;
    if (!place)
        return ++d->used;
    d->free = d->items[place].newer;
    return place;
}

static void drop(struct mqtt_doubts *d, uint16_t place)
{
    struct mqtt_doubt *doubt = &d->items[place];
    d->items[doubt->older].newer = doubt->newer;
    d->items[doubt->newer].older = doubt->older;
    d->places[doubt->message_id] = 0;
    doubt->newer = d->free;
    d->free = place;
    d->count--;
}

void mqtt_doubts_put(struct mqtt_doubts *d, uint64_t ticket, uint64_t hash,
                     uint16_t message_id)
{
    if (d->places[message_id])
        drop(d, d->places[message_id]);
    uint16_t place = new_place(d);
    uint16_t newest = d->items[0].older;
    d->items[place] = (struct mqtt_doubt){
        .ticket = ticket, .hash = hash, .message_id = message_id, .older = newest};
    d->items[newest].newer = place;
    d->items[0].older = place;
    d->places[message_id] = place;
    d->count++;
}

static const struct mqtt_doubt *at(const struct mqtt_doubts *d, uint16_t place)
{
    return place ? &d->items[place] : NULL;
}

const struct mqtt_doubt *mqtt_doubts_oldest(const struct mqtt_doubts *d)
{
    return at(d, d->items[0].newer);
}

const struct mqtt_doubt *mqtt_doubts_find(const struct mqtt_doubts *d,
                                          uint16_t message_id)
{
    return at(d, d->places[message_id]);
}

void mqtt_doubts_drop_oldest(struct mqtt_doubts *d)
{
    if (d->count)
        drop(d, d->items[0].newer);
}

void mqtt_doubts_drop_newest(struct mqtt_doubts *d)
{
    if (d->count)
        drop(d, d->items[0].older);
}

void mqtt_doubts_age(struct mqtt_doubts *d)
{
    for (uint16_t place = d->items[0].newer; place; place = d->items[place].newer)
        d->items[place].is_old = true;
}
