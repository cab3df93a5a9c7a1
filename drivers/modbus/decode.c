#include "decode.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { OFFSET_SIGN = 10000, SIGN_BIT = 0x8000 };

/* lowest..highest: what a whole number must fit in to be encoded. */
static const struct layout {
    unsigned registers;
    double lowest;
    double highest;
} layouts[MODBUS_TYPES] = {
    [MODBUS_AUTO] = {1, 0, UINT16_MAX},
    [MODBUS_BOOL] = {1, 0, 1},
    [MODBUS_U8] = {1, 0, UINT8_MAX},
    [MODBUS_S8] = {1, INT8_MIN, INT8_MAX},
    [MODBUS_U16] = {1, 0, UINT16_MAX},
    [MODBUS_S16] = {1, INT16_MIN, INT16_MAX},
    [MODBUS_S16O] = {1, -(UINT16_MAX - OFFSET_SIGN), OFFSET_SIGN - 1},
    [MODBUS_S16M] = {1, -INT16_MAX, INT16_MAX},
    [MODBUS_U32] = {2, 0, UINT32_MAX},
    [MODBUS_S32] = {2, INT32_MIN, INT32_MAX},
    [MODBUS_F32] = {2, 0, 0},
    [MODBUS_U64] = {4, 0, 18446744073709549568.0},
    [MODBUS_S64] = {4, -9223372036854775808.0, 9223372036854774784.0},
    [MODBUS_F64] = {4, 0, 0},
};

const char *const modbus_type_names[] = {
    "auto", "bool", "u8",  "s8",  "u16", "s16", "s16o", "s16m",
    "u32",  "s32",  "f32", "u64", "s64", "f64", NULL,
};

const char *const modbus_order_names[] = {"abcd", "cdab", "badc", "dcba", NULL};

unsigned modbus_type_registers(enum modbus_type type)
{
    return layouts[type].registers;
}

static uint16_t order_bytes(uint16_t word, enum modbus_order order)
{
    bool is_swapped = order == MODBUS_BADC || order == MODBUS_DCBA;
    return (uint16_t)(is_swapped ? word << 8 | word >> 8 : word);
}

static unsigned order_words(unsigned i, unsigned count, enum modbus_order order)
{
    bool is_reversed = order == MODBUS_CDAB || order == MODBUS_DCBA;
    return is_reversed ? count - 1 - i : i;
}

static double as_f32(uint64_t bits)
{
    uint32_t narrow = (uint32_t)bits;
    float value;
    memcpy(&value, &narrow, sizeof(value));
    return (double)value;
}

static double as_f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static double as_offset(uint64_t bits)
{
    return bits >= OFFSET_SIGN ? -((double)bits - OFFSET_SIGN) : (double)bits;
}

static double as_magnitude(uint64_t bits)
{
    double magnitude = (double)(bits & ~(uint64_t)SIGN_BIT);
    return bits & SIGN_BIT ? -magnitude : magnitude;
}

double modbus_decode(const uint16_t *reg, enum modbus_type type, enum modbus_order order)
{
    unsigned count = layouts[type].registers;
    uint64_t bits = 0;
    for (unsigned i = 0; i < count; i++)
        bits = bits << 16 | order_bytes(reg[order_words(i, count, order)], order);

    switch (type) {
    case MODBUS_BOOL:
        return bits != 0;
    case MODBUS_U8:
        return (double)(bits & 0xff);
    case MODBUS_S8:
        return (int8_t)(bits & 0xff);
    case MODBUS_S16:
        return (int16_t)bits;
    case MODBUS_S16O:
        return as_offset(bits);
    case MODBUS_S16M:
        return as_magnitude(bits);
    case MODBUS_S32:
        return (int32_t)bits;
    case MODBUS_S64:
        return (double)(int64_t)bits;
    case MODBUS_F32:
        return as_f32(bits);
    case MODBUS_F64:
        return as_f64(bits);
    default:
        return (double)bits;
    }
}

static uint64_t bits_of(double raw, enum modbus_type type)
{
    uint64_t bits = 0;
    float narrow = (float)raw;
    switch (type) {
    case MODBUS_F32:
        memcpy(&bits, &narrow, sizeof(narrow));
        return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? bits >> 32 : bits;
    case MODBUS_F64:
        memcpy(&bits, &raw, sizeof(raw));
        return bits;
    case MODBUS_S16O:
        return raw < 0 ? (uint64_t)(OFFSET_SIGN - raw) : (uint64_t)raw;
    case MODBUS_S16M:
        return raw < 0 ? (uint64_t)-raw | SIGN_BIT : (uint64_t)raw;
    default:
        return raw < 0 ? (uint64_t)(int64_t)raw : (uint64_t)raw;
    }
}

static bool can_hold(double raw, enum modbus_type type)
{
    if (type == MODBUS_F64)
        return true;
    if (type == MODBUS_F32)
        return isfinite((float)raw) || !isfinite(raw);
    return isfinite(raw) && raw == floor(raw) && raw >= layouts[type].lowest
           && raw <= layouts[type].highest;
}

int modbus_encode(double raw, enum modbus_type type, enum modbus_order order,
                  uint16_t ret[MODBUS_VALUE_REGISTERS])
{
    if (!can_hold(raw, type))
        return -ERANGE;
    unsigned count = layouts[type].registers;
    uint64_t bits = bits_of(raw, type);
    for (unsigned i = count; i-- > 0; bits >>= 16)
        ret[order_words(i, count, order)] = order_bytes((uint16_t)bits, order);
    return 0;
}
