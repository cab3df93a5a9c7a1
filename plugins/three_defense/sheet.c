/* sheet.c - counts the day, judges each item, tells it: an answer and a fact. */
#include "sheet.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sheet_verdict { SHEET_GOOD, SHEET_ATTENTION, SHEET_NO_SENSOR };

static const char *const verdict_ids[] = {
    [SHEET_GOOD] = "good",
    [SHEET_ATTENTION] = "attention",
    [SHEET_NO_SENSOR] = "no-sensor",
};
static const struct gw_text verdict_words[] = {
    [SHEET_GOOD] = {"正常", "good"},
    [SHEET_ATTENTION] = {"需关注", "attention"},
    [SHEET_NO_SENSOR] = {"无传感器", "no sensor"},
};
static const struct gw_text group_words[] = {
    [SHEET_PEOPLE] = {"人防", "people"},
    [SHEET_PHYSICAL] = {"物防", "physical"},
    [SHEET_TECHNICAL] = {"技防", "technical"},
};

enum { KEPT_VERSION = 1 };

static bool names(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count && list[i]; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

static bool fits(const struct defense *d, const struct sheet_item *item,
                 const struct signal *s)
{
    if (item->counts)
        return item->counts(d, s);
    const struct gw_place *place =
        gw_campus_place(gw_host_campus(d->host), s->info.object);
    if (item->kind && (!place || !place->kind || strcmp(place->kind, item->kind) != 0))
        return false;
    return names(item->metrics, sizeof(item->metrics) / sizeof(item->metrics[0]),
                 s->info.metric);
}

static int start(struct defense *d, struct gw_error *err)
{
    d->sheet = calloc(1, sizeof(*d->sheet));
    if (!d->sheet)
        return gw_fail(err, -ENOMEM, "out of memory");
    d->sheet->day.version = KEPT_VERSION;
    for (size_t i = 0; i < d->signal_count; i++)
        for (size_t k = 0; k < sheet_item_count; k++)
            if (fits(d, &sheet_items[k], &d->signals[i])) {
                d->signals[i].items |= UINT32_C(1) << k;
                d->sheet->points[k]++;
            }
    return 0;
}

static void stop(struct defense *d)
{
    free(d->sheet);
    d->sheet = NULL;
}

static void save(struct defense *d)
{
    state_save(d, "sheet", "day", &d->sheet->day, sizeof(d->sheet->day));
}

static void restored(struct defense *d)
{
    struct sheet_day day;
    if (state_load(d, "sheet", "day", &day, sizeof(day)) && day.version == KEPT_VERSION)
        d->sheet->day = day;
}

/* --- counting ------------------------------------------------------------------------
 */

static void minute(struct defense *d, int64_t time_us)
{
    (void)time_us;
    struct sheet_day *day = &d->sheet->day;
    struct tally posts = posts_manned(d);
    uint32_t faulty = 0;
    for (size_t i = 0; i < d->signal_count; i++)
        if (d->signals[i].quality != GW_GOOD)
            faulty |= d->signals[i].items;
    for (size_t k = 0; k < sheet_item_count; k++)
        day->good[k] += !(faulty >> k & 1);
    day->manned += posts.good;
    day->manned_of += posts.total;
    if (posts_rush(d)) {
        day->rush += posts.good;
        day->rush_of += posts.total;
    }
    save(d);
}

/* "TF-08" is meant by "TF-08-days" too. */
static bool is_of(const char *rule, const char *id)
{
    size_t length = strlen(id);
    return strncmp(rule, id, length) == 0 && (!rule[length] || rule[length] == '-');
}

static bool device_guards(const struct defense *d, const char *device)
{
    for (size_t i = 0; i < d->signal_count; i++)
        if (d->signals[i].info.device && strcmp(d->signals[i].info.device, device) == 0
            && signal_guards(d, &d->signals[i]))
            return true;
    return false;
}

static bool is_finding(const struct defense *d, const struct sheet_item *item,
                       const struct gw_transition *t)
{
    bool is_ours = false;
    for (size_t i = 0; i < 3 && item->rules[i]; i++)
        is_ours |= is_of(t->rule, item->rules[i]);
    if (is_ours && strcmp(t->rule, "SY-01") == 0)
        return device_guards(d, t->object);
    return is_ours;
}

static void alarm(struct defense *d, const struct gw_transition *t)
{
    struct sheet_day *day = &d->sheet->day;
    bool has_changed = false;
    for (size_t k = 0; !t->is_test && k < sheet_item_count; k++) {
        bool is_new = t->from == GW_ALARM_NORMAL && t->to != GW_ALARM_NORMAL;
        if (!is_finding(d, &sheet_items[k], t))
            continue;
        bool is_over = t->from != GW_ALARM_NORMAL && t->to == GW_ALARM_NORMAL;
        bool is_real_now = strcmp(t->cause, "test-end") == 0;
        is_new = is_new && (!sheet_items[k].in_rush || posts_rush(d));
        day->raised[k] += is_new || is_real_now;
        day->standing[k] += is_new || is_real_now;
        day->standing[k] -= is_over && day->standing[k] > 0;
        has_changed |= is_new || is_over || is_real_now;
    }
    if (has_changed)
        save(d);
}

/* --- judging -------------------------------------------------------------------------
 */

static double completeness_of(const struct defense *d, size_t k, double minutes)
{
    if (d->sheet->points[k] == 0)
        return 0;
    return minutes > 0 ? fmin(1, d->sheet->day.good[k] / minutes) : 1;
}

/* Nobody may call good what was not seen. */
static enum sheet_verdict verdict_of(const struct defense *d, size_t k, double minutes)
{
    const struct sheet_day *day = &d->sheet->day;
    if (d->sheet->points[k] == 0)
        return SHEET_NO_SENSOR;
    bool is_seen = completeness_of(d, k, minutes) >= d->sheet_seen;
    return !is_seen || day->raised[k] > 0 || day->standing[k] > 0 ? SHEET_ATTENTION
                                                                  : SHEET_GOOD;
}

static double minutes_of_day(const struct defense *d, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(gw_host_campus(d->host), time_us);
    return floor((double)(time_us - midnight_us) / (double)MINUTE_US);
}

static struct sheet_figure figure_of(const struct defense *d, size_t k, int64_t time_us)
{
    struct sheet_figure f = {.zh = "—", .en = "-", .value = NAN};
    if (d->sheet->points[k] > 0 && sheet_items[k].measure)
        sheet_items[k].measure(d, time_us, &f);
    else if (d->sheet->points[k] > 0) {
        f.value = d->sheet->points[k];
        (void)snprintf(f.zh, sizeof(f.zh), "监测点 %u 个", d->sheet->points[k]);
        (void)snprintf(f.en, sizeof(f.en), "%u points watched", d->sheet->points[k]);
    }
    return f;
}

/* Mean over what has sensors. */
static double completeness(const struct defense *d, double minutes)
{
    double sum = 0;
    unsigned count = 0;
    for (size_t k = 0; k < sheet_item_count; k++) {
        sum += completeness_of(d, k, minutes);
        count += d->sheet->points[k] > 0;
    }
    return count > 0 ? sum / count : 0;
}

/* --- telling ---------------------------------------------------------------------------
 */

static json_t *text_json(const struct gw_text *text)
{
    return json_pack("{s:s, s:s}", "zh", text->zh, "en", text->en);
}

static json_t *number_json(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *item_json(const struct defense *d, size_t k, int64_t time_us,
                         double minutes)
{
    const struct sheet_item *item = &sheet_items[k];
    enum sheet_verdict verdict = verdict_of(d, k, minutes);
    struct sheet_figure f = figure_of(d, k, time_us);
    return json_pack(
        "{s:s, s:o, s:o, s:s, s:o, s:{s:s, s:s}, s:o, s:i, s:i, s:o}", "id", item->id,
        "group", text_json(&group_words[item->group]), "title", text_json(&item->title),
        "state", verdict_ids[verdict], "verdict", text_json(&verdict_words[verdict]),
        "measured", "zh", f.zh, "en", f.en, "value", number_json(f.value), "alarms",
        (int)d->sheet->day.raised[k], "standing", (int)d->sheet->day.standing[k],
        "completeness", number_json(completeness_of(d, k, minutes)));
}

int sheet_command(struct defense *d, const struct gw_command *c, struct gw_error *err)
{
    (void)err;
    static const struct gw_text title = {"三防日报", "Three defenses, sheet of the day"};
    struct gw_local at = gw_campus_local(gw_host_campus(d->host), c->time_us);
    double minutes = minutes_of_day(d, c->time_us);
    json_t *items = json_array();
    for (size_t k = 0; k < sheet_item_count; k++)
        (void)json_array_append_new(items, item_json(d, k, c->time_us, minutes));
    json_t *sheet =
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "title", text_json(&title), "date",
                  json_sprintf("%04d-%02d-%02d", at.year, at.month, at.day), "time",
                  json_sprintf("%02d:%02d", at.hour, at.minute), "completeness",
                  number_json(completeness(d, minutes)), "items", items);
    char *text = sheet ? json_dumps(sheet, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    if (text)
        gw_answer(d->host, text);
    free(text);
    json_decref(sheet);
    return 0;
}

/* Of each item its verdict and its figure, "panic" and "panic-value". */
static void tell_fact(struct defense *d, int64_t midnight_us)
{
    static char names[SHEET_ITEMS_MAX][GW_ID_MAX];
    struct gw_fact_value values[2 * SHEET_ITEMS_MAX];
    size_t count = 0;
    for (size_t k = 0; k < sheet_item_count; k++) {
        struct sheet_figure f = figure_of(d, k, midnight_us);
        (void)snprintf(names[k], sizeof(names[k]), "%s-value", sheet_items[k].id);
        values[count++] =
            (struct gw_fact_value){.name = sheet_items[k].id,
                                   .value = NAN,
                                   .text = verdict_ids[verdict_of(d, k, 1440)]};
        if (!isnan(f.value))
            values[count++] = (struct gw_fact_value){.name = names[k], .value = f.value};
    }
    gw_fact(d->host, &(struct gw_fact){.kind = "three-defense",
                                       .by_calendar = true,
                                       .object = "school",
                                       .start_us = gw_campus_midnight(
                                           gw_host_campus(d->host), midnight_us - 1),
                                       .end_us = midnight_us,
                                       .time_us = midnight_us,
                                       .values = values,
                                       .count = count,
                                       .completeness = completeness(d, 1440)});
}

static bool has_points(const struct defense *d)
{
    for (size_t k = 0; k < sheet_item_count; k++)
        if (d->sheet->points[k] > 0)
            return true;
    return false;
}

/* What stands goes into the new day. */
static void day(struct defense *d, int64_t midnight_us)
{
    struct sheet_day fresh = {.version = KEPT_VERSION};
    if (has_points(d))
        tell_fact(d, midnight_us);
    memcpy(fresh.standing, d->sheet->day.standing, sizeof(fresh.standing));
    d->sheet->day = fresh;
    save(d);
}

const struct part sheet_part = {
    .start = start,
    .stop = stop,
    .restored = restored,
    .alarm = alarm,
    .minute = minute,
    .day = day,
};
