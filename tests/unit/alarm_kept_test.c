#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alarms/alarm.h"
#include "base/clock.h"

#define SECOND INT64_C(1000000)
#define NOON (INT64_C(1795492800) * SECOND)

static const char light_id[] = "EY-01@b1-203";
static const struct alarm_rule light = {
    .id = "EY-01",
    .title = {.zh = "课桌面照度不足", .en = "Desk illuminance low"},
    .basis = "GB 7793",
    .severity = GW_P4,
    .unit = "lx",
};
static const struct gw_text classroom = {.zh = "三年级一班教室", .en = "Class 3-1"};

static struct alarms *alarms;
static char kept[4096]; /* as the store has it */
static size_t kept_size;

static void note(void *ctx, const struct gw_record *record)
{
    (void)ctx;
    if (record->kind != GW_RECORD_STATE)
        return;
    assert_true(record->state.size <= sizeof(kept));
    memcpy(kept, record->state.bytes, record->state.size);
    kept_size = record->state.size;
}

static const struct gw_text *place_of(void *ctx, const char *object)
{
    (void)ctx;
    return strcmp(object, "b1-203") == 0 ? &classroom : NULL;
}

static int set_up(void **state)
{
    (void)state;
    clock_set(SECOND, NOON);
    return alarms_new(&(struct alarms_ops){NULL, note, place_of}, &alarms);
}

static int tear_down(void **state)
{
    (void)state;
    alarms = alarms_free(alarms);
    clock_release();
    return 0;
}

static void tell(bool is_active, double value)
{
    alarms_condition(alarms, &light, "b1-203", is_active, value, "rule", NOON);
}

/* Words live as long as the alarms. */
static struct alarm_row row(void)
{
    struct arena *arena;
    struct alarm_row *rows;
    assert_int_equal(arena_new(&arena), 0);
    assert_int_equal(alarms_snapshot(alarms, true, arena, &rows), 1);
    struct alarm_row found = rows[0];
    arena_free(arena);
    return found;
}

static void assert_light_says_what_it_was_raised_with(void)
{
    struct alarm_row shown = row();
    assert_string_equal(shown.title.zh, "课桌面照度不足");
    assert_string_equal(shown.title.en, "Desk illuminance low");
    assert_string_equal(shown.place.zh, "三年级一班教室");
    assert_string_equal(shown.place.en, "Class 3-1");
    assert_string_equal(shown.basis, "GB 7793");
    assert_string_equal(shown.unit, "lx");
    assert_true(shown.raised_value == 212 && shown.state == GW_ALARM_RETURNED);
}

/* As a reload does it, with a configuration that knows nothing of it. */
static void reload(void)
{
    struct alarms *old = alarms;
    assert_int_equal(alarms_new(&(struct alarms_ops){NULL, note, place_of}, &alarms), 0);
    assert_int_equal(alarms_take_over(alarms, old), 0);
    alarms_free(old);
    alarms_retire(alarms, NOON + SECOND);
}

/* As a kill and a start do it. */
static void restart(void)
{
    alarms_free(alarms);
    assert_int_equal(set_up(NULL), 0);
    assert_int_equal(alarms_restore(alarms, light_id, kept, kept_size), 0);
    alarms_retire(alarms, NOON + SECOND);
}

static void alarm_whose_rule_is_gone_says_what_it_was_raised_with(void **state)
{
    (void)state;
    tell(true, 212);
    reload();
    assert_light_says_what_it_was_raised_with();
    reload();
    assert_light_says_what_it_was_raised_with();
    restart();
    assert_light_says_what_it_was_raised_with();
    struct alarm_command command = {.event = ALARM_ACKNOWLEDGE, .actor = "guard"};
    (void)snprintf(command.id, sizeof(command.id), "%s", light_id);
    assert_int_equal(alarms_operate(alarms, &command, NOON + 2 * SECOND, NULL), 0);
    restart();
    assert_null(row().title.zh);
}

static void alarm_keeps_the_value_that_raised_it_beside_that_of_its_end(void **state)
{
    (void)state;
    tell(true, 212);
    tell(false, 340);
    struct alarm_row shown = row();
    assert_true(shown.raised_value == 212 && shown.value == 340);
    restart();
    shown = row();
    assert_true(shown.raised_value == 212 && shown.value == 340);
}

static void kept_bytes_of_the_first_form_are_taken(void **state)
{
    (void)state;
    enum { FIRST_FORM = 24 + 40 + 3 * GW_ID_MAX + GW_COMMENT_MAX };
    tell(true, 212);
    kept[0] = 1;
    assert_int_equal(alarms_restore(alarms, light_id, kept, FIRST_FORM), 0);
    struct alarm_row shown = row();
    assert_true(shown.state == GW_ALARM_UNACKNOWLEDGED && shown.raised_value == 212);
    assert_null(shown.title.zh);
    assert_int_equal(alarms_restore(alarms, light_id, kept, FIRST_FORM + 8), -EINVAL);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(alarm_whose_rule_is_gone_says_what_it_was_raised_with),
        UNIT(alarm_keeps_the_value_that_raised_it_beside_that_of_its_end),
        UNIT(kept_bytes_of_the_first_form_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
