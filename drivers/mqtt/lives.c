#include "lives.h"

enum {
    SHORT_US = 60000000, /* several times the longest back-off, 10 s */
    FIGHT = 3,
};

void mqtt_lives_ended(struct mqtt_lives *l, enum mqtt_life_end end, int64_t life_us)
{
    bool is_of_other_side = end == LIFE_CLOSED || end == LIFE_THROWN_OUT;
    if (!is_of_other_side || life_us >= SHORT_US)
        l->short_ones = 0;
    else if (end == LIFE_THROWN_OUT || l->short_ones == 0)
        l->short_ones++;
}

void mqtt_lives_lasts(struct mqtt_lives *l, int64_t life_us)
{
    if (life_us >= SHORT_US)
        l->short_ones = 0;
}

bool mqtt_lives_are_suspect(const struct mqtt_lives *l)
{
    return l->short_ones > 0;
}

bool mqtt_lives_are_fought(const struct mqtt_lives *l)
{
    return l->short_ones >= FIGHT;
}
