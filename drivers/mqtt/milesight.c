#include "milesight.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

/* The length of a record follows from its type, for some only with its channel. */
enum { ANY = 0x100, HISTORY_TYPE = 0xce };

static const struct record_size {
    uint16_t channel;
    uint8_t type;
    uint8_t size;
} record_sizes[] = {
    /* of one channel; these stand before ANY */
    {0xff, 0x08, 6}, /* serial number */
    {0x06, 0x65, 6}, /* AM104, AM107: illumination, infrared, both */
    {0x07, 0xc9, 2}, /* WS523: current */
    {0x83, 0x67, 3}, /* VS350: temperature with its alarm */
    {0x84, 0xcc, 5}, /* VS350: counts with their alarm */
    {0x85, 0xcc, 5},
    {0xff, 0x01, 1}, /* protocol version */
    {0xff, 0x09, 2}, /* hardware */
    {0xff, 0x0a, 2}, /* firmware */
    {0xff, 0x0b, 1}, /* power on */
    {0xff, 0x0f, 1}, /* LoRaWAN class */
    {0xff, 0x16, 8}, /* serial number */
    {0xff, 0x18, 2}, /* sensor status */
    {0xff, 0x1f, 4}, /* firmware */
    {0xff, 0x2e, 1}, /* WS101: press */
    {0xff, 0x34, 3}, /* WS156: button and command */
    {0xff, 0xfe, 1}, /* reset */
    {0xff, 0xff, 2}, /* TSL version */
    /* of any channel */
    {ANY, 0x00, 1}, /* contact, motion, occupancy, digital input */
    {ANY, 0x01, 1}, /* tamper, digital output */
    {ANY, 0x5b, 7}, /* WS302: weighting, L, Leq, Lmax */
    {ANY, 0x65, 2},
    {ANY, 0x67, 2}, /* temperature */
    {ANY, 0x68, 1}, /* humidity */
    {ANY, 0x6a, 2}, /* AM107: activity */
    {ANY, 0x70, 1}, /* WS523: state */
    {ANY, 0x73, 2}, /* pressure */
    {ANY, 0x74, 2}, /* voltage */
    {ANY, 0x75, 1}, /* battery */
    {ANY, 0x7d, 2}, /* CO2, TVOC, PM */
    {ANY, 0x80, 4}, /* WS523: power */
    {ANY, 0x81, 1}, /* WS523: power factor */
    {ANY, 0x82, 2}, /* VS330: distance */
    {ANY, 0x83, 4}, /* WS523: energy */
    {ANY, 0x85, 4}, /* VS121: timestamp */
    {ANY, 0x8e, 1}, /* VS330: occupied */
    {ANY, 0x94, 4}, /* EM500-LGT: lux */
    {ANY, 0x97, 4}, /* CT101: ampere hours */
    {ANY, 0x98, 2}, /* CT101: current */
    {ANY, 0xc8, 4}, /* UC300: counter */
    {ANY, 0xc9, 4}, /* VS121: people, regions, mask */
    {ANY, 0xcb, 1}, /* AM308: light level */
    {ANY, 0xcc, 4}, /* counts in and out */
    {ANY, 0xcd, 1}, /* VS121: most people */
    {ANY, 0xd2, 4}, /* VS13x: total of a line */
    {ANY, 0xd5, 8}, /* VS121: regions */
    {ANY, 0xda, 8}, /* VS121: flows */
    {ANY, 0xe3, 4}, /* VS13x: regions */
    {ANY, 0xe4, 5}, /* dwell time */
    {ANY, 0xee, 1}, /* VS350: sensitivity */
    {ANY, 0xef, 4}, /* VS350: timestamp */
    {ANY, 0xf4, 2}, /* VS321, VS360: status */
    {ANY, 0xf7, 4}, /* VS121: line in and out */
    {ANY, 0xfc, 3}, /* VS13x: occlusion */
    {ANY, 0xfd, 2}, /* VS321: people */
    {ANY, 0xfe, 4}, /* VS321: regions */
};

