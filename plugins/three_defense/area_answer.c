#include "area_answer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After so many the others are counted: a guard reads it at the door. */
enum { NAMES_MAX = 8 };

bool area_is_named(const struct area *a, const char *target)
{
    return strcmp(target, "all") == 0 || strcmp(target, a->row->id) == 0;
}

/* --- as JSON ------------------------------------------------------------------------ */

static json_t *zone_json(const struct zone *z, int64_t time_us)
{
    bool is_bypassed = z->bypass_us != GW_TIME_NONE;
    return json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:s, s:s}", "device", z->device,
                     "active", z->is_active, "armed", zone_is_armed(z, time_us),
                     "bypassed", is_bypassed, "left_out", z->is_left_out, "intrusion",
                     zone_intrudes(z, time_us), "by", is_bypassed ? z->bypass_by : "",
                     "reason", is_bypassed ? z->bypass_why : "");
}

/* Seconds, of one begun a whole one. */
static json_int_t exit_left_s(const struct area *a, int64_t time_us)
{
    bool is_leaving = a->before != a->mode && time_us < a->from_us;
    return is_leaving ? (json_int_t)((a->from_us - time_us + SECOND_US - 1) / SECOND_US)
                      : 0;
}

static json_t *area_json(const struct defense *d, const struct area *a, int64_t time_us)
{
    json_t *zones = json_array();
    for (size_t i = 0; i < d->areas->zone_count; i++)
        if (d->areas->zones[i].area == a)
            (void)json_array_append_new(zones, zone_json(&d->areas->zones[i], time_us));
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:I, s:b, s:o}", "id", a->row->id, "mode",
                     arm_mode_name(area_in_force(a, time_us)), "wanted",
                     arm_mode_name(a->mode), "by_hand", a->is_by_hand, "exit_delay",
                     a->before != a->mode, "exit_left_s", exit_left_s(a, time_us),
                     "entry_delay", a->entry_us != GW_TIME_NONE, "zones", zones);
}

static json_t *areas_json(const struct defense *d, const char *target, int64_t time_us)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->areas->area_count; i++)
        if (area_is_named(&d->areas->areas[i], target))
            (void)json_array_append_new(list, area_json(d, &d->areas->areas[i], time_us));
    return list;
}

static void answer(const struct defense *d, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    if (text)
        gw_answer(d->host, text);
    free(text);
    json_decref(value);
}

void areas_answer(const struct defense *d, int64_t time_us)
{
    answer(d, areas_json(d, "all", time_us));
}

/* --- as a sentence ------------------------------------------------------------------ */

/* words - the same in two languages. */
struct words {
    const char *modes[3];
    const char *colon;
    const char *watching;
    const char *leaving; /* with the seconds left */
    const char *open;
    const char *later; /* what comes of those that are open */
    const char *now;
    const char *bypassed;
    const char *silent;
    const char *more;
};

static const struct words english = {
    .modes = {"disarmed", "stay", "away"},
    .colon = ": ",
    .watching = ", watching now",
    .leaving = ", watching in %lld s (exit delay)",
    .open = "; open or moving: ",
    .later = " (left out unless shut by then)",
    .now = " (left out until shut once)",
    .bypassed = "; bypassed: ",
    .silent = "; not heard of: ",
    .more = " and %zu more",
};
static const struct words chinese = {
    .modes = {"撤防", "留守布防", "外出布防"},
    .colon = "：",
    .watching = "，已在监视",
    .leaving = "，%lld 秒后开始监视（退出延时）",
    .open = "；未关好或有动静：",
    .later = "（到时仍未关好的，关好一次之前不监视）",
    .now = "（关好一次之前不监视）",
    .bypassed = "；旁路中：",
    .silent = "；没有消息：",
    .more = " 等，另有 %zu 个",
};

static bool is_open(const struct zone *z)
{
    return z->is_active && z->bypass_us == GW_TIME_NONE;
}

static bool is_bypassed(const struct zone *z)
{
    return z->bypass_us != GW_TIME_NONE;
}

/* None of its inputs says how it is. */
static bool is_silent(const struct zone *z)
{
    for (size_t i = 0; i < z->input_count; i++)
        if (z->inputs[i]->is_heard && z->inputs[i]->quality == GW_GOOD)
            return false;
    return z->bypass_us == GW_TIME_NONE;
}

/* returns whether there was one */
static bool tell_zones(const struct defense *d, const struct area *a,
                       const struct words *w, const char *head,
                       bool (*is_such)(const struct zone *z), FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < d->areas->zone_count; i++) {
        const struct zone *z = &d->areas->zones[i];
        if (z->area != a || !zone_is_covered(z, a->mode) || !is_such(z))
            continue;
        if (count < NAMES_MAX)
            (void)fprintf(out, "%s%s", count == 0 ? head : ", ", z->device);
        count++;
    }
    if (count > NAMES_MAX)
        (void)fprintf(out, w->more, count - NAMES_MAX);
    return count > 0;
}

static void tell_area(const struct defense *d, const struct area *a,
                      const struct words *w, int64_t time_us, FILE *out)
{
    long long left_s = exit_left_s(a, time_us);
    (void)fprintf(out, "%s%s%s", a->row->id, w->colon, w->modes[a->mode]);
    if (a->mode == ARM_DISARMED)
        return;
    if (left_s > 0)
        (void)fprintf(out, w->leaving, left_s);
    else
        (void)fputs(w->watching, out);
    if (tell_zones(d, a, w, w->open, is_open, out))
        (void)fputs(left_s > 0 ? w->later : w->now, out);
    (void)tell_zones(d, a, w, w->bypassed, is_bypassed, out);
    (void)tell_zones(d, a, w, w->silent, is_silent, out);
}

/* returns text for the caller to free, NULL = out of memory */
static char *areas_text(const struct defense *d, const char *target,
                        const struct words *w, int64_t time_us)
{
    char *text = NULL;
    size_t size = 0;
    bool is_first = true;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; i < d->areas->area_count; i++) {
        const struct area *a = &d->areas->areas[i];
        if (!area_is_named(a, target))
            continue;
        if (!is_first)
            (void)fputc('\n', out);
        is_first = false;
        tell_area(d, a, w, time_us, out);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

void areas_answer_arm(const struct defense *d, const char *target, int64_t time_us)
{
    char *zh = areas_text(d, target, &chinese, time_us);
    char *en = areas_text(d, target, &english, time_us);
    if (zh && en)
        answer(d, json_pack("{s:{s:s, s:s}, s:o}", "text", "zh", zh, "en", en, "areas",
                            areas_json(d, target, time_us)));
    free(zh);
    free(en);
}
