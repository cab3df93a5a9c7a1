#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/event_ring.h"

static struct event_ring ring;

static int empty(void **state)
{
    (void)state;
    memset(&ring, 0, sizeof(ring));
    return 0;
}

static void an_event_reads_as_a_type_line_a_data_line_and_a_blank_line(void **state)
{
    (void)state;
    char text[128];
    uint64_t position = 0;
    assert_true(event_ring_add(&ring, "alarm", "{\"id\":\"TF-01\"}"));

    int n = event_ring_read(&ring, &position, text, sizeof(text));
    assert_true(n > 0);
    text[n] = '\0';
    assert_string_equal(text, "event: alarm\ndata: {\"id\":\"TF-01\"}\n\n");
    assert_int_equal(event_ring_read(&ring, &position, text, sizeof(text)), 0);
}

static void a_small_buffer_gets_the_event_in_pieces(void **state)
{
    (void)state;
    char text[64] = "";
    uint64_t position = 0;
    assert_true(event_ring_add(&ring, "a", "{}"));
    for (size_t used = 0; event_ring_read(&ring, &position, text + used, 1) == 1;)
        used++;
    assert_string_equal(text, "event: a\ndata: {}\n\n");
}

static void readers_keep_their_own_pace(void **state)
{
    (void)state;
    char text[64];
    uint64_t early = 0;
    assert_true(event_ring_add(&ring, "a", "1"));
    uint64_t late = ring.end;
    assert_true(event_ring_add(&ring, "b", "2"));
    int first = event_ring_read(&ring, &early, text, sizeof(text));
    int second = event_ring_read(&ring, &late, text, sizeof(text));
    assert_int_equal(first, 2 * second);
    assert_memory_equal(text, "event: b", 8);
}

static void a_reader_that_was_overtaken_is_told(void **state)
{
    (void)state;
    char text[64];
    char json[1024];
    uint64_t position = 0;
    memset(json, 'x', sizeof(json) - 1);
    json[sizeof(json) - 1] = '\0';
    while (ring.end <= EVENT_RING_SIZE)
        assert_true(event_ring_add(&ring, "alarm", json));
    assert_int_equal(event_ring_read(&ring, &position, text, sizeof(text)), -EOVERFLOW);
    position = ring.end;
    assert_int_equal(event_ring_read(&ring, &position, text, sizeof(text)), 0);
}

static void line_breaks_cannot_forge_an_event(void **state)
{
    (void)state;
    assert_false(event_ring_add(&ring, "alarm", "{}\n\nevent: alarm\ndata: {}"));
    assert_false(event_ring_add(&ring, "alarm\r", "{}"));
    assert_true(ring.end == 0);
}

static void an_event_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char *json = malloc(EVENT_MAX + 2);
    assert_non_null(json);
    memset(json, 'x', EVENT_MAX + 1);
    json[EVENT_MAX + 1] = '\0';
    assert_false(event_ring_add(&ring, "alarm", json));
    assert_true(event_ring_add(&ring, "alarm", json + 1));
    assert_false(event_ring_add(&ring, "a-type-that-is-longer-than-any-of-ours-x", "{}"));
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_event_reads_as_a_type_line_a_data_line_and_a_blank_line,
                               empty),
        cmocka_unit_test_setup(a_small_buffer_gets_the_event_in_pieces, empty),
        cmocka_unit_test_setup(readers_keep_their_own_pace, empty),
        cmocka_unit_test_setup(a_reader_that_was_overtaken_is_told, empty),
        cmocka_unit_test_setup(line_breaks_cannot_forge_an_event, empty),
        cmocka_unit_test_setup(an_event_that_is_too_long_is_refused, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
