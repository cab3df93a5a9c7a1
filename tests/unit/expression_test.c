#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rules/expression.h"

static const char *const inputs[] = {"lux", "occ", "projecting", "ppm"};
static const char *const parameters[] = {"low", "below"};
static const double parameter_values[] = {300, -5};
static const struct expression_names names = {.inputs = inputs,
                                              .input_count = 4,
                                              .measured = 1u << 3, /* ppm */
                                              .parameters = parameters,
                                              .values = parameter_values,
                                              .parameter_count = 2};

static struct expressions *database;

static int set_up(void **state)
{
    (void)state;
    return expressions_new(&database, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    database = expressions_free(database);
    return 0;
}

/* 't', 'f' or '?' (unknown); 'x' and @fault when it is refused. */
static char verdict_of(const char *text, const double *values,
                       struct expression_fault *fault)
{
    struct expression_sql sql;
    struct expression *e = NULL;
    enum verdict when;
    enum verdict clear;
    bool is_clear;
    memset(fault, 0, sizeof(*fault));
    if (expression_translate(text, &names, &sql, fault) < 0)
        return 'x';
    if (expression_new(database, &sql, NULL, &e, fault, &is_clear) < 0)
        return 'x';
    expression_evaluate(e, values, 4, &when, &clear);
    expression_free(e);
    return "ft?"[when];
}

static void conditions_are_true_false_or_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double values[4];
        char verdict;
    } cases[] = {
        {"lux < low", {299.9, 0, 0}, 't'},
        {"lux < low", {300, 0, 0}, 'f'},
        {"lux < 300 and occ >= 5 and not projecting", {212, 5, 0}, 't'},
        {"lux < 300 and occ >= 5 and not projecting", {212, 4, 0}, 'f'},
        {"lux < 300 and occ >= 5 and not projecting", {212, 5, 1}, 'f'},
        {"lux < 300 and occ >= 5 and not projecting", {NAN, 5, 0}, '?'},
        {"lux < 300 and occ >= 5 and not projecting", {NAN, 4, 0}, 'f'},
        {"lux < 300 or occ > 5", {NAN, 6, 0}, 't'},
        {"occ > lux * (1 / 2)", {10, 5.1, 0}, 't'},
        {"lux - -3 > below", {-7, 0, 0}, 't'},
        {"lux between 16 and 30", {16, 0, 0}, 't'},
        {"lux in (1, 2, 3)", {2, 0, 0}, 't'},
        {"lux not in (1, 2, 3)", {2, 0, 0}, 'f'},
        {"coalesce(lux, 400) < 300", {NAN, 0, 0}, 'f'},
        {"lux is null and occ is not null", {NAN, 1, 0}, 't'},
        {"max(lux, occ, projecting) = 7", {1, 7, 3}, 't'},
        {"abs(round(lux)) == 3", {-2.6, 0, 0}, 't'},
        {"case when occ > 5 then lux < 500 else lux < 300 end", {400, 6, 0}, 't'},
        {"lux / occ > 1", {1, 0, 0}, '?'},
        {"lux % 2 = 1 AND NOT projecting", {5, 0, 0}, 't'},
        {"(lux > 1) = (occ > 1)", {2, 2, 0}, 't'},
        {"lux > 1 and true", {2, 0, 0}, 't'},
        {"occ > 5.5e-1", {0, 0.56, 0}, 't'},
        {"round(ppm) = 400", {0, 0, 0, 399.6}, 't'},
        {"round(ppm) in (400, 401)", {0, 0, 0, 399.6}, 't'},
        {"ppm <= 400 and occ = 5", {0, 5, 0, 399.6}, 't'},
        {"(ppm > 400) = (occ > 5)", {0, 6, 0, 401}, 't'},
        {"ppm is not null and occ is 6", {0, 6, 0, 401}, 't'},
        {"case when ppm > 400 then occ else lux end = 6", {0, 6, 0, 401}, 't'},
        {"ppm between 400 and 402 and lux = 1", {1, 0, 0, 401}, 't'},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct expression_fault fault;
        char verdict = verdict_of(cases[i].text, cases[i].values, &fault);
        if (verdict != cases[i].verdict)
            fail_msg("'%s' is %c: %s", cases[i].text, verdict, fault.text);
    }
}

