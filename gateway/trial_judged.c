#include "trial_judged.h"

#include <string.h>

/* What is counted for the standing that ends: one moment, or the time in the span. */
static int64_t amount_until(const struct trial_judged *j, int64_t time_us,
                            int64_t from_us, int64_t to_us)
{
    if (from_us == GW_TIME_NONE)
        return 0;
    if (j->is_by_moments)
        return j->moment_us >= from_us && j->moment_us <= to_us;
    int64_t start_us = j->since_us > from_us ? j->since_us : from_us;
    int64_t end_us = time_us < to_us ? time_us : to_us;
    return end_us > start_us ? end_us - start_us : 0;
}

static void count(struct trial_judged *j, int64_t time_us, int64_t from_us, int64_t to_us)
{
    int64_t amount = j->is_due ? amount_until(j, time_us, from_us, to_us) : 0;
    j->due += amount;
    j->unknown += j->is_unknown ? amount : 0;
    for (size_t i = 0; i < j->gap_count; i++) {
        j->gaps[i].amount += j->gaps[i].is_now ? amount : 0;
        j->gaps[i].is_now = false;
    }
    j->since_us = time_us;
}

static void add_gap(struct trial_judged *j, const struct rule_gap *gap,
                    struct arena *arena)
{
    size_t i = 0;
    while (i < j->gap_count
           && (j->gaps[i].why != gap->why || strcmp(j->gaps[i].input, gap->input) != 0))
        i++;
    if (i == RULE_GAPS_MAX)
        return; /* what is named already says enough */
    if (i == j->gap_count) {
        const char *input = arena_string(arena, gap->input);
        j->gaps[j->gap_count++] =
            (struct trial_gap){.input = input ? input : "", .why = gap->why};
    }
    j->gaps[i].is_now = true;
}

void trial_judged_take(struct trial_judged *j, const struct rule_judgement *judgement,
                       struct arena *arena, int64_t from_us, int64_t to_us)
{
    bool is_again = j->is_by_moments && j->moment_us == judgement->moment_us;
    if (is_again)
        for (size_t i = 0; i < j->gap_count; i++)
            j->gaps[i].is_now = false;
    else
        count(j, judgement->time_us, from_us, to_us);
    j->is_by_moments = judgement->moment_us != GW_TIME_NONE;
    j->moment_us = judgement->moment_us;
    j->is_due = judgement->is_due;
    j->is_unknown = judgement->is_unknown;
    for (size_t i = 0; i < judgement->gap_count; i++)
        add_gap(j, &judgement->gaps[i], arena);
}

void trial_judged_end(struct trial_judged *j, int64_t from_us, int64_t to_us)
{
    count(j, to_us, from_us, to_us);
    j->is_due = false;
}

double trial_judged_share(const struct trial_judged *j, int64_t amount)
{
    return j->due > 0 ? (double)amount / (double)j->due : 0;
}
