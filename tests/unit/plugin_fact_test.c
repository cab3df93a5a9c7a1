/* What a plugin tells as a fact. */
#include "plugin_rig.h"

static void a_fact_by_the_calendar_needs_the_time(void **state)
{
    assert_string_equal(start_host(*state), "");
    const struct gw_fact lesson = {
        .kind = "lesson", .object = "2024-P-01", .by_calendar = true};
    clock_release();
    clock_doubt(true);
    gw_fact(probes[0].host, &lesson);
    gw_fact(probes[0].host, &(struct gw_fact){.kind = "k", .object = "b1-203"});
    assert_int_equal(facts, 1);
    clock_doubt(false);
    gw_fact(probes[0].host, &lesson);
    assert_int_equal(facts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_fact_by_the_calendar_needs_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
