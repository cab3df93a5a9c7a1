#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>

#include "modbus/decode.h"

/* Values as the sources print them: DOMAIN section 4.1 and the devices' own documents. */
static const struct vector {
    const char *source;
    uint16_t reg[4];
    enum modbus_type type;
    enum modbus_order order;
    double value;
} vectors[] = {
    {"JXCT illuminance 00 02 06 F6", {0x0002, 0x06f6}, MODBUS_U32, MODBUS_ABCD, 132854},
    {"JXCT temperature FF 9B", {0xff9b}, MODBUS_S16, MODBUS_ABCD, -101},
    {"MTDX62 light 0B B8", {0x0bb8}, MODBUS_S16, MODBUS_ABCD, 3000},
    {"WB-MSW lux 00 00 75 30", {0x0000, 0x7530}, MODBUS_U32, MODBUS_ABCD, 30000},
    {"JXCT CO2 01 C3", {0x01c3}, MODBUS_U16, MODBUS_ABCD, 451},
    {"XY-MD02 01 07", {0x0107}, MODBUS_S16, MODBUS_ABCD, 263},
    {"Kincony SHT30 10250 = -25.0", {10250}, MODBUS_S16O, MODBUS_ABCD, -250},
    {"Kincony SHT30 at 25.0", {250}, MODBUS_S16O, MODBUS_ABCD, 250},
    {"Senseair K30 03 01", {0x0301}, MODBUS_U16, MODBUS_ABCD, 769},
    {"DDSU666 43 5C 80 00", {0x435c, 0x8000}, MODBUS_F32, MODBUS_ABCD, 220.5},
    {"PZEM-016 current 01 F4 00 00", {0x01f4, 0}, MODBUS_U32, MODBUS_CDAB, 500},
    {"PZEM-016 power 04 4C 00 00", {0x044c, 0}, MODBUS_U32, MODBUS_CDAB, 1100},
    {"MClimate sign bit 85 as a word", {0x8005}, MODBUS_S16M, MODBUS_ABCD, -5},
    {"MSU34 s8", {0x00fb}, MODBUS_S8, MODBUS_ABCD, -5},
    {"MSU34 u8", {0x12fb}, MODBUS_U8, MODBUS_ABCD, 251},
};

static void published_vectors_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const struct vector *v = &vectors[i];
        double value = modbus_decode(v->reg, v->type, v->order);
        if (value != v->value)
            fail_msg("%s: %g instead of %g", v->source, value, v->value);
    }
}

/* One number's bytes A..H laid on the wire as each order says. */
static void words_in_order(uint64_t bits, unsigned count, enum modbus_order order,
                           uint16_t *ret)
{

    for (unsigned i = 0; i < count; i++) {
        unsigned word = order == MODBUS_CDAB || order == MODBUS_DCBA ? count - 1 - i : i;
        unsigned high = 2 * word;
        unsigned shift_high = 8 * (2 * count - 1 - high);
        unsigned shift_low = 8 * (2 * count - 1 - (high + 1));
        uint16_t a = (uint16_t)(bits >> shift_high & 0xff);
        uint16_t b = (uint16_t)(bits >> shift_low & 0xff);
        bool is_swapped = order == MODBUS_BADC || order == MODBUS_DCBA;
        ret[i] = (uint16_t)(is_swapped ? b << 8 | a : a << 8 | b);
    }
}

static const struct pattern {
    enum modbus_type type;
    uint64_t bits;
    double value;
} patterns[] = {
    {MODBUS_U8, 0xfe, 254},
    {MODBUS_S8, 0xfe, -2},
    {MODBUS_U16, 0xabcd, 0xabcd},
    {MODBUS_S16, 0xfffe, -2},
    {MODBUS_S16O, 10250, -250},
    {MODBUS_S16M, 0x8102, -258},
    {MODBUS_U32, 0x12345678, 0x12345678},
    {MODBUS_S32, 0xfedcba98, -19088744.0},
    {MODBUS_F32, 0x42f6e979, 123.456001281738281},
    {MODBUS_U64, 0x000123456789abcd, 320255973501901.0},
    {MODBUS_S64, 0xfffedcba98765433, -320255973501901.0},
    {MODBUS_F64, 0xc05edd2f1a9fbe77, -123.456},
};

static void every_type_decodes_in_every_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        for (int order = MODBUS_ABCD; order <= MODBUS_DCBA; order++) {
            const struct pattern *p = &patterns[i];
            uint16_t reg[4];
            words_in_order(p->bits, modbus_type_registers(p->type),
                           (enum modbus_order)order, reg);
            double value = modbus_decode(reg, p->type, (enum modbus_order)order);
            if (fabs(value - p->value) > 1e-12 * fabs(p->value))
                fail_msg("%s %s: %.17g instead of %.17g", modbus_type_names[p->type],
                         modbus_order_names[order], value, p->value);
        }
}

static void encoding_is_the_inverse_of_decoding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        for (int order = MODBUS_ABCD; order <= MODBUS_DCBA; order++) {
            const struct pattern *p = &patterns[i];
            uint16_t reg[4] = {0};
            assert_int_equal(
                modbus_encode(p->value, p->type, (enum modbus_order)order, reg), 0);
            assert_true(modbus_decode(reg, p->type, (enum modbus_order)order)
                        == p->value);
        }
}

static void words_of_f32_lie_as_named(void **state)
{
    (void)state;
    uint16_t reg[4];
    assert_int_equal(modbus_encode(220.5, MODBUS_F32, MODBUS_ABCD, reg), 0);
    assert_int_equal(reg[0], 0x435c);
    assert_int_equal(modbus_encode(220.5, MODBUS_F32, MODBUS_CDAB, reg), 0);
    assert_int_equal(reg[1], 0x435c);
    assert_int_equal(modbus_encode(220.5, MODBUS_F32, MODBUS_BADC, reg), 0);
    assert_int_equal(reg[0], 0x5c43);
    assert_int_equal(modbus_encode(220.5, MODBUS_F32, MODBUS_DCBA, reg), 0);
    assert_int_equal(reg[1], 0x5c43);
}

static void value_that_does_not_fit_is_not_encoded(void **state)
{
    (void)state;
    uint16_t reg[4];
    assert_int_equal(modbus_encode(65536, MODBUS_U16, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(-1, MODBUS_U32, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(1.5, MODBUS_S16, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(10000, MODBUS_S16O, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(NAN, MODBUS_S32, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(1e300, MODBUS_F32, MODBUS_ABCD, reg), -ERANGE);
    assert_int_equal(modbus_encode(2, MODBUS_BOOL, MODBUS_ABCD, reg), -ERANGE);
}

static void not_a_number_passes_through(void **state)
{
    (void)state;
    static const uint16_t reg[] = {0x7fc0, 0};
    assert_true(isnan(modbus_decode(reg, MODBUS_F32, MODBUS_ABCD)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_decode),
        cmocka_unit_test(every_type_decodes_in_every_order),
        cmocka_unit_test(encoding_is_the_inverse_of_decoding),
        cmocka_unit_test(words_of_f32_lie_as_named),
        cmocka_unit_test(value_that_does_not_fit_is_not_encoded),
        cmocka_unit_test(not_a_number_passes_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
