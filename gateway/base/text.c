#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character that begins with @lead; 1 for what cannot begin one. */
static size_t character_size(unsigned char lead)
{
    if (lead >= 0xF0)
        return 4;
    if (lead >= 0xE0)
        return 3;
    return lead >= 0xC0 ? 2 : 1;
}

void text_trim(char *text)
{
    size_t end = strlen(text);
    size_t start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && start - 1 + character_size((unsigned char)text[start - 1]) > end)
        text[start - 1] = '\0';
}

void text_mend(char *text)
{
    char *to = text;
    while (*text) {
        size_t size = character_size((unsigned char)*text);
        size_t n = 1;
        while (n < size && ((unsigned char)text[n] & 0xC0) == 0x80)
            n++;
        bool is_whole = n == size && ((unsigned char)*text & 0xC0) != 0x80;
        memmove(to, text, is_whole ? n : 0);
        to += is_whole ? n : 0;
        text += n;
    }
    *to = '\0';
}

void text_copy(char *ret, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);
    memcpy(ret, text, length);
    ret[length] = '\0';
    if (text[length])
        text_trim(ret);
}

bool text_to_positive(const char *text, uint64_t *ret)
{
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (digits == 0 || digits > 19 || text[digits] != '\0' || text[0] == '0')
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno != 0 || number > INT64_MAX)
        return false;
    *ret = number;
    return true;
}

bool text_skip(const char **text, const char *word)
{
    size_t size = strlen(word);
    if (strncmp(*text, word, size) != 0)
        return false;
    *text += size;
    return true;
}

/* numeral_digit - 一 to 九; 0 = none. */
static int numeral_digit(const char **text)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五",
                                         "六", "七", "八", "九"};
    for (int i = 0; i < 9; i++)
        if (text_skip(text, digits[i]))
            return i + 1;
    return 0;
}

int text_numeral(const char **text, int most)
{
    const char *at = *text;
    int found = 0;
    int digit = numeral_digit(&at);
    if (digit > 0 && digit <= most) {
        found = digit;
        *text = at;
    }
    int tens = digit > 0 ? 10 * digit : 10;
    if (digit == 1 || tens > most || !text_skip(&at, "十"))
        return found;
    *text = at;
    digit = numeral_digit(&at);
    if (digit == 0 || tens + digit > most)
        return tens;
    *text = at;
    return tens + digit;
}

/* unseen_size - bytes of a blank beyond ASCII at @s, 0 = none: U+00A0, U+200B, U+3000,
 * U+FEFF; pages and spreadsheets leave them behind. */
static size_t unseen_size(const unsigned char *s)
{
    static const char *const unseen[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80",
                                         "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (strncmp((const char *)s, unseen[i], strlen(unseen[i])) == 0)
            return strlen(unseen[i]);
    return 0;
}

/* wide_form - U+FF01..U+FF5E as ASCII; -1 = something else. */
static int wide_form(const unsigned char *s)
{
    if (s[0] != 0xef || (s[1] != 0xbc && s[1] != 0xbd) || s[2] == 0)
        return -1;
    unsigned code = 0xf000u | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    return code >= 0xff01 && code <= 0xff5e ? (int)(code - 0xfee0) : -1;
}

/* What a Chinese keyboard gives for '.' is no wide form. */
static int narrow_of(const char *s)
{
    return strncmp(s, "。", strlen("。")) == 0 ? '.'
                                               : wide_form((const unsigned char *)s);
}

bool text_wide(const char *text, char ret[4], char *ret_narrow)
{
    for (; *text; text++) {
        int narrow = narrow_of(text);
        if (narrow < 0)
            continue;
        memcpy(ret, text, 3);
        ret[3] = '\0';
        *ret_narrow = (char)narrow;
        return true;
    }
    return false;
}

void text_fold(const char *text, char *ret, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t used = 0;
    while (*s && used + 1 < size) {
        size_t unseen = unseen_size(s);
        int wide = wide_form(s);
        if (unseen > 0) {
            s += unseen;
            continue;
        }
        int c = wide >= 0 ? wide : *s;
        s += wide >= 0 ? 3 : 1;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (c > ' ')
            ret[used++] = (char)c;
    }
    ret[used] = '\0';
}
