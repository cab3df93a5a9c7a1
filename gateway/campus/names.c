#include "campus/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/grade.h"

int name_put(struct text_map *names, const char *text, uint32_t value)
{
    char folded[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    return text_map_put(names, folded, value);
}

uint32_t name_get(const struct text_map *names, const char *text)
{
    char folded[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    uint32_t value = text_map_get(names, folded);
    return value == NAME_OF_SEVERAL ? UINT32_MAX : value;
}

int name_grade(const char *title)
{
    char folded[NAME_MAX_BYTES];
    const char *rest = NULL;
    text_fold(title, folded, sizeof(folded));
    return grade_read(folded, &rest);
}

int name_weekday(const char *folded, const char **ret_rest)
{
    enum { SATURDAY = 6, SUNDAY = 7 };
    static const struct {
        const char *word;
        int day; /* 0: a numeral follows */
    } words[] = {
        {"monday", 1},   {"mon", 1},  {"tuesday", 2},  {"tue", 2}, {"wednesday", 3},
        {"wed", 3},      {"thu", 4},  {"thursday", 4}, {"fri", 5}, {"friday", 5},
        {"saturday", 6}, {"sat", 6},  {"sunday", 7},   {"sun", 7}, {"星期", 0},
        {"周", 0},       {"礼拜", 0},
    };
    int found = 0;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *rest = folded;
        int day = words[i].day;
        if (!text_skip(&rest, words[i].word))
            continue;
        if (day == 0)
            day = text_numeral(&rest, SATURDAY);
        if (day == 0 && (text_skip(&rest, "日") || text_skip(&rest, "天")))
            day = SUNDAY;
        if (day == 0 || (size_t)(rest - folded) <= longest)
            continue;
        found = day;
        longest = (size_t)(rest - folded);
    }
    if (ret_rest)
        *ret_rest = folded + longest;
    return found;
}

const char *name_of_weekday(int weekday, bool is_chinese)
{
    static const char *const words[][2] = {
        {"", ""},
        {"Monday", "周一"},
        {"Tuesday", "周二"},
        {"Wednesday", "周三"},
        {"Thursday", "周四"},
        {"Friday", "周五"},
        {"Saturday", "周六"},
        {"Sunday", "周日"},
    };
    return words[weekday][is_chinese];
}

int name_number(const char *folded)
{
    enum { NUMERAL_MAX = 10 };
    char *end = NULL;
    (void)(text_skip(&folded, "第") || text_skip(&folded, "lesson"));
    long number = *folded >= '0' && *folded <= '9' ? strtol(folded, &end, 10) : 0;
    const char *rest = number > 0 ? end : folded;
    if (number == 0)
        number = text_numeral(&rest, NUMERAL_MAX);
    (void)(text_skip(&rest, "节课") || text_skip(&rest, "节"));
    return *rest || number < 1 || number > 99 ? 0 : (int)number;
}
