#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "modbus/exception.h"
#include "modbus/frame.h"

static const struct frame_query two_registers = {
    .unit = 1, .function = 3, .address = 7, .count = 2};
static const uint8_t right[] = {1, 3, 4, 0, 2, 6, 0xf6};

static enum verdict judge(const struct frame_query *q, const void *bytes, size_t size)
{
    size_t want = 0;
    return frame_judge(q, bytes, size, &want);
}

static void request_is_as_published(void **state)
{
    (void)state;
    static const uint8_t published[] = {1, 3, 0, 7, 0, 2, 0x75, 0xca};
    uint8_t request[FRAME_SIZE_MAX];
    assert_int_equal(frame_build(&two_registers, request), 6);
    assert_memory_equal(request, published, 6);
    assert_int_equal(frame_crc(published, 8), 0);
    assert_int_equal(frame_crc(request, 6), published[6] | published[7] << 8);
}

static void writes_carry_their_values(void **state)
{
    (void)state;
    static const uint16_t values[] = {1, 0, 1};
    static const uint8_t coils[] = {9, 15, 0, 3, 0, 3, 1, 5};
    static const uint8_t registers[] = {9, 16, 0, 3, 0, 3, 6, 0, 1, 0, 0, 0, 1};
    static const uint8_t coil[] = {9, 5, 0, 3, 0xff, 0};
    struct frame_query q = {9, 15, 3, 3, values};
    uint8_t request[FRAME_SIZE_MAX];
    assert_int_equal(frame_build(&q, request), sizeof(coils));
    assert_memory_equal(request, coils, sizeof(coils));
    q.function = 16;
    assert_int_equal(frame_build(&q, request), sizeof(registers));
    assert_memory_equal(request, registers, sizeof(registers));
    q.function = 5;
    q.count = 1;
    assert_int_equal(frame_build(&q, request), sizeof(coil));
    assert_memory_equal(request, coil, sizeof(coil));
}

static void answer_is_taken_when_it_is_whole(void **state)
{
    (void)state;
    uint16_t registers[2];
    for (size_t size = 0; size < sizeof(right); size++)
        assert_int_equal(judge(&two_registers, right, size), ANSWER_MORE);
    assert_int_equal(judge(&two_registers, right, sizeof(right)), ANSWER_TAKEN);
    frame_registers(&two_registers, right, registers);
    assert_int_equal(registers[0], 2);
    assert_int_equal(registers[1], 0x6f6);
}

/* Byte @at says @value instead; every other is as it should be. */
static void expect_refused(size_t at, uint8_t value, enum verdict verdict)
{
    uint8_t bytes[sizeof(right)];
    memcpy(bytes, right, sizeof(right));
    bytes[at] = value;
    for (size_t size = at + 1; size <= sizeof(bytes); size++)
        assert_int_equal(judge(&two_registers, bytes, size), verdict);
}

static void answer_of_another_unit_is_refused_the_broadcast_address_too(void **state)
{
    (void)state;
    expect_refused(0, 2, ANSWER_UNIT);
    expect_refused(0, 0, ANSWER_UNIT);
    expect_refused(0, 255, ANSWER_UNIT);
}

static void answer_to_another_function_is_refused(void **state)
{
    (void)state;
    expect_refused(1, 4, ANSWER_FUNCTION);
    expect_refused(1, 0x84, ANSWER_FUNCTION);
}

static void answer_of_another_length_is_refused(void **state)
{
    (void)state;
    expect_refused(2, 2, ANSWER_LENGTH);
    expect_refused(2, 5, ANSWER_LENGTH);
    expect_refused(2, 6, ANSWER_LENGTH);
}

static void echo_of_any_reading_request_is_no_answer(void **state)
{
    (void)state;
    struct frame_query q = {.unit = 1, .function = 3, .count = 125};
    for (q.address = 0; q.address < 0xffff; q.address++) {
        uint8_t request[FRAME_SIZE_MAX];
        size_t size = frame_build(&q, request);
        assert_int_not_equal(judge(&q, request, size), ANSWER_TAKEN);
    }
}

static void write_is_taken_only_with_its_own_echo(void **state)
{
    (void)state;
    static const uint16_t value = 5;
    static const uint8_t echo[] = {1, 6, 0, 7, 0, 5};
    const struct frame_query q = {1, 6, 7, 1, &value};
    assert_int_equal(judge(&q, echo, sizeof(echo)), ANSWER_TAKEN);
    for (size_t at = 2; at < sizeof(echo); at++) {
        uint8_t other[sizeof(echo)];
        memcpy(other, echo, sizeof(echo));
        other[at] ^= 1;
        assert_int_equal(judge(&q, other, sizeof(other)), ANSWER_ECHO);
    }
}

static void exception_is_taken_when_the_standard_has_it(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        const uint8_t bytes[] = {1, 0x83, (uint8_t)code};
        bool is_known = code >= 1 && code <= 11 && code != 9;
        assert_int_equal(judge(&two_registers, bytes, 2), ANSWER_MORE);
        assert_int_equal(judge(&two_registers, bytes, 3),
                         is_known ? ANSWER_EXCEPTION : ANSWER_CODE);
        assert_int_equal(frame_exception(bytes), code);
    }
}

static void exception_kinds_are_those_of_the_standard(void **state)
{
    (void)state;
    static const enum exception_kind kinds[] = {
        [1] = EXCEPTION_REFUSED,  [2] = EXCEPTION_RANGE,   [3] = EXCEPTION_RANGE,
        [4] = EXCEPTION_FAILING,  [5] = EXCEPTION_PASSING, [6] = EXCEPTION_PASSING,
        [7] = EXCEPTION_REFUSED,  [8] = EXCEPTION_FAILING, [10] = EXCEPTION_PASSING,
        [11] = EXCEPTION_PASSING,
    };
    for (int code = 1; code <= 11; code++)
        if (code != 9)
            assert_int_equal(exception_kind(code), kinds[code]);
    assert_string_equal(exception_name(6), "device busy");
    assert_string_equal(exception_name(9), "unknown exception");
}

static void bits_come_lowest_first(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 2, 0x85, 0x02};
    const struct frame_query q = {.unit = 1, .function = 2, .count = 10};
    static const uint8_t expected[10] = {1, 0, 1, 0, 0, 0, 0, 1, 0, 1};
    uint8_t bits[10];
    assert_int_equal(judge(&q, bytes, sizeof(bytes)), ANSWER_TAKEN);
    frame_bits(&q, bytes, bits);
    assert_memory_equal(bits, expected, sizeof(bits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_is_as_published),
        cmocka_unit_test(writes_carry_their_values),
        cmocka_unit_test(answer_is_taken_when_it_is_whole),
        cmocka_unit_test(answer_of_another_unit_is_refused_the_broadcast_address_too),
        cmocka_unit_test(answer_to_another_function_is_refused),
        cmocka_unit_test(answer_of_another_length_is_refused),
        cmocka_unit_test(echo_of_any_reading_request_is_no_answer),
        cmocka_unit_test(write_is_taken_only_with_its_own_echo),
        cmocka_unit_test(exception_is_taken_when_the_standard_has_it),
        cmocka_unit_test(exception_kinds_are_those_of_the_standard),
        cmocka_unit_test(bits_come_lowest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
