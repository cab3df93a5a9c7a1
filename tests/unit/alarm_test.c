#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "alarms/alarm.h"

enum { EMITTED_MAX = 64, KEPT_MAX = 4096 };

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define NOON (INT64_C(1795492800) * SECOND)

/* What alarms emit, as a person would note it. */
struct notebook {
    struct gw_transition transitions[EMITTED_MAX];
    size_t transition_count;
    char key[2 * GW_ID_MAX];
    char kept[KEPT_MAX];
    size_t kept_size;
    size_t kept_count;
    enum gw_record_kind last;
};

static void note(void *ctx, const struct gw_record *record)
{
    struct notebook *book = ctx;
    book->last = record->kind;
    if (record->kind == GW_RECORD_TRANSITION) {
        assert_true(book->transition_count < EMITTED_MAX);
        book->transitions[book->transition_count++] = record->transition;
        return;
    }
    assert_int_equal(record->kind, GW_RECORD_STATE);
    assert_string_equal(record->state.owner, "alarm");
    assert_true(record->state.size <= KEPT_MAX);
    (void)snprintf(book->key, sizeof(book->key), "%s", record->state.key);
    memcpy(book->kept, record->state.bytes, record->state.size);
    book->kept_size = record->state.size;
    book->kept_count++;
}

static const struct alarm_rule light = {
    .id = "EY-01",
    .title = {.zh = "课桌面照度不足", .en = "Desk illuminance low"},
    .basis = "GB 7793",
    .severity = GW_P4,
};
static const struct alarm_rule crowd = {.id = "CS-04", .severity = GW_P2};
static const struct alarm_rule panic = {
    .id = "TF-01", .severity = GW_P1, .is_latching = true};

static struct notebook book;
static struct alarms *alarms;

static int set_up(void **state)
{
    (void)state;
    memset(&book, 0, sizeof(book));
    clock_set(SECOND, NOON);
    return alarms_new(&(struct alarms_ops){&book, note, NULL}, &alarms);
}

static int tear_down(void **state)
{
    (void)state;
    alarms = alarms_free(alarms);
    clock_release();
    return 0;
}

static void raise_at(const struct alarm_rule *rule, const char *object, int64_t time_us)
{
    alarms_condition(alarms, rule, object, true, 212, "rule", time_us);
}

static void clear_at(const struct alarm_rule *rule, const char *object, int64_t time_us)
{
    alarms_condition(alarms, rule, object, false, 340, "rule", time_us);
}

static int operate(const char *id, enum alarm_event event, int64_t time_us)
{
    struct alarm_command command = {.event = event, .actor = "guard"};
    (void)snprintf(command.id, sizeof(command.id), "%s", id);
    return alarms_operate(alarms, &command, time_us, NULL);
}

static int shelve(const char *id, const char *comment, int64_t time_us, int64_t until_us,
                  struct gw_error *err)
{
    struct alarm_command command = {
        .event = ALARM_SHELVE, .actor = "leader", .until_us = until_us};
    (void)snprintf(command.id, sizeof(command.id), "%s", id);
    (void)snprintf(command.comment, sizeof(command.comment), "%s", comment);
    return alarms_operate(alarms, &command, time_us, err);
}

static struct alarm_row row_of(const char *id)
{
    struct arena *arena;
    struct alarm_row *rows;
    struct alarm_row found = {.uid = UINT64_MAX};
    assert_int_equal(arena_new(&arena), 0);
    size_t n = alarms_snapshot(alarms, true, arena, &rows);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].id, id) == 0)
            found = rows[i];
    arena_free(arena);
    assert_true(found.uid != UINT64_MAX);
    return found;
}

static const struct gw_transition *last_transition(void)
{
    assert_true(book.transition_count > 0);
    return &book.transitions[book.transition_count - 1];
}

