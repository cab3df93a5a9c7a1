#include "campus/entry_refusals.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "config/chinese.h"

static const struct {
    const char *name;
    const char *chinese;
} keys[ENTRY_KEYS] = {
    [ENTRY_KEY_DO] = {"do", "登记"},
    [ENTRY_KEY_CLASS] = {"class", "班级"},
    [ENTRY_KEY_DAY] = {"day", "日期"},
    [ENTRY_KEY_COUNT] = {"count", "人数"},
    [ENTRY_KEY_LESSON] = {"lesson", "节次"},
    [ENTRY_KEY_WITH] = {"with", "对调节次"},
    [ENTRY_KEY_WITH_DAY] = {"with_day", "对调日期"},
    [ENTRY_KEY_SUBJECT] = {"subject", "科目"},
    [ENTRY_KEY_PLACE] = {"place", "教室"},
    [ENTRY_KEY_REASON] = {"reason", "原因"},
    [ENTRY_KEY_FROM] = {"from", "开始"},
    [ENTRY_KEY_UNTIL] = {"until", "结束"},
    [ENTRY_KEY_UNDO] = {"undo", "撤销"},
};

const char *entry_key_name(enum entry_key key)
{
    return keys[key].name;
}

const char *entry_key_word(enum entry_key key, bool is_chinese)
{
    return is_chinese ? keys[key].chinese : keys[key].name;
}

void entry_refuse(struct entry_refusals *r, enum entry_key key, int code,
                  const char *format, ...)
{
    if (r->count == ENTRY_REFUSALS_MAX)
        return;
    struct entry_refusal *refusal = &r->items[r->count++];
    *refusal = (struct entry_refusal){.key = key, .code = code};
    if (r->is_chinese)
        format = chinese_format(format);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(refusal->text, sizeof(refusal->text), format, args);
    va_end(args);
    text_mend(refusal->text);
}

int entry_refused(const struct entry_refusals *r, struct gw_error *err)
{
    return r->count > 0 ? gw_fail(err, r->items[0].code, "%s", r->items[0].text) : 0;
}
