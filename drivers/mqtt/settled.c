#include "settled.h"

static void drop(struct mqtt_settled *s, size_t count)
{
    s->first = (s->first + count) % SETTLED_MAX;
    s->count -= count;
    s->old -= count < s->old ? count : s->old;
}

void mqtt_settled_add(struct mqtt_settled *s, uint64_t hash, uint16_t message_id)
{
    if (s->count == SETTLED_MAX)
        drop(s, 1);
    s->messages[(s->first + s->count++) % SETTLED_MAX] =
        (struct mqtt_settled_message){hash, message_id};
}

void mqtt_settled_asked(struct mqtt_settled *s)
{
    mqtt_settled_end(s);
    s->old = s->count;
    s->last_id = 0;
}

void mqtt_settled_saw(struct mqtt_settled *s, uint16_t message_id)
{
    uint16_t step = (uint16_t)(message_id - s->last_id); /* 1 follows 65535 */
    bool is_upwards = step != 0 && step <= INT16_MAX;
    if (s->last_id && !is_upwards) {
        drop(s, s->count);
        s->upwards = 0;
    } else if (s->last_id && s->count > s->old && s->upwards < SETTLED_PROOF) {
        s->upwards++;
    }
    s->last_id = message_id;
}

bool mqtt_settled_knows(struct mqtt_settled *s, uint64_t hash, uint16_t message_id)
{
    if (s->upwards < SETTLED_PROOF)
        return false;
    for (size_t i = 0; i < s->old; i++) {
        const struct mqtt_settled_message *m = &s->messages[(s->first + i) % SETTLED_MAX];
        if (m->hash != hash || m->message_id != message_id)
            continue;
        drop(s, i + 1);
        return true;
    }
    return false;
}

void mqtt_settled_end(struct mqtt_settled *s)
{
    drop(s, s->old);
}
