/* csv_text.c - whatever a spreadsheet wrote, as UTF-8. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/arena.h"
#include "config/csv.h"

/* What a character of UTF-16 or GB18030 takes at most in UTF-8, per byte of it. */
enum { GROWTH = 2, MARK_SIZE = 3 };

/* sequence_size - of the well-formed UTF-8 sequence at @s, 0 = it is none.
 * Source: Unicode 15, table 3-7 */
static size_t sequence_size(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80)
        return s[0] != 0;
    size_t size = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || left < size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool is_bad = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
                  || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
    return is_bad ? 0 : size;
}

/* utf8_size - how much of @text is UTF-8. */
static size_t utf8_size(const char *text, size_t size)
{
    size_t i = 0;
    while (i < size) {
        size_t n = sequence_size((const unsigned char *)text + i, size - i);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

static bool is_utf8(const char *text, size_t size)
{
    return utf8_size(text, size) == size;
}

static const char *converted(struct config_source *src, const char *encoding,
                             const char *text, size_t size, size_t *ret_size,
                             size_t *ret_bad)
{
    size_t room = GROWTH * size + MARK_SIZE;
    char *bytes = arena_alloc(src->arena, room + 1);
    iconv_t to = iconv_open("UTF-8", encoding);
    if (!bytes || to == (iconv_t)-1) {
        if (to != (iconv_t)-1)
            (void)iconv_close(to);
        return NULL;
    }
    char *in = (char *)text; /* iconv(3) does not write to it */
    char *out = bytes;
    size_t left = room;
    size_t bad = iconv(to, &in, &size, &out, &left);
    (void)iconv_close(to);
    *ret_size = room - left;
    *ret_bad = (size_t)(in - text);
    return bad == (size_t)-1 || !is_utf8(bytes, *ret_size) ? NULL : bytes;
}

/* A table "for Macintosh" ends its lines with a carriage return alone. */
static const char *with_line_feeds(struct config_source *src, const char *text,
                                   size_t size)
{
    if (memchr(text, '\n', size) || !memchr(text, '\r', size))
        return text;
    char *lines = arena_alloc(src->arena, size + 1);
    for (size_t i = 0; lines && i < size; i++)
        lines[i] = text[i] == '\r' ? '\n' : text[i];
    return lines;
}

bool csv_is_workbook(const char *text, size_t size)
{
    return size >= 4
           && (memcmp(text, "PK\x03\x04", 4) == 0
               || memcmp(text, "\xd0\xcf\x11\xe0", 4) == 0);
}

const char *csv_utf8(struct config_source *src, const char *text, size_t size,
                     size_t *ret_size, const char **ret_encoding, size_t *ret_bad)
{
    static const char mark[] = "\xef\xbb\xbf";
    bool has_mark = size >= MARK_SIZE && memcmp(text, mark, MARK_SIZE) == 0;

    if (size >= 2
        && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        *ret_encoding = "UTF-16";
    else if (has_mark || is_utf8(text, size))
        *ret_encoding = "UTF-8";
    else
        *ret_encoding = "GB18030";
    if (strcmp(*ret_encoding, "UTF-8") != 0) {
        const char *told = converted(src, *ret_encoding, text, size, ret_size, ret_bad);
        size_t good = utf8_size(text, size);
        if (told)
            return with_line_feeds(src, told, *ret_size);
        if (good > *ret_bad) { /* a byte of another encoding in a table of UTF-8 */
            *ret_encoding = "UTF-8";
            *ret_bad = good;
        }
        return NULL;
    }
    size_t skip = has_mark ? MARK_SIZE : 0;
    *ret_size = size - skip;
    *ret_bad = skip + utf8_size(text + skip, *ret_size);
    return is_utf8(text + skip, *ret_size) ? with_line_feeds(src, text + skip, *ret_size)
                                           : NULL;
}
