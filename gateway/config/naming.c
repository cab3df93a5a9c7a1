#include "config/naming.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/grade.h"

enum { FOLDED_MAX = 256, CHARACTER_SIZE = 3, GRADES = 12 };

/* The hundred commonest, of some 85 in 100 people. */
static const char surnames[] = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于"
                               "董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
                               "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝"
                               "孔白崔康毛邱秦江史顾侯邵孟龙万段"
                               "雷钱汤尹黎易常武乔贺赖龚文";

static bool has_word(const char *folded)
{
    static const char *const words[] = {"老师", "班主任", "教师", "先生", "女士"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(folded, words[i]))
            return true;
    return false;
}

static bool is_surname(const char *character)
{
    for (const char *s = surnames; *s; s += CHARACTER_SIZE)
        if (memcmp(s, character, CHARACTER_SIZE) == 0)
            return true;
    return false;
}

/* is_name - two or three Chinese characters, the first of them a surname, and no more. */
static bool is_name(const char *text, size_t size)
{
    size_t characters = size / CHARACTER_SIZE;
    if (size % CHARACTER_SIZE != 0 || characters < 2 || characters > 3)
        return false;
    for (size_t i = 0; i < size; i += CHARACTER_SIZE)
        if ((unsigned char)text[i] < 0xe4 || (unsigned char)text[i] > 0xe9)
            return false;
    static const char *const others[] = {"校区", "校", "部", "楼", "点"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        size_t n = strlen(others[i]);
        if (memcmp(text + size - n, others[i], n) == 0)
            return false;
    }
    return is_surname(text);
}

bool naming_has_person(const char *title)
{
    static const char class[] = "班";
    char folded[FOLDED_MAX];
    text_fold(title, folded, sizeof(folded));
    if (has_word(folded))
        return true;
    const char *rest = NULL;
    for (const char *at = folded; (at = strstr(at, class)); at += strlen(class))
        rest = at + strlen(class);
    if (!rest)
        return false;
    rest += strspn(rest, "([-_:/");
    return is_name(rest, strcspn(rest, ")]-_:/,0123456789"));
}

int naming_grade(const char *id)
{
    size_t digits = strspn(id, "0123456789");
    int grade = 0;
    for (size_t i = 0; i < digits && digits <= 2; i++)
        grade = grade * 10 + id[i] - '0';
    bool is_class = digits > 0 && strchr("-._", id[digits]) && id[digits]
                    && isdigit((unsigned char)id[digits + 1]);
    return is_class && grade >= 1 && grade <= GRADES ? grade : 0;
}

int naming_number(const char *id)
{
    enum { NUMBER_AT = 7 }; /* behind "2024-P-" */
    size_t digits = naming_stage(id) ? strspn(id + NUMBER_AT, "0123456789") : 0;
    bool is_number = digits > 0 && digits <= 3 && id[NUMBER_AT + digits] == '\0';
    return is_number ? (int)strtol(id + NUMBER_AT, NULL, 10) : 0;
}

int naming_title_number(const char *folded)
{
    enum { MOST = 10 };
    const char *at = NULL;
    const char *rest = NULL;
    if (grade_read(folded, &at) == 0)
        return 0;
    at += *at == '(';
    int number = (int)strtol(at, (char **)&rest, 10);
    if (rest == at)
        number = text_numeral(&rest, MOST);
    rest += *rest == ')';
    return number > 0 && strcmp(rest, "班") == 0 ? number : 0;
}

bool naming_is_nearly(const char *id)
{
    size_t size = strspn(id, "0123456789OoIlZzSsBb");
    return size == 4 && id[4] == '-' && id[5] && strchr("PJSpjs", id[5]) && id[6] == '-'
           && !naming_stage(id);
}

enum { YEAR_SIZE = 4 };

/* has_other_letter - 2024-X-02: right but for the letter of the stage. */
static bool has_other_letter(const char *id)
{
    static const char digits[] = "0123456789";
    const char *number = id + YEAR_SIZE + 3;
    return strspn(id, digits) == YEAR_SIZE && id[YEAR_SIZE] == '-'
           && isupper((unsigned char)id[YEAR_SIZE + 1])
           && !strchr("PJS", id[YEAR_SIZE + 1]) && id[YEAR_SIZE + 2] == '-' && *number
           && !number[strspn(number, digits)];
}

bool naming_is_odd(const char *id)
{
    static const char signs[] = "-_.";
    const char *at = id + YEAR_SIZE;
    if (has_other_letter(id))
        return true;
    if (strspn(id, "0123456789") != YEAR_SIZE)
        return false;
    const size_t before = strspn(at, signs);
    at += before;
    if (before > 1 || !*at || !strchr("PJS", *at))
        return false;
    const size_t after = strspn(++at, signs);
    at += after;
    size_t digits = strspn(at, "0123456789");
    size_t size = strspn(at, "0123456789OoIl");
    size_t behind = strspn(at + size, signs);
    bool has_number = digits > 0 || strpbrk(at, "0123456789");
    bool has_signs = before == 1 && after == 1 && id[YEAR_SIZE] == '-' && at[-1] == '-';
    return has_number && after <= 1 && size > 0 && !at[size + behind]
           && (!has_signs || size > digits || behind > 0);
}

/* shape - @name folded, 0 for each digit and for each Chinese numeral, 十二 too. */
static void shape(const char *name, char ret[FOLDED_MAX])
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    char folded[FOLDED_MAX];
    bool is_numeral = false;
    text_fold(name, folded, sizeof(folded));
    char *to = ret;
    for (const char *at = folded; *at;) {
        bool was_numeral = is_numeral;
        is_numeral = false;
        for (int i = 0; i < 10 && !is_numeral; i++)
            is_numeral = strncmp(at, numerals[i], CHARACTER_SIZE) == 0;
        if (!is_numeral)
            *to++ = isdigit((unsigned char)*at) ? '0' : *at;
        else if (!was_numeral)
            *to++ = '0';
        at += is_numeral ? CHARACTER_SIZE : 1;
    }
    *to = '\0';
}

bool naming_is_alike(const char *a, const char *b)
{
    char left[FOLDED_MAX];
    char right[FOLDED_MAX];
    shape(a, left);
    shape(b, right);
    return strcmp(left, right) == 0;
}

const char *naming_stage(const char *id)
{
    if (strspn(id, "0123456789") != 4 || id[4] != '-' || id[5] == '\0' || id[6] != '-')
        return NULL;
    switch (id[5]) {
    case 'P':
        return "primary";
    case 'J':
        return "junior";
    case 'S':
        return "senior";
    default:
        return NULL;
    }
}
