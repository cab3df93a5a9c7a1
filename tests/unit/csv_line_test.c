#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "http/csv_line.h"

/* One cell of @text, and what stands there. */
static void expect(const char *text, const char *cell)
{
    struct strbuf out = {0};
    struct csv_line line = {.out = &out};
    csv_line_text(&line, text);
    assert_string_equal(out.text, cell);
    strbuf_free(&out);
}

static void a_cell_is_quoted_where_it_must_be(void **state)
{
    (void)state;
    expect("三年级一班", "三年级一班");
    expect("lamp, desk", "\"lamp, desk\"");
    expect("so \"called\"", "\"so \"\"called\"\"\"");
    expect("two\r\nlines", "\"two\r\nlines\"");
}

static void a_formula_is_none_any_more(void **state)
{
    (void)state;
    expect("=1+1", "'=1+1");
    expect("@SUM(A1)", "'@SUM(A1)");
    expect("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
    expect("-2+3", "'-2+3");
    expect("\t=1", "'\t=1");
    expect("=A(\"x\",1)", "\"'=A(\"\"x\"\",1)\"");
}

static void a_number_stays_one(void **state)
{
    (void)state;
    expect("-40.5", "-40.5");
    expect("+86", "+86");
}

static void a_line_has_all_its_cells(void **state)
{
    (void)state;
    struct strbuf out = {0};
    struct csv_line line = {.out = &out};
    csv_line_text(&line, NULL);
    csv_line_number(&line, -0.1);
    csv_line_number(&line, (double)NAN);
    csv_line_number(&line, 640);
    csv_line_end(&line);
    csv_line_text(&line, "b");
    csv_line_end(&line);
    assert_string_equal(out.text, ",-0.1,,640\r\nb\r\n");
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_quoted_where_it_must_be),
        cmocka_unit_test(a_formula_is_none_any_more),
        cmocka_unit_test(a_number_stays_one),
        cmocka_unit_test(a_line_has_all_its_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
