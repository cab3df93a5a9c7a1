/* area.h - areas, their zones and what arms them.  Thread: the pipeline's. */
#ifndef AREA_H
#define AREA_H

#include "defense.h"

enum arm_mode { ARM_DISARMED, ARM_STAY, ARM_AWAY };

/* area_row - an entry of "areas". */
struct area_row {
    const char *id;
    struct gw_text title;
    struct gw_strings zones;
    struct gw_strings interior;
    struct gw_strings delayed;
    struct gw_strings away;
    struct gw_strings stay;
    bool is_by_hand;
    int64_t entry_us;
    int64_t exit_us;
};
extern const struct gw_option area_options[];

enum { ZONE_INPUTS_MAX = 8 };

/* zone - one device that notices somebody.
 * area          NULL: a perimeter of no area, armed always
 * is_left_out   it was active when its area armed: until it was quiet once
 * is_pending    the entry delay runs because of it; is_held: it ran out
 * bypass_us     until then it is left out by hand, GW_TIME_NONE = it is not */
struct zone {
    const char *device;
    struct area *area;
    const struct signal *inputs[ZONE_INPUTS_MAX];
    size_t input_count;
    bool is_perimeter;
    bool is_interior;
    bool is_delayed;
    bool is_active;
    bool is_left_out;
    bool is_pending;
    bool is_held;
    int64_t bypass_us;
    char bypass_by[GW_ACTOR_MAX];
    char bypass_why[GW_COMMENT_MAX];
    struct derived armed;
    struct derived bypassed;
    struct derived intrusion;
};

/* area
 * by_calendar   what the calendar wants now
 * hand_over     what it wanted when the hand spoke: the hand's word ends when that
 * changes before        in force until from_us, the end of the exit delay; then mode
 * entry_us      end of the entry delay, GW_TIME_NONE = none runs */
struct area {
    const struct area_row *row;
    enum arm_mode by_calendar;
    bool is_by_hand;
    enum arm_mode hand;
    enum arm_mode hand_over;
    int64_t hand_us; /* end of the hand's word, GW_TIME_NONE = the calendar's next */
    enum arm_mode mode;
    enum arm_mode before;
    int64_t from_us;
    int64_t entry_us;
    struct derived armed_mode;
};

struct areas {
    struct area *areas;
    size_t area_count;
    struct zone *zones;
    size_t zone_count;
};

const char *arm_mode_name(enum arm_mode mode);

/* area_wanted - what the calendar wants of @row at @time_us. */
enum arm_mode area_wanted(const struct area_row *row, const struct gw_campus *campus,
                          int64_t time_us);

/* area_in_force - the mode at @time_us, exit delay seen to. */
enum arm_mode area_in_force(const struct area *a, int64_t time_us);

/* area_follow - mode after calendar and hand at @time_us: begins an exit delay, ends what
 * a disarming ends.  true: something changed. */
bool area_follow(struct area *a, struct areas *all, const struct gw_campus *campus,
                 int64_t time_us);

/* area_settle - what was due by @time_us: the end of the exit or of the entry delay.
 * true: something changed. */
bool area_settle(struct area *a, struct areas *all, int64_t time_us);

/* zone_is_covered - @mode of its area watches it. */
bool zone_is_covered(const struct zone *z, enum arm_mode mode);

/* zone_is_armed, zone_intrudes - what its points say at @time_us. */
bool zone_is_armed(const struct zone *z, int64_t time_us);
bool zone_intrudes(const struct zone *z, int64_t time_us);

/* zone_turn - its inputs made it active or quiet at @time_us. */
void zone_turn(struct zone *z, const struct areas *all, bool is_active, int64_t time_us);

/* areas_zone - the zone that is @device, or NULL.
 * areas_run - follows calendar, hand and delays up to @time_us, and tells everything. */
struct zone *areas_zone(const struct defense *d, const char *device);
void areas_run(struct defense *d, int64_t time_us);

/* What is asked of an area as it is written: area_check.c.
 * area_takes_metric - its points tell that somebody is there.
 * area_check - devices and phases that there are not are refused where they stand.
 * zone_check - the same of a zone, once all are found. */
bool area_takes_metric(const char *metric);
int area_check(const struct defense *d, const struct area_row *row, struct gw_error *err);
void zone_check(const struct defense *d, const struct zone *z);

/* What outlives the process: area_kept.c. */
void area_save(struct defense *d, const struct area *a);
void zone_save(struct defense *d, const struct zone *z);
void areas_restored(struct defense *d);
void areas_clock_step(struct defense *d, int64_t delta_us, int64_t time_us);

#endif
