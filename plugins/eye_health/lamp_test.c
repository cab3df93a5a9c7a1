#include "lamp_test.h"

#include <math.h>
#include <string.h>

static const int64_t minute_us = 60000000;
static const int64_t longest_us = 90000000; /* the first after the clock was set */

const char *lamp_end_name(enum lamp_end end)
{
    static const char *const names[LAMP_ENDS] = {
        [LAMP_GOES_ON] = "goes-on",         [LAMP_MEASURED] = "measured",
        [LAMP_OCCUPIED] = "occupied",       [LAMP_HALF_LIT] = "half-lit",
        [LAMP_UNSTEADY] = "unsteady",       [LAMP_SENSOR] = "sensor",
        [LAMP_DAYLIGHT] = "daylight",       [LAMP_SWITCHED_OFF] = "switched-off",
        [LAMP_INTERRUPTED] = "interrupted",
    };
    return names[end];
}

double lamp_test_mean(const struct lamp_test *t, uint32_t index)
{
    return t->minutes > 0 ? t->sums[index] / t->minutes : NAN;
}

static bool is_running(const struct lamp_test *t)
{
    return t->state == LAMP_WARMING || t->state == LAMP_MEASURING;
}

/* What the minute does to a test whose lamps are on; the first that is so. */
static enum lamp_end disturbed(const struct lamp_test *t, const struct lamp_minute *m,
                               int64_t time_us)
{
    bool is_measured = t->state == LAMP_MEASURING;
    const struct {
        bool is_so;
        enum lamp_end end;
    } causes[] = {
        {time_us <= t->last_us || time_us - t->last_us > longest_us, LAMP_INTERRUPTED},
        {!m->is_night, LAMP_DAYLIGHT},
        {m->light == LAMP_UNKNOWN, LAMP_SENSOR},
        {m->light == LAMP_DARK || m->ends_dark, LAMP_SWITCHED_OFF},
        {m->light == LAMP_PART, LAMP_HALF_LIT},
        {m->people == LAMP_PEOPLE && (t->was_empty || is_measured), LAMP_OCCUPIED},
        {m->people == LAMP_PEOPLE_UNKNOWN && is_measured, LAMP_SENSOR},
    };
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
        if (causes[i].is_so)
            return causes[i].end;
    return LAMP_GOES_ON;
}

static bool is_steady(const struct lamp_test *t, const struct eye_options *options,
                      const struct lamp_minute *m)
{
    for (uint32_t i = 0; i < m->lights; i++)
        if (t->most[i] - t->least[i] > options->steady * lamp_test_mean(t, i))
            return false;
    return true;
}

static void add_minute(struct lamp_test *t, const struct lamp_minute *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        double value = m->values[i];
        t->sums[i] = t->minutes > 0 ? t->sums[i] + value : value;
        t->least[i] = t->minutes > 0 ? fmin(t->least[i], value) : value;
        t->most[i] = t->minutes > 0 ? fmax(t->most[i], value) : value;
    }
    t->is_board_lit = (t->minutes == 0 || t->is_board_lit) && m->is_board_lit;
    t->minutes++;
}

static enum lamp_end measure(struct lamp_test *t, const struct eye_options *options,
                             const struct lamp_minute *m)
{
    add_minute(t, m);
    if (!is_steady(t, options, m))
        return LAMP_UNSTEADY;
    return t->minutes * minute_us >= options->measure_us ? LAMP_MEASURED : LAMP_GOES_ON;
}

/* From this minute on all lamps are on. */
static void begin(struct lamp_test *t, const struct lamp_minute *m, int64_t time_us)
{
    t->state = LAMP_WARMING;
    t->lit_us = time_us - minute_us;
    t->minutes = 0;
    memcpy(t->least, m->values, m->lights * sizeof(t->least[0]));
    memcpy(t->most, m->values, m->lights * sizeof(t->most[0]));
}

/* A row of lamps that goes out leaves every sensor lit, but one of them much less; a row
 * that comes later has yet to warm up.  Lamps themselves change slowly. */
static enum lamp_end look_for_rows(struct lamp_test *t, const struct eye_options *options,
                                   const struct lamp_minute *m, int64_t time_us)
{
    bool has_grown = false;
    for (uint32_t i = 0; i < m->lights; i++) {
        double value = m->values[i];
        if (value < t->most[i] * (1 - options->row))
            return LAMP_HALF_LIT;
        has_grown = has_grown || value > t->least[i] * (1 + options->row);
        t->least[i] = fmin(t->least[i], value);
        t->most[i] = fmax(t->most[i], value);
    }
    if (has_grown)
        begin(t, m, time_us);
    return LAMP_GOES_ON;
}

/* The room must be empty by the end of the warm-up: who switched the lamps on has left.
 */
static enum lamp_end warm(struct lamp_test *t, const struct eye_options *options,
                          const struct lamp_minute *m, int64_t time_us)
{
    t->was_empty = t->was_empty || m->people == LAMP_EMPTY;
    if (look_for_rows(t, options, m, time_us) != LAMP_GOES_ON)
        return LAMP_HALF_LIT;
    if (time_us - t->lit_us < options->warm_up_us)
        return LAMP_GOES_ON;
    if (m->people == LAMP_PEOPLE_UNKNOWN)
        return LAMP_SENSOR;
    if (m->people == LAMP_PEOPLE)
        return LAMP_OCCUPIED;
    t->state = LAMP_MEASURING;
    return LAMP_GOES_ON;
}

static enum lamp_end go_on(struct lamp_test *t, const struct eye_options *options,
                           const struct lamp_minute *m, int64_t time_us)
{
    enum lamp_end end = disturbed(t, m, time_us);
    if (end != LAMP_GOES_ON)
        return end;
    return t->state == LAMP_MEASURING ? measure(t, options, m)
                                      : warm(t, options, m, time_us);
}

/* Until the lamps are on.  A room that is lit in part only stays what it was. */
static void await_lamps(struct lamp_test *t, const struct lamp_minute *m, int64_t time_us)
{
    if (!m->is_night) {
        t->state = LAMP_WAITING;
    } else if (m->light == LAMP_DARK) {
        t->state = LAMP_READY;
        t->dark_lux = m->brightest;
    } else if (m->light == LAMP_LIT && t->state == LAMP_READY) {
        begin(t, m, time_us);
        t->was_empty = m->people == LAMP_EMPTY;
    }
}

void lamp_test_step(struct lamp_test *t, int64_t delta_us)
{
    t->last_us += delta_us;
    t->lit_us += delta_us;
}

enum lamp_end lamp_test_minute(struct lamp_test *t, const struct eye_options *options,
                               const struct lamp_minute *minute, int64_t time_us)
{
    enum lamp_end end = LAMP_GOES_ON;
    if (is_running(t))
        end = go_on(t, options, minute, time_us);
    if (end != LAMP_GOES_ON)
        t->state = LAMP_WAITING;
    if (!is_running(t))
        await_lamps(t, minute, time_us);
    t->last_us = time_us;
    return end;
}
