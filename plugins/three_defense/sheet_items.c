/* sheet_items.c - the rows of the sheet and what each one measures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sheet.h"

static void percent(struct sheet_figure *f, const char *zh, const char *en, uint32_t part,
                    uint32_t whole)
{
    f->value = whole > 0 ? 100.0 * part / whole : (double)NAN;
    if (whole == 0)
        return;
    (void)snprintf(f->zh, sizeof(f->zh), "%s %.0f%%", zh, f->value);
    (void)snprintf(f->en, sizeof(f->en), "%s %.0f%%", en, f->value);
}

static void measure_gatehouse(const struct defense *d, int64_t time_us,
                              struct sheet_figure *f)
{
    (void)time_us;
    percent(f, "今日在岗", "manned", d->sheet->day.manned, d->sheet->day.manned_of);
}

static void measure_rush(const struct defense *d, int64_t time_us, struct sheet_figure *f)
{
    (void)time_us;
    percent(f, "上下学时段在岗", "manned at arrival and departure", d->sheet->day.rush,
            d->sheet->day.rush_of);
}

static void measure_patrol(const struct defense *d, int64_t time_us,
                           struct sheet_figure *f)
{
    struct tally t = tours_rounds(d);
    double age = tours_age_h(d, time_us);
    f->value = t.good;
    if (t.total == 0)
        return;
    (void)snprintf(f->zh, sizeof(f->zh), "已巡查 %u 轮（应 %u 轮），距上一轮 %.1f 小时",
                   t.good, t.total, age);
    (void)snprintf(f->en, sizeof(f->en), "%u of %u rounds, the last %.1f h ago", t.good,
                   t.total, age);
}

static unsigned count_on(const struct defense *d, const char *metric)
{
    unsigned count = 0;
    for (size_t i = 0; i < d->signal_count; i++)
        count += strcmp(d->signals[i].info.metric, metric) == 0
                 && signal_is_on(&d->signals[i]);
    return count;
}

static void measure_gates(const struct defense *d, int64_t time_us,
                          struct sheet_figure *f)
{
    (void)time_us;
    unsigned open = count_on(d, "gate");
    f->value = open;
    (void)snprintf(f->zh, sizeof(f->zh), "当前开启 %u 处", open);
    (void)snprintf(f->en, sizeof(f->en), "%u open now", open);
}

static void measure_cabinet(const struct defense *d, int64_t time_us,
                            struct sheet_figure *f)
{
    (void)time_us;
    unsigned open = count_on(d, "cabinet");
    f->value = open;
    (void)snprintf(f->zh, sizeof(f->zh), "当前开启 %u 处", open);
    (void)snprintf(f->en, sizeof(f->en), "%u open now", open);
}

static void measure_panic(const struct defense *d, int64_t time_us,
                          struct sheet_figure *f)
{
    struct tally t = trials_tested(d, time_us, d->sheet_tested_days);
    f->value = t.good;
    (void)snprintf(f->zh, sizeof(f->zh), "%u 天内测试成功 %u/%u 处", d->sheet_tested_days,
                   t.good, t.total);
    (void)snprintf(f->en, sizeof(f->en), "%u of %u tested in the last %u days", t.good,
                   t.total, d->sheet_tested_days);
}

static void measure_intrusion(const struct defense *d, int64_t time_us,
                              struct sheet_figure *f)
{
    (void)time_us;
    struct tally t = areas_armed(d);
    unsigned out = areas_bypassed(d);
    f->value = t.good;
    (void)snprintf(f->zh, sizeof(f->zh), "布防 %u/%u 防区，旁路 %u", t.good, t.total,
                   out);
    (void)snprintf(f->en, sizeof(f->en), "%u of %u zones armed, %u left out", t.good,
                   t.total, out);
}

static double fewest_days(const struct defense *d)
{
    double days = NAN;
    for (size_t i = 0; i < d->signal_count; i++)
        if (strcmp(d->signals[i].info.metric, "video_days") == 0)
            days = fmin(days, d->signals[i].value);
    return days;
}

static void measure_video(const struct defense *d, int64_t time_us,
                          struct sheet_figure *f)
{
    (void)time_us;
    double share = video_share(d);
    double days = fewest_days(d);
    char kept[2][48] = {"", ""};
    f->value = 100 * (1 - share);
    if (!isnan(days)) {
        (void)snprintf(kept[0], sizeof(kept[0]), "，录像保存 %.0f 天", days);
        (void)snprintf(kept[1], sizeof(kept[1]), ", kept for %.0f days", days);
    }
    if (isnan(share)) {
        (void)snprintf(f->zh, sizeof(f->zh), "在线率未知%s", kept[0]);
        (void)snprintf(f->en, sizeof(f->en), "share online unknown%s", kept[1]);
        return;
    }
    (void)snprintf(f->zh, sizeof(f->zh), "在线率 %.0f%%%s", f->value, kept[0]);
    (void)snprintf(f->en, sizeof(f->en), "%.0f%% online%s", f->value, kept[1]);
}

static void measure_supervision(const struct defense *d, int64_t time_us,
                                struct sheet_figure *f)
{
    (void)time_us;
    unsigned all = 0;
    unsigned good = 0;
    for (size_t i = 0; i < d->signal_count; i++) {
        bool guards = signal_guards(d, &d->signals[i]);
        all += guards;
        good += guards && d->signals[i].quality == GW_GOOD;
    }
    f->value = good;
    (void)snprintf(f->zh, sizeof(f->zh), "正常上报 %u/%u 个安防点", good, all);
    (void)snprintf(f->en, sizeof(f->en), "%u of %u security points heard", good, all);
}

const struct sheet_item sheet_items[] = {
    {.id = "gatehouse",
     .group = SHEET_PEOPLE,
     .title = {"门卫值守", "Gatehouse manned"},
     .rules = {"TF-06"},
     .metrics = {"guard_present"},
     .measure = measure_gatehouse},
    {.id = "arrival",
     .group = SHEET_PEOPLE,
     .title = {"上下学值守", "Manned at arrival and departure"},
     .rules = {"TF-06"},
     .metrics = {"guard_present"},
     .in_rush = true,
     .measure = measure_rush},
    {.id = "patrol",
     .group = SHEET_PEOPLE,
     .title = {"巡查", "Patrol"},
     .rules = {"TF-05"},
     .metrics = {"checkpoint"},
     .measure = measure_patrol},
    {.id = "gates",
     .group = SHEET_PHYSICAL,
     .title = {"校门管理", "Gates"},
     .rules = {"TF-04"},
     .metrics = {"gate"},
     .measure = measure_gates},
    {.id = "cabinet",
     .group = SHEET_PHYSICAL,
     .title = {"防护器械柜", "Gear cabinet"},
     .rules = {"TF-07"},
     .metrics = {"cabinet"},
     .measure = measure_cabinet},
    {.id = "dormitory",
     .group = SHEET_PHYSICAL,
     .title = {"宿舍出口", "Dormitory exits"},
     .rules = {"TF-11"},
     .metrics = {"door", "door_lock"},
     .kind = "dormitory"},
    {.id = "panic",
     .group = SHEET_TECHNICAL,
     .title = {"一键报警", "Panic buttons"},
     .rules = {"TF-01", "TF-02"},
     .metrics = {"panic", "duress"},
     .measure = measure_panic},
    {.id = "intrusion",
     .group = SHEET_TECHNICAL,
     .title = {"入侵报警", "Intrusion"},
     .rules = {"TF-03"},
     .counts = areas_watch,
     .measure = measure_intrusion},
    {.id = "video",
     .group = SHEET_TECHNICAL,
     .title = {"视频监控", "Video"},
     .rules = {"TF-08"},
     .metrics = {"camera", "cameras", "cameras_offline", "recorder", "video_days"},
     .measure = measure_video},
    {.id = "fire",
     .group = SHEET_TECHNICAL,
     .title = {"火灾报警", "Fire"},
     .rules = {"TF-09"},
     .metrics = {"fire", "fire_fault", "smoke"}},
    {.id = "gas",
     .group = SHEET_TECHNICAL,
     .title = {"燃气与一氧化碳", "Gas and carbon monoxide"},
     .rules = {"TF-10"},
     .metrics = {"gas", "co"}},
    {.id = "power",
     .group = SHEET_TECHNICAL,
     .title = {"供电与防拆", "Power and tamper"},
     .rules = {"TF-12"},
     .metrics = {"mains", "tamper"}},
    {.id = "supervision",
     .group = SHEET_TECHNICAL,
     .title = {"安防设备在线", "Security devices heard"},
     .rules = {"SY-01"},
     .counts = signal_guards,
     .measure = measure_supervision},
};
const size_t sheet_item_count = sizeof(sheet_items) / sizeof(sheet_items[0]);
_Static_assert(sizeof(sheet_items) / sizeof(sheet_items[0]) <= SHEET_ITEMS_MAX, "room");
