/* A clock that is set at any moment changes no hold, moment, day or expectation: what
 * happens comes after the same time has passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

enum { CUTS = 200, SAMPLES = 12 * 60, CAUSES_MAX = 16 };

#define RULES                                                                       \
    "rules:\n"                                                                      \
    "  - {id: HOLD, title: t, each: {kind: classroom}, severity: P3, for: 90min,\n" \
    "     clear_for: 50min, inputs: {occ: occupancy}, when: occ > 45}\n"            \
    "  - {id: MEAN, title: t, each: {kind: classroom}, severity: P3,\n"             \
    "     inputs: {occ: {mean: occupancy, over: 2h}}, when: occ > 30}\n"            \
    "  - {id: NEXT, title: t, each: {devices: button}, severity: P3,\n"             \
    "     expect: {event: button, within: 3h, not_before: 30min}}\n"

struct history {
    char what[CAUSES_MAX][2 * GW_ID_MAX];
    int64_t after_us[CAUSES_MAX];
    size_t count;
};

static uint64_t chance_state = 20261123;

static int64_t chance(int64_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (int64_t)((chance_state >> 33) % (uint64_t)below);
}

/* Twelve hours, a value a minute; people from 60 to 360, presses at some minutes. */
static void minute(struct rule_school *s, int at, int64_t time_us)
{
    bool is_pressed = at == 20 || at == 40 || at == 150 || at == 500;
    school_read(s, "b1-204/occupancy", time_us, at >= 60 && at < 360 ? 46 : 0, 0);
    if (is_pressed)
        school_read(s, "gate-south/button", time_us, 1, GW_EVENT);
}

/* One run; at @cut_us after its start the clock is set by @delta_us. */
static struct history run(int64_t cut_us, int64_t delta_us)
{
    int64_t start_us = at_clock(7, 0, 0);
    int64_t ahead_us = 0;
    struct rule_school *s = school_open(RULES, NULL);
    struct history h = {0};
    school_start(s, start_us);
    for (int at = 0; at < SAMPLES; at++) {
        if (ahead_us == 0 && delta_us != 0 && at * MINUTE > cut_us) {
            rules_run(s->rules, start_us + cut_us);
            ahead_us = delta_us;
            rules_clock_step(s->rules, delta_us, start_us + cut_us + delta_us);
        }
        size_t before = s->count;
        minute(s, at, start_us + at * MINUTE + ahead_us);
        for (size_t i = before; i < s->count; i++) {
            assert_true(h.count < CAUSES_MAX);
            (void)snprintf(h.what[h.count], sizeof(h.what[0]), "%s %s %d",
                           s->happened[i].rule, s->happened[i].cause,
                           s->happened[i].is_active);
            h.after_us[h.count++] = s->happened[i].time_us - ahead_us - start_us;
        }
    }
    school_close(s);
    return h;
}

static void check_same(const struct history *a, const struct history *b, int64_t cut_us,
                       int64_t delta_us)
{
    bool is_same = a->count == b->count;
    for (size_t i = 0; is_same && i < a->count; i++) {
        /* a window is judged at full minutes of the clock as it is set */
        int64_t late_us = b->after_us[i] - a->after_us[i];
        int64_t most_us = strncmp(a->what[i], "MEAN", 4) == 0 ? MINUTE : 0;
        is_same = strcmp(a->what[i], b->what[i]) == 0 && late_us <= most_us
                  && late_us >= -most_us;
    }
    if (!is_same)
        fail_msg("cut at %lld s by %lld s", (long long)(cut_us / SECOND),
                 (long long)(delta_us / SECOND));
}

static void clock_that_is_set_at_any_moment_changes_no_length(void **state)
{
    (void)state;
    const struct history whole = run(0, 0);
    /* two of the hold, two of the mean; early, over; missing, come, missing again */
    assert_int_equal(whole.count, 9);
    for (int i = 0; i < CUTS; i++) {
        int64_t cut_us = chance(SAMPLES * 60 - 60) * SECOND + 500000;
        int64_t delta_us = (chance(2 * 7 * 86400) - 7 * 86400) * SECOND + 1;
        const struct history cut = run(cut_us, delta_us);
        check_same(&whole, &cut, cut_us, delta_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_that_is_set_at_any_moment_changes_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
