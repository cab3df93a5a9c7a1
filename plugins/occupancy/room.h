/* room.h - one place whose people are counted: lines in and out, or regions.
 * Thread: the pipeline's. */
#ifndef OCCUPANCY_ROOM_H
#define OCCUPANCY_ROOM_H

#include "counter.h"
#include "gw/plugin.h"

enum { ROOM_INPUTS_MAX = 16 };

/* What one input does to the number of people. */
enum room_input_kind { ROOM_IN, ROOM_OUT, ROOM_REGION };

/* room_input - a counter of one line, or a region sensor.
 * value       regions: the last one */
struct room_input {
    uint32_t point;
    enum room_input_kind kind;
    uint32_t width;
    uint8_t quality;
    double value;
    struct counter counter;
};

/* room - zero-initialise, then room_add().
 * balance     in minus out since the room was last known empty
 * in, out     people since then
 * zeroed_us   when that was; GW_TIME_NONE before the first reading
 * minutes     good ones since then */
struct room {
    const char *place;
    uint32_t point; /* <place>/occupancy */
    struct room_input inputs[ROOM_INPUTS_MAX];
    size_t input_count;
    double balance;
    double in;
    double out;
    int64_t zeroed_us;
    uint32_t minutes;
    double told;
    uint8_t told_quality;
    bool has_told;
};

/* room_add - false: ROOM_INPUTS_MAX are there already. */
bool room_add(struct room *r, enum room_input_kind kind,
              const struct gw_point_info *point);

/* room_take - @reading of one of its inputs; true when kept state changed. */
bool room_take(struct room *r, const struct gw_reading *reading);

/* room_people - never negative; *ret_quality is the worst of the inputs'. */
double room_people(const struct room *r, enum gw_quality *ret_quality);

/* room_publish - tells what is new; @always also what is not (good values only). */
void room_publish(struct room *r, struct gw_host *host, int64_t time_us, bool always);

/* room_minute - a minute passed. */
void room_minute(struct room *r);

/* room_zero - the room is empty: tells the drift as a fact and begins anew. */
void room_zero(struct room *r, struct gw_host *host, int64_t time_us);

/* room_is_counted - by lines, so that it can drift. */
bool room_is_counted(const struct room *r);

void room_save(const struct room *r, struct gw_host *host);
void room_load(struct room *r, struct gw_host *host);

#endif
