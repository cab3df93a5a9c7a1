#include "ingest/schema_set.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/validator.h"

/* Every kind of message that a gateway sends, and the topic it travels on. */
static const struct {
    const char *kind;
    const char *topic;
} kinds[] = {
    {"birth", "birth"},           {"state", "state"},         {"alarm", "alarm"},
    {"environment", "summary"},   {"fact", "summary"},        {"telemetry", "telemetry"},
    {"time-correction", "alarm"}, {"daily", "summary"},       {"weekly", "summary"},
    {"monthly", "summary"},       {"unavailable", "summary"}, {"dropped", "summary"},
    {"evidence", "evidence"},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct schema_set {
    struct validator *validators[KINDS];
};

int schema_set_new(const char *folder, struct schema_set **ret, struct gw_error *err)
{
    struct schema_set *s = calloc(1, sizeof(*s));
    if (!s)
        return gw_fail(err, -ENOMEM, "schemas '%s': out of memory", folder);
    for (size_t i = 0; i < KINDS; i++) {
        char path[PATH_MAX];
        int used = snprintf(path, sizeof(path), "%s/%s.json", folder, kinds[i].kind);
        int r = used < (int)sizeof(path)
                    ? validator_new(path, &s->validators[i], err)
                    : gw_fail(err, -ENAMETOOLONG, "schemas '%s': too long", folder);
        if (r < 0) {
            schema_set_free(s);
            return r;
        }
    }
    *ret = s;
    return 0;
}

struct schema_set *schema_set_free(struct schema_set *s)
{
    if (!s)
        return NULL;
    for (size_t i = 0; i < KINDS; i++)
        validator_free(s->validators[i]);
    free(s);
    return NULL;
}

/* returns KINDS for what is none of the contract's */
static size_t find_kind(const char *type)
{
    for (size_t i = 0; i < KINDS; i++) {
        char expected[64];
        (void)snprintf(expected, sizeof(expected), "campus.%s.v1", kinds[i].kind);
        if (strcmp(expected, type) == 0)
            return i;
    }
    return KINDS;
}

const char *schema_set_topic(const char *type)
{
    size_t i = find_kind(type);
    return i < KINDS ? kinds[i].topic : NULL;
}

int schema_set_check(const struct schema_set *s, const char *topic, const char *type,
                     const json_t *body, struct gw_error *err)
{
    size_t i = find_kind(type);
    if (i == KINDS)
        return gw_fail(err, -EINVAL, "type: '%.64s' is none of the contract's", type);
    if (strcmp(kinds[i].topic, topic) != 0)
        return gw_fail(err, -EINVAL, "type: '%s' belongs on the topic '%s'", type,
                       kinds[i].topic);
    return validator_check(s->validators[i], body, err);
}