static void every_cell_of_the_table_is_as_isa_18_2_has_it(void **state)
{
    (void)state;
    /* State letters of DOMAIN's life cycle: A normal, B unacknowledged, C acknowledged,
     * D returned, E latched, F latched and acknowledged, G shelved, H suppressed,
     * I out of service. */
    static const struct {
        enum alarm_event event;
        const char *plain;
        const char *latching;
    } columns[] = {
        {ALARM_RAISE, "BBCBBBGHI", "BBCBBBGHI"},
        {ALARM_CLEAR, "ADADEFGHI", "AEFDEFGHI"},
        {ALARM_ACKNOWLEDGE, "ACCAFFGHI", "ACCAFFGHI"},
        {ALARM_RESET, "ABCDEAGHI", "ABCDEAGHI"},
        {ALARM_SHELVE, "GGGGGGGHI", "GGGGGGGHI"},
        {ALARM_UNSHELVE, "ABCDEFAHI", "ABCDEFAHI"},
        {ALARM_SUPPRESS, "HHHHHHHHI", "HHHHHHHHI"},
        {ALARM_UNSUPPRESS, "ABCDEFGAI", "ABCDEFGAI"},
        {ALARM_OUT, "IIIIIIIII", "IIIIIIIII"},
        {ALARM_IN, "ABCDEFGHA", "ABCDEFGHA"},
    };
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
        for (int s = 0; s < GW_ALARM_STATES; s++) {
            enum gw_alarm_state from = (enum gw_alarm_state)s;
            assert_int_equal('A' + (int)alarm_next(from, columns[c].event, false),
                             columns[c].plain[s]);
            assert_int_equal('A' + (int)alarm_next(from, columns[c].event, true),
                             columns[c].latching[s]);
        }
}

static void alarm_goes_from_raise_over_acknowledge_to_normal(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    assert_int_equal(operate("EY-01@b1-203", ALARM_ACKNOWLEDGE, NOON + SECOND), 0);
    clear_at(&light, "b1-203", NOON + 2 * SECOND);

    assert_int_equal(book.transition_count, 3);
    const struct gw_transition *t = book.transitions;
    assert_int_equal(t[0].from, GW_ALARM_NORMAL);
    assert_int_equal(t[0].to, GW_ALARM_UNACKNOWLEDGED);
    assert_string_equal(t[0].cause, "rule");
    assert_string_equal(t[0].actor, "");
    assert_true(t[0].value == 212);
    assert_int_equal(t[1].to, GW_ALARM_ACKNOWLEDGED);
    assert_string_equal(t[1].actor, "guard");
    assert_int_equal(t[2].to, GW_ALARM_NORMAL);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(t[i].uid, 1);
        assert_int_equal(t[i].seq, i + 1);
        assert_int_equal(t[i].time_quality, GW_TIME_GOOD);
        assert_true(t[i].time_us == NOON + (int64_t)i * SECOND);
    }
    assert_int_equal(book.last, GW_RECORD_STATE);
    assert_int_equal(book.kept_count, 3);
}

static void alarm_raised_again_while_returned_is_unacknowledged_again(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    clear_at(&light, "b1-203", NOON + SECOND);
    assert_int_equal(row_of("EY-01@b1-203").state, GW_ALARM_RETURNED);
    raise_at(&light, "b1-203", NOON + 2 * SECOND);

    struct alarm_row row = row_of("EY-01@b1-203");
    assert_int_equal(row.state, GW_ALARM_UNACKNOWLEDGED);
    assert_int_equal(row.raised, 2);
    assert_int_equal(row.uid, 1);
    assert_true(row.raised_us == NOON + 2 * SECOND);
}

static void new_activation_carries_nobodys_name(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    clear_at(&light, "b1-203", NOON);
    operate("EY-01@b1-203", ALARM_ACKNOWLEDGE, NOON);
    raise_at(&light, "b1-203", NOON);
    assert_int_equal(last_transition()->uid, 2);
    assert_int_equal(last_transition()->seq, 1);
    assert_string_equal(row_of("EY-01@b1-203").actor, "");

    raise_at(&panic, "panic-gate", NOON);
    operate("TF-01@panic-gate", ALARM_ACKNOWLEDGE, NOON);
    clear_at(&panic, "panic-gate", NOON);
    raise_at(&panic, "panic-gate", NOON); /* latched, so of the same uid */
    assert_string_equal(row_of("TF-01@panic-gate").actor, "");
}

static void saying_the_same_again_changes_nothing(void **state)
{
    (void)state;
    clear_at(&light, "b1-203", NOON);
    assert_int_equal(book.transition_count + book.kept_count, 0);
    raise_at(&light, "b1-203", NOON);
    raise_at(&light, "b1-203", NOON + SECOND);
    assert_int_equal(book.transition_count, 1);
    assert_int_equal(operate("EY-01@b1-203", ALARM_ACKNOWLEDGE, NOON), 0);
    assert_int_equal(operate("EY-01@b1-203", ALARM_ACKNOWLEDGE, NOON), 0);
    assert_int_equal(book.transition_count, 2);
}