static size_t size_of(uint8_t channel, uint8_t type)
{
    for (size_t i = 0; i < sizeof(record_sizes) / sizeof(*record_sizes); i++) {
        const struct record_size *row = &record_sizes[i];
        if (row->type == type && (row->channel == ANY || row->channel == channel))
            return row->size;
    }
    return 0;
}

size_t milesight_split(const uint8_t *frame, size_t size,
                       struct milesight_record ret[MILESIGHT_RECORDS], bool *ret_is_whole)
{
    size_t count = 0;
    size_t at = 0;
    while (at + 2 < size && count < MILESIGHT_RECORDS) {
        uint8_t channel = frame[at];
        uint8_t type = frame[at + 1];
        size_t length = size_of(channel, type);
        if (!length || length > size - at - 2)
            break;
        ret[count++] =
            (struct milesight_record){channel, type, (uint8_t)length, frame + at + 2};
        at += 2 + length;
    }
    /* Stored values of before (20 CE, 21 CE) end a frame: they are no news. */
    *ret_is_whole = at == size
                    || (at + 1 < size && (frame[at] == 0x20 || frame[at] == 0x21)
                        && frame[at + 1] == HISTORY_TYPE);
    return count;
}

/* Two hex digits. */
static bool read_byte(const char *text, uint8_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    unsigned value = 0;
    for (size_t i = 0; i < 2; i++) {
        const char *at = text[i] ? strchr(digits, tolower((unsigned char)text[i])) : NULL;
        if (!at)
            return false;
        value = value << 4 | (unsigned)(at - digits);
    }
    *ret = (uint8_t)value;
    return true;
}

/* "u16", then the end or ":" and one digit. */
static bool read_kind(const char *text, struct milesight_field *ret)
{
    static const struct {
        const char *name;
        uint8_t size;
        bool is_signed;
    } kinds[] = {{"u8", 1, false}, {"s8", 1, true},   {"u16", 2, false},
                 {"s16", 2, true}, {"u32", 4, false}, {"s32", 4, true}};

    size_t length = strcspn(text, ":");
    const char *offset = text + length;
    if (*offset && (!isdigit((unsigned char)offset[1]) || offset[2]))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (strncmp(kinds[i].name, text, length) != 0 || kinds[i].name[length])
            continue;
        ret->size = kinds[i].size;
        ret->is_signed = kinds[i].is_signed;
        ret->offset = *offset ? (uint8_t)(offset[1] - '0') : 0;
        return true;
    }
    return false;
}

int milesight_field_read(const char *text, struct milesight_field *ret,
                         struct gw_error *err)
{
    struct milesight_field field = {0};
    if (read_byte(text, &field.channel) && read_byte(text + 2, &field.type)
        && text[4] == ':' && read_kind(text + 5, &field)) {
        *ret = field;
        return 0;
    }
    return gw_fail(err, -EINVAL,
                   "path '%s' is not like 04cc:u16:2 (channel and type in hex, one of u8 "
                   "s8 u16 s16 u32 s32, offset)",
                   text);
}

bool milesight_find(const struct milesight_record *records, size_t count,
                    const struct milesight_field *field, double *ret)
{
    assert(field->size >= 1 && field->size <= 4);
    for (size_t i = count; i-- > 0;) {
        const struct milesight_record *r = &records[i];
        if (r->channel != field->channel || r->type != field->type
            || field->offset + field->size > r->size)
            continue;
        uint32_t raw = 0;
        for (size_t byte = field->size; byte-- > 0;)
            raw = raw << 8 | r->data[field->offset + byte];
        uint32_t sign = 1u << (8 * field->size - 1);
        *ret = field->is_signed ? (double)((int64_t)(raw ^ sign) - (int64_t)sign)
                                : (double)raw;
        return true;
    }
    return false;
}
