/* signal.c - points watched and published, bytes kept, names matched. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defense.h"

static int by_point(const void *a, const void *b)
{
    uint32_t left = ((const struct signal *)a)->info.id;
    uint32_t right = ((const struct signal *)b)->info.id;
    return (left > right) - (left < right);
}

struct signal *signal_find(const struct defense *d, uint32_t point)
{
    const struct signal wanted = {.info = {.id = point}};
    if (d->signal_count == 0)
        return NULL;
    return bsearch(&wanted, d->signals, d->signal_count, sizeof(wanted), by_point);
}

const struct signal *signal_metric(const struct defense *d, const char *object,
                                   const char *metric)
{
    for (size_t i = 0; i < d->signal_count; i++)
        if (strcmp(d->signals[i].info.object, object) == 0
            && strcmp(d->signals[i].info.metric, metric) == 0)
            return &d->signals[i];
    return NULL;
}

bool signal_guards(const struct defense *d, const struct signal *s)
{
    return s->is_security || areas_watch(d, s);
}

int derive(struct defense *d, const char *object, const char *metric, struct derived *ret,
           struct gw_error *err)
{
    return gw_derive(d->host, object, metric, &ret->point, err);
}

void derived_tell(struct defense *d, struct derived *p, double value, int64_t time_us)
{
    if (p->point == 0)
        return;
    bool is_same = p->value == value || (isnan(p->value) && isnan(value));
    if (p->has_told && is_same)
        return;
    p->value = value;
    p->has_told = true;
    gw_publish(d->host, p->point, value, isnan(value) ? GW_BAD : GW_GOOD,
               isnan(value) ? GW_REASON_INPUT : GW_REASON_NONE, time_us);
}

static void state_key(const char *part, const char *name, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "%s/%s", part, name);
}

void state_save(struct defense *d, const char *part, const char *name, const void *bytes,
                size_t size)
{
    char key[GW_NAME_MAX];
    state_key(part, name, key);
    gw_state_save(d->host, key, bytes, size);
}

bool state_load(struct defense *d, const char *part, const char *name, void *ret,
                size_t size)
{
    char key[GW_NAME_MAX];
    state_key(part, name, key);
    return gw_state_load(d->host, key, ret, size) == size;
}

bool past_step(int64_t *time_us, int64_t delta_us, int64_t now_us)
{
    if (*time_us == GW_TIME_NONE || *time_us > now_us - delta_us)
        return false;
    *time_us += delta_us;
    return true;
}

/* Source: GB 50394-2007 5.2.3 (panic is never disarmed; tamper is a 24-h zone); the same
 * for what saves lives. */
bool device_is_never_disarmed(const struct defense *d, const char *device)
{
    static const char *const metrics[] = {"panic", "duress", "fire",   "smoke",
                                          "gas",   "co",     "tamper", "mains"};
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct gw_point_info *info = &d->signals[i].info;
        if (!info->device || strcmp(info->device, device) != 0)
            continue;
        for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++)
            if (strcmp(info->metric, metrics[k]) == 0)
                return true;
    }
    return false;
}

/* Only "*": ids hold nothing else that a pattern could mean. */
bool glob_matches(const char *glob, const char *text)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*text) {
        if (*glob == '*') {
            star = glob++;
            resume = text;
        } else if (*glob == *text) {
            glob++;
            text++;
        } else if (star) {
            glob = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return !*glob;
}

bool globs_match(const struct gw_strings *globs, const char *text)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_matches(globs->items[i], text))
            return true;
    return false;
}
