/* fault_mix.h - what a slave sends instead of a right answer; with frame code of its own.
 *
 * Pure: time and dice come with the mix.  Every value says whose it is and when it was
 * asked for.
 */
#ifndef TESTS_FAULT_MIX_H
#define TESTS_FAULT_MIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLAVE_UNITS = 8, SLAVE_WORDS = 4 /* registers of a value */ };
enum { MIX_HEADER = 6, MIX_REQUEST = 6, MIX_BYTES = 600, MIX_PIECES = 40 };

/* What is done instead of a right answer.
 * LENGTH     more or fewer registers than were asked for, in a sound frame
 * DRIP       a right answer whose bytes come until long after the timeout
 * LATE       a right answer after the timeout, within the lateness that is promised
 * TRUNCATED  the first bytes of an answer; over TCP no more ever comes on that connection
 * NOISE      noise and, right behind it, the right answer
 * ECHOED     the request and, right behind it, the right answer: a line that echoes
 * TWICE      the right answer twice; EXTRA  the right answer and bytes behind it
 * HEADER     TCP: wrong transaction, protocol or length in the header
 * OLD        TCP: the answer before once more, then the right one
 * HANG_UP    TCP: the connection is closed instead of an answer
 * LIE        a sound frame with the value of another register or of long ago: nobody can
 *            tell, only the test can; to see that the test sees it */
enum fault_kind {
    FAULT_CRC,
    FAULT_UNIT,
    FAULT_FUNCTION,
    FAULT_LENGTH,
    FAULT_GARBAGE,
    FAULT_DRIP,
    FAULT_LATE,
    FAULT_ECHO,
    FAULT_ECHOED,
    FAULT_SILENCE,
    FAULT_TWICE,
    FAULT_TRUNCATED,
    FAULT_EXTRA,
    FAULT_NOISE,
    FAULT_HEADER,
    FAULT_OLD,
    FAULT_HANG_UP,
    FAULT_LIE,
    FAULT_EXCEPTION, /* and 1..11 behind it */
    FAULT_KINDS = FAULT_EXCEPTION + 12,
    FAULT_NONE
};

/* fault_name - "crc", "exception 6"; NULL of what does not exist on that transport. */
const char *fault_name(enum fault_kind kind, bool is_tcp);

/* mix_request - a read of registers, as it came. */
struct mix_request {
    uint8_t header[MIX_HEADER]; /* TCP */
    uint8_t bytes[MIX_REQUEST];
    int64_t asked_us;
};

/* mix_piece - bytes that leave at @due_us, for a request of @asked_us; is_part: of a
 * frame whose other bytes leave before and after. */
struct mix_piece {
    int64_t due_us;
    int64_t asked_us;
    bool is_part;
    size_t size;
    uint8_t bytes[2 * MIX_BYTES];
};

/* fault_mix - late answers come between timeout_us and late_after_us; dice: any seed.
 * last   the last right frame */
struct fault_mix {
    bool is_tcp;
    int64_t timeout_us;
    int64_t late_after_us;
    uint64_t dice;
    uint8_t last[MIX_BYTES];
    size_t last_size;
};

/* mix_roll - one of 0 .. @sides - 1. */
uint32_t mix_roll(struct fault_mix *m, uint32_t sides);

/* mix_choose - any fault of the transport but the lie. */
enum fault_kind mix_choose(struct fault_mix *m);

/* mix_answer - what @kind makes of @q.  returns the number of pieces, at most MIX_PIECES;
 * HANG_UP has none */
size_t mix_answer(struct fault_mix *m, const struct mix_request *q, enum fault_kind kind,
                  struct mix_piece *ret);

/* mix_seal - puts the checksum behind @size bytes. */
void mix_seal(uint8_t *frame, size_t size);

/* Of the registers @index * SLAVE_WORDS on: who, which, and when the request was read. */
struct slave_value {
    unsigned unit;
    unsigned function;
    unsigned index;
    int64_t asked_us; /* machine time */
};

uint64_t slave_value_pack(const struct slave_value *v);

/* slave_value_unpack - @now_us: any time of the six days after it was packed. */
struct slave_value slave_value_unpack(uint64_t packed, int64_t now_us);

#endif
