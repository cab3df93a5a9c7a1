#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void text_that_fits_is_copied_whole(void **state)
{
    (void)state;
    char field[7];
    text_copy(field, sizeof(field), "b1-203");
    assert_string_equal(field, "b1-203");
    text_copy(field, sizeof(field), "教室");
    assert_string_equal(field, "教室");
    text_copy(field, sizeof(field), "");
    assert_string_equal(field, "");
}

static void text_is_never_cut_within_a_character(void **state)
{
    (void)state;
    char field[7];
    text_copy(field, sizeof(field), "b教室");
    assert_string_equal(field, "b教");
    text_copy(field, 2, "教室");
    assert_string_equal(field, "");
    text_copy(field, 6, "abc\xF0\x9F\x8F\xAB");
    assert_string_equal(field, "abc");
    text_copy(field, 4, "abcdef");
    assert_string_equal(field, "abc");
}

static void trimming_leaves_whole_characters_alone(void **state)
{
    (void)state;
    char whole[] = "教室";
    char cut[] = "教\xE5\xAE";
    text_trim(whole);
    assert_string_equal(whole, "教室");
    text_trim(cut);
    assert_string_equal(cut, "教");
}

static void a_number_is_decimal_above_zero_and_of_63_bits(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "0",
                                        "01",
                                        "+1",
                                        "-1",
                                        " 1",
                                        "1 ",
                                        "0x1",
                                        "1.0",
                                        "9223372036854775808",
                                        "10000000000000000000",
                                        "18446744073709551617"};
    uint64_t number = 7;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(text_to_positive(wrong[i], &number));
    assert_false(text_to_positive(NULL, &number));
    assert_int_equal(number, 7);
    assert_true(text_to_positive("1", &number));
    assert_int_equal(number, 1);
    assert_true(text_to_positive("9223372036854775807", &number));
    assert_int_equal(number, INT64_MAX);
}

static void what_people_write_is_folded(void **state)
{
    static const struct {
        const char *text, *folded;
    } rows[] = {{"三年级（１）班", "三年级(1)班"},
                {" Mon\t1 ", "mon1"},
                {"三 年\xe3\x80\x80级", "三年级"},
                {"语\xc2\xa0文\xe2\x80\x8b", "语文"},
                {"\xef\xbb\xbf"
                 "班级",
                 "班级"},
                {"", ""}};
    char folded[32];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        text_fold(rows[i].text, folded, sizeof(folded));
        assert_string_equal(folded, rows[i].folded);
    }
    text_fold("abcdef", folded, 4);
    assert_string_equal(folded, "abc");
}

static void what_was_cut_anywhere_is_taken_away(void **state)
{
    static const struct {
        const char *text, *mended;
    } rows[] = {{"plain", "plain"},   {"'\xe8\xaf\xad\xe6' is", "'语' is"},
                {"\xe6\x96", ""},     {"\x96语文", "语文"},
                {"\xf0\x9f\x98", ""}, {"", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "%s", rows[i].text);
        text_mend(text);
        assert_string_equal(text, rows[i].mended);
    }
}

static void chinese_numerals_are_read_up_to_the_most(void **state)
{
    static const struct {
        const char *text;
        int most;
        int number;
        const char *rest;
    } rows[] = {
        {"三年级", 12, 3, "年级"},
        {"十", 12, 10, ""},
        {"十二班", 12, 12, "班"},
        {"十三", 12, 10, "三"},
        {"二十班", 12, 2, "十班"},
        {"二十", 99, 20, ""},
        {"二十三层", 99, 23, "层"},
        {"九十九", 99, 99, ""},
        {"一十班", 99, 1, "十班"},
        {"七", 6, 0, "七"},
        {"日", 6, 0, "日"},
        {"12", 12, 0, "12"},
        {"", 99, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *at = rows[i].text;
        assert_int_equal(text_numeral(&at, rows[i].most), rows[i].number);
        assert_string_equal(at, rows[i].rest);
    }
}

static void word_is_skipped_where_it_begins(void **state)
{
    (void)state;
    const char *at = "第三节";
    assert_true(text_skip(&at, "第"));
    assert_false(text_skip(&at, "节"));
    assert_string_equal(at, "三节");
}

static void the_first_full_width_form_is_named(void **state)
{
    char wide[4];
    char narrow = 0;
    (void)state;
    assert_true(text_wide("a：１", wide, &narrow));
    assert_string_equal(wide, "：");
    assert_int_equal(narrow, ':');
    assert_true(text_wide("Ａ", wide, &narrow));
    assert_int_equal(narrow, 'A');
    assert_false(text_wide("语文 a-1", wide, &narrow));
    assert_false(text_wide("", wide, &narrow));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_fits_is_copied_whole),
        cmocka_unit_test(text_is_never_cut_within_a_character),
        cmocka_unit_test(trimming_leaves_whole_characters_alone),
        cmocka_unit_test(a_number_is_decimal_above_zero_and_of_63_bits),
        cmocka_unit_test(what_people_write_is_folded),
        cmocka_unit_test(what_was_cut_anywhere_is_taken_away),
        cmocka_unit_test(chinese_numerals_are_read_up_to_the_most),
        cmocka_unit_test(word_is_skipped_where_it_begins),
        cmocka_unit_test(the_first_full_width_form_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
