#include "ingest/feed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/consumer.h"
#include "ingest/subscriber.h"

enum { FIRST_US = 500 * 1000, LAST_US = 15 * 1000 * 1000 };

static int check_file(const char *option, const char *path, struct gw_error *err)
{
    if (!path || access(path, R_OK) == 0)
        return 0;
    return gw_fail(err, -EINVAL, "%s '%s': %s", option, path, strerror(errno));
}

/* What TLS needs, and what would go unused without it. */
static int check_files(const struct feed_source *source, struct gw_error *err)
{
    size_t scheme = strcspn(source->url, ":");
    bool is_tls = scheme > 0 && source->url[scheme - 1] == 's';
    if (is_tls && !source->ca)
        return gw_fail(err, -EINVAL,
                       "ca: missing (mqtts and amqps need the broker's CA)");
    if (!is_tls && (source->ca || source->certificate || source->key))
        return gw_fail(err, -EINVAL,
                       "ca, certificate and key are for mqtts:// and amqps://");
    if (!source->certificate != !source->key)
        return gw_fail(err, -EINVAL,
                       "certificate and key belong together (give both or neither)");
    int r = gw_broker_login(source->user, source->password_file, err);
    if (r == 0)
        r = check_file("password_file", source->password_file, err);
    if (r == 0)
        r = check_file("ca", source->ca, err);
    if (r == 0)
        r = check_file("certificate", source->certificate, err);
    return r == 0 ? check_file("key", source->key, err) : r;
}

int feed_new(const struct feed_source *source, struct intake *intake, struct feed **ret,
             struct gw_error *err)
{
    int r = check_files(source, err);
    if (r < 0)
        return r;
    return strncmp(source->url, "amqp", 4) == 0
               ? consumer_new(source, intake, ret, err)
               : subscriber_new(source, intake, ret, err);
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

bool feed_is_up(const struct feed *f)
{
    return f->kind->is_up(f);
}

int feed_publish(struct feed *f, const char *gateway, const char *topic, const char *body,
                 struct gw_error *err)
{
    return f->kind->publish(f, gateway, topic, body, err);
}

int feed_password(const struct feed_source *source, char ret[GW_BROKER_PASSWORD_MAX],
                  struct gw_error *err)
{
    ret[0] = '\0';
    return source->password_file ? gw_broker_password(source->password_file, ret, err)
                                 : 0;
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
