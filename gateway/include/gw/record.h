/* record.h - what the pipeline hands on: to the store, the county, the pages.
 *
 * One tagged value; whoever keeps a record copies what its pointers name.
 */
#ifndef GW_RECORD_H
#define GW_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "gw/types.h"

/* ISA-18.2 / IEC 62682 states (DOMAIN: alarm life cycle). */
enum gw_alarm_state {
    GW_ALARM_NORMAL,
    GW_ALARM_UNACKNOWLEDGED,
    GW_ALARM_ACKNOWLEDGED,
    GW_ALARM_RETURNED, /* back to normal, still unacknowledged */
    GW_ALARM_LATCHED,  /* returned, needs acknowledgement and reset */
    GW_ALARM_LATCHED_ACKNOWLEDGED,
    GW_ALARM_SHELVED,
    GW_ALARM_SUPPRESSED,
    GW_ALARM_OUT_OF_SERVICE,
    GW_ALARM_STATES
};

/* P1..P4 as in the rule pack; INF makes a fact and no alarm. */
enum gw_severity { GW_P1, GW_P2, GW_P3, GW_P4, GW_INF };

/* While there is no store, activations count from here: nobody knows the last one.
 * gw_alarm_uid - the number for life of such a one, behind @last; others stay. */
#define GW_ALARM_UID_PROVISIONAL (UINT64_C(1) << 50)

static inline uint64_t gw_alarm_uid(uint64_t uid, uint64_t last)
{
    return uid > GW_ALARM_UID_PROVISIONAL ? last + (uid - GW_ALARM_UID_PROVISIONAL) : uid;
}

/* gw_transition - one step of an alarm's life; immutable once written.
 *
 * uid         of this activation, the same from raise to end; rises for life
 * seq         1.. within the uid
 * cause       "rule", "acknowledge", "shelve", "phase-end", "restart", …
 * value       the first input of the rule, NAN when unknown */
struct gw_transition {
    uint64_t uid;
    uint32_t seq;
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    enum gw_severity severity;
    enum gw_alarm_state from;
    enum gw_alarm_state to;
    char cause[32];
    char actor[GW_ACTOR_MAX];     /* empty: the gateway itself */
    char comment[GW_COMMENT_MAX]; /* stays in the school */
    double value;
    int64_t time_us; /* school time, or GW_TIME_NONE */
    enum gw_time_quality time_quality;
    int64_t mono_us;
    bool is_test; /* drill or test mode */
};

/* gw_summary_item - one metric of a place over a summary's period.
 * valid       share of the period's minutes with a good value, 0..1 */
struct gw_summary_item {
    char metric[2 * GW_ID_MAX]; /* with ".name" where the point has one */
    double min;
    double mean;
    double max;
    double last;
    double valid;
    uint32_t count;
};

/* gw_summary - an object's period, [start_us, start_us + period_us). */
struct gw_summary {
    char object[GW_ID_MAX];
    int64_t start_us;
    int64_t period_us;
    const struct gw_summary_item *items;
    size_t count;
};

struct gw_fact_value {
    const char *name;
    double value;     /* NAN when text is used */
    const char *text; /* NULL when value is used */
};

/* What a fact is of: a moment's evidence, or a whole local day, week or month as the
 * county gets it. */
enum gw_period { GW_PERIOD_NONE, GW_PERIOD_DAY, GW_PERIOD_WEEK, GW_PERIOD_MONTH };

/* gw_fact - evidence: kind, object, period, values, completeness 0..1.
 * stays       in the school: the county does not hear of it
 * by_calendar it rests on what the calendar says of its time: without it there is none
 * revision    1.. of a day's, week's or month's fact; else 0.  Its values named
 *             "missing.REASON" are shares of what was expected */
struct gw_fact {
    const char *kind; /* "service-end", "lesson", a rule of severity INF, … */
    const char *rule; /* NULL or the rule that made it */
    const char *object;
    int64_t start_us;
    int64_t end_us;
    int64_t time_us;
    const struct gw_fact_value *values;
    size_t count;
    double completeness;
    bool stays;
    bool by_calendar;
    enum gw_period period;
    uint32_t revision;
};

