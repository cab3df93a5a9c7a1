#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remembered.h"

static struct campus_entry_list *list_of(size_t count)
{
    struct campus_entry_list *list =
        calloc(1, sizeof(*list) + count * sizeof(list->items[0]));
    assert_non_null(list);
    list->count = count;
    list->items[count - 1].count = 7;
    return list;
}

static void told(void *ctx, struct outcome *outcome)
{
    (void)outcome;
    (*(unsigned *)ctx)++;
}

static void orders_stand_in_turn_with_their_time_and_actor(void **state)
{
    (void)state;
    enum { MANY = 100 };
    unsigned calls = 0;
    struct remembered r = {0};
    struct gw_error err = {0};
    struct operation arm = {.kind = OPERATION_COMMAND,
                            .to = {&calls, told},
                            .command = {.name = "arm", .actor = "guard"}};
    for (int i = 0; i < MANY; i++) {
        arm.command.until_us = i;
        assert_int_equal(remembered_add(&r, &arm, 1000 + i, &err), 0);
    }
    assert_int_equal(r.count, MANY);
    for (int i = 0; i < MANY; i++) {
        const struct operation *o = &r.orders[i].operation;
        assert_int_equal(r.orders[i].time_us, 1000 + i);
        assert_int_equal(o->command.until_us, i);
        assert_string_equal(o->command.actor, "guard");
        assert_null(o->to.told); /* was answered long ago */
    }
    remembered_clear(&r);
    assert_int_equal(r.count, 0);
    assert_int_equal(calls, 0);
}

static void a_list_outlives_the_one_that_was_given(void **state)
{
    (void)state;
    struct remembered r = {0};
    struct gw_error err = {0};
    struct operation table = {.kind = OPERATION_LIST,
                              .list = {.list = list_of(3), .actor = "office"}};
    assert_int_equal(remembered_add(&r, &table, 1, &err), 0);
    memset(table.list.list->items, 0xff, 3 * sizeof(table.list.list->items[0]));
    free(table.list.list);
    const struct campus_entry_list *kept = r.orders[0].operation.list.list;
    assert_int_equal(kept->count, 3);
    assert_int_equal(kept->items[2].count, 7);
    remembered_clear(&r);
}

static void what_does_not_fit_is_refused_and_what_is_there_stays(void **state)
{
    (void)state;
    struct remembered r = {0};
    struct gw_error err = {0};
    struct operation table = {.kind = OPERATION_LIST,
                              .list = {.list = list_of(ENTRY_LIST_MAX)}};
    int result = 0;
    while ((result = remembered_add(&r, &table, 1, &err)) == 0)
        assert_in_range(r.bytes, 1, REMEMBERED_BYTES);
    assert_int_equal(result, -ENOSPC);
    assert_non_null(strstr(err.text, "too many orders"));
    size_t count = r.count;
    assert_true(count > 0);
    const struct operation small = {.kind = OPERATION_ENTRY};
    assert_int_equal(remembered_add(&r, &small, 2, &err), 0); /* still has room */
    assert_int_equal(r.count, count + 1);
    remembered_clear(&r);
    assert_int_equal(remembered_add(&r, &table, 1, &err), 0);
    remembered_clear(&r);
    free(table.list.list);
}

static void a_clock_that_is_set_moves_no_order_against_it(void **state)
{
    (void)state;
    struct remembered r = {0};
    struct gw_error err = {0};
    struct operation bypass = {.kind = OPERATION_COMMAND, .command.until_us = 160};
    struct operation arm = {.kind = OPERATION_COMMAND, .command.until_us = GW_TIME_NONE};
    const struct operation leave = {.kind = OPERATION_ENTRY};
    assert_int_equal(remembered_add(&r, &bypass, 100, &err), 0);
    assert_int_equal(remembered_add(&r, &arm, 110, &err), 0);
    assert_int_equal(remembered_add(&r, &leave, 120, &err), 0);
    remembered_clock_set(&r, 5000);
    assert_int_equal(r.orders[0].time_us, 5100);
    assert_int_equal(r.orders[0].operation.command.until_us, 5160);
    assert_int_equal(r.orders[1].operation.command.until_us, GW_TIME_NONE);
    assert_int_equal(r.orders[2].time_us, 5120);
    remembered_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_stand_in_turn_with_their_time_and_actor),
        cmocka_unit_test(a_list_outlives_the_one_that_was_given),
        cmocka_unit_test(a_clock_that_is_set_moves_no_order_against_it),
        cmocka_unit_test(what_does_not_fit_is_refused_and_what_is_there_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
