#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"

static void chinese_counts_two_cells_and_marks_none(void **state)
{
    (void)state;
    assert_int_equal(table_width("abc"), 3);
    assert_int_equal(table_width("一键报警"), 8);
    assert_int_equal(table_width("P1（急）"), 8);
    assert_int_equal(table_width("e\xcc\x81"), 1);
    assert_int_equal(table_width("°C"), 2);
    assert_int_equal(table_width(""), 0);
}

static void broken_utf_8_ends(void **state)
{
    (void)state;
    assert_int_equal(table_width("\xe4\xb8"), 1);
    assert_int_equal(table_width("\xff\xff"), 2);
}

static void columns_line_up_under_chinese(void **state)
{
    (void)state;
    static const char *const heads[] = {"NAME", ">N", "END", NULL};
    struct table *t = NULL;
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(table_new(heads, &t), 0);
    assert_int_equal(table_cell(t, "南门"), 0);
    assert_int_equal(table_format(t, "%d", 12), 0);
    assert_int_equal(table_cell(t, "x\ny"), 0);
    assert_int_equal(table_cell(t, "b1"), 0);
    assert_int_equal(table_cell(t, "3"), 0);
    assert_int_equal(table_cell(t, "z"), 0);
    assert_int_equal(table_rows(t), 2);

    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    table_print(t, out);
    (void)fclose(out);
    assert_string_equal(text, "NAME   N  END\n南门  12  x?y\nb1     3  z\n");
    free(text);
    t = table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_counts_two_cells_and_marks_none),
        cmocka_unit_test(broken_utf_8_ends),
        cmocka_unit_test(columns_line_up_under_chinese),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
