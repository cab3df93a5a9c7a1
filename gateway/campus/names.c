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

static bool starts(const char *text, const char *word, const char **ret_rest)
{
    size_t size = strlen(word);
    if (strncmp(text, word, size) != 0)
        return false;
    *ret_rest = text + size;
    return true;
}

int name_weekday(const char *folded, const char **ret_rest)
{
    static const struct {
        const char *word;
        int day; /* 0: one of the numerals below follows */
    } words[] = {
        {"monday", 1},   {"mon", 1},  {"tuesday", 2},  {"tue", 2}, {"wednesday", 3},
        {"wed", 3},      {"thu", 4},  {"thursday", 4}, {"fri", 5}, {"friday", 5},
        {"saturday", 6}, {"sat", 6},  {"sunday", 7},   {"sun", 7}, {"星期", 0},
        {"周", 0},       {"礼拜", 0},
    };
    static const struct {
        const char *word;
        int day;
    } numerals[] = {{"一", 1}, {"二", 2}, {"三", 3}, {"四", 4},
                    {"五", 5}, {"六", 6}, {"日", 7}, {"天", 7}};
    int found = 0;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *rest = NULL;
        int day = words[i].day;
        if (!starts(folded, words[i].word, &rest))
            continue;
        for (size_t n = 0; day == 0 && n < sizeof(numerals) / sizeof(numerals[0]); n++)
            if (starts(rest, numerals[n].word, &rest))
                day = numerals[n].day;
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
    static const char *const numerals[] = {"一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    char *end = NULL;
    (void)(starts(folded, "第", &folded) || starts(folded, "lesson", &folded));
    long number = *folded >= '0' && *folded <= '9' ? strtol(folded, &end, 10) : 0;
    const char *rest = number > 0 ? end : folded;
    for (int i = 0; number == 0 && i < 10; i++)
        if (starts(folded, numerals[i], &rest))
            number = i + 1;
    (void)(starts(rest, "节课", &rest) || starts(rest, "节", &rest));
    return *rest || number < 1 || number > 99 ? 0 : (int)number;
}