static void latched_alarm_needs_acknowledgement_and_reset(void **state)
{
    (void)state;
    struct gw_error err = {0};
    raise_at(&panic, "panic-gate", NOON);
    clear_at(&panic, "panic-gate", NOON);
    assert_int_equal(row_of("TF-01@panic-gate").state, GW_ALARM_LATCHED);

    struct alarm_command reset = {.id = "TF-01@panic-gate", .event = ALARM_RESET};
    assert_int_equal(alarms_operate(alarms, &reset, NOON, &err), -EPERM);
    assert_non_null(strstr(err.text, "latched and unacknowledged"));
    assert_non_null(strstr(err.text, "(allowed: acknowledge)"));
    assert_int_equal(operate(reset.id, ALARM_ACKNOWLEDGE, NOON), 0);
    assert_int_equal(operate(reset.id, ALARM_RESET, NOON), 0);
    assert_int_equal(row_of("TF-01@panic-gate").state, GW_ALARM_NORMAL);
    assert_int_equal(operate(reset.id, ALARM_RESET, NOON), 0);
}

static void reset_is_refused_while_the_cause_stands(void **state)
{
    (void)state;
    raise_at(&panic, "panic-gate", NOON);
    operate("TF-01@panic-gate", ALARM_ACKNOWLEDGE, NOON);

    struct gw_error err = {0};
    struct alarm_command reset = {.id = "TF-01@panic-gate", .event = ALARM_RESET};
    assert_int_equal(alarms_operate(alarms, &reset, NOON, &err), -EPERM);
    assert_non_null(strstr(err.text, "(allowed: nothing, until its cause is gone)"));
}

static void shelving_is_refused_for_p1_without_comment_and_beyond_8_hours(void **state)
{
    (void)state;
    struct gw_error err = {0};
    raise_at(&panic, "panic-gate", NOON);
    raise_at(&light, "b1-203", NOON);
    const char *id = "EY-01@b1-203";
    assert_int_equal(shelve("TF-01@panic-gate", "test", NOON, NOON + HOUR, &err), -EPERM);
    assert_non_null(strstr(err.text, "a P1 alarm is never shelved"));
    assert_int_equal(shelve(id, "", NOON, NOON + HOUR, &err), -EPERM);
    assert_non_null(strstr(err.text, "needs a comment"));
    assert_int_equal(shelve(id, "lamps", NOON, NOON + 8 * HOUR + 1, &err), -EPERM);
    assert_non_null(strstr(err.text, "at most 8 h"));
    assert_int_equal(shelve(id, "lamps", NOON, NOON, &err), -EPERM);
    assert_int_equal(book.transition_count, 2);
    assert_int_equal(shelve(id, "lamps", NOON, NOON + 8 * HOUR, &err), 0);
}

static void shelved_alarm_comes_back_at_its_end_if_the_cause_stands(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    raise_at(&crowd, "b1-204", NOON);
    shelve("EY-01@b1-203", "lamps ordered", NOON, NOON + HOUR, NULL);
    shelve("CS-04@b1-204", "parents' day", NOON, NOON + 2 * HOUR, NULL);
    clear_at(&crowd, "b1-204", NOON + SECOND);
    assert_int_equal(row_of("CS-04@b1-204").state, GW_ALARM_SHELVED);
    assert_true(alarms_next_due(alarms) == NOON + HOUR);

    alarms_run(alarms, NOON + HOUR - 1);
    assert_int_equal(row_of("EY-01@b1-203").state, GW_ALARM_SHELVED);
    alarms_run(alarms, NOON + HOUR);
    assert_int_equal(row_of("EY-01@b1-203").state, GW_ALARM_UNACKNOWLEDGED);
    assert_string_equal(last_transition()->cause, "shelve-end");
    assert_true(row_of("EY-01@b1-203").raised_us == NOON);
    assert_true(alarms_next_due(alarms) == NOON + 2 * HOUR);
    alarms_run(alarms, NOON + 2 * HOUR);
    assert_int_equal(row_of("CS-04@b1-204").state, GW_ALARM_NORMAL);
    assert_true(alarms_next_due(alarms) == INT64_MAX);
}

static void out_of_service_keeps_a_latch(void **state)
{
    (void)state;
    raise_at(&panic, "panic-gate", NOON);
    assert_int_equal(operate("TF-01@panic-gate", ALARM_OUT, NOON), 0);
    clear_at(&panic, "panic-gate", NOON);
    assert_int_equal(operate("TF-01@panic-gate", ALARM_ACKNOWLEDGE, NOON), -EPERM);
    assert_int_equal(operate("TF-01@panic-gate", ALARM_IN, NOON), 0);
    assert_int_equal(row_of("TF-01@panic-gate").state, GW_ALARM_LATCHED);
}

