/* schedule.h - which device of a polled bus is due when.
 *
 * Deadlines in machine time, given by the caller.  A slot that was missed is skipped:
 * nothing trails into the past.  Dead devices get a bounded share of the bus.
 * Thread: the bus.
 */
#ifndef FIELD_SCHEDULE_H
#define FIELD_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

struct device;

struct schedule {
    int64_t probe_earliest_us; /* dead devices wait until then while others live */
};

/* schedule_first - the first due time of device @index of @count: spread over the period,
 * but over no more than 10 s so that a slow device is not unknown for long. */
int64_t schedule_first(int64_t now_us, int64_t period_us, size_t index, size_t count);

/* schedule_after - the first phase_us + k * period_us after @now_us. */
int64_t schedule_after(int64_t phase_us, int64_t period_us, int64_t now_us);

/* schedule_pick - of the devices that are due at @now_us the one to read: urgent ones
 * come first, and with them who is late by a whole period, so that nobody starves; among
 * equals the earliest deadline.  When none is due, the one that will be first.
 * ret_due_us  when it is due; INT64_MAX = there is nothing to poll, and NULL is returned
 */
struct device *schedule_pick(const struct schedule *s, struct device *devices,
                             size_t count, int64_t now_us, int64_t *ret_due_us);

/* schedule_probed - a probe of a dead device took @spent_us until @now_us: the next one
 * waits until the dead have had at most four in a hundred of the bus's time. */
void schedule_probed(struct schedule *s, int64_t spent_us, int64_t now_us);

/* schedule_revive - a dead device answered: what kept it silent may have kept the others
 * silent too, so their probes are due now (one after the other within the share). */
void schedule_revive(struct device *devices, size_t count, int64_t now_us);

#endif
