/* area_orders.c - arm, disarm, bypass, and how areas are. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"

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

static int command_arm(struct defense *d, const struct gw_command *c, enum arm_mode mode,
                       struct gw_error *err)
{
    static const char *const zh[] = {"撤防", "留守布防", "外出布防"};
    char text[2][GW_NAME_MAX + 64];
    size_t found = 0;
    for (size_t i = 0; i < d->areas->area_count; i++) {
        struct area *a = &d->areas->areas[i];
        if (strcmp(c->target, "all") != 0 && strcmp(c->target, a->row->id) != 0)
            continue;
        found++;
        order(d, a, mode, c);
    }
    if (found == 0)
        return gw_fail(err, -ENOENT,
                       "there is no area '%s' (allowed: all, and the ids "
                       "under plugins.three_defense.areas)",
                       c->target);
    areas_run(d, c->time_us);
    (void)snprintf(text[0], sizeof(text[0]), "%s：%s", c->target, zh[mode]);
    (void)snprintf(text[1], sizeof(text[1]), "%s: %s", c->target, arm_mode_name(mode));
    say(d, text[0], text[1]);
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

static json_t *zone_json(const struct zone *z, int64_t time_us)
{
    bool is_bypassed = z->bypass_us != GW_TIME_NONE;
    return json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:s, s:s}", "device", z->device,
                     "active", z->is_active, "armed", zone_is_armed(z, time_us),
                     "bypassed", is_bypassed, "left_out", z->is_left_out, "intrusion",
                     zone_intrudes(z, time_us), "by", is_bypassed ? z->bypass_by : "",
                     "reason", is_bypassed ? z->bypass_why : "");
}

static json_t *area_json(const struct defense *d, const struct area *a, int64_t time_us)
{
    json_t *zones = json_array();
    for (size_t i = 0; i < d->areas->zone_count; i++)
        if (d->areas->zones[i].area == a)
            (void)json_array_append_new(zones, zone_json(&d->areas->zones[i], time_us));
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:o}", "id", a->row->id, "mode",
                     arm_mode_name(area_in_force(a, time_us)), "wanted",
                     arm_mode_name(a->mode), "by_hand", a->is_by_hand, "exit_delay",
                     a->before != a->mode, "entry_delay", a->entry_us != GW_TIME_NONE,
                     "zones", zones);
}

static int command_areas(struct defense *d, const struct gw_command *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->areas->area_count; i++)
        (void)json_array_append_new(list, area_json(d, &d->areas->areas[i], c->time_us));
    char *text = json_dumps(list, JSON_COMPACT);
    if (text)
        gw_answer(d->host, text);
    free(text);
    json_decref(list);
    return 0;
}

int areas_command(struct defense *d, const struct gw_command *c, struct gw_error *err)
{
    if (strcmp(c->name, "arm") == 0)
        return command_arm(d, c, strcmp(c->value, "stay") == 0 ? ARM_STAY : ARM_AWAY,
                           err);
    if (strcmp(c->name, "disarm") == 0)
        return command_arm(d, c, ARM_DISARMED, err);
    return strcmp(c->name, "bypass") == 0 ? command_bypass(d, c, err)
                                          : command_areas(d, c);
}
