#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cli/words.h"
#include "gw/record.h"
#include "gw/types.h"

static void check_chinese(const char *word)
{
    if (strcmp(words_tell(word), word) == 0)
        fail_msg("'%s' has no Chinese word", word);
}

static void every_state_quality_and_reason_has_a_chinese_word(void **state)
{
    (void)state;
    assert_int_equal(setenv("LC_ALL", "zh_CN.UTF-8", 1), 0);
    for (int reason = 0; reason < GW_REASONS; reason++)
        check_chinese(gw_reason_name((enum gw_reason)reason));
    for (int quality = GW_GOOD; quality <= GW_BAD; quality++)
        check_chinese(gw_quality_name((enum gw_quality)quality));
    for (int s = GW_ALARM_NORMAL; s < GW_ALARM_STATES; s++)
        check_chinese(gw_alarm_state_name((enum gw_alarm_state)s));
    assert_string_equal(words_tell("b1-203"), "b1-203");
    assert_string_equal(words_phrase("yes", "是"), "是");
}

static void other_languages_get_english(void **state)
{
    (void)state;
    assert_int_equal(setenv("LC_ALL", "en_US.UTF-8", 1), 0);
    assert_string_equal(words_tell("good"), "good");
    assert_string_equal(words_phrase("yes", "是"), "yes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_quality_and_reason_has_a_chinese_word),
        cmocka_unit_test(other_languages_get_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
