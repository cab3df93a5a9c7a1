#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "gw/error.h"
#include "gw/record.h"

static void failure_gives_code_and_sentence(void **state)
{
    (void)state;
    struct gw_error err = {0};
    assert_int_equal(gw_fail(&err, -EINVAL, "baud %d is outside 1200..921600", 50),
                     -EINVAL);
    assert_int_equal(err.code, -EINVAL);
    assert_string_equal(err.text, "baud 50 is outside 1200..921600");
    assert_int_equal(gw_fail(NULL, -EIO, "nobody listens"), -EIO);
}

static void a_long_sentence_ends_with_a_whole_character(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct strbuf b = {0};
    strbuf_add(&b, "x");
    for (int i = 0; i < 400; i++)
        strbuf_add(&b, "教");
    char *text = strbuf_take(&b);
    gw_fail(&err, -EIO, "%s", text);
    assert_int_equal((strlen(err.text) - 1) % 3, 0);
    assert_memory_equal(err.text, text, strlen(err.text));
    free(text);
}

static void text_grows_as_it_is_written(void **state)
{
    (void)state;
    struct strbuf b = {0};
    for (int i = 0; i < 1000; i++)
        strbuf_format(&b, "%d,", i % 10);
    assert_int_equal(b.used, 2000);
    strbuf_clear(&b);
    strbuf_add_bytes(&b, "abc", 2);
    char *text = strbuf_take(&b);
    assert_string_equal(text, "ab");
    free(text);
    text = strbuf_take(&b);
    assert_string_equal(text, "");
    free(text);
}

static void every_value_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(gw_quality_name(GW_UNCERTAIN), "uncertain");
    assert_string_equal(gw_alarm_state_name(GW_ALARM_OUT_OF_SERVICE), "out-of-service");
    assert_string_equal(gw_severity_name(GW_P1), "P1");
    assert_string_equal(gw_severity_name(GW_INF), "INF");
    for (int i = 0; i < GW_REASONS; i++)
        assert_string_not_equal(gw_reason_name((enum gw_reason)i), "unknown");
    for (int i = 0; i < GW_ALARM_STATES; i++)
        assert_string_not_equal(gw_alarm_state_name((enum gw_alarm_state)i), "unknown");
    assert_string_equal(gw_reason_name(GW_REASONS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failure_gives_code_and_sentence),
        cmocka_unit_test(a_long_sentence_ends_with_a_whole_character),
        cmocka_unit_test(text_grows_as_it_is_written),
        cmocka_unit_test(every_value_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
