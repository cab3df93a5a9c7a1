/* room.h - one place whose people are counted: lines in and out, or regions.
 *
 * Several sensors add up.  One that is bad makes the room bad: the others' sum would be
 * too small, and too small a number is worse than none.  Thread: the pipeline's. */
#ifndef OCCUPANCY_ROOM_H
#define OCCUPANCY_ROOM_H

#include "counter.h"
#include "gw/plugin.h"
#include "minute.h"
#include "mounting.h"
#include "options.h"

enum { ROOM_INPUTS_MAX = 16, ROOM_LINES_MAX = ROOM_INPUTS_MAX / 2 };

/* What one input does to the number of people. */
enum room_input_kind { ROOM_IN, ROOM_OUT, ROOM_REGION };

/* room_input - a counter of one direction of a line, or a region sensor.
 * name        of its point
 * line        lines: which of the room's
 * value       regions: the last one */
struct room_input {
    uint32_t point;
    const char *name;
    enum room_input_kind kind;
    uint8_t line;
    uint8_t quality;
    bool is_heard; /* since the start */
    uint32_t width;
    double value;
    struct counter counter;
};

/* room_line - in and out through one door.
 * name        of its point people_in
 * is_turned   the school says that they change places */
struct room_line {
    const char *name;
    bool is_turned;
    struct mounting mounting;
};

/* room_count - how many, and what that is worth. */
struct room_count {
    double people; /* NAN when bad */
    enum gw_quality quality;
    enum gw_reason reason;
};

/* room - zero-initialise, then room_add().
 * is_home     a class is at home here
 * balance     in minus out since the room was last known empty, or since nobody knew
 * is_at_least nobody knew how many were there when counting began: so many, or more
 * in, out     people since then
 * zeroed_us   when that was; GW_TIME_NONE before the first reading
 * minutes     good ones since then
 * changed_us  when an input last said something new
 * is_drifting the last night's balance did not close
 * last        of the last full minute */
struct room {
    const char *place;
    const struct occupancy_options *options;
    bool is_home;
    uint32_t point; /* <place>/occupancy */
    uint32_t drift_point;
    uint32_t direction_point;
    struct room_input inputs[ROOM_INPUTS_MAX];
    size_t input_count;
    struct room_line lines[ROOM_LINES_MAX];
    size_t line_count;
    struct balance balance;
    bool is_at_least;
    double in;
    double out;
    int64_t zeroed_us;
    uint32_t minutes;
    int64_t changed_us;
    bool is_drifting;
    bool is_frozen;
    double drift; /* of the last zeroing; NAN before */
    struct minute minute;
    struct room_count last;
    struct room_count told;
    bool has_told;
};

/* room_add - @point as an input; a line's second direction finds its first.
 * false: ROOM_INPUTS_MAX are there already. */
bool room_add(struct room *r, enum room_input_kind kind,
              const struct gw_point_info *point);

/* room_line_name - ".door" of "b1-203/people_in.door": both directions have it. */
const char *room_line_name(const char *point, const char *place);

/* room_take - @reading of one of its inputs; true when kept state changed. */
bool room_take(struct room *r, const struct gw_reading *reading);

/* room_now - at this moment; never negative. */
struct room_count room_now(const struct room *r);

/* room_shown - what its point says: of regions the last minute. */
struct room_count room_shown(const struct room *r);

/* room_publish - tells what a reading changed.  Of regions only a change of their
 * quality: their number is the last minute's. */
void room_publish(struct room *r, struct gw_host *host, int64_t time_us);

/* room_minute - the minute of @length_us that ends at @time_us, into @r->last.
 * room_tell_minute - tells it; a bad one only once. */
void room_minute(struct room *r, int64_t length_us, int64_t time_us);
void room_tell_minute(struct room *r, struct gw_host *host, int64_t time_us);

/* room_zero - the room is empty: tells the drift as a fact and begins anew.  Names a line
 * that hangs the wrong way round. */
void room_zero(struct room *r, struct gw_host *host, int64_t time_us);

/* room_is_counted - by lines, so that it can drift. */
bool room_is_counted(const struct room *r);

/* room_is_reversed - a line of it was found to hang the wrong way round. */
bool room_is_reversed(const struct room *r);

/* room_moved - an input of it said something new at @since_us or later. */
bool room_moved(const struct room *r, int64_t since_us);

/* room_forget - the gateway was off for too long: what has not spoken since is unknown.
 */
void room_forget(struct room *r);

/* room_clock_step - the clock was set by @delta_us and is now @time_us: what stands,
 * stands as long as it did. */
void room_clock_step(struct room *r, int64_t delta_us, int64_t time_us);

/* room_tell_kept - after a restart: what stands for the whole day. */
void room_tell_kept(const struct room *r, struct gw_host *host, int64_t time_us);

void room_save(const struct room *r, struct gw_host *host);

/* room_load - as it was kept, and what its sensors said since.  Where what was kept
 * cannot be read, or a counter counted of which nothing was kept, nobody knows how many
 * are in it. */
void room_load(struct room *r, struct gw_host *host);

#endif
