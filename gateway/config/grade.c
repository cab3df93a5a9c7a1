#include "config/grade.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PRIMARY_LAST = 6, JUNIOR_LAST = 9, GRADE_LAST = 12 };

static bool starts(const char **text, const char *word)
{
    size_t size = strlen(word);
    if (strncmp(*text, word, size) != 0)
        return false;
    *text += size;
    return true;
}

/* numeral - 三, 十一, 12; 0 = none. */
static int numeral(const char **text)
{
    static const char *const words[] = {"十二", "十一", "十", "九", "八", "七",
                                        "六",   "五",   "四", "三", "二", "一"};
    for (size_t i = 0; i < GRADE_LAST; i++)
        if (starts(text, words[i]))
            return GRADE_LAST - (int)i;
    if (**text < '0' || **text > '9')
        return 0;
    char *end = NULL;
    long number = strtol(*text, &end, 10);
    *text = end;
    return number >= 1 && number <= GRADE_LAST ? (int)number : 0;
}

int grade_read(const char *folded, const char **ret_rest)
{
    const char *rest = folded;
    (void)starts(&rest, "grade");
    int before = starts(&rest, "初")   ? PRIMARY_LAST
                 : starts(&rest, "高") ? JUNIOR_LAST
                                       : 0;
    int number = numeral(&rest);
    (void)starts(&rest, "年级");
    *ret_rest = rest;
    bool is_good = number > 0 && (before == 0 || number <= 3);
    return is_good ? before + number : 0;
}

const char *grade_stage(int grade)
{
    return grade <= PRIMARY_LAST ? "primary" : grade <= JUNIOR_LAST ? "junior" : "senior";
}
