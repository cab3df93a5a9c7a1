#include "store/block.h"

#include <assert.h>
#include <string.h>

enum {
    FORM_SINGLE = 7,
    FORM_DOUBLE = 8,
    FORM_MASK = 0x0F,
    HEADER = 2,
    ROW_HELD = 0x80,
    ROW_NONE = 0x40,
    HELD_MAX = 127,
    NONE_MAX = 63,
    VARINT_MAX = 10
};

static const double scales[] = {1, 10, 100, 1000, 1e4, 1e5, 1e6, 0, 0};
static const double whole_max = 4503599627370496.0; /* 2^52 */

static uint8_t version_of(uint32_t span_ms)
{
    static const uint32_t minute_ms = 60000;
    static const uint32_t quarter_ms = 900000;
    return span_ms == minute_ms    ? BLOCK_MINUTES
           : span_ms == quarter_ms ? BLOCK_QUARTERS
                                   : BLOCK_DAYS;
}

/* --- which form ------------------------------------------------------------------- */

/* 3 * 0.1 is 0.3, although not to the last bit. */
static bool fits_whole(double value, double scale)
{
    double scaled = value * scale;
    if (!(fabs(scaled) < whole_max))
        return false;
    return fabs((double)llround(scaled) / scale - value) <= fabs(value) * 1e-14;
}

static bool fits(double value, unsigned form)
{
    if (form < FORM_SINGLE)
        return fits_whole(value, scales[form]);
    return form == FORM_DOUBLE || (double)(float)value == value;
}

/* A fall is a difference, and rounded as the mean is. */
static bool all_fit(const struct aggregate *a, unsigned form, bool has_falls)
{
    return fits(a->last, form) && fits(a->min, form) && fits(a->max, form)
           && (!has_falls || form >= FORM_SINGLE || a->fall * scales[form] < whole_max);
}

static unsigned least_form(const struct aggregate *a, unsigned form, bool has_falls)
{
    while (form < FORM_DOUBLE && !all_fit(a, form, has_falls))
        form++;
    return form;
}

/* --- writing ---------------------------------------------------------------------- */

static void put(struct block *b, uint8_t byte)
{
    assert(b->pen.used < BLOCK_BYTES_MAX);
    b->bytes[b->pen.used++] = byte;
}

static void put_number(struct block *b, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        put(b, (uint8_t)(number | 0x80));
    put(b, (uint8_t)number);
}

