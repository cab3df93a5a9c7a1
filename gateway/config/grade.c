#include "config/grade.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/text.h"

enum { PRIMARY_LAST = 6, JUNIOR_LAST = 9, GRADE_LAST = 12 };

/* numeral - 三, 十一, 12; 0 = none. */
static int numeral(const char **text)
{
    if (**text < '0' || **text > '9')
        return text_numeral(text, GRADE_LAST);
    char *end = NULL;
    long number = strtol(*text, &end, 10);
    *text = end;
    return number >= 1 && number <= GRADE_LAST ? (int)number : 0;
}

int grade_read(const char *folded, const char **ret_rest)
{
    const char *rest = folded;
    (void)text_skip(&rest, "grade");
    int before = text_skip(&rest, "初")   ? PRIMARY_LAST
                 : text_skip(&rest, "高") ? JUNIOR_LAST
                                          : 0;
    int number = numeral(&rest);
    (void)text_skip(&rest, "年级");
    *ret_rest = rest;
    bool is_good = number > 0 && (before == 0 || number <= 3);
    return is_good ? before + number : 0;
}

const char *grade_stage(int grade)
{
    return grade <= PRIMARY_LAST ? "primary" : grade <= JUNIOR_LAST ? "junior" : "senior";
}
