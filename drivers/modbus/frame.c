#include "frame.h"

#include <string.h>

enum { UNIT, FUNCTION, BODY };
enum { HEAD = 2, WRITE_ECHO = 6, EXCEPTION_SIZE = 3, EXCEPTION_BIT = 0x80 };
enum { COIL_ON = 0xff00, WRITE_COIL = 5, WRITE_REGISTER = 6, WRITE_COILS = 15 };

static uint8_t *put_word(uint8_t *at, unsigned word)
{
    at[0] = (uint8_t)(word >> 8);
    at[1] = (uint8_t)word;
    return at + 2;
}

static size_t bit_bytes(const struct frame_query *q)
{
    return (q->count + 7u) / 8;
}

static uint8_t *put_values(const struct frame_query *q, uint8_t *at)
{
    if (q->function == WRITE_COILS) {
        size_t bytes = bit_bytes(q);
        *at++ = (uint8_t)bytes;
        memset(at, 0, bytes);
        for (size_t i = 0; i < q->count; i++)
            at[i / 8] |= (uint8_t)((q->values[i] != 0) << (i % 8));
        return at + bytes;
    }
    *at++ = (uint8_t)(2 * q->count);
    for (size_t i = 0; i < q->count; i++)
        at = put_word(at, q->values[i]);
    return at;
}

size_t frame_build(const struct frame_query *q, uint8_t ret[FRAME_SIZE_MAX])
{
    uint8_t *at = ret;
    *at++ = q->unit;
    *at++ = q->function;
    at = put_word(at, q->address);
    if (q->function == WRITE_COIL)
        at = put_word(at, q->values[0] ? COIL_ON : 0);
    else if (q->function == WRITE_REGISTER)
        at = put_word(at, q->values[0]);
    else
        at = put_word(at, q->count);
    if (q->function >= WRITE_COILS)
        at = put_values(q, at);
    return (size_t)(at - ret);
}

size_t frame_answer_size(const struct frame_query *q)
{
    if (!frame_is_read(q->function))
        return WRITE_ECHO;
    return HEAD + 1
           + (frame_is_of_bits(q->function) ? bit_bytes(q) : 2 * (size_t)q->count);
}

/* Section 7: the codes that there are. */
static bool is_exception_code(uint8_t code)
{
    return (code >= 1 && code <= 8) || code == 10 || code == 11;
}

static enum verdict judge_exception(const uint8_t *bytes, size_t size, size_t *ret_want)
{
    *ret_want = EXCEPTION_SIZE;
    if (size < EXCEPTION_SIZE)
        return ANSWER_MORE;
    return is_exception_code(bytes[BODY]) ? ANSWER_EXCEPTION : ANSWER_CODE;
}

static enum verdict judge_write(const struct frame_query *q, const uint8_t *bytes)
{
    uint8_t request[FRAME_SIZE_MAX];
    (void)frame_build(q, request);
    return memcmp(bytes, request, WRITE_ECHO) == 0 ? ANSWER_TAKEN : ANSWER_ECHO;
}

enum verdict frame_judge(const struct frame_query *q, const uint8_t *bytes, size_t size,
                         size_t *ret_want)
{
    *ret_want = HEAD + 1;
    if (size > UNIT && bytes[UNIT] != q->unit)
        return ANSWER_UNIT;
    if (size <= FUNCTION)
        return ANSWER_MORE;
    if (bytes[FUNCTION] == (q->function | EXCEPTION_BIT))
        return judge_exception(bytes, size, ret_want);
    if (bytes[FUNCTION] != q->function)
        return ANSWER_FUNCTION;
    *ret_want = frame_answer_size(q);
    if (frame_is_read(q->function) && size > BODY && bytes[BODY] != *ret_want - HEAD - 1)
        return ANSWER_LENGTH;
    if (size < *ret_want)
        return ANSWER_MORE;
    return frame_is_read(q->function) ? ANSWER_TAKEN : judge_write(q, bytes);
}

void frame_registers(const struct frame_query *q, const uint8_t *bytes, uint16_t *ret)
{
    const uint8_t *at = bytes + BODY + 1;
    for (size_t i = 0; i < q->count; i++)
        ret[i] = (uint16_t)(at[2 * i] << 8 | at[2 * i + 1]);
}

void frame_bits(const struct frame_query *q, const uint8_t *bytes, uint8_t *ret)
{
    const uint8_t *at = bytes + BODY + 1;
    for (size_t i = 0; i < q->count; i++)
        ret[i] = at[i / 8] >> (i % 8) & 1;
}

int frame_exception(const uint8_t *bytes)
{
    return bytes[BODY];
}

/* Source: MODBUS over Serial Line V1.02, section 6.2.2. */
uint16_t frame_crc(const uint8_t *bytes, size_t size)
{
    uint16_t crc = 0xffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
    }
    return crc;
}
