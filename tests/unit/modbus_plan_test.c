#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include <math.h>
#include <string.h>

#include "modbus/modbus.h"
#include "modbus/options.h"
#include "modbus/plan.h"

enum { POINTS_MAX = 200 };

/* A device with the options' defaults, and what is planned for it. */
struct fixture {
    struct modbus_device device;
    struct modbus_point options[POINTS_MAX];
    struct gw_point_ref points[POINTS_MAX];
    struct gw_device_ref ref;
    struct modbus_plan *plan;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    f->device = (struct modbus_device){.unit = 1, .max_registers = 125, .max_hole = 4};
    f->ref = (struct gw_device_ref){
        .id = 1, .name = "meter", .options = &f->device, .points = f->points};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    f->plan = modbus_plan_free(f->plan);
    test_free(f);
    return 0;
}

static void add(struct fixture *f, uint32_t function, uint32_t address,
                enum modbus_type type)
{
    size_t i = f->ref.point_count++;
    f->options[i] = (struct modbus_point){
        .function = function, .address = address, .type = (int)type, .bit = -1};
    f->points[i] = (struct gw_point_ref){
        .id = (uint32_t)i + 1, .name = "b1-203/x", .options = &f->options[i]};
}

static void plan(struct fixture *f)
{
    f->plan = modbus_plan_free(f->plan);
    assert_int_equal(modbus_plan_new(&f->ref, 20, &f->plan), 0);
}

static void expect_request(const struct fixture *f, size_t i, int function, int address,
                           int count)
{
    assert_true(i < f->plan->count);
    assert_int_equal(f->plan->requests[i].function, function);
    assert_int_equal(f->plan->requests[i].address, address);
    assert_int_equal(f->plan->requests[i].count, count);
}

static void adjacent_registers_are_one_request(void **state)
{
    struct fixture *f = *state;
    add(f, 3, 7, MODBUS_U32);
    add(f, 3, 0, MODBUS_U16);
    add(f, 3, 1, MODBUS_S16);
    f->device.max_hole = 5;
    plan(f);
    assert_int_equal(f->plan->count, 1);
    expect_request(f, 0, 3, 0, 9);
}

static void hole_that_is_too_wide_parts_requests(void **state)
{
    struct fixture *f = *state;
    add(f, 3, 0, MODBUS_U16);
    add(f, 3, 5, MODBUS_U16);
    add(f, 3, 11, MODBUS_U16);
    plan(f);
    assert_int_equal(f->plan->count, 2);
    expect_request(f, 0, 3, 0, 6);
    expect_request(f, 1, 3, 11, 1);
}

static void functions_are_never_mixed(void **state)
{
    struct fixture *f = *state;
    add(f, 4, 0, MODBUS_U16);
    add(f, 3, 1, MODBUS_U16);
    add(f, 2, 2, MODBUS_AUTO);
    plan(f);
    assert_int_equal(f->plan->count, 3);
    expect_request(f, 0, 2, 2, 1);
    expect_request(f, 1, 3, 1, 1);
    expect_request(f, 2, 4, 0, 1);
}

static void run_of_registers_takes_as_few_requests_as_the_device_allows(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < 130; i++)
        add(f, 3, i, MODBUS_U16);
    plan(f);
    assert_int_equal(f->plan->count, 2);
    expect_request(f, 0, 3, 0, 125);
    expect_request(f, 1, 3, 125, 5);
    f->device.max_registers = 10;
    plan(f);
    assert_int_equal(f->plan->count, 13);
}

static void value_is_never_cut_by_a_limit(void **state)
{
    struct fixture *f = *state;
    f->device.max_registers = 5;
    for (uint32_t i = 0; i < 3; i++)
        add(f, 4, 2 * i, MODBUS_F32);
    plan(f);
    assert_int_equal(f->plan->count, 2);
    expect_request(f, 0, 4, 0, 4);
    expect_request(f, 1, 4, 4, 2);
}

