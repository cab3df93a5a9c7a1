#include "gw/record.h"
#include "gw/types.h"

static const char *const quality_names[] = {
    [GW_GOOD] = "good",
    [GW_UNCERTAIN] = "uncertain",
    [GW_BAD] = "bad",
};

static const char *const reason_names[GW_REASONS] = {
    [GW_REASON_NONE] = "none",
    [GW_REASON_UNSEEN] = "unseen",
    [GW_REASON_STALE] = "stale",
    [GW_REASON_RANGE] = "range",
    [GW_REASON_DEVICE] = "device",
    [GW_REASON_OFFLINE] = "offline",
    [GW_REASON_REJECTED] = "rejected",
    [GW_REASON_RETAINED] = "retained",
    [GW_REASON_CALIBRATION] = "calibration",
    [GW_REASON_DRIFT] = "drift",
    [GW_REASON_INPUT] = "input",
    [GW_REASON_FROZEN] = "frozen",
    [GW_REASON_AT_LEAST] = "at-least",
};

static const char *const alarm_state_names[GW_ALARM_STATES] = {
    [GW_ALARM_NORMAL] = "normal",
    [GW_ALARM_UNACKNOWLEDGED] = "unacknowledged",
    [GW_ALARM_ACKNOWLEDGED] = "acknowledged",
    [GW_ALARM_RETURNED] = "returned",
    [GW_ALARM_LATCHED] = "latched",
    [GW_ALARM_LATCHED_ACKNOWLEDGED] = "latched-acknowledged",
    [GW_ALARM_SHELVED] = "shelved",
    [GW_ALARM_SUPPRESSED] = "suppressed",
    [GW_ALARM_OUT_OF_SERVICE] = "out-of-service",
};

static const char *const severity_names[] = {
    [GW_P1] = "P1", [GW_P2] = "P2", [GW_P3] = "P3", [GW_P4] = "P4", [GW_INF] = "INF",
};

/* Values may come from a file or a plugin: outside the table is "unknown". */
static const char *name_of(const char *const *names, size_t count, size_t index)
{
    return index < count ? names[index] : "unknown";
}

#define NAME_OF(names, index) name_of(names, sizeof(names) / sizeof(names[0]), index)

const char *gw_quality_name(enum gw_quality quality)
{
    return NAME_OF(quality_names, (size_t)quality);
}

const char *gw_reason_name(enum gw_reason reason)
{
    return NAME_OF(reason_names, (size_t)reason);
}

const char *gw_alarm_state_name(enum gw_alarm_state state)
{
    return NAME_OF(alarm_state_names, (size_t)state);
}

const char *gw_severity_name(enum gw_severity severity)
{
    return NAME_OF(severity_names, (size_t)severity);
}

const char *gw_period_name(enum gw_period period)
{
    static const char *const names[] = {[GW_PERIOD_NONE] = "none",
                                        [GW_PERIOD_DAY] = "daily",
                                        [GW_PERIOD_WEEK] = "weekly",
                                        [GW_PERIOD_MONTH] = "monthly"};
    return NAME_OF(names, (size_t)period);
}
