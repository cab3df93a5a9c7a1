/* decode.h - from registers to a number and back.
 *
 * Pure.  Registers are as read: host integers, reg[0] at the lower address.
 * Source: Modbus Application Protocol V1.1b3, section 4.2 (a register is 16 bits,
 * big-endian); types, word order and sign rules are the vendors' choice.
 */
#ifndef MODBUS_DECODE_H
#define MODBUS_DECODE_H

#include <stdint.h>

/* AUTO is BOOL for coils, discrete inputs and single bits, else U16.
 * U8, S8   the low byte (the high byte when bytes are swapped)
 * S16O     offset 10000: raw >= 10000 means -(raw - 10000)
 * S16M     sign bit and magnitude */
enum modbus_type {
    MODBUS_AUTO,
    MODBUS_BOOL,
    MODBUS_U8,
    MODBUS_S8,
    MODBUS_U16,
    MODBUS_S16,
    MODBUS_S16O,
    MODBUS_S16M,
    MODBUS_U32,
    MODBUS_S32,
    MODBUS_F32,
    MODBUS_U64,
    MODBUS_S64,
    MODBUS_F64,
    MODBUS_TYPES
};

/* Of the value's bytes, A the most significant, in the order of a 32-bit value on the
 * wire.  64 bits: CDAB = low word first, BADC = bytes swapped in each word, DCBA = both.
 */
enum modbus_order { MODBUS_ABCD, MODBUS_CDAB, MODBUS_BADC, MODBUS_DCBA };

/* As written in YAML, NULL-terminated. */
extern const char *const modbus_type_names[];
extern const char *const modbus_order_names[];

enum { MODBUS_VALUE_REGISTERS = 4 };

/* modbus_type_registers - registers that one value of @type takes, 1, 2 or 4. */
unsigned modbus_type_registers(enum modbus_type type);

/* modbus_decode - the number in @reg, unscaled; NaN and infinities pass through. */
double modbus_decode(const uint16_t *reg, enum modbus_type type, enum modbus_order order);

/* modbus_encode - the registers that decode to @raw.
 * returns  0, or -ERANGE when @type cannot hold @raw exactly enough */
int modbus_encode(double raw, enum modbus_type type, enum modbus_order order,
                  uint16_t ret[MODBUS_VALUE_REGISTERS]);

#endif
