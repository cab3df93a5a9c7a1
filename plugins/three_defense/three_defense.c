#include "three_defense.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "defense.h"
#include "posts.h"
#include "tours.h"

/* The sheet is the last: it counts what the others say. */
static const struct part *const parts[] = {
    &areas_part, &trials_part, &posts_part, &tours_part,
    &doors_part, &video_part,  &sheet_part,
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

#define DEFENSE(field) offsetof(struct defense, field)
static const struct gw_option options[] = {
    {.name = "arrival",
     .type = GW_OPT_DURATION,
     .offset = DEFENSE(arrival_us),
     .max = 4 * 3600e6,
     .fallback = "40min",
     .help = "before the first lesson pupils arrive for so long"},
    {.name = "departure",
     .type = GW_OPT_DURATION,
     .offset = DEFENSE(departure_us),
     .max = 4 * 3600e6,
     .fallback = "40min",
     .help = "after the last lesson or after-school service they leave for so long"},
    {.name = "night_from",
     .type = GW_OPT_CLOCK,
     .offset = DEFENSE(night_from_s),
     .fallback = "22:30",
     .help = "from then on nobody leaves a dormitory"},
    {.name = "night_to",
     .type = GW_OPT_CLOCK,
     .offset = DEFENSE(night_to_s),
     .fallback = "05:30",
     .help = "until then"},
    {.name = "lights_grace",
     .type = GW_OPT_DURATION,
     .offset = DEFENSE(lights_grace_us),
     .max = 3600e6,
     .fallback = "15min",
     .help = "after lights-out before lamps count"},
    {.name = "unlock_grace",
     .type = GW_OPT_DURATION,
     .offset = DEFENSE(unlock_grace_us),
     .max = 60e6,
     .fallback = "3s",
     .help = "a lock may say so much later than the contact that it was opened"},
    {.name = "sheet_tested_days",
     .type = GW_OPT_UINT,
     .offset = DEFENSE(sheet_tested_days),
     .min = 1,
     .max = 366,
     .fallback = "31",
     .help =
         "the sheet counts the panic buttons tested in so many days; TF-02 has its own"},
    {.name = "sheet_seen",
     .type = GW_OPT_SHARE,
     .offset = DEFENSE(sheet_seen),
     .fallback = "80%",
     .help = "an item of the sheet of which less was seen today is never good"},
    {0},
};

static const struct gw_option_list lists[] = {
    {"areas", area_options, sizeof(struct area_row), DEFENSE(area_rows),
     "what is armed together"},
    {"posts", post_options, sizeof(struct post_row), DEFENSE(post_rows),
     "gatehouses and duty rooms; one with guard_present needs no entry"},
    {"tours", tour_options, sizeof(struct tour_row), DEFENSE(tour_rows), "patrols"},
    {0},
};

/* What it watches beside all points of security. */
static bool is_watched(const struct gw_host *host, const struct gw_point_info *info)
{
    static const char *const metrics[] = {
        "door",       "door_lock",       "window",  "motion",  "presence",
        "checkpoint", "button",          "circuit", "cameras", "camera",
        "video_days", "cameras_offline", "recorder"};
    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
        if (strcmp(info->metric, metrics[i]) == 0)
            return true;
    return gw_point_is_security(host, info->id);
}

static int by_point(const void *a, const void *b)
{
    uint32_t left = ((const struct signal *)a)->info.id;
    uint32_t right = ((const struct signal *)b)->info.id;
    return (left > right) - (left < right);
}

/* An event is no state: it is good while its device says nothing else. */
static struct signal signal_of(const struct gw_host *host,
                               const struct gw_point_info *info)
{
    bool is_event =
        strcmp(info->metric, "checkpoint") == 0 || strcmp(info->metric, "button") == 0;
    return (struct signal){.info = *info,
                           .value = NAN,
                           .quality = is_event ? GW_GOOD : GW_BAD,
                           .is_security = gw_point_is_security(host, info->id)};
}

static int watch_all(struct defense *d, const struct gw_point_info *points, size_t count,
                     struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (!points[i].device || !is_watched(d->host, &points[i]))
            continue;
        d->signals[d->signal_count++] = signal_of(d->host, &points[i]);
        r = gw_watch(d->host, points[i].id, err);
    }
    if (d->signal_count > 0)
        qsort(d->signals, d->signal_count, sizeof(*d->signals), by_point);
    return r;
}

static int find_signals(struct defense *d, struct gw_error *err)
{
    size_t count = gw_points_of(d->host, NULL, NULL, NULL, 0);
    struct gw_point_info *points = calloc(count + 1, sizeof(*points));
    d->signals = calloc(count + 1, sizeof(*d->signals));
    int r = -ENOMEM;
    if (points && d->signals) {
        (void)gw_points_of(d->host, NULL, NULL, points, count);
        r = watch_all(d, points, count, err);
    } else {
        (void)gw_fail(err, r, "out of memory");
    }
    free(points);
    return r;
}

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct defense *d = self;
    struct gw_error why = {0};
    d->host = host;
    d->signal_count = 0;
    int r = find_signals(d, &why);
    for (size_t i = 0; r == 0 && i < PARTS; i++)
        r = parts[i]->start(d, &why);
    return r == 0 ? 0 : gw_fail(err, r, "three_defense: %.400s", why.text);
}

static void stop(void *self)
{
    struct defense *d = self;
    for (size_t i = PARTS; i-- > 0;)
        parts[i]->stop(d);
    free(d->signals);
    d->signals = NULL;
}

