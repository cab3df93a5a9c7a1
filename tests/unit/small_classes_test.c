/* Whose figures leave the school: never such that what is left over tells of few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"

enum { CLASSES_MAX = 5 };

/* school_case - enrolled by class, 0 ends them; those withheld as letters a, b, …  */
struct school_case {
    uint32_t enrolled[CLASSES_MAX];
    const char *withheld;
};

static void write_campus(const struct fixture *f, const struct school_case *c,
                         const char *section)
{
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof(text),
                                "timezone: Asia/Shanghai\n%sclasses:\n", section);
    for (size_t i = 0; i < CLASSES_MAX && c->enrolled[i] > 0; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "  - {id: %c, stage: primary, enrolled: %u}\n",
                              (int)('a' + i), c->enrolled[i]);
    assert_true(n < sizeof(text));
    fixture_put(f, "campus.yaml", text);
}

static void expect(const struct school_case *c, const char *section)
{
    struct fixture f;
    char withheld[CLASSES_MAX + 1] = "";
    size_t count = 0;
    fixture_open(&f);
    write_campus(&f, c, section);
    fixture_load(&f);
    assert_non_null(f.campus);
    for (size_t i = 0; i < CLASSES_MAX && c->enrolled[i] > 0; i++) {
        const char id[] = {(char)('a' + i), '\0'};
        if (gw_campus_is_withheld(f.campus, id))
            withheld[count++] = id[0];
    }
    assert_string_equal(withheld, c->withheld);
    fixture_close(&f);
}

static void a_class_of_five_is_told_of_and_one_of_four_is_not(void **state)
{
    (void)state;
    static const struct school_case cases[] = {
        {{5, 5, 5}, ""},
        {{40, 45, 5}, ""},
        {{4, 40, 45}, "ab"}, /* alone it would be the school less the others */
        {{40, 4, 45, 30}, "bd"},
        {{4, 4, 30}, "ab"},      /* eight together */
        {{2, 2, 30, 40}, "abc"}, /* four together: one more */
        {{1, 1, 1, 1, 30}, "abcde"},
        {{4, 5}, "ab"},
        {{4}, "a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect(&cases[i], "");
}

static void a_school_may_ask_for_larger_groups(void **state)
{
    (void)state;
    expect(&(struct school_case){{9, 10, 30}, "ab"}, "school: {smallest_group: 10}\n");
}

static void nobody_may_ask_for_smaller_ones(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    write_campus(&f, &(struct school_case){{30}, ""}, "school: {smallest_group: 4}\n");
    fixture_load(&f);
    char *faults = fixture_faults(&f);
    assert_non_null(strstr(faults, "school.smallest_group"));
    free(faults);
    fixture_close(&f);
}

static void what_is_no_class_is_not_withheld(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    write_campus(&f, &(struct school_case){{4}, ""}, "");
    fixture_load(&f);
    assert_false(gw_campus_is_withheld(f.campus, "school"));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_of_five_is_told_of_and_one_of_four_is_not),
        cmocka_unit_test(a_school_may_ask_for_larger_groups),
        cmocka_unit_test(nobody_may_ask_for_smaller_ones),
        cmocka_unit_test(what_is_no_class_is_not_withheld),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
