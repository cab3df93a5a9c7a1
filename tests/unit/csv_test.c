/* csv_test.c - what spreadsheets export, and slips in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/csv.h"

struct table {
    struct config_source src;
    const struct csv *csv;
};

static struct table parse(const char *text, size_t size)
{
    struct table t = {0};
    assert_int_equal(arena_new(&t.src.arena), 0);
    assert_int_equal(config_faults_new(&t.src.faults), 0);
    t.csv = csv_parse(&t.src, "dir/timetable.csv", text, size);
    return t;
}

static void done(struct table *t)
{
    config_faults_free(t->src.faults);
    arena_free(t->src.arena);
}

static void assert_cell(const struct table *t, size_t row, size_t column,
                        const char *text, int line, int at)
{
    const struct csv_cell cell = csv_cell_at(&t->csv->rows[row], column);
    assert_string_equal(cell.text, text);
    assert_int_equal(cell.mark.line, line);
    assert_int_equal(cell.mark.column, at);
}

static void assert_fault(struct table *t, const char *says)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    config_faults_print(t->src.faults, out);
    assert_int_equal(fclose(out), 0);
    if (!strstr(text, says))
        print_error("%s", text);
    assert_non_null(strstr(text, says));
    free(text);
}

#define PARSE(text) parse(text, sizeof(text) - 1)

static void cells_know_their_line_and_character(void **state)
{
    (void)state;
    struct table t =
        PARSE("班级,周一1,\"a \"\"b\"\"\nc\"\r\n\n # no\n#,,\n 三班 , 语文\n");
    assert_int_equal(config_faults_errors(t.src.faults), 0);
    assert_int_equal(t.csv->count, 2);
    assert_cell(&t, 0, 0, "班级", 1, 1);
    assert_cell(&t, 0, 1, "周一1", 1, 4);
    assert_cell(&t, 0, 2, "a \"b\"\nc", 1, 8);
    assert_cell(&t, 1, 0, "三班", 6, 2);
    assert_cell(&t, 1, 1, "语文", 6, 7);
    assert_cell(&t, 1, 5, "", 6, 7);
    assert_string_equal(csv_path(&t.src, t.csv, &t.csv->rows[1], 27), "timetable.AB5");
    done(&t);
}

static void semicolons_tabs_and_a_named_separator_are_taken(void **state)
{
    (void)state;
    static const char *const texts[] = {"a;b,c;d\n1;2;3\n", "a\tb,c\td\n1\t2\t3\n",
                                        "sep=;\na;b,c;d\n1;2;3\n"};
    for (size_t i = 0; i < 3; i++) {
        struct table t = parse(texts[i], strlen(texts[i]));
        assert_int_equal(t.csv->count, 2);
        assert_string_equal(csv_cell_at(&t.csv->rows[0], 1).text, "b,c");
        assert_string_equal(csv_cell_at(&t.csv->rows[1], 2).text, "3");
        done(&t);
    }
}

static void what_excel_writes_is_read_as_what_it_means(void **state)
{
    (void)state;
    /* 班级,语文 with a mark, in GB18030, and as UTF-16 with tabs */
    struct table marked = PARSE("\xef\xbb\xbf班级,语文\n");
    struct table gb = PARSE("\xb0\xe0\xbc\xb6,\xd3\xef\xce\xc4\n");
    struct table wide = PARSE("\xff\xfe\xed\x73\xa7\x7e\t\x00\xed\x8b\x87\x65\n\x00");
    struct table *tables[] = {&marked, &gb, &wide};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(tables[i]->csv);
        assert_cell(tables[i], 0, 0, "班级", 1, 1);
        assert_cell(tables[i], 0, 1, "语文", 1, 4);
        done(tables[i]);
    }
}

static void lines_of_a_macintosh_are_lines(void **state)
{
    (void)state;
    struct table t = PARSE("班级,语文\r一班,2\r\"a\rb\",3\r");
    assert_non_null(t.csv);
    assert_int_equal(t.csv->count, 3);
    assert_cell(&t, 1, 1, "2", 2, 4);
    assert_cell(&t, 2, 0, "a\nb", 3, 1);
    assert_cell(&t, 2, 1, "3", 4, 4);
    done(&t);
}

