#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "base/worker.h"
#include "points/point_table.h"

static const struct config_metric co2 = {.name = "co2", .min = NAN, .max = NAN};

static int add(struct point_table *t, uint32_t id, const char *name)
{
    return point_table_add(
        t, &(struct point_entry){
               .id = id, .name = name, .object = "b1-203", .metric = &co2});
}

static void an_entry_is_found_by_id_and_by_name(void **state)
{
    (void)state;
    static char names[3000][16];
    struct point_table *t = NULL;
    assert_int_equal(point_table_new(&t), 0);
    for (uint32_t i = 0; i < 3000; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "r%u/co2", i);
        assert_int_equal(add(t, i * 97 + 5, names[i]), 0);
    }
    const struct point_entry *first = point_table_entry(t, 0);
    assert_int_equal(point_table_count(t), 3000);
    for (uint32_t i = 0; i < 3000; i++) {
        assert_ptr_equal(point_table_find(t, i * 97 + 5), point_table_entry(t, i));
        assert_ptr_equal(point_table_named(t, names[i]), point_table_entry(t, i));
        assert_int_equal(point_table_index(t, i * 97 + 5), i);
    }
    assert_ptr_equal(first, point_table_find(t, 5));
    assert_null(point_table_find(t, 6));
    assert_null(point_table_named(t, "r3000/co2"));
    assert_null(point_table_entry(t, 3000));
    assert_null(point_table_free(t));
}

static void a_name_and_an_id_are_taken_once(void **state)
{
    (void)state;
    struct point_table *t = NULL;
    assert_int_equal(point_table_new(&t), 0);
    assert_int_equal(add(t, 1, "a/co2"), 0);
    assert_int_equal(add(t, 1, "b/co2"), -EEXIST);
    assert_int_equal(add(t, 2, "a/co2"), -EEXIST);
    assert_int_equal(point_table_count(t), 1);
    point_table_free(t);
}

static void a_point_is_unseen_until_its_first_reading(void **state)
{
    (void)state;
    struct point_table *t = NULL;
    assert_int_equal(point_table_new(&t), 0);
    assert_null(point_table_get(t, 9));
    assert_int_equal(add(t, 9, "a/co2"), 0);
    assert_int_equal(point_table_get(t, 9)->reason, GW_REASON_UNSEEN);
    assert_true(isnan(point_table_get(t, 9)->value));

    point_table_set(t, &(struct gw_reading){.point = 9, .value = 640, .time_us = 7});

    assert_true(point_table_get(t, 9)->value == 640);
    assert_int_equal(point_table_get(t, 9)->quality, GW_GOOD);
    point_table_free(t);
}

static void a_snapshot_copies_a_part_in_entry_order(void **state)
{
    (void)state;
    struct point_table *t = NULL;
    struct gw_reading out[3];
    assert_int_equal(point_table_new(&t), 0);
    assert_int_equal(add(t, 30, "a/co2"), 0);
    assert_int_equal(add(t, 10, "b/co2"), 0);
    assert_int_equal(add(t, 20, "c/co2"), 0);
    assert_int_equal(point_table_snapshot(t, 1, out, 3), 2);
    assert_int_equal(out[0].point, 10);
    assert_int_equal(out[1].point, 20);
    assert_int_equal(point_table_snapshot(t, 0, out, 1), 1);
    assert_int_equal(point_table_snapshot(t, 3, out, 3), 0);
    point_table_free(t);
}

enum { ROUNDS = 3000 };

/* Both points are always set to the same value, one after the other. */
static void write_on(struct worker *w, void *ctx)
{
    for (int i = 1; i <= ROUNDS && !worker_should_stop(w); i++) {
        for (uint32_t id = 1; id <= 2; id++)
            point_table_set(ctx,
                            &(struct gw_reading){.point = id, .value = i, .time_us = i});
        worker_alive(w);
    }
}

static void a_snapshot_never_sees_half_a_reading(void **state)
{
    (void)state;
    struct point_table *t = NULL;
    struct worker *w = NULL;
    struct gw_reading out[2] = {{0}};
    assert_int_equal(point_table_new(&t), 0);
    assert_int_equal(add(t, 1, "a/co2"), 0);
    assert_int_equal(add(t, 2, "b/co2"), 0);
    assert_int_equal(worker_start("writer", 0, write_on, t, &w), 0);
    do {
        assert_int_equal(point_table_snapshot(t, 0, out, 2), 2);
        for (size_t i = 0; i < 2 && out[i].reason != GW_REASON_UNSEEN; i++)
            assert_true(out[i].value == (double)out[i].time_us);
    } while (out[1].reason == GW_REASON_UNSEEN || out[1].time_us < ROUNDS);
    worker_join(w);
    point_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_by_id_and_by_name),
        cmocka_unit_test(a_name_and_an_id_are_taken_once),
        cmocka_unit_test(a_point_is_unseen_until_its_first_reading),
        cmocka_unit_test(a_snapshot_copies_a_part_in_entry_order),
        cmocka_unit_test(a_snapshot_never_sees_half_a_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
