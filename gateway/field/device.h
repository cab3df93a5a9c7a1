/* device.h - the health of one polled device and when it is due.
 *
 * Pure: time and dice are arguments, nothing is read or pushed here.  Thread: its bus.
 */
#ifndef FIELD_DEVICE_H
#define FIELD_DEVICE_H

#include <stdbool.h>

#include "field/backoff.h"
#include "field/field.h"
#include "gw/log.h"

/* device - beside the driver's ref, what the schedule and the fault policy know.
 * phase_us   the first due time; polls fall on phase_us + k * period_us
 * is_told    its points were pushed bad for being offline; cleared by an answer */
struct device {
    const struct gw_device_ref *ref;
    size_t row; /* in its bus's status */
    enum field_health health;
    int64_t period_us;
    int64_t phase_us;
    int64_t due_us;
    int64_t write_due_us; /* no command is tried before */
    unsigned failures_in_row;
    int64_t answered_us;     /* last, machine time */
    int64_t silent_since_us; /* of the failures in a row */
    size_t station;          /* index of the first device of its unit */
    bool is_urgent;          /* read before others that are due */
    struct backoff backoff;
    bool is_told;
    bool is_refusing;
    struct gw_complaint reported; /* the driver told a lasting fault of it */
    bool is_unplanned;            /* plan() refused it: never polled */
    int64_t down_since_us;
    struct field_device_status status;
};

/* What a poll's outcome changed; the bus logs it once. */
enum device_change {
    DEVICE_SAME,
    DEVICE_FIRST_SEEN,
    DEVICE_WENT_OFFLINE,
    DEVICE_CAME_BACK,
    DEVICE_REFUSES,
    DEVICE_ACCEPTS,
};

void device_init(struct device *d, const struct gw_device_ref *ref, size_t row,
                 const char *bus);

/* device_deadline - by when it should have been read: its next turn. */
int64_t device_deadline(const struct device *d);

/* device_start - (re)enters the schedule: @index of @count devices, from @now_us. */
void device_start(struct device *d, size_t index, size_t count, int64_t now_us);

/* device_judge - takes the outcome of a poll that ended at @now_us and sets when the
 * device is due again.  Three TRANSIENT in a row make it offline: probes after 0.5 s
 * doubling to 10 s; NONE and REJECTED are answers.  OFFLINE is the bus's, not taken here.
 * returns  what is worth a log line */
enum device_change device_judge(struct device *d, enum gw_fault fault, int64_t now_us,
                                uint32_t dice);

#endif
