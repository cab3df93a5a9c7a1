/* language_test.c - in which language a person is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/language.h"

/* spoken - what the language is with these variables; NULL = not set. */
static bool spoken(const char *all, const char *messages, const char *lang)
{
    const char *const pairs[][2] = {
        {"LC_ALL", all}, {"LC_MESSAGES", messages}, {"LANG", lang}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            pairs[i][1] ? setenv(pairs[i][0], pairs[i][1], 1) : unsetenv(pairs[i][0]), 0);
    return language_is_chinese();
}

static void the_system_says_which_language_is_spoken(void **state)
{
    (void)state;
    assert_true(spoken(NULL, NULL, "zh_CN.UTF-8"));
    assert_true(spoken("", "", "zh_CN.GB18030"));
    assert_true(spoken(NULL, "zh_CN.UTF-8", "en_US.UTF-8"));
    assert_false(spoken("C", NULL, "zh_CN.UTF-8"));
    assert_false(spoken(NULL, NULL, "en_US.UTF-8"));
    assert_false(spoken(NULL, NULL, NULL));
}

static void a_person_is_told_in_the_language_wanted_most(void **state)
{
    static const struct {
        const char *accept;
        bool is_chinese;
    } cases[] = {
        {"zh", true},
        {"zh-CN,zh;q=0.9,en;q=0.8", true},
        {"en-US,en;q=0.9,zh-CN;q=0.8", false},
        {"en;q=0.3, zh-TW;q=0.7", true},
        {"ZH-Hans", true},
        {"de, zh;q=0.2", true}, /* of the two that there are */
        {"de", false},
        {"zh;q=0", false},
        {"zh;q=0.5,en;q=0.55", false},
        {"*", false},
        {",,, ;q=", false},
    };
    (void)state;
    (void)spoken("C.UTF-8", NULL, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (language_accepts_chinese(cases[i].accept) != cases[i].is_chinese)
            fail_msg("%s", cases[i].accept);
}

static void who_does_not_say_is_told_in_the_language_of_the_system(void **state)
{
    (void)state;
    (void)spoken("zh_CN.UTF-8", NULL, NULL);
    assert_true(language_accepts_chinese(NULL));
    assert_true(language_accepts_chinese(""));
    assert_false(language_accepts_chinese("en"));
    (void)spoken("C.UTF-8", NULL, NULL);
    assert_false(language_accepts_chinese(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_says_which_language_is_spoken),
        cmocka_unit_test(a_person_is_told_in_the_language_wanted_most),
        cmocka_unit_test(who_does_not_say_is_told_in_the_language_of_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
