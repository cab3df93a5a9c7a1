/* holder_protocol.h - what the gpio driver and campus-gpio-holder say to each other.
 *
 * One message is one packet of a Unix SOCK_SEQPACKET socket, HOLDER_BYTES long, numbers
 * little-endian:
 *
 *   0 magic "CGH1" | 4 kind | 5 flags | 6 cause | 7 zero | 8 line u16 | 10 zero u16 |
 *   12 sequence u32 | 16 max_on_ms u32 | 20 chip[32] | 52 name[32] | 84 text[160]
 *
 * The driver asks with a sequence above 0 and the holder answers with the same one: STATE
 * to CLAIM and SET, BEAT to BEAT, LEAVE to LEAVE, or REFUSED.  A STATE with sequence 0 is
 * the holder's own news, it has switched a line or holds it again; a REFUSED with
 * sequence 0, it has lost one.  Pure, any thread.
 */
#ifndef GPIO_HOLDER_PROTOCOL_H
#define GPIO_HOLDER_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HOLDER_BYTES = 244,
    HOLDER_NAME_MAX = 32, /* as the kernel's names, with the NUL */
    HOLDER_TEXT_MAX = 160,
    HOLDER_LINES_MAX = 64, /* of one client */
    HOLDER_MAX_ON_MS = 24 * 60 * 60 * 1000,
};

/* Without a heartbeat for so long the lines go to their safe state; the driver beats five
 * times as often. */
enum { HOLDER_SILENCE_MS = 5000, HOLDER_BEAT_MS = 1000 };

enum holder_kind {
    HOLDER_CLAIM = 1, /* hold this line for me, as it is if you hold it already */
    HOLDER_SET,
    HOLDER_BEAT,
    HOLDER_LEAVE, /* a stop in good order: all my lines to their safe state, now */
    HOLDER_STATE,
    HOLDER_REFUSED,
};

/* Why a line is as it is. */
enum holder_cause {
    HOLDER_ASKED,  /* as its driver said, or as it was found */
    HOLDER_MAX_ON, /* on for its longest time */
    HOLDER_SAFE,   /* no heartbeat, or not yet asked for anything */
    HOLDER_CAUSES
};

/* holder_message - one message.
 * line           the client's own number for it, below HOLDER_LINES_MAX
 * is_on          wanted (SET) or held (STATE)
 * is_active_low  on is the low level (CLAIM); is_safe_on: the safe state is on (CLAIM)
 * max_on_ms      CLAIM; 0 = without end
 * chip, name     CLAIM: label of the chip, name of the line
 * text           REFUSED: a sentence */
struct holder_message {
    enum holder_kind kind;
    enum holder_cause cause;
    uint16_t line;
    bool is_on;
    bool is_active_low;
    bool is_safe_on;
    uint32_t sequence;
    uint32_t max_on_ms;
    char chip[HOLDER_NAME_MAX];
    char name[HOLDER_NAME_MAX];
    char text[HOLDER_TEXT_MAX];
};

void holder_message_write(const struct holder_message *m, uint8_t ret[HOLDER_BYTES]);

/* holder_message_read - every field is checked: what a kind does not use must be zero.
 * returns  0 or -EBADMSG */
int holder_message_read(const uint8_t *bytes, size_t size, struct holder_message *ret);

#endif
