#include "holder_protocol.h"

#include <errno.h>
#include <string.h>

enum {
    AT_KIND = 4,
    AT_FLAGS = 5,
    AT_CAUSE = 6,
    AT_LINE = 8,
    AT_SEQUENCE = 12,
    AT_MAX_ON = 16,
    AT_CHIP = 20,
    AT_NAME = AT_CHIP + HOLDER_NAME_MAX,
    AT_TEXT = AT_NAME + HOLDER_NAME_MAX,
};

enum { FLAG_ON = 1, FLAG_ACTIVE_LOW = 2, FLAG_SAFE_ON = 4 };

_Static_assert(AT_TEXT + HOLDER_TEXT_MAX == HOLDER_BYTES, "the message's own length");

static const uint8_t magic[4] = {'C', 'G', 'H', '1'};

/* What a message of each kind may carry; the rest of it is zero. */
static const struct kind_form {
    uint8_t flags;
    bool has_cause;
    bool has_line;
    bool has_names;
    bool has_text;
    bool may_be_news; /* sequence 0 */
} forms[] = {
    [HOLDER_CLAIM] = {FLAG_ACTIVE_LOW | FLAG_SAFE_ON, .has_line = true,
                      .has_names = true},
    [HOLDER_SET] = {FLAG_ON, .has_line = true},
    [HOLDER_BEAT] = {0},
    [HOLDER_LEAVE] = {0},
    [HOLDER_STATE] = {FLAG_ON, .has_cause = true, .has_line = true, .may_be_news = true},
    [HOLDER_REFUSED] = {0, .has_line = true, .has_text = true, .may_be_news = true},
};

static void put(uint8_t *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get(const uint8_t *at, size_t bytes)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

void holder_message_write(const struct holder_message *m, uint8_t ret[HOLDER_BYTES])
{
    memset(ret, 0, HOLDER_BYTES);
    memcpy(ret, magic, sizeof(magic));
    ret[AT_KIND] = (uint8_t)m->kind;
    ret[AT_FLAGS] =
        (uint8_t)((m->is_on ? FLAG_ON : 0) | (m->is_active_low ? FLAG_ACTIVE_LOW : 0)
                  | (m->is_safe_on ? FLAG_SAFE_ON : 0));
    ret[AT_CAUSE] = (uint8_t)m->cause;
    put(ret + AT_LINE, m->line, 2);
    put(ret + AT_SEQUENCE, m->sequence, 4);
    put(ret + AT_MAX_ON, m->max_on_ms, 4);
    memcpy(ret + AT_CHIP, m->chip, strnlen(m->chip, HOLDER_NAME_MAX - 1));
    memcpy(ret + AT_NAME, m->name, strnlen(m->name, HOLDER_NAME_MAX - 1));
    memcpy(ret + AT_TEXT, m->text, strnlen(m->text, HOLDER_TEXT_MAX - 1));
}

/* A text is printable, UTF-8 bytes allowed, and zero from its end on; @is_there says
 * whether there must be one. */
static bool is_text(const uint8_t *at, size_t room, bool is_there)
{
    size_t length = strnlen((const char *)at, room);
    if (length == room || (length > 0) != is_there)
        return false;
    for (size_t i = 0; i < length; i++)
        if (at[i] < ' ' || at[i] == 0x7f)
            return false;
    for (size_t i = length; i < room; i++)
        if (at[i] != 0)
            return false;
    return true;
}

static bool is_well_formed(const uint8_t *b)
{
    if (memcmp(b, magic, sizeof(magic)) != 0 || b[AT_KIND] < HOLDER_CLAIM
        || b[AT_KIND] > HOLDER_REFUSED)
        return false;
    const struct kind_form *f = &forms[b[AT_KIND]];
    bool has_zeros = b[AT_CAUSE + 1] == 0 && get(b + AT_LINE + 2, 2) == 0;
    bool has_flags = (b[AT_FLAGS] & ~f->flags) == 0;
    bool has_cause = b[AT_CAUSE] < (f->has_cause ? HOLDER_CAUSES : 1);
    bool has_line = get(b + AT_LINE, 2) < (f->has_line ? HOLDER_LINES_MAX : 1);
    bool has_sequence = get(b + AT_SEQUENCE, 4) != 0 || f->may_be_news;
    bool has_max_on = get(b + AT_MAX_ON, 4) <= (f->has_names ? HOLDER_MAX_ON_MS : 0);
    return has_zeros && has_flags && has_cause && has_line && has_sequence && has_max_on
           && is_text(b + AT_CHIP, HOLDER_NAME_MAX, f->has_names)
           && is_text(b + AT_NAME, HOLDER_NAME_MAX, f->has_names)
           && is_text(b + AT_TEXT, HOLDER_TEXT_MAX, f->has_text);
}

int holder_message_read(const uint8_t *bytes, size_t size, struct holder_message *ret)
{
    if (size != HOLDER_BYTES || !is_well_formed(bytes))
        return -EBADMSG;
    *ret = (struct holder_message){
        .kind = bytes[AT_KIND],
        .cause = bytes[AT_CAUSE],
        .line = (uint16_t)get(bytes + AT_LINE, 2),
        .is_on = bytes[AT_FLAGS] & FLAG_ON,
        .is_active_low = bytes[AT_FLAGS] & FLAG_ACTIVE_LOW,
        .is_safe_on = bytes[AT_FLAGS] & FLAG_SAFE_ON,
        .sequence = get(bytes + AT_SEQUENCE, 4),
        .max_on_ms = get(bytes + AT_MAX_ON, 4),
    };
    memcpy(ret->chip, bytes + AT_CHIP, HOLDER_NAME_MAX);
    memcpy(ret->name, bytes + AT_NAME, HOLDER_NAME_MAX);
    memcpy(ret->text, bytes + AT_TEXT, HOLDER_TEXT_MAX);
    return 0;
}
