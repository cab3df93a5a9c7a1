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

/* In a contest the wait has a least, too: else whoever came last is thrown out at once.
 */
static int64_t next_wait(const struct session *s, double chance)
{
    if (session_is_contested(s))
        return SESSION_CONTEST_WAIT_US
               + (int64_t)(chance * (double)SESSION_CONTEST_WAIT_US);
    return (int64_t)(chance * (double)longest_wait(s->failures));
}

/* A connection that fails otherwise between two is not of this pattern; in a contest that
 * is known it says nothing. */
static void note_end(struct session *s, bool is_taken, int64_t lived_us)
{
    bool has_stood = lived_us >= SESSION_SETTLED_US;
    if (is_taken && lived_us >= 0 && !has_stood)
        s->taken++;
    else if (has_stood || !session_is_contested(s))
        s->taken = 0;
}

int64_t session_lost(struct session *s, int64_t now_us, bool is_taken, double chance)
{
    int64_t lived_us = s->state == SESSION_ONLINE ? now_us - s->online_us : -1;
    note_end(s, is_taken, lived_us);
    if (lived_us >= SESSION_STABLE_US)
        s->failures = 0;
    int64_t wait_us = next_wait(s, chance);
    s->failures++;
    s->state = SESSION_WAITING;
    s->deadline_us = now_us + wait_us;
    return wait_us;
}

void session_renew(struct session *s, int64_t now_us)
{
    s->state = SESSION_WAITING;
    s->failures = 0;
    s->deadline_us = now_us;
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
    return s->taken >= CONTESTED_LIVES;
}

bool session_settles(struct session *s, int64_t now_us)
{
    if (!session_is_contested(s) || s->state != SESSION_ONLINE
        || now_us - s->online_us < SESSION_SETTLED_US)
        return false;
    s->taken = 0;
    return true;
}