static void put_signed(struct block *b, int64_t number)
{
    put_number(b, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Of the host: little-endian on every machine that we build for. */
static void put_raw(struct block *b, double value)
{
    float single = (float)value;
    bool is_single = (b->pen.form & FORM_MASK) == FORM_SINGLE;
    size_t size = is_single ? sizeof(single) : sizeof(value);
    assert(b->pen.used + size <= BLOCK_BYTES_MAX);
    memcpy(b->bytes + b->pen.used, is_single ? (void *)&single : (void *)&value, size);
    b->pen.used = (uint16_t)(b->pen.used + size);
}

static unsigned mean_parts(uint32_t span_ms)
{
    return version_of(span_ms) == BLOCK_MINUTES ? UINT8_MAX : UINT16_MAX;
}

static void put_mean(struct block *b, const struct aggregate *a)
{
    unsigned parts = mean_parts(b->pen.span_ms);
    double share = (a->mean - a->min) / (a->max - a->min);
    unsigned part = share > 0 ? (unsigned)lround(share * parts) : 0;
    put(b, (uint8_t)part);
    if (parts > UINT8_MAX)
        put(b, (uint8_t)(part >> 8));
}

static void put_whole(struct block *b, const struct aggregate *a, unsigned flags)
{
    double scale = scales[b->pen.form & FORM_MASK];
    int64_t last = llround(a->last * scale);
    int64_t min = llround(a->min * scale);
    put_signed(b, last - llround(b->pen.last * scale));
    if (!(flags & BLOCK_FLAT)) {
        put_number(b, (uint64_t)(last - min));
        put_number(b, (uint64_t)(llround(a->max * scale) - last));
        put_mean(b, a);
    }
    if (flags & BLOCK_FALL)
        put_number(b, (uint64_t)llround(a->fall * scale));
}

static void put_values(struct block *b, const struct aggregate *a, unsigned flags)
{
    if ((b->pen.form & FORM_MASK) < FORM_SINGLE) {
        put_whole(b, a, flags);
        return;
    }
    put_raw(b, a->last);
    if (!(flags & BLOCK_FLAT)) {
        put_raw(b, a->min);
        put_raw(b, a->max);
        put_mean(b, a);
    }
    if (flags & BLOCK_FALL)
        put_raw(b, a->fall);
}

static void put_row(struct block *b, uint8_t kind, unsigned max, unsigned spans)
{
    while (spans > 0) {
        bool goes_on =
            (b->pen.tail & ROW_HELD ? ROW_HELD : b->pen.tail & ROW_NONE) == kind
            && (b->pen.tail & max) < max;
        if (!goes_on) {
            put(b, kind);
            b->pen.tail = kind;
        }
        unsigned room = max - (b->pen.tail & max);
        unsigned more = spans < room ? spans : room;
        b->pen.tail = (uint8_t)(b->pen.tail + more);
        b->bytes[b->pen.used - 1] = b->pen.tail;
        spans -= more;
    }
}

static uint32_t usual_active(const struct aggregate *a)
{
    return a->min == 0 && a->max == 0 ? 0 : a->valid_ms;
}

static bool is_flat(const struct aggregate *a)
{
    return a->min == a->last && a->max == a->last;
}

static bool is_held(const struct block *b, const struct aggregate *a)
{
    return a->count == 0 && a->valid_ms == b->pen.span_ms && a->last == b->pen.last
           && is_flat(a) && a->active_ms == usual_active(a) && a->fall == 0;
}

static unsigned flags_of(const struct block *b, const struct aggregate *a)
{
    if (!aggregate_has_value(a))
        return BLOCK_EMPTY | (a->count != b->pen.count ? BLOCK_COUNT : 0);
    bool has_fall = (b->pen.form & BLOCK_FALLS) && a->fall != 0;
    return (is_flat(a) ? BLOCK_FLAT : 0) | (a->count != b->pen.count ? BLOCK_COUNT : 0)
           | (a->valid_ms != b->pen.span_ms ? BLOCK_VALID : 0)
           | (a->active_ms != usual_active(a) ? BLOCK_ACTIVE : 0)
           | (has_fall ? BLOCK_FALL : 0);
}

static void put_span(struct block *b, const struct aggregate *a)
{
    unsigned flags = flags_of(b, a);
    put(b, (uint8_t)flags);
    b->pen.tail = 0;
    if (flags & BLOCK_COUNT)
        put_number(b, a->count);
    b->pen.count = a->count;
    if (flags & BLOCK_EMPTY)
        return;
    if (flags & BLOCK_VALID)
        put_number(b, a->valid_ms);
    if (flags & BLOCK_ACTIVE)
        put_number(b, a->active_ms);
    put_values(b, a, flags);
    b->pen.last = a->last;
}

void block_begin(struct block *b, uint32_t span_ms)
{
    b->pen = (struct block_pen){.span_ms = span_ms, .count = 1, .form = BLOCK_FALLS};
    put(b, version_of(span_ms));
    put(b, b->pen.form);
}

/* All that is written, once more by another form. */
static void rewrite(struct block *b, uint8_t form)
{
    struct block before = *b;
    struct block_reader r;
    struct aggregate a;
    unsigned index = 0;
    block_open(&r, before.bytes, before.pen.used, before.pen.span_ms, BLOCK_SPANS_MAX);
    block_begin(b, before.pen.span_ms);
    b->pen.form = b->bytes[1] = form;
    while (block_next(&r, &index, &a))
        block_add(b, index, &a);
}

void block_forget_falls(struct block *b)
{
    if (b->pen.form & BLOCK_FALLS)
        rewrite(b, b->pen.form & FORM_MASK);
}

void block_add(struct block *b, unsigned index, const struct aggregate *a)
{
    assert(index >= b->pen.next && index < BLOCK_SPANS_MAX);
    if (aggregate_is_none(a))
        return;
    if (isnan(a->fall))
        block_forget_falls(b);
    bool has_falls = b->pen.form & BLOCK_FALLS;
    unsigned before = b->pen.form & FORM_MASK;
    unsigned form = aggregate_has_value(a) ? least_form(a, before, has_falls) : before;
    if (form != before)
        rewrite(b, (uint8_t)(form | (has_falls ? BLOCK_FALLS : 0)));
    struct aggregate kept = *a;
    if (!has_falls)
        kept.fall = 0;
    put_row(b, ROW_NONE, NONE_MAX, index - b->pen.next);
    if (is_held(b, &kept))
        put_row(b, ROW_HELD, HELD_MAX, 1);
    else
        put_span(b, &kept);
    b->pen.next = (uint16_t)(index + 1);
}

/* --- reading ---------------------------------------------------------------------- */

static bool take(struct block_reader *r, uint64_t *ret)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < VARINT_MAX && r->at < r->end; i++) {
        uint8_t byte = *r->at++;
        number |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (!(byte & 0x80)) {
            *ret = number;
            return true;
        }
    }
    r->is_broken = true;
    return false;
}

