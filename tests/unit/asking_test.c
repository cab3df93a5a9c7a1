#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "ingest/asking.h"

#define MINUTE INT64_C(60000000)
#define HOUR (60 * MINUTE)

static const struct asking_pace pace = {5 * MINUTE, 24 * HOUR};
static const int64_t begin_us = INT64_C(1800000000000000);

static void fill(struct range_set *s, const char *text)
{
    range_set_clear(s);
    assert_int_equal(range_set_read(s, text), 0);
}

static void assert_set(const struct range_set *s, const char *expected)
{
    struct strbuf text = {0};
    range_set_write(s, &text);
    assert_string_equal(text.text, expected);
    strbuf_free(&text);
}

/* What @a asks for at @minutes; the holes are @holes then.  returns: whether it is to be
 * kept */
static bool judge(struct asking *a, int64_t minutes, const char *holes,
                  const char *expected)
{
    bool is_changed = false;
    struct range_set request = {0};
    fill(&a->holes, holes);
    assert_int_equal(
        asking_judge(a, &pace, begin_us + minutes * MINUTE, &is_changed, &request), 0);
    assert_set(&request, expected);
    range_set_clear(&request);
    return is_changed;
}

static void hear(struct asking *a, int64_t minutes)
{
    a->heard_us = begin_us + minutes * MINUTE;
}

static void clear(struct asking *a)
{
    range_set_clear(&a->holes);
    range_set_clear(&a->noticed);
    range_set_clear(&a->asked);
}

static void a_hole_is_asked_for_when_it_is_old_enough(void **state)
{
    (void)state;
    struct asking a = {0};
    assert_false(judge(&a, 0, "{}", "{}"));
    assert_true(judge(&a, 1, "{[4,6)}", "{}"));
    assert_false(judge(&a, 5, "{[4,6)}", "{}"));
    assert_true(judge(&a, 6, "{[4,6)}", "{[4,6)}"));
    assert_set(&a.noticed, "{}");
    assert_set(&a.asked, "{[4,6)}");
    clear(&a);
}

static void what_comes_meanwhile_is_not_asked_for(void **state)
{
    (void)state;
    struct asking a = {0};
    judge(&a, 0, "{[4,6),[8,20)}", "{}");
    judge(&a, 5, "{[9,12)}", "{[9,12)}");
    assert_true(judge(&a, 6, "{}", "{}"));
    assert_true(asking_is_over(&a));
    assert_false(judge(&a, 7, "{}", "{}"));
    clear(&a);
}

static void younger_holes_wait_for_their_own_age(void **state)
{
    (void)state;
    struct asking a = {0};
    judge(&a, 0, "{[4,5)}", "{}");
    assert_false(judge(&a, 4, "{[4,5),[9,10)}", "{}"));
    judge(&a, 5, "{[4,5),[9,10)}", "{[4,5)}");
    assert_true(judge(&a, 6, "{[4,5),[9,10)}", "{}"));
    assert_set(&a.noticed, "{[9,10)}");
    judge(&a, 11, "{[4,5),[9,10)}", "{[9,10)}");
    assert_set(&a.asked, "{[4,5),[9,10)}");
    clear(&a);
}

static void the_wait_doubles_up_to_a_day(void **state)
{
    (void)state;
    struct asking a = {0};
    int64_t now = 5;
    judge(&a, 0, "{[4,5)}", "{}");
    judge(&a, now, "{[4,5)}", "{[4,5)}");
    for (int64_t wait = 5, times = 0; times < 12; times++) {
        hear(&a, now + 1);
        assert_false(judge(&a, now + wait - 1, "{[4,5)}", "{}"));
        now += wait;
        assert_true(judge(&a, now, "{[4,5)}", "{[4,5)}"));
        wait = 2 * wait > 1440 ? 1440 : 2 * wait;
        assert_int_equal(a.wait_us, wait * MINUTE);
    }
    /* answered, and much later a new hole: from the beginning */
    judge(&a, now + 1, "{}", "{}");
    judge(&a, now + 2, "{[7,8)}", "{}");
    judge(&a, now + 7, "{[7,8)}", "{[7,8)}");
    assert_int_equal(a.wait_us, 5 * MINUTE);
    clear(&a);
}

static void who_is_not_heard_is_not_asked_again(void **state)
{
    (void)state;
    struct asking a = {0};
    judge(&a, 0, "{[4,5)}", "{}");
    judge(&a, 5, "{[4,5)}", "{[4,5)}");
    assert_false(judge(&a, 500, "{[4,5)}", "{}"));
    hear(&a, 501);
    judge(&a, 502, "{[4,5)}", "{[4,5)}");
    hear(&a, 503);
    a.is_away = true;
    assert_false(judge(&a, 5000, "{[4,5)}", "{}"));
    a.is_away = false;
    assert_true(judge(&a, 5000, "{[4,5)}", "{[4,5)}"));
    clear(&a);
}

static void a_command_has_a_hundred_ranges_and_the_rest_follows(void **state)
{
    (void)state;
    struct asking a = {0};
    struct strbuf holes = {0};
    strbuf_add(&holes, "{");
    for (int i = 0; i < 250; i++)
        strbuf_format(&holes, "%s[%d,%d)", i > 0 ? "," : "", 2 + 2 * i, 3 + 2 * i);
    strbuf_add(&holes, "}");
    judge(&a, 0, holes.text, "{}");
    static const size_t expected[] = {100, 100, 50, 0};
    for (size_t i = 0; i < 4; i++) {
        bool is_changed = false;
        struct range_set request = {0};
        assert_int_equal(
            asking_judge(&a, &pace, begin_us + 5 * MINUTE, &is_changed, &request), 0);
        assert_int_equal(request.count, expected[i]);
        range_set_clear(&request);
    }
    assert_int_equal(a.asked.count, 250);
    strbuf_free(&holes);
    clear(&a);
}

static void a_clock_set_back_holds_nothing_up(void **state)
{
    (void)state;
    struct asking a = {0};
    judge(&a, 100000, "{[4,5)}", "{}");
    judge(&a, 0, "{[4,5)}", "{[4,5)}");
    clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_asked_for_when_it_is_old_enough),
        cmocka_unit_test(what_comes_meanwhile_is_not_asked_for),
        cmocka_unit_test(younger_holes_wait_for_their_own_age),
        cmocka_unit_test(the_wait_doubles_up_to_a_day),
        cmocka_unit_test(who_is_not_heard_is_not_asked_again),
        cmocka_unit_test(a_command_has_a_hundred_ranges_and_the_rest_follows),
        cmocka_unit_test(a_clock_set_back_holds_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
