#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "http/metrics.h"

static char *written(const char *status)
{
    struct strbuf out = {0};
    json_t *tree = json_loads(status, 0, NULL);
    assert_non_null(tree);
    metrics_write(&out, tree);
    json_decref(tree);
    return strbuf_take(&out);
}

static void check_line(const char *status, const char *line)
{
    char *text = written(status);
    assert_non_null(strstr(text, line));
    free(text);
}

static void a_number_is_one_line_under_its_type(void **state)
{
    (void)state;
    check_line("{\"store\":{\"commits\":12}}",
               "# TYPE campus_store_commits_total counter\n"
               "campus_store_commits_total 12\n");
    check_line("{\"county\":{\"connected\":true}}", "\ncampus_county_connected 1\n");
    check_line("{\"county\":{\"credentials\":{\"days\":-3}}}",
               "\ncampus_county_certificate_days -3\n");
}

static void an_object_of_numbers_is_a_line_a_key(void **state)
{
    (void)state;
    check_line("{\"readings\":{\"mqtt\":3,\"modbus-rtu\":4}}",
               "campus_readings_total{driver=\"mqtt\"} 3\n"
               "campus_readings_total{driver=\"modbus-rtu\"} 4\n");
}

static void a_bus_is_a_label_and_its_counters_are_kinds(void **state)
{
    (void)state;
    static const char bus[] = "{\"buses\":[{\"name\":\"a\\\"b\",\"samples\":5,"
                              "\"counters\":{\"crc\":2}}]}";
    check_line(bus, "campus_bus_events_total{bus=\"a\\\"b\",kind=\"crc\"} 2\n");
    check_line(bus, "campus_bus_samples_total{bus=\"a\\\"b\"} 5\n");
}

static void what_the_status_lacks_is_left_out(void **state)
{
    (void)state;
    char *text = written("{\"store\":{\"fault\":\"disk full\"}}");
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_one_line_under_its_type),
        cmocka_unit_test(an_object_of_numbers_is_a_line_a_key),
        cmocka_unit_test(a_bus_is_a_label_and_its_counters_are_kinds),
        cmocka_unit_test(what_the_status_lacks_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