static void what_a_spreadsheet_could_not_reckon_is_no_comment(void **state)
{
    (void)state;
    static const char *const errors[] = {
        "#N/A",      "#REF!",   "#VALUE!",   "#NAME?",    "#DIV/0!", "#NUM!",
        "#NULL!",    "#SPILL!", "#CALC!",    "#BLOCKED!", "#FIELD!", "#GETTING_DATA",
        "#UNKNOWN!", "#BUSY!",  "#CONNECT!", "#n/a",      "#Spill!", "########"};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        char text[64];
        assert_false(csv_is_comment(errors[i]));
        (void)snprintf(text, sizeof(text), "a,b\n%s,2\n", errors[i]);
        struct table t = parse(text, strlen(text));
        assert_int_equal(t.csv->count, 2);
        done(&t);
    }
    assert_true(csv_is_comment("#"));
    assert_true(csv_is_comment("# n/a"));
    assert_true(csv_is_comment("#N/A means: nobody knows"));
}

static void remarks_are_forgotten_and_the_rest_reads_the_same_again(void **state)
{
    (void)state;
    struct table t =
        PARSE("# 张\n班级;# 班主任 李;人数\n一班;王;\"4\n\"\"5\"\"\"\n;赵;\n二班;;7;\n");
    char *plain = csv_plain(t.csv);
    assert_string_equal(
        plain,
        "\n\"班级\",\"#\",\"人数\"\n\"一班\",,\"4\n\"\"5\"\"\"\n\n\"二班\",,\"7\",\n");
    struct table again = parse(plain, strlen(plain));
    assert_int_equal(again.csv->count, 3);
    assert_string_equal(csv_version(again.csv), csv_version(t.csv));
    assert_cell(&again, 2, 2, "7", 6, 7);
    free(plain);
    done(&again);
    done(&t);
}

static void slips_are_told_where_they_are(void **state)
{
    (void)state;
    struct table t = PARSE("a,\"b\n");
    assert_fault(&t, "timetable.csv:1:3: timetable: the quote is not closed");
    done(&t);
    t = PARSE("a,\"b\nc,d\ne,\"f\"\n"); /* up to another quote, which is a cell's own */
    assert_fault(&t, "timetable.csv:1:3: timetable: the quote is not closed");
    assert_true(t.csv->is_torn);
    assert_int_equal(t.csv->count, 2);
    assert_cell(&t, 1, 1, "f", 3, 3);
    done(&t);
    t = PARSE("a,\"b\nc\",d\n"); /* a cell of two lines */
    assert_false(t.csv->is_torn);
    assert_cell(&t, 0, 1, "b\nc", 1, 3);
    done(&t);
    t = PARSE("班级，周一1\n");
    assert_null(t.csv);
    assert_fault(&t, "timetable.csv:1:3: timetable: the cells are parted by a full-width "
                     "'，'");
    done(&t);
    t = PARSE("PK\x03\x04\x14");
    assert_null(t.csv);
    assert_fault(&t, "timetable.csv:1:1: timetable: is a workbook");
    done(&t);
    t = PARSE("a,\"b\"c,d\n");
    assert_fault(&t, "timetable.csv:1:6: timetable: something stands behind");
    done(&t);
    t = PARSE("a,\xff\xff,b\n");
    assert_null(t.csv);
    assert_fault(&t, "timetable.csv:1:1: timetable: cannot be read as GB18030");
    done(&t);
    t = PARSE("\xb0\xe0\xbc\xb6,1\nb,2\n备,\n"); /* GB18030, and a line of UTF-8 */
    assert_null(t.csv);
    assert_fault(&t, "timetable.csv:3:1: timetable: cannot be read as GB18030");
    done(&t);
    t = PARSE("");
    assert_non_null(t.csv);
    assert_int_equal(t.csv->count, 0);
    done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_know_their_line_and_character),
        cmocka_unit_test(semicolons_tabs_and_a_named_separator_are_taken),
        cmocka_unit_test(what_excel_writes_is_read_as_what_it_means),
        cmocka_unit_test(lines_of_a_macintosh_are_lines),
        cmocka_unit_test(what_a_spreadsheet_could_not_reckon_is_no_comment),
        cmocka_unit_test(remarks_are_forgotten_and_the_rest_reads_the_same_again),
        cmocka_unit_test(slips_are_told_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