static void device_that_answers_one_register_gets_one_each(void **state)
{
    struct fixture *f = *state;
    f->device.max_registers = 1;
    for (uint32_t i = 0; i < 4; i++)
        add(f, 3, i, MODBUS_U16);
    plan(f);
    assert_int_equal(f->plan->count, 4);
}

static void base_one_is_taken_off_the_wire_address(void **state)
{
    struct fixture *f = *state;
    f->device.base = 1;
    add(f, 4, 1, MODBUS_S16);
    add(f, 4, 2, MODBUS_S16);
    plan(f);
    assert_int_equal(f->plan->count, 1);
    expect_request(f, 0, 4, 0, 2);
}

static void bits_of_one_register_share_its_request(void **state)
{
    struct fixture *f = *state;
    add(f, 3, 9, MODBUS_BOOL);
    add(f, 3, 9, MODBUS_BOOL);
    plan(f);
    assert_int_equal(f->plan->count, 1);
    expect_request(f, 0, 3, 9, 1);
    assert_int_equal(f->plan->requests[0].points, 2);
    assert_false(modbus_plan_split(f->plan, &f->ref, 0));
}

static void inputs_are_limited_by_bits_not_registers(void **state)
{
    struct fixture *f = *state;
    f->device.max_registers = 8;
    for (uint32_t i = 0; i < 16; i++)
        add(f, 2, i, MODBUS_BOOL);
    plan(f);
    assert_int_equal(f->plan->count, 1);
    expect_request(f, 0, 2, 0, 16);
}

static void refused_request_is_halved_between_its_points(void **state)
{
    struct fixture *f = *state;
    add(f, 3, 0, MODBUS_U16);
    add(f, 3, 1, MODBUS_U32);
    add(f, 3, 6, MODBUS_U16);
    add(f, 3, 30, MODBUS_U16);
    plan(f);
    assert_true(modbus_plan_split(f->plan, &f->ref, 0));
    assert_int_equal(f->plan->count, 3);
    expect_request(f, 0, 3, 0, 1);
    expect_request(f, 1, 3, 1, 6);
    expect_request(f, 2, 3, 30, 1);
}

static void bits_of_one_register_are_split_from_the_next_not_from_each_other(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 3; i++)
        add(f, 3, 9, MODBUS_BOOL);
    add(f, 3, 10, MODBUS_U16);
    plan(f);
    assert_true(modbus_plan_split(f->plan, &f->ref, 0));
    expect_request(f, 0, 3, 9, 1);
    expect_request(f, 1, 3, 10, 1);
    assert_int_equal(f->plan->requests[0].points, 3);
}

static void split_is_remembered_by_the_next_plan_until_it_is_forgotten(void **state)
{
    struct fixture *f = *state;
    add(f, 3, 0, MODBUS_U16);
    add(f, 3, 2, MODBUS_U16);
    plan(f);
    assert_true(modbus_plan_split(f->plan, &f->ref, 0));
    plan(f);
    assert_int_equal(f->plan->count, 2);
    expect_request(f, 1, 3, 2, 1);
    modbus_plan_forget(&f->ref, 0);
    plan(f);
    assert_int_equal(f->plan->count, 1);
}

static void refused_register_is_never_read_over(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < 3; i++)
        add(f, 3, i, MODBUS_U16);
    plan(f);
    f->options[1].lesson =
        (struct modbus_lesson){.exception = 2, .rest_us = 600, .again_us = 600};
    plan(f);
    assert_int_equal(f->plan->count, 3);
    expect_request(f, 1, 3, 1, 1);
    assert_int_equal(
        modbus_plan_lesson(f->plan, &f->ref, &f->plan->requests[1])->exception, 2);
    modbus_plan_learn(f->plan, &f->ref, &f->plan->requests[1], 0, 0);
    plan(f);
    assert_int_equal(f->plan->count, 1);
}