static void unknown_alarms_and_events_are_refused_in_words(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct alarm_command command = {.id = "EY-01@nowhere", .event = ALARM_ACKNOWLEDGE};
    assert_int_equal(alarms_operate(alarms, &command, NOON, &err), -ENOENT);
    assert_non_null(strstr(err.text, "EY-01@nowhere"));
    raise_at(&light, "b1-203", NOON);
    assert_int_equal(operate("EY-01@b1-203", ALARM_RAISE, NOON), -EPERM);
    assert_int_equal(operate("EY-01@b1-203", ALARM_EVENTS, NOON), -EPERM);
}

static void restart_brings_everything_back_without_a_word(void **state)
{
    (void)state;
    raise_at(&light, "b1-202", NOON);
    raise_at(&light, "b1-203", NOON);
    shelve("EY-01@b1-203", "lamps ordered", NOON, NOON + HOUR, NULL);
    alarms_free(alarms);
    struct notebook before = book;
    assert_int_equal(set_up(NULL), 0);
    assert_int_equal(alarms_restore(alarms, before.key, before.kept, before.kept_size),
                     0);

    struct alarm_row row = row_of("EY-01@b1-203");
    assert_int_equal(row.state, GW_ALARM_SHELVED);
    assert_int_equal(row.uid, 2);
    assert_int_equal(row.seq, 2);
    assert_string_equal(row.comment, "lamps ordered");
    assert_true(row.is_active && row.value == 212);
    assert_int_equal(book.transition_count + book.kept_count, 0);
    assert_true(alarms_next_due(alarms) == NOON + HOUR);
    raise_at(&light, "b1-203", NOON);
    assert_string_equal(row_of("EY-01@b1-203").title.en, "Desk illuminance low");
    raise_at(&crowd, "hall", NOON);
    assert_int_equal(last_transition()->uid, 3);
}

static void uids_rise_also_when_kept_bytes_are_lost(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    alarms_begin_behind(alarms, 41);
    raise_at(&crowd, "hall", NOON);
    assert_int_equal(last_transition()->uid, 42);
    alarms_begin_behind(alarms, 7);
    raise_at(&panic, "gate", NOON);
    assert_int_equal(last_transition()->uid, 43);
}

static void kept_bytes_of_an_unknown_form_are_refused(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    struct notebook kept = book;
    assert_int_equal(alarms_restore(alarms, kept.key, kept.kept, kept.kept_size - 1),
                     -EINVAL);
    assert_int_equal(alarms_restore(alarms, "EY-02@b1-203", kept.kept, kept.kept_size),
                     -EINVAL);
    kept.kept[0] = 99;
    assert_int_equal(alarms_restore(alarms, kept.key, kept.kept, kept.kept_size),
                     -EINVAL);
}

static void alarm_whose_rule_is_gone_returns(void **state)
{
    (void)state;
    raise_at(&light, "b1-203", NOON);
    raise_at(&crowd, "hall", NOON);
    alarms_retire(alarms, NOON);
    assert_int_equal(book.transition_count, 2);

    raise_at(&light, "b1-203", NOON); /* the new configuration knows this one only */
    alarms_retire(alarms, NOON + SECOND);
    assert_int_equal(book.transition_count, 3);
    assert_string_equal(last_transition()->rule, "CS-04");
    assert_string_equal(last_transition()->cause, "configuration");
    assert_int_equal(last_transition()->to, GW_ALARM_RETURNED);
}

static void snapshot_puts_what_needs_a_guard_first(void **state)
{
    (void)state;
    struct arena *arena;
    struct alarm_row *rows;
    raise_at(&light, "a", NOON);
    raise_at(&crowd, "b", NOON + 1);
    raise_at(&crowd, "c", NOON + 2);
    raise_at(&panic, "d", NOON + 3);
    operate("TF-01@d", ALARM_ACKNOWLEDGE, NOON + 4);
    raise_at(&light, "e", NOON + 5);
    clear_at(&light, "e", NOON + 6);
    operate("EY-01@e", ALARM_ACKNOWLEDGE, NOON + 7);

    assert_int_equal(arena_new(&arena), 0);
    assert_int_equal(alarms_snapshot(alarms, false, arena, &rows), 4);
    assert_string_equal(rows[0].id, "CS-04@c");
    assert_string_equal(rows[1].id, "CS-04@b");
    assert_string_equal(rows[2].id, "EY-01@a");
    assert_string_equal(rows[3].id, "TF-01@d");
    assert_int_equal(alarms_snapshot(alarms, true, arena, &rows), 5);
    assert_string_equal(rows[4].id, "EY-01@e");
    arena_free(arena);
}