static uint64_t take_up_to(struct block_reader *r, uint64_t max)
{
    uint64_t number = 0;
    if (take(r, &number) && number > max)
        r->is_broken = true;
    return r->is_broken ? 0 : number;
}

static double take_raw(struct block_reader *r)
{
    float single = 0;
    double value = 0;
    size_t size = r->form == FORM_SINGLE ? sizeof(single) : sizeof(value);
    if ((size_t)(r->end - r->at) < size) {
        r->is_broken = true;
        return 0;
    }
    memcpy(r->form == FORM_SINGLE ? (void *)&single : (void *)&value, r->at, size);
    r->at += size;
    value = r->form == FORM_SINGLE ? (double)single : value;
    r->is_broken = r->is_broken || !isfinite(value);
    return value;
}

static void take_mean(struct block_reader *r, struct aggregate *ret)
{
    unsigned parts = mean_parts(r->span_ms);
    size_t size = parts > UINT8_MAX ? 2 : 1;
    if ((size_t)(r->end - r->at) < size) {
        r->is_broken = true;
        return;
    }
    unsigned part = r->at[0] | (size > 1 ? (unsigned)r->at[1] << 8 : 0);
    r->at += size;
    ret->mean = ret->min + (ret->max - ret->min) * part / parts;
}

static void take_whole(struct block_reader *r, unsigned flags, struct aggregate *ret)
{
    static const uint64_t max = UINT64_C(1) << 53;
    uint64_t coded = take_up_to(r, 2 * max);
    int64_t step = (int64_t)(coded >> 1) ^ -(int64_t)(coded & 1);
    r->whole += step;
    if (r->whole > (int64_t)max || r->whole < -(int64_t)max)
        r->is_broken = true;
    if (r->is_broken)
        return;
    double last = (double)r->whole;
    ret->last = ret->min = ret->max = ret->mean = last / r->scale;
    if (!(flags & BLOCK_FLAT)) {
        double min = last - (double)take_up_to(r, 2 * max);
        ret->min = min / r->scale;
        ret->max = (last + (double)take_up_to(r, 2 * max)) / r->scale;
        take_mean(r, ret);
    }
    if (flags & BLOCK_FALL)
        ret->fall = (double)take_up_to(r, 2 * max) / r->scale;
}

static void take_values(struct block_reader *r, unsigned flags, struct aggregate *ret)
{
    if (r->form < FORM_SINGLE) {
        take_whole(r, flags, ret);
        return;
    }
    ret->last = ret->min = ret->max = ret->mean = take_raw(r);
    if (!(flags & BLOCK_FLAT)) {
        ret->min = take_raw(r);
        ret->max = take_raw(r);
        take_mean(r, ret);
    }
    if (flags & BLOCK_FALL)
        ret->fall = take_raw(r);
}

