/* area_orders.c - arm, disarm, bypass, and how areas are. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area_answer.h"

static void say(struct defense *d, const char *zh, const char *en)
{
    json_t *answer = json_pack("{s:{s:s, s:s}}", "text", "zh", zh, "en", en);
    char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
    if (text)
        gw_answer(d->host, text);
    free(text);
    json_decref(answer);
}

static void order(struct defense *d, struct area *a, enum arm_mode mode,
                  const struct gw_command *c)
{
    a->by_calendar = area_wanted(a->row, gw_host_campus(d->host), c->time_us);
    a->is_by_hand = true;
    a->hand = mode;
    a->hand_over = a->by_calendar;
    a->hand_us = c->until_us;
}

/* The ids, so that nobody has to look them up. */
static int no_area(const struct defense *d, const char *target, struct gw_error *err)
{
    char ids[160] = "";
    for (size_t i = 0; i < d->areas->area_count; i++) {
        size_t used = strlen(ids);
        (void)snprintf(ids + used, sizeof(ids) - used, ", %s",
                       d->areas->areas[i].row->id); /* a list that is cut is a help */
    }
    if (d->areas->area_count == 0)
        return gw_fail(err, -ENOENT,
                       "this school has no area to arm (wanted: areas under "
                       "plugins.three_defense in gateway.yaml)");
    return gw_fail(err, -ENOENT, "there is no area '%s' (allowed: all%s)", target, ids);
}

static int command_arm(struct defense *d, const struct gw_command *c, enum arm_mode mode,
                       struct gw_error *err)
{
    size_t found = 0;
    for (size_t i = 0; i < d->areas->area_count; i++) {
        struct area *a = &d->areas->areas[i];
        if (!area_is_named(a, c->target))
            continue;
        found++;
        order(d, a, mode, c);
    }
    if (found == 0)
        return no_area(d, c->target, err);
    areas_run(d, c->time_us);
    areas_answer_arm(d, c->target, c->time_us);
    return 0;
}

static int check_bypass(const struct defense *d, const struct zone *z,
                        const struct gw_command *c, bool is_off, struct gw_error *err)
{
    if (device_is_never_disarmed(d, c->target))
        return gw_fail(err, -EPERM,
                       "'%s' is never bypassed: panic, fire, gas, tamper and mains are "
                       "watched at all times (GB 50394 5.2.3)",
                       c->target);
    if (!z)
        return gw_fail(err, -ENOENT, "'%s' is no zone of an area", c->target);
    if (!is_off && (!c->comment[0] || c->until_us == GW_TIME_NONE))
        return gw_fail(err, -EINVAL, "a bypass needs its reason and its end");
    return 0;
}

static int command_bypass(struct defense *d, const struct gw_command *c,
                          struct gw_error *err)
{
    bool is_off = strcmp(c->value, "off") == 0;
    struct zone *z = areas_zone(d, c->target);
    int r = check_bypass(d, z, c, is_off, err);
    if (r < 0)
        return r;
    z->bypass_us = is_off ? GW_TIME_NONE : c->until_us;
    (void)snprintf(z->bypass_by, sizeof(z->bypass_by), "%s", c->actor);
    (void)snprintf(z->bypass_why, sizeof(z->bypass_why), "%s", c->comment);
    z->is_pending = z->is_pending && is_off;
    z->is_held = z->is_held && is_off;
    zone_save(d, z);
    areas_run(d, c->time_us);
    char text[2][GW_NAME_MAX + 64];
    (void)snprintf(text[0], sizeof(text[0]), "%s：%s", c->target,
                   is_off ? "恢复" : "旁路");
    (void)snprintf(text[1], sizeof(text[1]), "%s: %s", c->target,
                   is_off ? "watched again" : "bypassed");
    say(d, text[0], text[1]);
    return 0;
}

int areas_command(struct defense *d, const struct gw_command *c, struct gw_error *err)
{
    if (strcmp(c->name, "arm") == 0)
        return command_arm(d, c, strcmp(c->value, "stay") == 0 ? ARM_STAY : ARM_AWAY,
                           err);
    if (strcmp(c->name, "disarm") == 0)
        return command_arm(d, c, ARM_DISARMED, err);
    if (strcmp(c->name, "bypass") == 0)
        return command_bypass(d, c, err);
    areas_answer(d, c->time_us);
    return 0;
}