static void hole_is_read_over_while_that_is_cheaper_than_a_request(void **state)
{
    struct fixture *f = *state;
    f->device.max_hole = -1;
    add(f, 3, 0, MODBUS_U16);
    add(f, 3, 11, MODBUS_U16);
    plan(f); /* 20 characters: ten registers */
    assert_int_equal(f->plan->count, 1);
    f->options[1].address = 12;
    plan(f);
    assert_int_equal(f->plan->count, 2);
    f->options[0].function = f->options[1].function = 2;
    f->options[1].address = 161;
    plan(f);
    assert_int_equal(f->plan->count, 1);
    f->options[1].address = 162;
    plan(f);
    assert_int_equal(f->plan->count, 2);
}

static void request_costs_more_characters_on_a_fast_line(void **state)
{
    (void)state;
    enum { BAUD_9600 = 3, BAUD_115200 = 7 };
    struct modbus_bus bus = {.baud = BAUD_9600, .data_bits = 8, .stop_bits = 1};
    assert_int_equal(rtu_spare_characters(&bus), 20);
    bus.baud = BAUD_115200; /* the silence stays 1.75 ms */
    assert_in_range(rtu_spare_characters(&bus), 52, 54);
}

/* 17..24 bits from 768 on: request and answer would be the same eight bytes. */
static void no_request_is_its_own_answer(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < 24; i++)
        add(f, 1, 768 + i, MODBUS_BOOL);
    plan(f);
    for (size_t i = 0; i < f->plan->count; i++) {
        const struct modbus_request *r = &f->plan->requests[i];
        const struct frame_query q = {
            .unit = 1, .function = 1, .address = r->address, .count = r->count};
        uint8_t bytes[FRAME_SIZE_MAX];
        size_t want;
        assert_int_not_equal(frame_judge(&q, bytes, frame_build(&q, bytes), &want),
                             ANSWER_TAKEN);
    }
    assert_int_equal(f->plan->count, 2);
}

static void lateness_is_no_shorter_than_the_timeout(void **state)
{
    struct modbus_bus bus = {.timeout_us = 300000, .late_after_us = 299000};
    struct gw_error err = {0};
    (void)state;
    assert_int_equal(modbus_check_bus(&bus, &err), -EINVAL);
    assert_non_null(strstr(err.text, "at least its timeout, 300 ms"));
    bus.late_after_us = 300000;
    assert_int_equal(modbus_check_bus(&bus, &err), 0);
}

static void a_host_that_only_looks_like_an_address_is_refused(void **state)
{
    static const char *const good[] = {"192.168.1.50", "meters", "10.school", "::1",
                                       NULL};
    static const char *const bad[] = {"192.168.1.500", "192.168.1", "1.2.3.4.5", NULL};
    (void)state;
    for (size_t i = 0; good[i]; i++)
        assert_int_equal(modbus_check_bus(&(struct modbus_bus){.host = good[i]}, NULL),
                         0);
    for (size_t i = 0; bad[i]; i++) {
        struct gw_error err = {0};
        assert_int_equal(modbus_check_bus(&(struct modbus_bus){.host = bad[i]}, &err),
                         -EINVAL);
        assert_non_null(strstr(err.text, "is no IPv4 address"));
    }
}

static void check_names_the_point_and_what_is_allowed(void **state)
{
    struct fixture *f = *state;
    struct modbus_bus bus = {0};
    struct gw_error err = {0};
    add(f, 2, 0, MODBUS_F32);
    assert_int_equal(modbus_check(&bus, &f->ref, &err), -22);
    assert_non_null(strstr(err.text, "b1-203/x"));
    assert_non_null(strstr(err.text, "functions 3 and 4"));
}

static void check_refuses_what_no_request_can_read(void **state)
{
    struct fixture *f = *state;
    struct modbus_bus bus = {0};
    struct gw_error err = {0};
    add(f, 3, 65535, MODBUS_U16);
    assert_int_equal(modbus_check(&bus, &f->ref, &err), 0);
    f->options[0].type = MODBUS_U32;
    assert_true(modbus_check(&bus, &f->ref, &err) < 0);
    assert_non_null(strstr(err.text, "0..65534"));
    f->options[0].address = 0;
    f->device.base = 1;
    assert_true(modbus_check(&bus, &f->ref, &err) < 0);
    assert_non_null(strstr(err.text, "1..65535"));
    f->options[0].address = 1;
    f->device.max_registers = 1;
    assert_true(modbus_check(&bus, &f->ref, &err) < 0);
    assert_non_null(strstr(err.text, "max_registers is 1"));
}