static void a_panic_that_ended_still_stands_above_what_is_less_grave(void **state)
{
    (void)state;
    struct arena *arena;
    struct alarm_row *rows;
    raise_at(&panic, "d", NOON);
    clear_at(&panic, "d", NOON + 1);
    raise_at(&crowd, "b", NOON + 2);

    assert_int_equal(arena_new(&arena), 0);
    assert_int_equal(alarms_snapshot(alarms, false, arena, &rows), 2);
    assert_string_equal(rows[0].id, "TF-01@d");
    assert_int_equal(rows[0].state, GW_ALARM_LATCHED);
    assert_string_equal(rows[1].id, "CS-04@b");
    arena_free(arena);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static void more_urgent_alarm_needs_another_acknowledgement(void **state)
{
    (void)state;
    struct alarm_rule worse = light;
    worse.severity = GW_P2;
    raise_at(&light, "b1-203", NOON);
    assert_int_equal(operate("EY-01@b1-203", ALARM_ACKNOWLEDGE, NOON + SECOND), 0);
    alarms_worsen(alarms, &worse, "b1-203", 100, NOON + 2 * SECOND);

    const struct gw_transition *t = last_transition();
    assert_int_equal(book.transition_count, 3);
    assert_int_equal(t->from, GW_ALARM_ACKNOWLEDGED);
    assert_int_equal(t->to, GW_ALARM_UNACKNOWLEDGED);
    assert_int_equal(t->severity, GW_P2);
    assert_string_equal(t->cause, "severity");
    assert_int_equal(t->uid, 1);
    assert_true(t->value == 100);
}

static void shelved_alarm_worsens_out_of_sight_but_not_to_p1(void **state)
{
    (void)state;
    struct alarm_rule worse = light;
    int64_t until_us = NOON + HOUR;
    worse.severity = GW_P2;
    raise_at(&light, "b1-203", NOON);
    assert_int_equal(shelve("EY-01@b1-203", "painters", NOON, until_us, NULL), 0);
    alarms_worsen(alarms, &worse, "b1-203", 100, NOON + 2 * SECOND);
    alarms_worsen(alarms, &worse, "b1-204", 100, NOON + 2 * SECOND); /* stands nowhere */
    assert_int_equal(book.transition_count, 2);
    assert_int_equal(row_of("EY-01@b1-203").severity, GW_P2);
    worse.severity = GW_P1;
    alarms_worsen(alarms, &worse, "b1-203", 100, NOON + 3 * SECOND);
    assert_int_equal(book.transition_count, 3);
    assert_int_equal(last_transition()->to, GW_ALARM_UNACKNOWLEDGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(every_cell_of_the_table_is_as_isa_18_2_has_it),
        UNIT(alarm_goes_from_raise_over_acknowledge_to_normal),
        UNIT(alarm_raised_again_while_returned_is_unacknowledged_again),
        UNIT(new_activation_carries_nobodys_name),
        UNIT(saying_the_same_again_changes_nothing),
        UNIT(latched_alarm_needs_acknowledgement_and_reset),
        UNIT(reset_is_refused_while_the_cause_stands),
        UNIT(shelving_is_refused_for_p1_without_comment_and_beyond_8_hours),
        UNIT(shelved_alarm_comes_back_at_its_end_if_the_cause_stands),
        UNIT(out_of_service_keeps_a_latch),
        UNIT(unknown_alarms_and_events_are_refused_in_words),
        UNIT(restart_brings_everything_back_without_a_word),
        UNIT(uids_rise_also_when_kept_bytes_are_lost),
        UNIT(kept_bytes_of_an_unknown_form_are_refused),
        UNIT(alarm_whose_rule_is_gone_returns),
        UNIT(snapshot_puts_what_needs_a_guard_first),
        UNIT(a_panic_that_ended_still_stands_above_what_is_less_grave),
        UNIT(more_urgent_alarm_needs_another_acknowledgement),
        UNIT(shelved_alarm_worsens_out_of_sight_but_not_to_p1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
