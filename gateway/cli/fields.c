#include "cli/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/text.h"

enum { NUMBER_MAX = 32 };

/* fault - @english and @chinese take the same word. */
static int fault(struct gw_error *err, const char *english, const char *chinese,
                 const char *word)
{
    return gw_fail(err, -EINVAL, language_is_chinese() ? chinese : english, word);
}

/* told_wide - a sign that an input method for Chinese made of , or =. */
static bool told_wide(const char *text, struct gw_error *err)
{
    static const char *const signs[] = {"，", "＝"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (!strstr(text, signs[i]))
            continue;
        (void)fault(err, "'%s' is full-width (allowed: a plain comma, and a plain = )",
                    "用了全角“%s”（可写：半角的 , 和 = ）", signs[i]);
        return true;
    }
    return false;
}

static json_t *value_of(const char *text)
{
    char folded[NUMBER_MAX];
    char *end = NULL;
    errno = 0;
    text_fold(text, folded, sizeof(folded)); /* ４７ */
    long number = strtol(folded, &end, 10);
    if (errno == 0 && end != folded && !*end && !strchr(text, ' '))
        return json_integer(number);
    return strcmp(text, "true") == 0 ? json_true() : json_string(text);
}

static int put(json_t *body, const char *key, const char *value, struct gw_error *err)
{
    if (value && strchr(value, '='))
        return fault(err, "'%s' has a = in it (allowed: a comma between two)",
                     "“%s”里又有 =（两项之间用半角逗号分开）", value);
    if (json_object_get(body, key))
        return fault(err, "'%s' is said twice (allowed: once)",
                     "“%s”写了两遍（只写一遍）", key);
    if (json_object_set_new(body, key, value ? value_of(value) : json_true()) < 0)
        return fault(err, "'%s' is not in UTF-8", "“%s”不是 UTF-8 编码", key);
    return 0;
}

int fields_read(const char *text, json_t *body, struct gw_error *err)
{
    char *fields = strdup(text);
    int r = fields ? 0 : gw_fail(err, -ENOMEM, "out of memory");
    if (r == 0 && told_wide(text, err))
        r = -EINVAL;
    for (char *next = fields; r == 0 && next && *next;) {
        char *key = strsep(&next, ",");
        char *value = strchr(key, '=');
        if (value)
            *value++ = '\0';
        r = put(body, key, value, err);
    }
    free(fields);
    return r;
}
