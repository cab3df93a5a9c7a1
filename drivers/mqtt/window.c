#include "window.h"

static uint64_t waiting(const struct mqtt_window *w)
{
    return w->last - w->acknowledged;
}

/* Whatever the broker allows: of more, delivery.h could not remember all. */
static uint64_t limit(const struct mqtt_window *w)
{
    return w->size && w->size < WINDOW_UNLIMITED ? w->size : WINDOW_UNLIMITED;
}

/* A little before the store's own timer, so that one commit serves both. */
static int64_t due_us(const struct mqtt_window *w)
{
    return w->oldest_us + w->interval_us - w->interval_us / 16;
}

/* The broker's real limit may be lower than we were told. */
static bool may_be_full(const struct mqtt_window *w)
{
    return w->size && waiting(w) >= (limit(w) + 1) / 2 && w->asked < w->last;
}

void mqtt_window_open(struct mqtt_window *w, uint32_t size, int64_t interval_us,
                      uint64_t last)
{
    uint64_t committed = w->committed;
    *w = (struct mqtt_window){.size = size,
                              .interval_us = interval_us,
                              .last = last,
                              .committed = committed,
                              .acknowledged = last,
                              .asked = last,
                              .is_reading = true};
}

void mqtt_window_taken(struct mqtt_window *w, uint64_t ticket, int64_t now_us)
{
    if (!waiting(w))
        w->oldest_us = now_us;
    w->newest_us = now_us;
    w->last = ticket;
}

void mqtt_window_committed(struct mqtt_window *w, uint64_t ticket)
{
    if (ticket > w->committed)
        w->committed = ticket;
}

void mqtt_window_written(struct mqtt_window *w)
{
    w->acknowledged = w->last;
    w->is_stopped = false;
    w->is_reading = true;
}

static void stop(struct mqtt_window *w, int64_t now_us)
{
    w->is_stopped = true;
    w->stopped_us = now_us;
    w->stopped_at = w->committed;
}

/* Whether the disk takes nothing; a commit of a part shows that it does. */
static bool is_stuck(struct mqtt_window *w, int64_t now_us)
{
    if (w->committed > w->stopped_at)
        stop(w, now_us);
    return now_us - w->stopped_us >= WINDOW_STUCK_US && waiting(w) < WINDOW_STUCK;
}

enum mqtt_window_step mqtt_window_next(struct mqtt_window *w, int64_t now_us)
{
    if (!waiting(w))
        return WINDOW_READ;
    if (w->committed >= w->last)
        return WINDOW_WRITE;
    if (!w->is_stopped && (waiting(w) >= limit(w) || now_us >= due_us(w)))
        stop(w, now_us);
    bool is_quiet = now_us - w->newest_us >= WINDOW_QUIET_US && may_be_full(w);
    if ((w->is_stopped || is_quiet) && w->asked < w->last) {
        w->asked = w->last;
        return WINDOW_ASK;
    }
    w->is_reading = !w->is_stopped || is_stuck(w, now_us);
    return w->is_reading ? WINDOW_READ : WINDOW_WAIT;
}

int64_t mqtt_window_deadline(const struct mqtt_window *w)
{
    if (!waiting(w) || waiting(w) >= WINDOW_STUCK)
        return INT64_MAX;
    if (w->is_stopped)
        return w->is_reading ? INT64_MAX : w->stopped_us + WINDOW_STUCK_US;
    int64_t quiet_us = w->newest_us + WINDOW_QUIET_US;
    return may_be_full(w) && quiet_us < due_us(w) ? quiet_us : due_us(w);
}
