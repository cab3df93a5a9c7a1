#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

static void hash_is_fnv_1a(void **state)
{
    (void)state;
    /* Test vectors of the FNV reference (Fowler, Noll, Vo), 64 bit. */
    assert_true(hash_bytes("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_bytes("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_bytes("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

static void map_finds_every_key_while_it_grows(void **state)
{
    (void)state;
    struct text_map *m = NULL;
    char key[32];
    assert_int_equal(text_map_new(0, &m), 0);
    for (uint32_t i = 0; i < 5000; i++) {
        (void)snprintf(key, sizeof(key), "b1-%u/co2", i);
        assert_int_equal(text_map_put(m, key, i), 0);
    }
    for (uint32_t i = 0; i < 5000; i++) {
        (void)snprintf(key, sizeof(key), "b1-%u/co2", i);
        assert_int_equal(text_map_get(m, key), i);
    }
    assert_int_equal(text_map_get(m, "b1-5000/co2"), UINT32_MAX);
    assert_null(text_map_free(m));
}

static void a_second_put_changes_nothing(void **state)
{
    (void)state;
    struct text_map *m = NULL;
    assert_int_equal(text_map_new(4, &m), 0);
    assert_int_equal(text_map_put(m, "gate", 1), 0);
    assert_int_equal(text_map_put(m, "gate", 2), -EEXIST);
    assert_int_equal(text_map_get(m, "gate"), 1);
    text_map_free(m);
}

static void set_takes_the_place_of_a_value(void **state)
{
    (void)state;
    struct text_map *m = NULL;
    assert_int_equal(text_map_new(4, &m), 0);
    assert_int_equal(text_map_set(m, "gate", 1), 0);
    assert_int_equal(text_map_set(m, "gate", 2), 0);
    assert_int_equal(text_map_get(m, "gate"), 2);
    text_map_free(m);
}

/* seen - what text_map_each() told; it ends at key @last. */
struct seen {
    const char *last;
    uint32_t count;
    uint32_t sum;
};

static int see(void *ctx, const char *key, uint32_t value)
{
    struct seen *seen = ctx;
    seen->count++;
    seen->sum += value;
    return seen->last && strcmp(key, seen->last) == 0 ? -ECANCELED : 0;
}

static void each_tells_every_key_once_until_it_is_told_to_end(void **state)
{
    (void)state;
    struct text_map *m = NULL;
    struct seen all = {0};
    struct seen some = {.last = "gate"};
    assert_int_equal(text_map_new(0, &m), 0);
    for (uint32_t i = 1; i <= 100; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "b1-%u", i);
        assert_int_equal(text_map_put(m, key, i), 0);
    }
    assert_int_equal(text_map_each(m, see, &all), 0);
    assert_int_equal(all.count, 100);
    assert_int_equal(all.sum, 5050);
    assert_int_equal(text_map_put(m, "gate", 0), 0);
    assert_int_equal(text_map_each(m, see, &some), -ECANCELED);
    assert_in_range(some.count, 1, 101);
    text_map_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_is_fnv_1a),
        cmocka_unit_test(map_finds_every_key_while_it_grows),
        cmocka_unit_test(a_second_put_changes_nothing),
        cmocka_unit_test(set_takes_the_place_of_a_value),
        cmocka_unit_test(each_tells_every_key_once_until_it_is_told_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
