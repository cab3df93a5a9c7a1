#include "mounting.h"

#include <math.h>

/* Turned, it may still miss some: a fifth of what is missing as it hangs. */
#define MISSED 0.2

void mounting_step(struct mounting *m, double now)
{
    double turned = now - 2 * m->passes;
    m->least = fmin(m->least, turned);
    m->most = fmax(m->most, turned);
}

static bool speaks_for(const struct mounting *m, const struct balance *room,
                       double people)
{
    return room->least <= -people && m->most >= people
           && m->least >= MISSED * room->least;
}

/* A room that filled and emptied as it should; a day off says nothing. */
static bool speaks_against(const struct balance *room, double people)
{
    return room->most >= people && room->least > -people;
}

void mounting_no_day(struct mounting *m)
{
    *m = (struct mounting){.days = m->days};
}

bool mounting_day(struct mounting *m, const struct balance *room, double people)
{
    bool is_for = speaks_for(m, room, people);
    if (is_for)
        m->days++;
    else if (speaks_against(room, people))
        m->days = 0;
    mounting_no_day(m);
    return is_for;
}