static const struct {
    const char *text;
    size_t offset;
    const char *says;
} silent_traps[] = {
    {"16 < lux < 30", 9, "chain of comparisons"},
    {"occ > 1 and 1 <= lux = 2", 21, "chain of comparisons"},
    {"lux between 1 and 2 < 3", 20, "chain of comparisons"},
    {"lux < '300'", 6, "text in quotes"},
    {"lux < \"low\"", 6, "text in quotes"},
    {"`lux` < 3", 0, "text in quotes"},
    {"[lux] < 3", 0, "text in brackets"},
    {"lux < ?1", 6, "stray parameter"},
    {"lux < ?", 6, "stray parameter"},
    {"lux < :x", 6, "stray parameter"},
    {"lux < @x", 6, "stray parameter"},
    {"lux < $x", 6, "stray parameter"},
    {"luxx < 300", 0, "did you mean 'lux'"},
    {"lux < lov", 6, "did you mean 'low'"},
    {"temperature > 3", 0, "is not known"},
    {"lux = null", 6, "never true"},
    {"null <> lux", 0, "never true"},
    {"lux like 3", 4, "not text"},
    {"lux glob 3", 4, "not text"},
    {"lux match 3", 4, "not text"},
    {"lux in (select 1)", 8, "no queries inside"},
    {"exists (select 1)", 0, "no queries inside"},
    {"cast(lux as text)", 0, "a number already"},
    {"random() > 0", 0, "not a function"},
    {"load_extension(3)", 0, "not a function"},
    {"min(lux) > 3", 7, "of one value"},
    {"lux > max ( abs(occ) )", 21, "of one value"},
    {"ppm = 400", 4, "by luck only"},
    {"occ > 1 and ppm + 1 != 400", 20, "by luck only"},
    {"400 <> ppm", 7, "by luck only"},
    {"400 == -(ppm - 2)", 9, "by luck only"},
    {"(ppm * 2) = occ", 10, "by luck only"},
    {"occ = max(ppm, 3)", 10, "by luck only"},
    {"ppm in (400, 401)", 4, "by luck only"},
    {"ppm not in (400, 401)", 8, "by luck only"},
    {"400 in (occ, ppm)", 13, "by luck only"},
    {"ppm is 400", 7, "by luck only"},
    {"ppm is not low", 11, "by luck only"},
    {"occ is ppm", 7, "by luck only"},
    {"case ppm when 400 then 1 else 0 end", 5, "compares for equality"},
    {"case when occ > 1 then case -occ when 2 then 1 end end", 28, "compares for"},
    {"case when occ > 1 then 1 else ppm end = 400", 38, "by luck only"},
    {"min (lux", 8, "'(' without ')'"},
    {"lux) or (1", 3, "')' without '('"},
    {"lux--3 < 1", 3, "begins a comment"},
    {"lux /* */ < 1", 4, "comments"},
    {"lux; drop", 3, "not part of a condition"},
    {"lux || occ", 4, "not part of a condition"},
    {"lux << 2", 4, "works on bits"},
    {"lux & 2", 4, "not part of a condition"},
    {"lux < 0x10", 6, "is not a number"},
    {"lux < 1e999", 6, "is not a number"},
    {"lux < 300 occ", 10, "syntax error"},
    {"lux <", 0, "syntax error"},
    {"and", 0, "syntax error"},
    {"", 0, "is empty"},
    {"round() > 1", 0, "wrong number of arguments"},
    {"lux < 3\xc3\xa9", 7, "not part of a condition"},
};

static void what_sql_takes_in_silence_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(silent_traps) / sizeof(silent_traps[0]); i++) {
        const double values[4] = {0};
        struct expression_fault fault;
        char verdict = verdict_of(silent_traps[i].text, values, &fault);
        if (verdict != 'x' || !strstr(fault.text, silent_traps[i].says))
            fail_msg("'%s' is %c: %s", silent_traps[i].text, verdict, fault.text);
        bool has_place =
            !strstr(fault.text, "syntax") && !strstr(fault.text, "arguments");
        if (has_place && fault.offset != silent_traps[i].offset)
            fail_msg("'%s': fault at %zu", silent_traps[i].text, fault.offset);
    }
}

static void syntax_errors_of_sqlite_are_found_in_the_text(void **state)
{
    (void)state;
    const double values[4] = {0};
    struct expression_fault fault;
    assert_int_equal(verdict_of("lux < low occ", values, &fault), 'x');
    assert_int_equal(fault.offset, 10);
}

static void used_names_are_told(void **state)
{
    (void)state;
    struct expression_sql sql;
    struct expression_fault fault;
    assert_int_equal(expression_translate("occ > below", &names, &sql, &fault), 0);
    assert_int_equal(sql.inputs, 1u << 1);
    assert_int_equal(sql.parameters, 1u << 1);
}

static void depth_and_length_have_limits(void **state)
{
    (void)state;
    const double values[4] = {1, 0, 0, 0};
    struct expression_fault fault;
    char text[EXPRESSION_TEXT_MAX + 2];
    memset(text, '(', sizeof(text));
    text[sizeof(text) - 2] = '\0';
    assert_int_equal(verdict_of(text, values, &fault), 'x');
    assert_non_null(strstr(fault.text, "too deep"));
    memset(text, ' ', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(verdict_of(text, values, &fault), 'x');
    assert_non_null(strstr(fault.text, "too long"));
    for (size_t i = 0; i < 250; i += 2)
        memcpy(text + i, i == 248 ? "1" : "1+", i == 248 ? 2 : 3);
    assert_int_equal(verdict_of(text, values, &fault), 'x');
    assert_non_null(strstr(fault.text, "too large"));
}

static void clear_is_its_own_condition(void **state)
{
    (void)state;
    struct expression_sql when;
    struct expression_sql clear;
    struct expression_fault fault;
    struct expression *e = NULL;
    enum verdict w;
    enum verdict c;
    bool is_clear = false;
    assert_int_equal(expression_translate("lux < 300", &names, &when, &fault), 0);
    assert_int_equal(expression_translate("lux >= 330", &names, &clear, &fault), 0);
    assert_int_equal(expression_new(database, &when, &clear, &e, &fault, &is_clear), 0);
    expression_evaluate(e, (const double[]){310, 0, 0}, 3, &w, &c);
    assert_int_equal(w, VERDICT_FALSE);
    assert_int_equal(c, VERDICT_FALSE);
    e = expression_free(e);
    assert_int_equal(expression_translate("lux lux", &names, &clear, &fault), 0);
    assert_int_equal(expression_new(database, &when, &clear, &e, &fault, &is_clear),
                     -EINVAL);
    assert_true(is_clear);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(conditions_are_true_false_or_unknown),
        UNIT(what_sql_takes_in_silence_is_refused_with_its_place),
        UNIT(syntax_errors_of_sqlite_are_found_in_the_text),
        UNIT(used_names_are_told),
        UNIT(depth_and_length_have_limits),
        UNIT(clear_is_its_own_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
