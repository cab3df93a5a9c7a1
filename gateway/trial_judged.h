/* trial_judged.h - how long each instance of a rule on trial could be judged, and what
 * kept it from it.  Times are school time.  Thread: one. */
#ifndef TRIAL_JUDGED_H
#define TRIAL_JUDGED_H

#include "base/arena.h"
#include "gw/record.h"
#include "rules/rule.h"

/* trial_gap - an input that was not known, for one reason; amount: µs, or moments. */
struct trial_gap {
    const char *input;
    enum rule_gap_why why;
    int64_t amount;
    bool is_now;
};

/* trial_judged - one instance.
 * is_by_moments  judged at each moment of `at`: amounts are moments, else µs
 * due, unknown   in how much of the span it was to be judged, and could not be
 * since_us       up to here it is counted, as it stands */
struct trial_judged {
    char object[GW_ID_MAX];
    bool is_by_moments;
    int64_t due;
    int64_t unknown;
    struct trial_gap gaps[RULE_GAPS_MAX];
    size_t gap_count;
    int64_t since_us;
    int64_t moment_us; /* of a moment that has not ended: its last judgement counts */
    bool is_due;
    bool is_unknown;
};

/* trial_judged_take - counts how it stood up to @judgement within @from_us .. @to_us (the
 * span, GW_TIME_NONE = not known yet), and how it stands now. */
void trial_judged_take(struct trial_judged *j, const struct rule_judgement *judgement,
                       struct arena *arena, int64_t from_us, int64_t to_us);

/* trial_judged_end - the span is over. */
void trial_judged_end(struct trial_judged *j, int64_t from_us, int64_t to_us);

/* trial_judged_share - of the time or the moments in which it was due, 0..1. */
double trial_judged_share(const struct trial_judged *j, int64_t amount);

#endif