static void check_takes_a_bit_of_a_register_only(void **state)
{
    struct fixture *f = *state;
    struct modbus_bus bus = {0};
    struct gw_error err = {0};
    add(f, 3, 0, MODBUS_AUTO);
    f->options[0].bit = 15;
    assert_int_equal(modbus_check(&bus, &f->ref, &err), 0);
    f->options[0].type = MODBUS_S16;
    assert_true(modbus_check(&bus, &f->ref, &err) < 0);
    f->options[0].type = MODBUS_AUTO;
    f->options[0].function = 1;
    assert_true(modbus_check(&bus, &f->ref, &err) < 0);
}

static void check_knows_which_units_go_over_tcp(void **state)
{
    struct fixture *f = *state;
    struct modbus_bus rtu = {0};
    struct modbus_bus tcp = {.host = "192.0.2.7"};
    f->device.unit = 254;
    assert_int_equal(modbus_check(&rtu, &f->ref, NULL), 0);
    assert_true(modbus_check(&tcp, &f->ref, NULL) < 0);
}

static void load_of_a_line_counts_characters_and_silence(void **state)
{
    struct fixture *f = *state;
    enum { BAUD_9600 = 3 };
    struct modbus_bus bus = {.baud = BAUD_9600, .data_bits = 8, .stop_bits = 1};
    for (uint32_t i = 0; i < 10; i++)
        add(f, 3, i, MODBUS_U16);
    f->ref.period_us = 500000;
    /* 8 + 25 characters of 10 bits and two silences of 3.5: 41.7 ms */
    assert_true(fabs(modbus_rtu_driver.load(&bus, &f->ref) - 0.0417 / 0.5) < 1e-3);
}

static void load_of_a_tcp_bus_counts_assumed_round_trips(void **state)
{
    struct fixture *f = *state;
    struct modbus_bus bus = {.host = "192.0.2.7"};
    add(f, 3, 0, MODBUS_U16);
    add(f, 4, 0, MODBUS_U16);
    f->ref.period_us = 500000;
    /* two functions, two requests of 10 ms */
    assert_true(fabs(modbus_tcp_driver.load(&bus, &f->ref) - 0.020 / 0.5) < 1e-9);
    bus.gap_us = 5000;
    assert_true(fabs(modbus_tcp_driver.load(&bus, &f->ref) - 0.030 / 0.5) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(adjacent_registers_are_one_request, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(hole_that_is_too_wide_parts_requests, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(functions_are_never_mixed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            run_of_registers_takes_as_few_requests_as_the_device_allows, setup, teardown),
        cmocka_unit_test_setup_teardown(value_is_never_cut_by_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(device_that_answers_one_register_gets_one_each,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(base_one_is_taken_off_the_wire_address, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bits_of_one_register_share_its_request, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(inputs_are_limited_by_bits_not_registers, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(refused_request_is_halved_between_its_points,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            bits_of_one_register_are_split_from_the_next_not_from_each_other, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            split_is_remembered_by_the_next_plan_until_it_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_register_is_never_read_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            hole_is_read_over_while_that_is_cheaper_than_a_request, setup, teardown),
        cmocka_unit_test(request_costs_more_characters_on_a_fast_line),
        cmocka_unit_test_setup_teardown(no_request_is_its_own_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(lateness_is_no_shorter_than_the_timeout, setup,
                                        teardown),
        cmocka_unit_test(a_host_that_only_looks_like_an_address_is_refused),
        cmocka_unit_test_setup_teardown(check_names_the_point_and_what_is_allowed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(check_refuses_what_no_request_can_read, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(check_takes_a_bit_of_a_register_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(load_of_a_line_counts_characters_and_silence,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(load_of_a_tcp_bus_counts_assumed_round_trips,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(check_knows_which_units_go_over_tcp, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
