#include "field/device.h"

#include "base/text.h"
#include "field/schedule.h"

enum { FAILURES_TO_OFFLINE = 3 };

static const int64_t default_period_us = INT64_C(10) * 1000000;
/* Soon, but after an answer that is only late has come and gone. */
static const int64_t retry_us = 1000000;
static const int64_t probe_first_us = 500000;
static const int64_t probe_limit_us = INT64_C(10) * 1000000;

void device_init(struct device *d, const struct gw_device_ref *ref, size_t row,
                 const char *bus)
{
    *d = (struct device){
        .ref = ref,
        .row = row,
        .period_us = ref->period_us > 0 ? ref->period_us : default_period_us,
        .backoff = {.first_us = probe_first_us, .limit_us = probe_limit_us},
    };
    text_copy(d->status.name, sizeof(d->status.name), ref->name);
    text_copy(d->status.bus, sizeof(d->status.bus), bus);
}

void device_start(struct device *d, size_t index, size_t count, int64_t now_us)
{
    d->phase_us = schedule_first(now_us, d->period_us, index, count);
    d->due_us = d->phase_us;
    d->failures_in_row = 0;
    backoff_reset(&d->backoff);
}

int64_t device_deadline(const struct device *d)
{
    return d->due_us + d->period_us;
}

static enum device_change judge_answer(struct device *d, bool is_refusing, int64_t now_us)
{
    enum field_health before = d->health;
    bool has_changed = is_refusing != d->is_refusing;
    d->health = FIELD_ONLINE;
    d->is_refusing = is_refusing;
    d->is_told = false;
    d->failures_in_row = 0;
    d->answered_us = now_us;
    backoff_reset(&d->backoff);
    d->due_us = schedule_after(d->phase_us, d->period_us, now_us);
    if (before == FIELD_OFFLINE)
        return DEVICE_CAME_BACK;
    if (has_changed)
        return is_refusing ? DEVICE_REFUSES : DEVICE_ACCEPTS;
    return before == FIELD_STARTING ? DEVICE_FIRST_SEEN : DEVICE_SAME;
}

static enum device_change judge_silence(struct device *d, int64_t now_us, uint32_t dice)
{
    if (d->failures_in_row++ == 0)
        d->silent_since_us = now_us;
    if (d->failures_in_row < FAILURES_TO_OFFLINE && d->health != FIELD_OFFLINE) {
        d->due_us = now_us + retry_us;
        return DEVICE_SAME;
    }
    enum field_health before = d->health;
    d->health = FIELD_OFFLINE;
    if (before != FIELD_OFFLINE)
        d->down_since_us = now_us;
    d->due_us = now_us + backoff_next(&d->backoff, dice);
    return before == FIELD_OFFLINE ? DEVICE_SAME : DEVICE_WENT_OFFLINE;
}

enum device_change device_judge(struct device *d, enum gw_fault fault, int64_t now_us,
                                uint32_t dice)
{
    if (fault == GW_FAULT_TRANSIENT)
        return judge_silence(d, now_us, dice);
    return judge_answer(d, fault == GW_FAULT_REJECTED, now_us);
}
