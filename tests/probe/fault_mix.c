#include "fault_mix.h"

#include <string.h>

enum { CHECKSUM = 2 };
enum { UNIT_BITS = 4, FUNCTION_BITS = 3, INDEX_BITS = 6, TIME_BITS = 39 };

static const uint64_t time_mask = (UINT64_C(1) << TIME_BITS) - 1;

static const char *const names[FAULT_KINDS] = {
    [FAULT_CRC] = "crc",
    [FAULT_UNIT] = "unit",
    [FAULT_FUNCTION] = "function",
    [FAULT_LENGTH] = "length",
    [FAULT_GARBAGE] = "garbage",
    [FAULT_DRIP] = "drip",
    [FAULT_LATE] = "late",
    [FAULT_ECHO] = "echo",
    [FAULT_ECHOED] = "echoed",
    [FAULT_SILENCE] = "silence",
    [FAULT_TWICE] = "twice",
    [FAULT_TRUNCATED] = "truncated",
    [FAULT_EXTRA] = "extra",
    [FAULT_NOISE] = "noise",
    [FAULT_HEADER] = "header",
    [FAULT_OLD] = "old",
    [FAULT_HANG_UP] = "hang-up",
    [FAULT_LIE] = "lie",
    [FAULT_EXCEPTION + 1] = "exception 1",
    [FAULT_EXCEPTION + 2] = "exception 2",
    [FAULT_EXCEPTION + 3] = "exception 3",
    [FAULT_EXCEPTION + 4] = "exception 4",
    [FAULT_EXCEPTION + 5] = "exception 5",
    [FAULT_EXCEPTION + 6] = "exception 6",
    [FAULT_EXCEPTION + 7] = "exception 7",
    [FAULT_EXCEPTION + 8] = "exception 8",
    [FAULT_EXCEPTION + 9] = "exception 9",
    [FAULT_EXCEPTION + 10] = "exception 10",
    [FAULT_EXCEPTION + 11] = "exception 11",
};

const char *fault_name(enum fault_kind kind, bool is_tcp)
{
    bool is_of_tcp = kind == FAULT_HEADER || kind == FAULT_OLD || kind == FAULT_HANG_UP;
    if (is_tcp ? kind == FAULT_CRC : is_of_tcp)
        return NULL;
    return names[kind];
}

uint64_t slave_value_pack(const struct slave_value *v)
{
    uint64_t packed = v->unit;
    packed = packed << FUNCTION_BITS | v->function;
    packed = packed << INDEX_BITS | v->index;
    return packed << TIME_BITS | ((uint64_t)v->asked_us & time_mask);
}

struct slave_value slave_value_unpack(uint64_t packed, int64_t now_us)
{
    uint64_t age_us = ((uint64_t)now_us - packed) & time_mask;
    uint64_t rest = packed >> TIME_BITS;
    return (struct slave_value){
        .unit = (unsigned)(rest >> (INDEX_BITS + FUNCTION_BITS)),
        .function = rest >> INDEX_BITS & ((1U << FUNCTION_BITS) - 1),
        .index = rest & ((1U << INDEX_BITS) - 1),
        .asked_us = now_us - (int64_t)age_us,
    };
}

uint32_t mix_roll(struct fault_mix *m, uint32_t sides)
{
    m->dice = m->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(m->dice >> 33) % sides;
}

enum fault_kind mix_choose(struct fault_mix *m)
{
    for (;;) {
        enum fault_kind kind = mix_roll(m, FAULT_KINDS);
        if (kind != FAULT_LIE && fault_name(kind, m->is_tcp))
            return kind;
    }
}