/* The next moment at which something changes by itself. */
static void wake(struct defense *d)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < PARTS; i++) {
        int64_t due_us = parts[i]->due ? parts[i]->due(d) : INT64_MAX;
        at = due_us < at ? due_us : at;
    }
    gw_wake(d->host, at);
}

static void hear(struct signal *s, const struct gw_reading *reading)
{
    s->quality = reading->quality;
    s->value = reading->quality == GW_GOOD ? reading->value : (double)NAN;
    s->last = reading->quality == GW_GOOD ? reading->value : s->last;
    s->is_heard = true;
}

/* There is no time here yet: everything is told at the first chance. */
static void restored(void *self)
{
    struct defense *d = self;
    struct gw_reading latest;
    for (size_t i = 0; i < d->signal_count; i++)
        if (gw_latest(d->host, d->signals[i].info.id, &latest))
            hear(&d->signals[i], &latest);
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->restored)
            parts[i]->restored(d);
    gw_wake(d->host, 0);
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct defense *d = self;
    struct signal *s = signal_find(d, reading->point);
    if (!s)
        return;
    hear(s, reading);
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->take)
            parts[i]->take(d, s, reading);
    wake(d);
}

static void on_due(void *self, int64_t time_us)
{
    struct defense *d = self;
    for (size_t i = 0; i < PARTS; i++) {
        if (!d->has_told && parts[i]->tell)
            parts[i]->tell(d, time_us);
        else if (d->has_told && parts[i]->run)
            parts[i]->run(d, time_us);
    }
    d->has_told = true;
    wake(d);
}

static void on_minute(void *self, int64_t time_us)
{
    struct defense *d = self;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->minute)
            parts[i]->minute(d, time_us);
    wake(d);
}

static void on_day(void *self, int64_t midnight_us)
{
    struct defense *d = self;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->day)
            parts[i]->day(d, midnight_us);
}

static void on_alarm(void *self, const struct gw_transition *transition)
{
    struct defense *d = self;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->alarm)
            parts[i]->alarm(d, transition);
}

static void on_clock_step(void *self, int64_t delta_us, int64_t time_us)
{
    struct defense *d = self;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->clock_step)
            parts[i]->clock_step(d, delta_us, time_us);
    wake(d);
}

static const char *const arm_words[] = {"away", "stay", NULL};
static const char *const off_word[] = {"off", NULL};

static const struct gw_command_info commands[] = {
    {.name = "arm",
     .role = GW_ROLE_GUARD,
     .target = "AREA",
     .values = arm_words,
     .needs = GW_COMMAND_TARGET,
     .end_max_us = 31 * DAY_US,
     .help = {"布防（away 外出，stay 留守）", "arm an area: away (unless said) or stay"}},
    {.name = "disarm",
     .role = GW_ROLE_GUARD,
     .target = "AREA",
     .needs = GW_COMMAND_TARGET,
     .end_max_us = 31 * DAY_US,
     .help = {"撤防", "disarm an area"}},
    {.name = "bypass",
     .role = GW_ROLE_LEADER,
     .target = "DEVICE",
     .values = off_word,
     .needs = GW_COMMAND_TARGET,
     .end_max_us = 31 * DAY_US,
     .help = {"旁路防区（须写原因和期限），off 恢复",
              "leave out a zone, with reason and end; off: watch it again"}},
    {.name = "drill",
     .role = GW_ROLE_LEADER,
     .target = "PLACE",
     .values = off_word,
     .needs = GW_COMMAND_TARGET,
     .end_max_us = 30 * MINUTE_US,
     .help = {"演练（最长 30 分钟），off 结束",
              "a drill of a place or the school, at most 30 min; off: end it"}},
    {.name = "test",
     .role = GW_ROLE_GUARD,
     .target = "DEVICE",
     .values = off_word,
     .needs = GW_COMMAND_TARGET,
     .end_max_us = 30 * MINUTE_US,
     .help = {"测试设备（最长 30 分钟），off 结束",
              "a test of a device, at most 30 min; off: end it"}},
    {.name = "areas",
     .is_question = true,
     .help = {"防区状态", "areas and zones as they are"}},
    {.name = "tests",
     .is_question = true,
     .help = {"进行中的测试和各设备上次测试", "open tests; when each device was tested"}},
    {.name = "sheet",
     .is_question = true,
     .help = {"三防日报", "the three defenses today, item by item"}},
    {0},
};

static const struct {
    const char *name;
    int (*obey)(struct defense *d, const struct gw_command *c, struct gw_error *err);
} duties[] = {
    {"arm", areas_command},    {"disarm", areas_command}, {"bypass", areas_command},
    {"areas", areas_command},  {"drill", trials_command}, {"test", trials_command},
    {"tests", trials_command}, {"sheet", sheet_command},
};

static int on_command(void *self, const struct gw_command *command, struct gw_error *err)
{
    struct defense *d = self;
    int r = -ENOENT;
    for (size_t i = 0; i < sizeof(duties) / sizeof(duties[0]); i++)
        if (strcmp(duties[i].name, command->name) == 0)
            r = duties[i].obey(d, command, err);
    wake(d);
    return r;
}

const struct gw_plugin three_defense_plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "three_defense",
    .summary =
        "people, walls and wires: areas, patrols, posts, tests, the sheet of the day",
    .options = options,
    .instance_size = sizeof(struct defense),
    .start = start,
    .stop = stop,
    .on_reading = on_reading,
    .on_minute = on_minute,
    .on_day = on_day,
    .on_alarm = on_alarm,
    .restored = restored,
    .lists = lists,
    .commands = commands,
    .on_command = on_command,
    .on_due = on_due,
    .on_clock_step = on_clock_step,
};
