#include <errno.h>
#include <string.h>

#include "gw/error.h"

#include "topics.h"

enum placeholder {
    PLACEHOLDER_NODE,
    PLACEHOLDER_PLACE,
    PLACEHOLDER_METRIC,
    PLACEHOLDERS
};

static const char *const placeholders[PLACEHOLDERS] = {
    [PLACEHOLDER_NODE] = "{node}",
    [PLACEHOLDER_PLACE] = "{place}",
    [PLACEHOLDER_METRIC] = "{metric}",
};

/* The placeholder that starts at @text, or PLACEHOLDERS. */
static enum placeholder placeholder_at(const char *text)
{
    enum placeholder p = 0;
    while (p < PLACEHOLDERS
           && strncmp(text, placeholders[p], strlen(placeholders[p])) != 0)
        p++;
    return p;
}

static int expand(const char *pattern, const char *const values[PLACEHOLDERS],
                  char ret[TOPIC_MAX])
{
    size_t length = 0;
    while (*pattern) {
        enum placeholder p = *pattern == '{' ? placeholder_at(pattern) : PLACEHOLDERS;
        const char *piece = p < PLACEHOLDERS ? values[p] : pattern;
        size_t size = p < PLACEHOLDERS ? strlen(piece) : 1;
        if (length + size >= TOPIC_MAX)
            return -E2BIG;
        memcpy(ret + length, piece, size);
        length += size;
        pattern += p < PLACEHOLDERS ? strlen(placeholders[p]) : 1;
    }
    ret[length] = '\0';
    return 0;
}

int mqtt_topic_filter(const char *pattern, const char *node, char ret[TOPIC_MAX])
{
    const char *const values[PLACEHOLDERS] = {node ? node : "", "+", "+"};
    return expand(pattern, values, ret);
}

int mqtt_topic_of(const char *pattern, const char *node, const char *place,
                  const char *metric, char ret[TOPIC_MAX])
{
    const char *const values[PLACEHOLDERS] = {node ? node : "", place, metric};
    return expand(pattern, values, ret);
}

static int check_placeholders(const char *pattern, const char *node, struct gw_error *err)
{
    for (const char *at = strpbrk(pattern, "{}"); at; at = strpbrk(at + 1, "{}")) {
        enum placeholder p = placeholder_at(at);
        if (p == PLACEHOLDERS)
            return gw_fail(err, -EINVAL,
                           "topic '%s': unknown placeholder at '%s' "
                           "(allowed: {node}, {place}, {metric})",
                           pattern, at);
        const char *end = at + strlen(placeholders[p]);
        bool is_level = (at == pattern || at[-1] == '/') && (!*end || *end == '/');
        if (p != PLACEHOLDER_NODE && !is_level)
            return gw_fail(err, -EINVAL,
                           "topic '%s': %s must stand alone between slashes", pattern,
                           placeholders[p]);
        if (p == PLACEHOLDER_NODE && (!node || !*node))
            return gw_fail(err, -EINVAL,
                           "topic '%s' holds {node}: the device needs 'node:', its own "
                           "name on the broker",
                           pattern);
        at = end - 1;
    }
    return 0;
}

static int check_wildcards(const char *filter, struct gw_error *err)
{
    for (const char *at = strpbrk(filter, "+#"); at; at = strpbrk(at + 1, "+#")) {
        bool is_level = (at == filter || at[-1] == '/') && (!at[1] || at[1] == '/');
        if (!is_level || (*at == '#' && at[1]))
            return gw_fail(err, -EINVAL,
                           "topic '%s': + must stand alone between slashes, # alone at "
                           "the end",
                           filter);
    }
    return 0;
}

/* MQTT allows them, brokers and libmosquitto (mosquitto_validate_utf8) do not. */
static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

int mqtt_topic_check(const char *pattern, const char *node, struct gw_error *err)
{
    char filter[TOPIC_MAX];
    if (!*pattern)
        return gw_fail(err, -EINVAL, "topic is empty");
    if (strstr(pattern, "://"))
        return gw_fail(err, -EINVAL,
                       "topic '%s' is an address (allowed: what stands behind host and "
                       "port, which are the bus's)",
                       pattern);
    if (node && strpbrk(node, "+#{}"))
        return gw_fail(err, -EINVAL, "node '%s': + # { } are not allowed", node);
    if (has_control(pattern) || (node && has_control(node)))
        return gw_fail(err, -EINVAL, "topic or node holds a control character");
    int r = check_placeholders(pattern, node, err);
    if (r < 0)
        return r;
    if (mqtt_topic_filter(pattern, node, filter) < 0)
        return gw_fail(err, -E2BIG, "topic '%.40s…' is longer than %d bytes", pattern,
                       TOPIC_MAX - 1);
    return check_wildcards(filter, err);
}

static size_t level_length(const char *level)
{
    return strcspn(level, "/");
}

bool mqtt_topic_covers(const char *filter, const char *other)
{
    /* MQTT 3.1.1, 4.7.2: no leading wildcard matches a topic that begins with $ */
    if ((*filter == '#' || *filter == '+') && *other == '$')
        return false;
    for (;;) {
        size_t f = level_length(filter);
        size_t o = level_length(other);
        if (f == 1 && *filter == '#')
            return true;
        bool is_plus = f == 1 && *filter == '+' && !(o == 1 && *other == '#');
        if (!is_plus && (f != o || memcmp(filter, other, f) != 0))
            return false;
        if (!filter[f] || !other[o])
            return filter[f] == other[o] || (!other[o] && !strcmp(filter + f, "/#"));
        filter += f + 1;
        other += o + 1;
    }
}
