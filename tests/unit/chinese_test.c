/* chinese_test.c - a translation takes what its original is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "config/chinese.h"
#include "config/schema.h"

enum { ARGUMENTS_MAX = 8, KIND_MAX = 4 };

/* arguments - the kinds of what a format is given: "s", "d", "u", "zu". */
struct arguments {
    char kinds[ARGUMENTS_MAX][KIND_MAX];
    size_t count;
};

/* argument_add - what stands behind a %: "s", ".3g", "2$zu". */
static void argument_add(struct arguments *a, const char *conversion)
{
    const char *kind = conversion + strspn(conversion, ".0123456789");
    size_t index = a->count++;
    if (*kind == '$') {
        index = (size_t)strtol(conversion, NULL, 10) - 1;
        kind += 1 + strspn(kind + 1, ".0123456789");
    }
    size_t size = strcspn(kind, "sducgf") + 1;
    assert_true(index < ARGUMENTS_MAX && size < KIND_MAX);
    memcpy(a->kinds[index], kind, size);
}

/* A % that is a sign and no conversion is left out. */
static struct arguments arguments_of(const char *format)
{
    struct arguments a = {0};
    for (const char *at = strchr(format, '%'); at; at = strchr(at + 1, '%')) {
        if (at[1] == '%')
            at++;
        else if (at[1] && strchr(".0123456789zsducgf", at[1]))
            argument_add(&a, at + 1);
    }
    return a;
}

/* next_sentence - of all parts; NULL: the first one, or behind the last. */
static const struct sentence *next_sentence(const struct sentence *s)
{
    bool is_next = !s;
    for (const struct sentence *const *part = chinese_parts; *part; part++)
        for (const struct sentence *at = *part; at->english; at++) {
            if (is_next)
                return at;
            is_next = at == s;
        }
    return NULL;
}

static void a_translation_takes_the_same_arguments(void **state)
{
    (void)state;
    for (const struct sentence *s = next_sentence(NULL); s; s = next_sentence(s)) {
        struct arguments english = arguments_of(s->english);
        struct arguments chinese = arguments_of(s->chinese);
        if (memcmp(&english, &chinese, sizeof(english)) != 0)
            print_error("%s\n%s\n", s->english, s->chinese);
        assert_memory_equal(&english, &chinese, sizeof(english));
        assert_ptr_equal(chinese_format(s->english), s->chinese);
    }
    assert_string_equal(chinese_format("said in English only"), "said in English only");
}

static void no_sentence_is_translated_twice(void **state)
{
    (void)state;
    for (const struct sentence *s = next_sentence(NULL); s; s = next_sentence(s))
        for (const struct sentence *t = next_sentence(s); t; t = next_sentence(t))
            assert_string_not_equal(s->english, t->english);
}

static void faults_are_told_in_the_language_of_the_system(void **state)
{
    static const struct {
        const char *lang, *says;
    } cases[] = {{"zh_CN.UTF-8", "a.csv:2:1: a.A2: “九”不是节次（可写：1 到 7）\n"},
                 {"C.UTF-8", "a.csv:2:1: a.A2: '九' is no lesson (allowed: 1 .. 7)\n"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct config_faults *faults = NULL;
        char *text = NULL;
        size_t size = 0;
        assert_int_equal(setenv("LC_ALL", cases[i].lang, 1), 0);
        assert_int_equal(config_faults_new(&faults), 0);
        config_fault(faults, (struct config_mark){"a.csv", 2, 1}, "a.A2",
                     "'%s' is no lesson (allowed: 1 .. %d)", "九", 7);
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        config_faults_print(faults, out);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, cases[i].says);
        free(text);
        config_faults_free(faults);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_translation_takes_the_same_arguments),
        cmocka_unit_test(no_sentence_is_translated_twice),
        cmocka_unit_test(faults_are_told_in_the_language_of_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
