/* types.h - the small values that travel down the river.
 *
 * A sample is what a driver saw, a reading is the same in engineering units
 * with a quality.  Both are plain values without pointers: they are copied
 * between threads, never shared.
 */
#ifndef GW_TYPES_H
#define GW_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits on names from outside, bytes with the closing NUL. */
enum {
    GW_ID_MAX = 64,      /* place, class, device, bus, rule, metric ids */
    GW_NAME_MAX = 160,   /* "<object>/<metric>[.<name>]" */
    GW_ACTOR_MAX = 64,   /* who did it */
    GW_COMMENT_MAX = 256 /* free text of an operator */
};

/* A time that nobody knows. */
#define GW_TIME_NONE INT64_MIN

enum gw_quality { GW_GOOD, GW_UNCERTAIN, GW_BAD };

/* Why a reading is not good; GW_REASON_NONE with GW_GOOD only. */
enum gw_reason {
    GW_REASON_NONE,
    GW_REASON_UNSEEN,      /* no value since the start */
    GW_REASON_STALE,       /* silent for longer than its supervision time */
    GW_REASON_RANGE,       /* outside the metric's valid range */
    GW_REASON_DEVICE,      /* the device itself says so: sentinel, NaN, fault flag */
    GW_REASON_OFFLINE,     /* device or bus does not answer */
    GW_REASON_REJECTED,    /* the device refuses this point */
    GW_REASON_RETAINED,    /* an old value kept by a broker, without its own time */
    GW_REASON_CALIBRATION, /* commissioning record missing or too old */
    GW_REASON_DRIFT,       /* a counter's balance no longer closes */
    GW_REASON_INPUT,       /* derived from an input that is not good */
    GW_REASON_FROZEN,      /* does not move while everything around it does */
    GW_REASON_AT_LEAST,    /* counted from a number that nobody knew: so many, or more */
    GW_REASONS
};

enum gw_time_quality {
    GW_TIME_UNKNOWN, /* the board never knew the time since it booted */
    GW_TIME_GOOD,
};

/* Bits of gw_sample.flags and gw_reading.flags. */
enum {
    GW_EVENT = 1u << 0,    /* every one counts: never dropped, never replaced */
    GW_RETAINED = 1u << 1, /* kept by a broker from before: state, not news */
    GW_DERIVED = 1u << 2,  /* published by a plugin */
    GW_STARTUP = 1u << 3,  /* level found at open, not a change */
    GW_REPEAT = 1u << 4,   /* the level as it was: a sign of life, no news */
    GW_RESUMED = 1u << 5,  /* the core's: again what it was before OFFLINE; in a reading:
                            * an event's, and no new one */
    GW_MAYBE_AGAIN = 1u << 6, /* of a message whose delivery says may_be_again */
    GW_TRUTH = 1u << 7,       /* said as true, false, on or off: no amount of anything */
};

/* gw_sample - one value as a driver saw it, already a number but not scaled.
 *
 * raw         bits, counts or the device's own unit; states as their number
 * quality     GW_GOOD, or GW_BAD with the reason when the wire or the device
 *             failed; a bad sample's raw is ignored
 * source_us   the device's own time, microseconds UTC, or GW_TIME_NONE
 * mono_us     machine time at which it was taken, microseconds */
struct gw_sample {
    uint32_t point;
    uint16_t flags;
    uint8_t quality;
    uint8_t reason;
    double raw;
    int64_t source_us;
    int64_t mono_us;
};

/* gw_delivery - closes the samples of one message that its bus must
 * acknowledge; kept with the commit so that a redelivery is recognised.
 *
 * ticket        rises by one with every message of the bus, for life
 * forget        every ticket up to here is known to be acknowledged for good
 * hash          of the payload, or of the message's own id where it has one
 * message_id    the transport's id (MQTT packet id), 0 when hash is an own id
 * is_again      its own id stands with an earlier ticket: this one leaves nothing
 * may_be_again  an earlier run may have taken it: the disk, which is away, will tell */
struct gw_delivery {
    uint64_t ticket;
    uint64_t forget;
    uint64_t hash;
    uint16_t message_id;
    uint16_t bus; /* filled by the core */
    bool is_again;
    bool may_be_again;
};

/* gw_delivered - what the last run kept of a bus, for open().
 * items      deliveries whose acknowledgement may not have arrived, oldest first
 * next       the first ticket to use */
struct gw_delivered {
    const struct gw_delivery *items;
    size_t count;
    uint64_t next;
};

/* gw_own_ids - hashes of the ids of their own that a bus's last messages bore, oldest
 * first; kept when they were acknowledged too, as a broker may forget that. */
struct gw_own_ids {
    const uint64_t *hashes;
    size_t count;
};

/* gw_reading - a sample in engineering units.
 *
 * value       in the metric's unit; NAN whenever quality is GW_BAD
 * time_us     school time it was received, microseconds UTC */
struct gw_reading {
    uint32_t point;
    uint16_t flags;
    uint8_t quality;
    uint8_t reason;
    double value;
    int64_t time_us;
    int64_t source_us;
    int64_t mono_us;
};

/* gw_text - a title in both languages; en falls back to zh and back. */
struct gw_text {
    const char *zh;
    const char *en;
};

/* gw_quality_name, gw_reason_name - the words of the API: "good", "stale", ... */
const char *gw_quality_name(enum gw_quality quality);
const char *gw_reason_name(enum gw_reason reason);

#endif