/* gw_state - bytes that come back after a restart; owner "plugin/occupancy",
 * "alarm", "rule", … */
struct gw_state {
    const char *owner;
    const char *key;
    const void *bytes; /* NULL: remove */
    size_t size;
};

enum { GW_BOOT_MAX = 40 }; /* holds a boot's id */

/* gw_clock - records from here on bear the time of this clock.
 * machine_us  since when it is so
 * ahead_us    school time less machine time
 * is_known    somebody knows that it is right: what is not dated yet can be */
struct gw_clock {
    char boot[GW_BOOT_MAX];
    int64_t machine_us;
    int64_t ahead_us;
    bool is_known;
};

/* gw_time_correction - the store's own answer to that: what of @boot is of unknown time
 * and was made until until_us of machine time happened at its mono_us + zero_us.
 * GW_TIME_NONE: nobody will ever know more than that it was before not_after_us, when
 * this boot began; so is zero_us of this boot. */
struct gw_time_correction {
    const char *boot;
    int64_t until_us;
    int64_t zero_us;
    int64_t not_after_us;
};

/* gw_unknown_time - of a record whose boot ended before anybody knew the time: its times
 * are machine time + ahead_us and say no more than that it was before not_after_us. */
struct gw_unknown_time {
    const char *boot;
    int64_t ahead_us;
    int64_t not_after_us;
};

/* gw_range - numbers of outbox rows, both ends included. */
struct gw_range {
    uint64_t from;
    uint64_t to;
};

/* gw_recall - rows that the county asks for once more, or that it cannot have any more.
 * time_us     when it was ordered */
struct gw_recall {
    uint64_t epoch;
    const struct gw_range *ranges;
    size_t count;
    int64_t time_us;
};

/* gw_month_end - all is told of the months before @month (year * 12 + month - 1), and the
 * county is to have its file of each that has none yet. */
struct gw_month_end {
    int32_t month;
    int64_t time_us;
};

enum gw_record_kind {
    GW_RECORD_READING,
    GW_RECORD_TRANSITION,
    GW_RECORD_SUMMARY,
    GW_RECORD_FACT,
    GW_RECORD_CLOCK,
    GW_RECORD_TIME_CORRECTION,
    GW_RECORD_RECALL,      /* rows are to be sent once more */
    GW_RECORD_UNAVAILABLE, /* the store's own answer to that: rows it has not */
    GW_RECORD_MONTH_END,
    GW_RECORD_STATE,
    GW_RECORD_DELIVERY, /* a message's samples are complete */
    GW_RECORD_COMMIT,   /* a bus asks for a commit now */
};

/* Bits of gw_record.flags.  Of a reading also which era of the clock it is of, 0 to
 * GW_RECORD_ERAS - 1: from one setting of the clock to the next. */
enum {
    GW_RECORD_LOG = 1u << 0,       /* reading: the storage rule lets it into the log */
    GW_RECORD_TELEMETRY = 1u << 1, /* reading: the county wants it */
    GW_RECORD_ERA_SHIFT = 8,
    GW_RECORD_ERAS = 8,
};

static inline uint32_t gw_record_era(uint32_t flags)
{
    return flags >> GW_RECORD_ERA_SHIFT;
}

struct gw_record {
    enum gw_record_kind kind;
    uint32_t flags;
    const struct gw_unknown_time *unknown; /* NULL: its times are right */
    union {
        struct gw_reading reading;
        struct gw_transition transition;
        struct gw_summary summary;
        struct gw_fact fact;
        struct gw_clock clock;
        struct gw_time_correction correction;
        struct gw_recall recall; /* RECALL and UNAVAILABLE */
        struct gw_month_end month_end;
        struct gw_state state;
        struct gw_delivery delivery; /* DELIVERY; COMMIT uses bus and ticket */
    };
};

const char *gw_alarm_state_name(enum gw_alarm_state state);
const char *gw_severity_name(enum gw_severity severity);
const char *gw_period_name(enum gw_period period); /* "daily", "weekly", "monthly" */

#endif
