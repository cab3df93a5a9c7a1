/* frame.h - requests and answers as bytes, and when an answer is one.
 *
 * Pure.  A frame here is the unit and what follows it, alike on both transports: a serial
 * line adds a checksum behind, TCP a header before.
 * Source: Modbus Application Protocol V1.1b3; MODBUS over Serial Line V1.02.
 */
#ifndef MODBUS_FRAME_H
#define MODBUS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_SIZE_MAX = 254, /* unit, function, 252 bytes of data */
    FRAME_REGISTERS_MAX = 125,
    FRAME_BITS_MAX = 2000,
    FRAME_WRITE_MAX = 123, /* registers of function 16 */
};

/* frame_query - one request: functions 1..6, 15 and 16.
 * address      on the wire
 * count        registers or bits
 * values       of the writing functions, @count of them */
struct frame_query {
    uint8_t unit;
    uint8_t function;
    uint16_t address;
    uint16_t count;
    const uint16_t *values;
};

/* What became of a request.  MORE: so far nothing speaks against the answer. */
enum verdict {
    ANSWER_TAKEN,
    ANSWER_EXCEPTION,
    ANSWER_MORE,
    ANSWER_TIMEOUT,
    ANSWER_CHECKSUM,
    ANSWER_UNIT,
    ANSWER_FUNCTION,
    ANSWER_LENGTH,
    ANSWER_ECHO,
    ANSWER_CODE,
    ANSWER_HEADER,
    ANSWER_LOST,
    VERDICTS
};

/* frame_build - @q as bytes.  returns their number */
size_t frame_build(const struct frame_query *q, uint8_t ret[FRAME_SIZE_MAX]);

/* frame_judge - what the first @size bytes of an answer to @q are.
 * ret_want  bytes of the whole frame, as far as they tell; MORE when @size is less
 * returns   TAKEN, EXCEPTION, MORE or what is wrong.  A write is TAKEN only when it says
 *           again what was asked: unit, function, address, and value or count */
enum verdict frame_judge(const struct frame_query *q, const uint8_t *bytes, size_t size,
                         size_t *ret_want);

/* frame_registers, frame_bits - the values of an answer that was TAKEN. */
void frame_registers(const struct frame_query *q, const uint8_t *bytes, uint16_t *ret);
void frame_bits(const struct frame_query *q, const uint8_t *bytes, uint8_t *ret);

/* frame_exception - the code of an EXCEPTION. */
int frame_exception(const uint8_t *bytes);

/* frame_answer_size - bytes of the right answer to @q. */
size_t frame_answer_size(const struct frame_query *q);

/* frame_crc - of @size bytes, low byte first on the wire; 0 over a frame with its own. */
uint16_t frame_crc(const uint8_t *bytes, size_t size);

static inline bool frame_is_of_bits(unsigned function)
{
    return function == 1 || function == 2;
}

static inline bool frame_is_read(unsigned function)
{
    return function <= 4;
}

#endif
