#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include "notify/notify_text.h"

static const char topic[] = "school/cmd/alarm/TF-01/panic-gate";

static int read_command(const char *where, const char *text, struct alarm_command *ret,
                        struct gw_error *err)
{
    return notify_text_command(where, "school", text, strlen(text), 1000, ret, err);
}

static void each_verb_is_its_event(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum alarm_event event;
    } rows[] = {{"{\"do\":\"acknowledge\",\"by\":\"a\"}", ALARM_ACKNOWLEDGE},
                {"{\"do\":\"reset\",\"by\":\"a\"}", ALARM_RESET},
                {"{\"do\":\"shelve\",\"by\":\"a\"}", ALARM_SHELVE},
                {"{\"do\":\"unshelve\",\"by\":\"a\",\"extra\":1}", ALARM_UNSHELVE}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct alarm_command command;
        assert_int_equal(read_command(topic, rows[i].text, &command, NULL), 0);
        assert_int_equal(command.event, rows[i].event);
        assert_string_equal(command.id, "TF-01@panic-gate");
        assert_true((command.until_us != 0) == (rows[i].event == ALARM_SHELVE));
    }
}

static void a_shelf_has_its_minutes(void **state)
{
    (void)state;
    struct alarm_command command;
    assert_int_equal(read_command(topic, "{\"do\":\"shelve\",\"by\":\"a\",\"minutes\":5}",
                                  &command, NULL),
                     0);
    assert_true(command.until_us == 1000 + 5 * 60000000LL);
}

static void a_malformed_command_says_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *where;
        const char *text;
        const char *says;
    } rows[] = {
        {topic, "", "JSON object"},
        {topic, "acknowledge", "JSON object"},
        {topic, "{\"do\":\"acknowledge\"}", "\"by\""},
        {topic, "{\"do\":\"acknowledge\",\"by\":\"\"}", "\"by\""},
        {topic, "{\"do\":\"acknowledge\",\"by\":7}", "\"by\""},
        {topic, "{\"by\":\"a\"}", "acknowledge, reset, shelve, unshelve"},
        {topic, "{\"do\":\"raise\",\"by\":\"a\"}",
         "acknowledge, reset, shelve, unshelve"},
        {topic, "{\"do\":\"shelve\",\"by\":\"a\",\"minutes\":0}", "1..480"},
        {topic, "{\"do\":\"shelve\",\"by\":\"a\",\"minutes\":\"5\"}", "1..480"},
        {"school/cmd/alarm/TF-01", "{\"do\":\"reset\",\"by\":\"a\"}",
         "rule and an object"},
        {"school/cmd/alarm//x", "{\"do\":\"reset\",\"by\":\"a\"}", "rule and an object"},
        {"other/TF-01/x", "{\"do\":\"reset\",\"by\":\"a\"}", "not a topic for commands"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct alarm_command command;
        struct gw_error err = {0};
        assert_true(read_command(rows[i].where, rows[i].text, &command, &err) < 0);
        assert_non_null(strstr(err.text, rows[i].says));
    }
}

static void a_bad_value_carries_no_number(void **state)
{
    (void)state;
    char text[NOTIFY_PAYLOAD_MAX];
    struct gw_reading reading = {.value = 21.5, .time_us = GW_TIME_NONE};
    notify_text_value(&reading, text);
    assert_string_equal(text, "{\"v\":21.5,\"q\":\"good\",\"t\":\"unknown\"}");
    reading.quality = GW_UNCERTAIN;
    reading.reason = GW_REASON_RETAINED;
    notify_text_value(&reading, text);
    assert_non_null(
        strstr(text, "{\"v\":21.5,\"q\":\"uncertain\",\"reason\":\"retained\""));
    reading.value = NAN;
    notify_text_value(&reading, text);
    assert_non_null(strstr(text, "{\"v\":null,"));
}

static void a_title_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static char endless[2 * NOTIFY_PAYLOAD_MAX];
    char text[NOTIFY_PAYLOAD_MAX];
    const struct gw_transition t = {.rule = "R", .object = "o", .value = NAN};
    memset(endless, 'x', sizeof(endless) - 1);
    assert_int_equal(notify_text_alarm(&t, &(struct gw_text){endless, NULL}, text),
                     -ENOSPC);
    assert_int_equal(notify_text_alarm(&t, &(struct gw_text){0}, text), 0);
    assert_non_null(strstr(text, "\"title\":{\"zh\":null,\"en\":null},\"value\":null"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_is_its_event),
        cmocka_unit_test(a_shelf_has_its_minutes),
        cmocka_unit_test(a_malformed_command_says_what_is_allowed),
        cmocka_unit_test(a_bad_value_carries_no_number),
        cmocka_unit_test(a_title_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
