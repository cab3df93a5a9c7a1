#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "store/batch.h"

static struct gw_record reading(uint32_t point)
{
    return (struct gw_record){.kind = GW_RECORD_READING,
                              .flags = GW_RECORD_LOG,
                              .reading = {.point = point, .value = point / 2.0}};
}

static struct gw_record delivery(uint16_t bus, uint64_t ticket)
{
    return (struct gw_record){.kind = GW_RECORD_DELIVERY,
                              .delivery = {.bus = bus, .ticket = ticket}};
}

static void add(struct batch *b, struct gw_record record)
{
    assert_int_equal(batch_add(b, &record), 0);
}

static int check_order(void *ctx, const struct gw_record *record)
{
    uint32_t *next = ctx;
    assert_int_equal(record->reading.point, *next);
    assert_true(record->reading.value == *next / 2.0);
    assert_int_equal(record->flags, GW_RECORD_LOG);
    return ++*next == 4 ? -7 : 0;
}

static void records_come_out_in_order_until_one_is_refused(void **state)
{
    (void)state;
    struct batch *b = NULL;
    uint32_t next = 1;
    assert_int_equal(batch_new(&b), 0);
    assert_true(batch_is_empty(b));
    for (uint32_t point = 1; point <= 5; point++)
        add(b, reading(point));
    assert_int_equal(batch_each(b, check_order, &next), -7);
    assert_int_equal(next, 4);
    assert_int_equal(batch_rows(b), 5);
    assert_null(batch_free(b));
}

static int check_fact(void *ctx, const struct gw_record *record)
{
    (void)ctx;
    assert_string_equal(record->fact.kind, "lesson");
    assert_null(record->fact.rule);
    assert_int_equal(record->fact.count, 1);
    assert_string_equal(record->fact.values[0].name, "note");
    assert_string_equal(record->fact.values[0].text, "empty");
    return 0;
}

static void what_pointers_name_is_copied(void **state)
{
    (void)state;
    struct batch *b = NULL;
    char kind[] = "lesson";
    char text[] = "empty";
    struct gw_fact_value value = {.name = "note", .text = text};
    assert_int_equal(batch_new(&b), 0);
    add(b, (struct gw_record){.kind = GW_RECORD_FACT,
                              .fact = {.kind = kind, .values = &value, .count = 1}});
    memset(kind, 'x', sizeof(kind) - 1);
    memset(text, 'x', sizeof(text) - 1);
    value = (struct gw_fact_value){0};
    assert_int_equal(batch_each(b, check_fact, NULL), 0);
    batch_free(b);
}

static void a_transition_or_a_request_is_urgent(void **state)
{
    (void)state;
    static const enum gw_record_kind urgent[] = {GW_RECORD_TRANSITION, GW_RECORD_COMMIT};
    for (size_t i = 0; i < 2; i++) {
        struct batch *b = NULL;
        assert_int_equal(batch_new(&b), 0);
        add(b, reading(1));
        add(b, delivery(1, 1));
        assert_false(batch_is_urgent(b));
        add(b, (struct gw_record){.kind = urgent[i]});
        assert_true(batch_is_urgent(b));
        batch_free(b);
    }
}

static void sum_tickets(void *ctx, uint16_t bus, uint64_t ticket)
{
    *(uint64_t *)ctx += bus * 1000 + ticket;
}

static void each_bus_has_its_highest_ticket(void **state)
{
    (void)state;
    struct batch *b = NULL;
    uint64_t sum = 0;
    assert_int_equal(batch_new(&b), 0);
    add(b, delivery(1, 5));
    add(b, delivery(2, 9));
    add(b, delivery(1, 6));
    batch_each_ticket(b, sum_tickets, &sum);
    assert_int_equal(sum, 1006 + 2009);
    assert_int_equal(batch_rows(b), 0);
    assert_false(batch_is_empty(b));
    batch_free(b);
}

static void the_first_record_sets_the_age(void **state)
{
    (void)state;
    struct batch *b = NULL;
    assert_int_equal(batch_new(&b), 0);
    clock_set(500, 0);
    add(b, reading(1));
    clock_set(900, 0);
    add(b, reading(2));
    assert_int_equal(batch_opened_us(b), 500);
    clock_release();
    batch_free(b);
}

static int count_record(void *ctx, const struct gw_record *record)
{
    uint32_t *last = ctx;
    assert_int_equal(record->reading.point, *last + 1);
    *last = record->reading.point;
    return 0;
}

static void lists_keep_the_order_of_their_batches(void **state)
{
    (void)state;
    struct batch_list first = {0};
    struct batch_list second = {0};
    uint32_t last = 0;
    for (uint32_t point = 1; point <= 4; point++) {
        struct batch *b = NULL;
        assert_int_equal(batch_new(&b), 0);
        add(b, reading(point));
        batch_list_add(point <= 2 ? &first : &second, b);
    }
    batch_list_move(&second, &first);
    assert_null(second.first);
    batch_list_move(&second, &first);
    assert_int_equal(batch_list_each(&first, count_record, &last), 0);
    assert_int_equal(last, 4);
    batch_list_free(&first);
    assert_null(first.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_out_in_order_until_one_is_refused),
        cmocka_unit_test(what_pointers_name_is_copied),
        cmocka_unit_test(a_transition_or_a_request_is_urgent),
        cmocka_unit_test(each_bus_has_its_highest_ticket),
        cmocka_unit_test(the_first_record_sets_the_age),
        cmocka_unit_test(lists_keep_the_order_of_their_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
