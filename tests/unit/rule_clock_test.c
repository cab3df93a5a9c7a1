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
            school_clock_step(s, delta_us, start_us + cut_us + delta_us);
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
    for (size_t i = 0; is_same && i < a->count; i++)
        is_same = strcmp(a->what[i], b->what[i]) == 0 && a->after_us[i] == b->after_us[i];
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

/* Every moment is true: a fact a moment. */
#define NOON                                                                        \
    "rules: [{id: NOON, title: t, each: {kind: classroom}, at: '12:00', severity: " \
    "INF,\n"                                                                        \
    "         inputs: {occ: occupancy}, when: occ >= 0}]\n"

enum { DAYS = 6, DAY_MINUTES = 24 * 60, FACTS_MAX = 2 * DAYS };

/* noons - when facts were told, by the clock as it then was, and the real time of them.
 */
struct noons {
    int64_t told_us[FACTS_MAX];
    int64_t real_us[FACTS_MAX];
    size_t count;
};

static void note(struct noons *n, struct rule_school *s, int64_t real_us, int64_t told_us)
{
    for (; s->facts > 0; s->facts--) {
        assert_true(n->count < FACTS_MAX);
        n->real_us[n->count] = real_us;
        n->told_us[n->count++] = told_us;
    }
}

/* Six days of minutes from Monday 7:00; the clock is set before minute @cut. */
static struct noons noons_of(int cut, int64_t delta_us)
{
    struct noons n = {0};
    int64_t start_us = at_clock(7, 0, 0);
    struct rule_school *s = school_open(NOON, NULL);
    school_start(s, start_us);
    for (int at = 0; at < DAYS * DAY_MINUTES; at++) {
        int64_t real_us = start_us + at * MINUTE;
        int64_t told_us = real_us + (at >= cut ? delta_us : 0);
        if (at == cut)
            school_clock_step(s, delta_us, told_us);
        school_read(s, "b1-204/occupancy", told_us, 1, 0);
        note(&n, s, real_us, told_us);
    }
    school_close(s);
    return n;
}

static int64_t day_of(int64_t time_us)
{
    return (time_us - at_clock(0, 0, 0) + 1000 * DAY_MINUTES * MINUTE)
           / (DAY_MINUTES * MINUTE);
}

/* Of one after the other: no name twice, none sooner or later than a day but where the
 * clock was set in between, and none at a step back. */
static bool is_next(const struct noons *n, size_t i, int64_t cut_us, int64_t delta_us)
{
    int64_t day_us = DAY_MINUTES * MINUTE;
    int64_t apart_us = n->real_us[i] - n->real_us[i - 1];
    bool is_over_step = n->real_us[i] >= cut_us && n->real_us[i - 1] <= cut_us;
    bool is_near = delta_us < day_us && delta_us > -day_us;
    bool is_noon = n->told_us[i] % day_us == at_clock(12, 0, 0) % day_us;
    if (!is_over_step)
        return apart_us == day_us && is_noon;
    if (is_near && day_of(n->told_us[i]) <= day_of(n->told_us[i - 1]))
        return false;
    return apart_us > 0 && apart_us <= 2 * day_us
           && (is_noon || (delta_us > 0 && n->real_us[i] == cut_us));
}

static bool is_sound(const struct noons *n, int cut, int64_t delta_us)
{
    int64_t cut_us = at_clock(7, 0, 0) + cut * MINUTE;
    for (size_t i = 1; i < n->count; i++)
        if (!is_next(n, i, cut_us, delta_us))
            return false;
    return n->count >= DAYS - 1 && n->count <= DAYS + 1;
}

static void clock_that_is_set_judges_every_moment_once(void **state)
{
    (void)state;
    for (int i = 0; i < CUTS / 2; i++) {
        int cut = (int)chance(DAYS * DAY_MINUTES - 60) + 30;
        int64_t days = i % 2 ? 1 : 8;
        int64_t delta_us = (chance(2 * days * DAY_MINUTES) - days * DAY_MINUTES) * MINUTE;
        const struct noons n = noons_of(cut, delta_us);
        if (!is_sound(&n, cut, delta_us))
            fail_msg("cut before minute %d by %lld minutes", cut,
                     (long long)(delta_us / MINUTE));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_that_is_set_at_any_moment_changes_no_length),
        cmocka_unit_test(clock_that_is_set_judges_every_moment_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
