#include "ingest/feed.h"

#include <string.h>

#include "base/clock.h"
#include "ingest/consumer.h"
#include "ingest/subscriber.h"

enum { FIRST_US = 500 * 1000, LAST_US = 15 * 1000 * 1000 };

int feed_new(const char *url, const char *name, struct intake *intake, struct feed **ret,
             struct gw_error *err)
{
    return strncmp(url, "amqp", 4) == 0 ? consumer_new(url, name, intake, ret, err)
                                        : subscriber_new(url, name, intake, ret, err);
}

struct feed *feed_free(struct feed *f)
{
    if (f)
        f->kind->free(f);
    return NULL;
}

int feed_turn(struct feed *f, int wake_fd, int timeout_ms, struct gw_error *err)
{
    return f->kind->turn(f, wake_fd, timeout_ms, err);
}

void backoff_begin(struct backoff *b)
{
    *b = (struct backoff){.wait_us = FIRST_US};
}

bool backoff_is_due(const struct backoff *b)
{
    return clock_machine_us() >= b->next_us;
}

double backoff_fail(struct backoff *b)
{
    double seconds = (double)b->wait_us / 1e6;
    b->next_us = clock_machine_us() + b->wait_us;
    b->wait_us = 2 * b->wait_us < LAST_US ? 2 * b->wait_us : LAST_US;
    return seconds;
}