static void take_span(struct block_reader *r, unsigned flags, struct aggregate *ret)
{
    if (flags & BLOCK_COUNT)
        r->count = (uint32_t)take_up_to(r, UINT32_MAX);
    ret->count = r->count;
    if (flags & BLOCK_EMPTY)
        return;
    ret->valid_ms =
        flags & BLOCK_VALID ? (uint32_t)take_up_to(r, r->span_ms) : r->span_ms;
    if (flags & BLOCK_ACTIVE)
        ret->active_ms = (uint32_t)take_up_to(r, ret->valid_ms);
    take_values(r, flags, ret);
    if (!(flags & BLOCK_ACTIVE))
        ret->active_ms = usual_active(ret);
    ret->mean = ret->mean > ret->max ? ret->max : ret->mean; /* it was rounded */
    r->is_broken = r->is_broken || !(ret->min <= ret->last && ret->last <= ret->max)
                   || !(ret->min <= ret->mean) || ret->fall < 0;
    r->last = ret->last;
}

void block_open(struct block_reader *r, const void *bytes, size_t size, uint32_t span_ms,
                unsigned spans)
{
    *r = (struct block_reader){
        .at = bytes, .span_ms = span_ms, .count = 1, .spans = spans};
    r->end = r->at + size;
    r->is_broken = size < HEADER || r->at[0] != version_of(span_ms)
                   || (r->at[1] & FORM_MASK) > FORM_DOUBLE
                   || (r->at[1] & ~(FORM_MASK | BLOCK_FALLS)) != 0;
    if (r->is_broken)
        return;
    r->form = r->at[1] & FORM_MASK;
    r->has_falls = r->at[1] & BLOCK_FALLS;
    r->at += HEADER;
    r->scale = scales[r->form];
}

/* What the last value was while nothing came. */
static void hold(struct block_reader *r, struct aggregate *ret)
{
    r->held--;
    ret->valid_ms = r->span_ms;
    ret->last = ret->min = ret->max = ret->mean = r->last;
    ret->active_ms = usual_active(ret);
}

static bool is_over(struct block_reader *r)
{
    if (r->is_broken || (r->held == 0 && r->at == r->end))
        return true;
    r->is_broken = r->next >= r->spans;
    return r->is_broken;
}

/* The next control byte.  false: it was of spans without any. */
static bool take_control(struct block_reader *r, struct aggregate *ret)
{
    unsigned control = *r->at++;
    if (control & ROW_HELD)
        r->held = control & HELD_MAX;
    else if (control & ROW_NONE)
        r->next += control & NONE_MAX;
    else
        take_span(r, control, ret);
    r->is_broken = r->is_broken || control == ROW_HELD || control == ROW_NONE;
    return !(control & ROW_NONE) || control & ROW_HELD;
}

bool block_next(struct block_reader *r, unsigned *ret_index, struct aggregate *ret)
{
    while (!is_over(r)) {
        *ret = aggregate_none();
        if (r->held == 0 && !take_control(r, ret))
            continue;
        if (r->held > 0)
            hold(r, ret);
        if (!r->has_falls)
            ret->fall = (double)NAN;
        *ret_index = r->next++;
        if (!r->is_broken && !aggregate_is_none(ret))
            return true;
    }
    return false;
}

void block_merge(struct block_reader *older, struct block_reader *newer,
                 struct block *ret)
{
    struct aggregate a;
    struct aggregate b;
    unsigned at_a = 0;
    unsigned at_b = 0;
    block_begin(ret, newer->span_ms);
    bool has_a = block_next(older, &at_a, &a);
    bool has_b = block_next(newer, &at_b, &b);
    while (has_a || has_b) {
        bool is_newer = has_b && (!has_a || at_b <= at_a);
        bool is_both = has_a && has_b && at_a == at_b;
        if (is_newer || a.count > 0)
            block_add(ret, is_newer ? at_b : at_a, is_newer ? &b : &a);
        if (!is_newer || is_both)
            has_a = block_next(older, &at_a, &a);
        if (is_newer)
            has_b = block_next(newer, &at_b, &b);
    }
}
