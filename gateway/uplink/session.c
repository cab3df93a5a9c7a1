#include "uplink/session.h"

#include <sys/random.h>

enum { CONTESTED_LIVES = 3 };

bool session_is_due(const struct session *s, int64_t now_us)
{
    return s->state == SESSION_WAITING && now_us >= s->deadline_us;
}

void session_opening(struct session *s, int64_t now_us)
{
    s->state = SESSION_OPENING;
    s->deadline_us = now_us + SESSION_OPEN_US;
}

void session_online(struct session *s, int64_t now_us)
{
    s->state = SESSION_ONLINE;
    s->online_us = now_us;
    s->deadline_us = INT64_MAX;
}

bool session_is_overdue(const struct session *s, int64_t now_us)
{
    return s->state == SESSION_OPENING && now_us >= s->deadline_us;
}

static int64_t longest_wait(unsigned failures)
{
    int64_t wait_us = SESSION_FIRST_WAIT_US;
    for (unsigned i = 0; i < failures && wait_us < SESSION_LAST_WAIT_US; i++)
        wait_us *= 2;
    return wait_us < SESSION_LAST_WAIT_US ? wait_us : SESSION_LAST_WAIT_US;
}

int64_t session_lost(struct session *s, int64_t now_us, double chance)
{
    int64_t lived_us = s->state == SESSION_ONLINE ? now_us - s->online_us : -1;
    bool was_short = lived_us >= 0 && lived_us < SESSION_SHORT_US;
    s->short_lives = was_short ? s->short_lives + 1 : 0;
    if (lived_us >= SESSION_STABLE_US)
        s->failures = 0;
    int64_t wait_us = (int64_t)(chance * (double)longest_wait(s->failures));
    s->failures++;
    s->state = SESSION_WAITING;
    s->deadline_us = now_us + wait_us;
    return wait_us;
}

double session_chance(void)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        random = 0; /* a chance like any other */
    return (double)random / (double)UINT32_MAX;
}

bool session_is_contested(const struct session *s)
{
    return s->short_lives >= CONTESTED_LIVES;
}
