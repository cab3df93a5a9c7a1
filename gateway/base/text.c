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
