/* defense.h - what the parts of the plugin share.  Not for others.  Thread: the
 * pipeline's. */
#ifndef DEFENSE_H
#define DEFENSE_H

#include "gw/plugin.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define DAY_US (1440 * MINUTE_US)

/* signal - a point that the plugin watches.
 * value       NAN unless good; last - the last good one, 0 before
 * is_heard    since the start
 * items       of the sheet of the day that it belongs to, as bits */
struct signal {
    struct gw_point_info info;
    double value;
    double last;
    uint8_t quality;
    bool is_heard;
    bool is_security;
    uint32_t items;
};

/* derived - a point that the plugin publishes, and what it said last. */
struct derived {
    uint32_t point; /* 0 = not declared */
    double value;
    bool has_told;
};

struct areas;
struct trials;
struct posts;
struct tours;
struct doors;
struct video;
struct sheet;

/* defense - the instance: options first, then the parts. */
struct defense {
    struct gw_rows area_rows;
    struct gw_rows tour_rows;
    struct gw_rows post_rows;
    int64_t arrival_us; /* as of gw_campus_rush() */
    int64_t departure_us;
    int32_t night_from_s;
    int32_t night_to_s;
    int64_t lights_grace_us;
    int64_t unlock_grace_us;
    uint32_t sheet_tested_days;
    double sheet_seen;

    struct gw_host *host;
    bool has_told;          /* everything, since the start */
    struct signal *signals; /* by point */
    size_t signal_count;
    struct areas *areas;
    struct trials *trials;
    struct posts *posts;
    struct tours *tours;
    struct doors *doors;
    struct video *video;
    struct sheet *sheet;
};

/* part - one of the plugin's trades; every callback may be NULL.
 * tell       publishes everything as it is, after a start
 * due        the next moment of its own, INT64_MAX = none; run - it has come */
struct part {
    int (*start)(struct defense *d, struct gw_error *err);
    void (*stop)(struct defense *d);
    void (*restored)(struct defense *d);
    void (*tell)(struct defense *d, int64_t time_us);
    void (*take)(struct defense *d, const struct signal *s, const struct gw_reading *r);
    void (*alarm)(struct defense *d, const struct gw_transition *t);
    void (*minute)(struct defense *d, int64_t time_us);
    void (*day)(struct defense *d, int64_t midnight_us);
    int64_t (*due)(const struct defense *d);
    void (*run)(struct defense *d, int64_t time_us);
    void (*clock_step)(struct defense *d, int64_t delta_us, int64_t time_us);
};

extern const struct part areas_part;
extern const struct part trials_part;
extern const struct part posts_part;
extern const struct part tours_part;
extern const struct part doors_part;
extern const struct part video_part;
extern const struct part sheet_part;

/* What people order; as on_command of gw/plugin.h. */
int areas_command(struct defense *d, const struct gw_command *c, struct gw_error *err);
int trials_command(struct defense *d, const struct gw_command *c, struct gw_error *err);
int sheet_command(struct defense *d, const struct gw_command *c, struct gw_error *err);

/* signal_find - the watched point, or NULL.  signal_metric - of @object, the first. */
struct signal *signal_find(const struct defense *d, uint32_t point);
const struct signal *signal_metric(const struct defense *d, const char *object,
                                   const char *metric);

static inline bool signal_is_on(const struct signal *s)
{
    return s->quality == GW_GOOD && s->value != 0;
}

/* derive - declares @object/@metric; a point that a device feeds stays the device's.
 * returns 0 or gw_fail() */
int derive(struct defense *d, const char *object, const char *metric, struct derived *ret,
           struct gw_error *err);

/* derived_tell - publishes @value when it is news, NAN as bad. */
void derived_tell(struct defense *d, struct derived *p, double value, int64_t time_us);

/* state_save, state_load - kept bytes under "PART/NAME"; load: false unless it has @size.
 */
void state_save(struct defense *d, const char *part, const char *name, const void *bytes,
                size_t size);
bool state_load(struct defense *d, const char *part, const char *name, void *ret,
                size_t size);

/* past_step - @time, of what happened before the clock was set by @delta_us and became
 * @now_us, as the clock says it now.  GW_TIME_NONE stays, and what the old clock held for
 * the future: it was kept by a clock that was right.  true: it moved. */
bool past_step(int64_t *time_us, int64_t delta_us, int64_t now_us);

/* device_is_never_disarmed - it has a point that is never disarmed: panic, fire, gas, …
 */
bool device_is_never_disarmed(const struct defense *d, const char *device);

/* areas_watch - @s is an input of a zone: what it tells makes TF-03.
 * signal_guards - it is a point of security, or is watched like one in an area. */
bool areas_watch(const struct defense *d, const struct signal *s);
bool signal_guards(const struct defense *d, const struct signal *s);

bool glob_matches(const char *glob, const char *text);
bool globs_match(const struct gw_strings *globs, const char *text);

/* What the sheet of the day counts. */
struct tally {
    unsigned total;
    unsigned good;
};
struct tally areas_armed(const struct defense *d);
unsigned areas_bypassed(const struct defense *d);
struct tally trials_tested(const struct defense *d, int64_t time_us, int days);
struct tally tours_rounds(const struct defense *d);
double tours_age_h(const struct defense *d, int64_t time_us);
bool posts_rush(const struct defense *d);
struct tally posts_manned(const struct defense *d);
double video_share(const struct defense *d);

#endif
