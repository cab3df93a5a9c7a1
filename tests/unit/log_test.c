#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "log_capture.h"

static int capture_start(void **state)
{
    static struct capture c;
    capture_open(&c);
    clock_set(0, 0);
    *state = &c;
    return 0;
}

static int capture_end(void **state)
{
    capture_close(*state);
    clock_release();
    return 0;
}

static const struct gw_subject bus = {"BUS", "riser-2"};

static void a_line_names_level_and_subject(void **state)
{
    gw_log(GW_LOG_WARNING, bus, "offline: %s", "timeout");
    assert_string_equal(captured(*state), "warning: bus riser-2: offline: timeout\n");
    gw_log(GW_LOG_NOTICE, (struct gw_subject){0}, "ready");
    assert_string_equal(captured(*state), "notice: ready\n");
}

static void lines_below_the_level_are_silent(void **state)
{
    gw_log(GW_LOG_DEBUG, bus, "detail");
    assert_string_equal(captured(*state), "");
    gw_log_set_level(GW_LOG_DEBUG);
    gw_log(GW_LOG_DEBUG, bus, "detail");
    assert_string_equal(captured(*state), "debug: bus riser-2: detail\n");
}

static void a_line_too_long_still_ends(void **state)
{
    char text[4096];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    gw_log(GW_LOG_ERROR, bus, "%s", text);
    const char *line = captured(*state);
    assert_int_equal(line[strlen(line) - 1], '\n');
}

static void a_complaint_is_said_once_and_again_after_a_minute(void **state)
{
    struct gw_complaint c = {0};
    for (int i = 0; i < 5; i++)
        gw_complain(&c, bus, "offline");
    assert_string_equal(captured(*state), "warning: bus riser-2: offline\n");
    clock_set(60 * 1000000, 0);
    gw_complain(&c, bus, "offline");
    assert_string_equal(captured(*state),
                        "warning: bus riser-2: offline (and 4 times more)\n");
    clock_set(INT64_C(179) * 1000000, 0);
    gw_complain(&c, bus, "offline");
    assert_string_equal(captured(*state), "");
}

static void the_end_of_a_complaint_is_said_once(void **state)
{
    struct gw_complaint c = {0};
    gw_relieve(&c, bus, "back");
    assert_string_equal(captured(*state), "");
    gw_complain(&c, bus, "offline");
    gw_relieve(&c, bus, "back");
    gw_relieve(&c, bus, "back");
    assert_string_equal(captured(*state),
                        "warning: bus riser-2: offline\nnotice: bus riser-2: back\n");
}

/* Lines of @text that hold @word. */
static int lines_with(const char *text, const char *word)
{
    int count = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

static void a_complaint_that_comes_and_goes_is_hushed(void **state)
{
    struct gw_complaint c = {0};
    for (int i = 0; i < 1000; i++) {
        clock_set(i, 0);
        gw_complain(&c, bus, "offline");
        gw_relieve(&c, bus, "back");
    }
    const char *text = captured(*state);
    assert_int_equal(lines_with(text, "offline"), 5);
    assert_int_equal(lines_with(text, "back"), 5);
    assert_int_equal(lines_with(text, "comes and goes"), 1);
    clock_set(INT64_C(599) * 1000000, 0);
    gw_complain(&c, bus, "offline");
    assert_string_equal(captured(*state), "");
    clock_set(INT64_C(600) * 1000000, 0);
    gw_complain(&c, bus, "offline");
    gw_relieve(&c, bus, "back");
    assert_string_equal(captured(*state),
                        "warning: bus riser-2: offline (and 996 times more)\n"
                        "notice: bus riser-2: back\n");
}

static void a_complaint_that_is_rare_is_always_said(void **state)
{
    struct gw_complaint c = {0};
    for (int i = 0; i < 8; i++) {
        clock_set(i * INT64_C(150) * 1000000, 0);
        gw_complain(&c, bus, "offline");
        gw_relieve(&c, bus, "back");
    }
    const char *text = captured(*state);
    assert_int_equal(lines_with(text, "offline"), 8);
    assert_int_equal(lines_with(text, "comes and goes"), 0);
}

static void another_stream_than_the_journals_gets_plain_lines(void **state)
{
    setenv("JOURNAL_STREAM", "1:1", 1);
    gw_log(GW_LOG_NOTICE, bus, "ready");
    unsetenv("JOURNAL_STREAM");
    assert_string_equal(captured(*state), "notice: bus riser-2: ready\n");
}

#define CAPTURED(test) cmocka_unit_test_setup_teardown(test, capture_start, capture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAPTURED(a_line_names_level_and_subject),
        CAPTURED(lines_below_the_level_are_silent),
        CAPTURED(a_line_too_long_still_ends),
        CAPTURED(a_complaint_is_said_once_and_again_after_a_minute),
        CAPTURED(the_end_of_a_complaint_is_said_once),
        CAPTURED(a_complaint_that_comes_and_goes_is_hushed),
        CAPTURED(a_complaint_that_is_rare_is_always_said),
        CAPTURED(another_stream_than_the_journals_gets_plain_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
