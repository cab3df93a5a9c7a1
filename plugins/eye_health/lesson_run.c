#include "lesson_run.h"

#include <math.h>

/* Half a rounding error of a share of minutes. */
static const double slack = 1e-9;

static bool complies(const struct eye_options *options, enum lesson_quantity quantity,
                     double value)
{
    switch (quantity) {
    case LESSON_LIGHT:
        return value >= options->desk_least;
    case LESSON_CO2:
        return value <= options->co2_most;
    case LESSON_TEMPERATURE:
        return value >= options->temperature_least && value <= options->temperature_most;
    case LESSON_QUANTITIES:
        break;
    }
    return false;
}

void lesson_run_add(struct lesson_run *run, const struct eye_options *options,
                    const struct lesson_minute *minute)
{
    run->minutes++;
    run->used += minute->is_in_use;
    run->is_indicative = run->is_indicative || minute->is_indicative;
    for (int q = 0; q < LESSON_QUANTITIES; q++)
        run->has[q] = minute->has[q];
    if (!minute->is_in_use)
        return;
    run->projecting += minute->is_projecting && minute->has[LESSON_LIGHT];
    for (int q = 0; q < LESSON_QUANTITIES; q++) {
        double value = minute->values[q];
        if (!minute->has[q] || isnan(value)
            || (q == LESSON_LIGHT && minute->is_projecting))
            continue;
        run->known[q]++;
        run->compliant[q] += complies(options, (enum lesson_quantity)q, value);
    }
}

uint32_t lesson_run_due(const struct lesson_run *run, uint32_t minutes)
{
    uint32_t idle = run->minutes - run->used;
    return minutes > idle ? minutes - idle : 0;
}

/* While a panel is on, that the light is not asked for is known. */
static uint32_t known_of(const struct lesson_run *run, int quantity)
{
    return run->known[quantity] + (quantity == LESSON_LIGHT ? run->projecting : 0);
}

double lesson_run_completeness(const struct lesson_run *run, uint32_t minutes)
{
    double due = 0;
    double known = 0;
    for (int q = 0; q < LESSON_QUANTITIES; q++) {
        due += run->has[q] ? lesson_run_due(run, minutes) : 0;
        known += run->has[q] ? known_of(run, q) : 0;
    }
    return due > 0 ? fmin(1, known / due) : 0;
}

void lesson_run_count(const struct lesson_run *run, const struct eye_options *options,
                      uint32_t minutes, struct lesson_tally *day)
{
    uint32_t due = lesson_run_due(run, minutes);
    if (run->used == 0)
        return;
    day->lessons++;
    for (int q = 0; q < LESSON_QUANTITIES; q++) {
        double known = run->known[q];
        if (!run->has[q])
            continue;
        day->due += due;
        day->known += known_of(run, q);
        if (known == 0 || known_of(run, q) < options->valid * due - slack)
            continue;
        day->judged[q]++;
        day->compliant[q] += run->compliant[q] >= options->lesson_share * known - slack;
    }
}

void lesson_tally_add(struct lesson_tally *t, const struct lesson_tally *other)
{
    t->lessons += other->lessons;
    t->known += other->known;
    t->due += other->due;
    for (int q = 0; q < LESSON_QUANTITIES; q++) {
        t->judged[q] += other->judged[q];
        t->compliant[q] += other->compliant[q];
    }
}

double lesson_tally_share(const struct lesson_tally *t, enum lesson_quantity quantity)
{
    return t->judged[quantity] > 0 ? t->compliant[quantity] / (double)t->judged[quantity]
                                   : NAN;
}

double lesson_tally_completeness(const struct lesson_tally *t)
{
    return t->due > 0 ? fmin(1, t->known / (double)t->due) : 0;
}
