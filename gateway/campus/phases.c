#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "campus/campus.h"
#include "campus/civil.h"
#include "campus/school.h"

/* A school without bells is closed for ever: told in pieces of so many days. */
enum { MERGE_DAYS_MAX = 100 };

static const int64_t SECOND_US = 1000000;

const char *gw_phase_name(enum gw_phase_kind kind)
{
    if (kind == GW_PHASE_HOLIDAY)
        return "holiday";
    return (size_t)kind < GW_PHASE_HOLIDAY ? bell_kinds[kind] : "unknown";
}

/* day_without - the one stretch of a day without bells, after last night's tail. */
static struct bell day_without(const struct gw_campus *c, int64_t day)
{
    bool is_holiday = calendar_day(&c->calendar, day) == GW_DAY_HOLIDAY;
    return (struct bell){
        .kind = is_holiday ? GW_PHASE_HOLIDAY : GW_PHASE_CLOSED,
        .end_s = CIVIL_DAY_S,
    };
}

/* day_stretch - what is at second @second_s of @day, within that day. */
static struct bell day_stretch(const struct gw_campus *c, enum gw_stage stage,
                               int64_t day, int32_t second_s)
{
    const struct bells *before = school_bells(c, stage, day - 1);
    const struct bells *bells = school_bells(c, stage, day);
    int32_t tail_s = before ? before->tail_s : 0;

    if (second_s < tail_s)
        return (struct bell){.kind = GW_PHASE_BOARDING_NIGHT, .end_s = tail_s};
    struct bell stretch = bells ? *bells_at(bells, second_s) : day_without(c, day);
    if (stretch.start_s < tail_s)
        stretch.start_s = tail_s;
    return stretch;
}

/* day_run - days side by side that are the same, stepped over as a whole. */
static struct calendar_run day_run(const struct gw_campus *c, enum gw_stage stage,
                                   int64_t day)
{
    return school_bells(c, stage, day) ? (struct calendar_run){day, day}
                                       : calendar_run(&c->calendar, day);
}

/* Days side by side that are the same, such as a weekend's closed ones, are one phase;
 * a holiday is stepped over as a whole. */
static int64_t phase_start(const struct gw_campus *c, enum gw_stage stage, int64_t day,
                           struct bell at)
{
    for (int i = 0; i < MERGE_DAYS_MAX && at.start_s == 0; i++) {
        int64_t first = day_run(c, stage, day).first;
        int64_t next = first < day ? first : day - 1;
        struct bell before = day_stretch(c, stage, next, CIVIL_DAY_S - 1);
        if (before.kind != at.kind)
            break;
        at = before;
        day = next;
    }
    return day * CIVIL_DAY_S + at.start_s;
}

static int64_t phase_end(const struct gw_campus *c, enum gw_stage stage, int64_t day,
                         struct bell at)
{
    for (int i = 0; i < MERGE_DAYS_MAX && at.end_s == CIVIL_DAY_S; i++) {
        int64_t last = day_run(c, stage, day).last;
        int64_t next = last > day ? last : day + 1;
        struct bell after = day_stretch(c, stage, next, 0);
        if (after.kind != at.kind)
            break;
        at = after;
        day = next;
    }
    return day * CIVIL_DAY_S + at.end_s;
}

static struct gw_phase phase_of(const struct gw_campus *c, enum gw_stage stage,
                                int64_t time_us)
{
    int64_t utc_s = civil_floor(time_us, SECOND_US);
    int32_t second_s = 0;
    int64_t day = school_second(c, time_us, &second_s);
    struct bell at = day_stretch(c, stage, day, second_s);
    int64_t start_s = zone_utc(c->zone, phase_start(c, stage, day, at));
    int64_t end_local_s = phase_end(c, stage, day, at);
    int64_t end_s = zone_utc(c->zone, end_local_s);

    if (end_s <= utc_s) /* an hour that repeats: the second time of two */
        end_s = zone_utc_again(c->zone, end_local_s);
    return (struct gw_phase){
        .kind = at.kind,
        .start_us = start_s * SECOND_US,
        .end_us = end_s * SECOND_US,
        .lesson = at.lesson,
    };
}

static enum gw_stage stage_of(const struct gw_campus *c, const char *object)
{
    const struct gw_place *place = object ? gw_campus_place(c, object) : NULL;
    const char *id = place ? place->class_id : object;
    const struct gw_class *class = id ? gw_campus_class(c, id) : NULL;

    if (class)
        return class->stage;
    return place && place->stage < GW_STAGES ? (enum gw_stage)place->stage : c->stage;
}

struct gw_phase gw_campus_phase(const struct gw_campus *campus, const char *object,
                                int64_t time_us)
{
    return phase_of(campus, stage_of(campus, object), time_us);
}

uint32_t gw_campus_stages(const struct gw_campus *campus)
{
    uint32_t stages = 0;
    for (size_t i = 0; i < campus->class_count; i++)
        stages |= 1u << campus->classes[i].stage;
    return stages > 0 ? stages : 1u << campus->stage;
}

struct gw_phase gw_campus_stage_phase(const struct gw_campus *campus, enum gw_stage stage,
                                      int64_t time_us)
{
    return phase_of(campus, stage, time_us);
}

size_t gw_campus_phases(const struct gw_campus *campus, const char *object,
                        int64_t time_us, struct gw_phase *ret, size_t max)
{
    enum gw_stage stage = stage_of(campus, object);
    int64_t day = school_day(campus, time_us);
    int64_t end_us = school_time(campus, day + 1, 0);
    size_t count = 0;
    for (int64_t at_us = school_time(campus, day, 0); at_us < end_us;) {
        struct gw_phase phase = phase_of(campus, stage, at_us);
        if (count < max)
            ret[count] = phase;
        count++;
        assert(phase.end_us > at_us);
        at_us = phase.end_us;
    }
    return count;
}

static bool is_attended(enum gw_phase_kind kind)
{
    return kind == GW_PHASE_LESSON || kind == GW_PHASE_AFTER_SCHOOL;
}

bool gw_campus_rush(const struct gw_campus *campus, const char *object, int64_t time_us,
                    int64_t arrival_us, int64_t departure_us)
{
    enum gw_stage stage = stage_of(campus, object);
    int64_t day = school_day(campus, time_us);
    int64_t end_us = school_time(campus, day + 1, 0);
    int64_t first_us = GW_TIME_NONE;
    int64_t last_us = GW_TIME_NONE;
    for (int64_t at_us = school_time(campus, day, 0); at_us < end_us;) {
        struct gw_phase phase = phase_of(campus, stage, at_us);
        if (is_attended(phase.kind)) {
            first_us = first_us == GW_TIME_NONE ? phase.start_us : first_us;
            last_us = phase.end_us;
        }
        at_us = phase.end_us;
    }
    return first_us != GW_TIME_NONE
           && ((time_us >= first_us - arrival_us && time_us < first_us)
               || (time_us >= last_us && time_us < last_us + departure_us));
}

int64_t campus_next_change(const struct gw_campus *c, int64_t time_us)
{
    int64_t next_us = phase_of(c, c->stage, time_us).end_us;

    for (int stage = 0; stage < GW_STAGES; stage++) {
        if (c->stages[stage].bells.count == 0)
            continue;
        int64_t end_us = phase_of(c, (enum gw_stage)stage, time_us).end_us;
        if (end_us < next_us)
            next_us = end_us;
    }
    return next_us;
}
