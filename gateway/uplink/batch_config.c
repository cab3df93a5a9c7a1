#include "uplink/batch_config.h"

#include <stddef.h>
#include <string.h>

#include "gw/broker.h"
#include "gw/host.h"

#define ALLOWED "(allowed: https://host[:port][/path])"

enum { URL_MAX = 512 };

static const char scheme[] = "https://";

#define BATCH(field) offsetof(struct county_batch, field)

static const struct gw_option batch_options[] = {
    {"url", GW_OPT_STRING, BATCH(url), true, 0, 0, NULL, NULL,
     "https://host[:port][/path] of the county's platform"},
    {"after", GW_OPT_DURATION, BATCH(after_us), false, 10e6, 86400e6, NULL, "10min",
     "without an answer by the broker, until batches go; unused without a broker"},
    {0},
};

void batch_config_load(struct config_source *src, const struct config_node *node,
                       struct county_batch *ret)
{
    *ret = (struct county_batch){0};
    if (node && !config_fill(src, node, "county.batch", batch_options, ret, NULL))
        ret->url = NULL;
}

void batch_config_print(FILE *out)
{
    config_print_options(out, "batch", batch_options, 4);
}

bool batch_config_is_tls(const struct county_batch *batch)
{
    return batch->url && strncmp(batch->url, scheme, sizeof(scheme) - 1) == 0;
}

/* What is wrong with @text; NULL: nothing, and its host.  Host and port are those of a
 * broker's address. */
static const char *judge_url(const char *text, struct gw_broker *ret)
{
    char address[URL_MAX + 16];
    const char *host = strstr(text, "://");
    if (!host || strlen(text) > URL_MAX || strpbrk(text, " \t\r\n"))
        return "no address";
    host += 3;
    size_t size = strcspn(host, "/?#");
    if (memchr(host, '@', size))
        return "a user belongs into county.user";
    if (strpbrk(host, "?#"))
        return "nothing after a '?' or '#' is sent";
    (void)snprintf(address, sizeof(address), "mqtts://%.*s", (int)size, host);
    return gw_broker_read(address, GW_BROKER_ANY, ret, NULL) < 0 ? "no address" : NULL;
}

/* In clear only on this machine, as in a test or behind a tunnel. */
static const char *judge_scheme(const char *text, const char *host)
{
    static const char plain[] = "http://";
    bool is_plain = strncmp(text, plain, sizeof(plain) - 1) == 0;
    if (strncmp(text, scheme, sizeof(scheme) - 1) == 0)
        return NULL;
    if (!is_plain)
        return "another way than https";
    return gw_host_is_here(host) ? NULL
                                 : "in clear, whoever is on the way can read and change "
                                   "what leaves";
}

void batch_config_check(const struct config_node *county, struct config_faults *faults,
                        const struct county_config *c)
{
    const struct config_node *said = config_child(config_child(county, "batch"), "url");
    struct gw_broker there;
    if (!c->batch.url)
        return;
    const char *why = judge_url(c->batch.url, &there);
    if (!why)
        why = judge_scheme(c->batch.url, there.host);
    if (why)
        config_fault(faults, config_where(said), "county.batch.url",
                     "'%.100s': %s " ALLOWED, c->batch.url, why);
    else if (batch_config_is_tls(&c->batch) && !c->ca)
        config_fault(faults, config_where(county), "county.ca",
                     "missing (https needs the county's own CA)");
}
