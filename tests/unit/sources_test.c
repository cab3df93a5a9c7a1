#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "http/sources.h"

static struct sources sources;

static int begin(void **state)
{
    (void)state;
    sources_start(&sources, &(struct http_sources){.offset_s = 1});
    return 0;
}

static int end(void **state)
{
    (void)state;
    sources_end(&sources);
    return 0;
}

static void a_swap_shows_to_the_next_reader_only(void **state)
{
    (void)state;
    struct sources_hold before;
    struct sources_hold after;
    sources_use(&sources, &before);
    sources_done(&sources, &before);
    sources_put(&sources, &(struct http_sources){.offset_s = 2});
    sources_settle(&sources);
    sources_use(&sources, &after);
    sources_done(&sources, &after);
    assert_int_equal(before.sources.offset_s, 1);
    assert_int_equal(after.sources.offset_s, 2);
}

static atomic_bool is_swapped;

static void *swap(void *ctx)
{
    (void)ctx;
    sources_put(&sources, &(struct http_sources){.offset_s = 2});
    sources_settle(&sources);
    atomic_store(&is_swapped, true);
    return NULL;
}

static void a_swap_waits_for_the_old_reader_and_not_for_new_ones(void **state)
{
    (void)state;
    struct sources_hold old;
    struct sources_hold new;
    pthread_t thread;
    atomic_store(&is_swapped, false);
    sources_use(&sources, &old);
    assert_int_equal(pthread_create(&thread, NULL, swap, NULL), 0);
    do {
        sources_use(&sources, &new);
        if (new.sources.offset_s != 2)
            sources_done(&sources, &new);
    } while (new.sources.offset_s != 2);
    assert_false(atomic_load(&is_swapped));

    sources_done(&sources, &old);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(atomic_load(&is_swapped));
    sources_done(&sources, &new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_swap_shows_to_the_next_reader_only, begin, end),
        cmocka_unit_test_setup_teardown(
            a_swap_waits_for_the_old_reader_and_not_for_new_ones, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
