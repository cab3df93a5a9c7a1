#include "base/language.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool language_is_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *language = getenv(names[i]);
        if (language && *language)
            return strncmp(language, "zh", 2) == 0;
    }
    return false;
}

/* weight - of one range "zh-CN;q=0.8": 0 .. 1000; without q the most. */
static int weight(const char *range, size_t size)
{
    const char *q = memmem(range, size, "q=", 2);
    if (!q)
        return 1000;
    const char *end = range + size;
    int thousandths = 0;
    int place = 1000;
    for (q += 2; q < end && place > 0 && strchr("0123456789.", *q); q++) {
        if (*q == '.')
            continue;
        thousandths += (*q - '0') * place;
        place /= 10;
    }
    return thousandths;
}

bool language_accepts_chinese(const char *accept)
{
    if (!accept || !*accept)
        return language_is_chinese();
    bool is_chinese = false;
    int most = 0;
    while (*accept) {
        accept += strspn(accept, " \t,");
        size_t size = strcspn(accept, ",");
        bool is_known =
            strncasecmp(accept, "zh", 2) == 0 || strncasecmp(accept, "en", 2) == 0;
        int wanted = is_known ? weight(accept, size) : 0;
        if (wanted > most) {
            most = wanted;
            is_chinese = strncasecmp(accept, "zh", 2) == 0;
        }
        accept += size;
    }
    return is_chinese;
}
