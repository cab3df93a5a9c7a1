#include "campus/entry_words.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

enum { FOLDED_MAX = 64 /* longer than any word */ };

/* word - what people may write for a value. */
struct word {
    const char *written;
    const char *value;
};

static const struct word kinds[] = {{"请假", "leave"},
                                    {"leave", "leave"},
                                    {"到校", "attendance"},
                                    {"考勤", "attendance"},
                                    {"attendance", "attendance"},
                                    {"调课", "swap-lesson"},
                                    {"换课", "swap-lesson"},
                                    {"swap-lesson", "swap-lesson"},
                                    {"免户外", "exempt"},
                                    {"exempt", "exempt"},
                                    {NULL, NULL}};
static const struct word reasons[] = {{"下雨", "rain"},
                                      {"雨", "rain"},
                                      {"rain", "rain"},
                                      {"污染", "pollution"},
                                      {"空气污染", "pollution"},
                                      {"pollution", "pollution"},
                                      {NULL, NULL}};
static const struct word undone[] = {{"是", "true"}, {"撤销", "true"}, {"true", "true"},
                                     {"1", "true"},  {"否", "false"},  {"false", "false"},
                                     {"0", "false"}, {NULL, NULL}};

static const struct {
    const struct word *list;
    const char *told;
} words[ENTRY_KEYS] = {
    [ENTRY_KEY_DO] = {kinds, "请假, 到校, 调课, 免户外; leave, attendance, swap-lesson, "
                             "exempt"},
    [ENTRY_KEY_REASON] = {reasons, "下雨, 污染; rain, pollution"},
    [ENTRY_KEY_UNDO] = {undone, "是, 否; true, false"},
};

const char *entry_meaning(enum entry_key key, const char *word)
{
    char folded[FOLDED_MAX];
    const struct word *w = words[key].list;
    text_fold(word, folded, sizeof(folded));
    while (w && w->written && strcmp(w->written, folded) != 0)
        w++;
    return w ? w->value : NULL;
}

json_t *entry_undo_json(const char *meaning)
{
    return json_boolean(strcmp(meaning, "true") == 0);
}

const char *entry_meanings(enum entry_key key)
{
    return words[key].told;
}
