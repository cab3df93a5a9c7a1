#include "base64.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static int digit_of(char c)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

int base64_decode(const char *text, uint8_t *ret, size_t room)
{
    size_t length = strlen(text);
    if (length % 4 || length / 4 * 3 > INT_MAX)
        return -EINVAL;
    while (length && text[length - 1] == '=' && length % 4 != 1)
        length--;
    size_t size = length * 3 / 4;
    if (length % 4 == 1 || size > room)
        return -EINVAL;

    uint32_t bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0)
            return -EINVAL;
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4)
            ret[count++] = (uint8_t)(bits >> (2 * (3 - i % 4)));
    }
    return (int)count;
}
