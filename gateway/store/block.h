/* block.h - the aggregates of one point over a row of equal spans, in few bytes.
 *
 *     version   1 byte: BLOCK_VERSION + 1 of minutes, 2 of quarters of an hour, 3 of days
 *     form      1 byte: low bits, how values are written: 0..6 = whole numbers, that many
 *               decimal places; 7 = 4, 8 = 8 bytes IEEE 754, little-endian; BLOCK_FALLS:
 *               falls are kept
 *     spans     one after the other from number 0; what comes behind the last is none
 *
 * A span begins with a byte:
 *
 *     1nnnnnnn  n spans in which the last value stood and nothing came
 *     01nnnnnn  n spans without any
 *     00ffffff  one span, flags BLOCK_FLAT ..., then in this order what they ask for:
 *               count, valid_ms, active_ms, last, last - min, max - last, mean, fall
 *
 * Numbers are LEB128; last is the difference to the last before (the first: to 0),
 * zigzag. In forms 7 and 8 last, min, max and fall stand as they are.  The mean is where
 * between min (0) and max it lies: 1 byte (max = 255) of minutes, else 2 (65535).  The
 * form is the least that holds every value, to 14 digits in forms 0..6; so equal
 * aggregates are equal bytes.
 */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include <stddef.h>

#include "store/aggregate.h"

enum {
    BLOCK_VERSION = 0x10,
    BLOCK_MINUTES = BLOCK_VERSION + 1,
    BLOCK_QUARTERS,
    BLOCK_DAYS,
    BLOCK_FALLS = 0x80,      /* of the form */
    BLOCK_SPANS_MAX = 384,   /* quarters of four days */
    BLOCK_BYTES_MAX = 26000, /* more than these ever need */
};

enum {
    BLOCK_FLAT = 1 << 0,   /* min, max and mean are last */
    BLOCK_COUNT = 1 << 1,  /* else: that of the span before with one, at first 1 */
    BLOCK_VALID = 1 << 2,  /* else: the whole span */
    BLOCK_ACTIVE = 1 << 3, /* else: valid_ms, or 0 where all values are 0 */
    BLOCK_FALL = 1 << 4,   /* else: 0 */
    BLOCK_EMPTY = 1 << 5,  /* no good value: nothing after the times */
};

/* block_pen - a block while it is written; plain, bytes apart so that few are kept. */
struct block_pen {
    uint32_t span_ms;
    uint16_t used;
    uint16_t next; /* span */
    uint32_t count;
    uint8_t form;
    uint8_t tail; /* the control byte of a row that may go on; 0 = none */
    double last;
};

struct block {
    struct block_pen pen;
    uint8_t bytes[BLOCK_BYTES_MAX];
};

/* block_begin - no spans yet, of @span_ms each. */
void block_begin(struct block *b, uint32_t span_ms);

/* block_add - span @index, not below the one that comes next, is @a. */
void block_add(struct block *b, unsigned index, const struct aggregate *a);

/* block_forget_falls - from here on, and of what is written. */
void block_forget_falls(struct block *b);

/* block_reader - walks over any bytes. */
struct block_reader {
    const uint8_t *at;
    const uint8_t *end;
    uint32_t span_ms;
    uint32_t count;
    unsigned next;
    unsigned spans;
    unsigned held; /* spans that are left of a row */
    unsigned form;
    bool has_falls;
    bool is_broken; /* they are no block, or one of a newer version */
    double last;
    double scale;  /* of whole numbers */
    int64_t whole; /* the last one */
};

/* block_open - of at most @spans spans of @span_ms. */
void block_open(struct block_reader *r, const void *bytes, size_t size, uint32_t span_ms,
                unsigned spans);

/* block_next - false: there are no more, or the rest is broken.  Spans with nothing in
 * them are passed over. */
bool block_next(struct block_reader *r, unsigned *ret_index, struct aggregate *ret);

/* block_merge - @ret: every span of @newer; where it has none, that of @older if anything
 * came in it. */
void block_merge(struct block_reader *older, struct block_reader *newer,
                 struct block *ret);

#endif