void mix_seal(uint8_t *frame, size_t size)
{
    unsigned crc = 0xffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= frame[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
}

/* Puts what the transport wants around @body (unit and what follows it). */
static size_t wrap(const struct fault_mix *m, const struct mix_request *q,
                   const uint8_t *body, size_t size, uint8_t *ret)
{
    if (!m->is_tcp) {
        memcpy(ret, body, size);
        mix_seal(ret, size);
        return size + CHECKSUM;
    }
    memcpy(ret, q->header, MIX_HEADER);
    ret[4] = (uint8_t)(size >> 8);
    ret[5] = (uint8_t)size;
    memcpy(ret + MIX_HEADER, body, size);
    return MIX_HEADER + size;
}

/* What a slave would answer, and what it is to answer instead. */
struct content {
    unsigned unit;
    unsigned function;
    unsigned address;
    unsigned count;
    int64_t asked_us;
};

static struct content content_of(const struct mix_request *q)
{
    return (struct content){
        .unit = q->bytes[0],
        .function = q->bytes[1],
        .address = (unsigned)(q->bytes[2] << 8 | q->bytes[3]),
        .count = (unsigned)(q->bytes[4] << 8 | q->bytes[5]),
        .asked_us = q->asked_us,
    };
}

static size_t frame_of(const struct fault_mix *m, const struct mix_request *q,
                       const struct content *c, uint8_t *ret)
{
    uint8_t body[MIX_BYTES];
    body[0] = (uint8_t)c->unit;
    body[1] = (uint8_t)c->function;
    body[2] = (uint8_t)(2 * c->count);
    for (unsigned i = 0; i < c->count; i++) {
        unsigned at = c->address + i;
        const struct slave_value v = {c->unit, c->function, at / SLAVE_WORDS,
                                      c->asked_us};
        uint64_t word =
            slave_value_pack(&v) >> (16 * (SLAVE_WORDS - 1 - at % SLAVE_WORDS));
        body[3 + 2 * i] = (uint8_t)(word >> 8);
        body[4 + 2 * i] = (uint8_t)word;
    }
    return wrap(m, q, body, 3 + 2 * c->count, ret);
}

/* A sound frame of another content. */
static size_t other_frame(struct fault_mix *m, const struct mix_request *q,
                          enum fault_kind kind, uint8_t *ret)
{
    struct content c = content_of(q);
    if (kind == FAULT_UNIT)
        c.unit = mix_roll(m, 4) ? c.unit % SLAVE_UNITS + 1 : 0;
    else if (kind == FAULT_FUNCTION)
        c.function = c.function == 3 ? 4 : 3;
    else if (kind == FAULT_LENGTH)
        c.count = c.count - 1 + 2 * mix_roll(m, 2);
    else if (mix_roll(m, 2)) /* a lie */
        c.address += SLAVE_WORDS;
    else
        c.asked_us -= 10000000;
    return frame_of(m, q, &c, ret);
}

static size_t exception_frame(const struct fault_mix *m, const struct mix_request *q,
                              int code, uint8_t *ret)
{
    const uint8_t body[] = {q->bytes[0], q->bytes[1] | 0x80, (uint8_t)code};
    return wrap(m, q, body, sizeof(body), ret);
}

static size_t noise(struct fault_mix *m, size_t most, uint8_t *ret)
{
    size_t size = 1 + mix_roll(m, (uint32_t)most);
    for (size_t i = 0; i < size; i++)
        ret[i] = (uint8_t)mix_roll(m, 256);
    return size;
}

/* A moment after the timeout and well within the lateness. */
static int64_t lateness_us(struct fault_mix *m)
{
    int64_t from = m->timeout_us * 11 / 10;
    int64_t to = m->late_after_us * 9 / 10;
    return from + mix_roll(m, (uint32_t)(to - from));
}

/* The bytes of @whole one by one.  returns their number */
static size_t drip(struct fault_mix *m, const struct mix_request *q,
                   const struct mix_piece *whole, struct mix_piece *ret)
{
    int64_t span_us = lateness_us(m);
    size_t count = whole->size < MIX_PIECES ? whole->size : MIX_PIECES;
    struct mix_piece from = *whole;
    for (size_t i = 0; i < count; i++) {
        ret[i].asked_us = q->asked_us;
        ret[i].due_us = q->asked_us + span_us * (int64_t)i / (int64_t)(count - 1);
        ret[i].is_part = true;
        ret[i].size = 1;
        ret[i].bytes[0] = from.bytes[i];
    }
    return count;
}

/* Spoils the right frame in @p. */
static void spoil(struct fault_mix *m, enum fault_kind kind, struct mix_piece *p)
{
    uint32_t size = (uint32_t)p->size;
    if (kind == FAULT_CRC)
        p->bytes[mix_roll(m, size)] ^= (uint8_t)(1u << mix_roll(m, 8));
    else if (kind == FAULT_HEADER)
        p->bytes[mix_roll(m, MIX_HEADER)] ^= (uint8_t)(1 + mix_roll(m, 255));
    else if (kind == FAULT_TRUNCATED)
        p->size = 1 + mix_roll(m, size - 1);
    else if (kind == FAULT_LATE)
        p->due_us += lateness_us(m);
    else if (kind == FAULT_EXTRA)
        p->size += noise(m, 20, p->bytes + size);
}

/* Puts what comes before the right frame, or in its place.  returns its size */
static size_t before(struct fault_mix *m, const struct mix_request *q,
                     enum fault_kind kind, uint8_t *ret)
{
    switch (kind) {
    case FAULT_GARBAGE:
        return noise(m, 300, ret);
    case FAULT_NOISE:
        return noise(m, 20, ret);
    case FAULT_ECHO:
    case FAULT_ECHOED:
        return wrap(m, q, q->bytes, MIX_REQUEST, ret);
    case FAULT_OLD:
        memcpy(ret, m->last, m->last_size);
        return m->last_size;
    case FAULT_UNIT:
    case FAULT_FUNCTION:
    case FAULT_LENGTH:
    case FAULT_LIE:
        return other_frame(m, q, kind, ret);
    default:
        return kind > FAULT_EXCEPTION && kind < FAULT_KINDS
                   ? exception_frame(m, q, (int)kind - FAULT_EXCEPTION, ret)
                   : 0;
    }
}

static bool has_right_frame(enum fault_kind kind, size_t before)
{
    return before == 0 || kind == FAULT_NOISE || kind == FAULT_ECHOED
           || kind == FAULT_OLD;
}

size_t mix_answer(struct fault_mix *m, const struct mix_request *q, enum fault_kind kind,
                  struct mix_piece *ret)
{
    const struct content right = content_of(q);
    struct mix_piece *p = &ret[0];
    if (kind == FAULT_SILENCE || kind == FAULT_HANG_UP)
        return 0;
    p->due_us = p->asked_us = q->asked_us;
    p->is_part = false;
    p->size = before(m, q, kind, p->bytes);
    if (has_right_frame(kind, p->size))
        p->size += frame_of(m, q, &right, p->bytes + p->size);
    if (kind == FAULT_TWICE)
        p->size += frame_of(m, q, &right, p->bytes + p->size);
    if (kind == FAULT_NONE) {
        memcpy(m->last, p->bytes, p->size);
        m->last_size = p->size;
    }
    spoil(m, kind, p);
    return kind == FAULT_DRIP ? drip(m, q, p, ret) : 1;
}
