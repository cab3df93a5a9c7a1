/* entry_refusals.h - why an entry is refused: all of it at once, each reason with the key
 * that it is about, in the language of whoever enters it.  Thread: one.
 */
#ifndef CAMPUS_ENTRY_REFUSALS_H
#define CAMPUS_ENTRY_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/error.h"

/* entry_key - what an entry may say; in the order in which it is read and judged. */
enum entry_key {
    ENTRY_KEY_DO,
    ENTRY_KEY_CLASS,
    ENTRY_KEY_DAY,
    ENTRY_KEY_COUNT,
    ENTRY_KEY_LESSON,
    ENTRY_KEY_WITH,
    ENTRY_KEY_WITH_DAY,
    ENTRY_KEY_SUBJECT,
    ENTRY_KEY_PLACE,
    ENTRY_KEY_REASON,
    ENTRY_KEY_FROM,
    ENTRY_KEY_UNTIL,
    ENTRY_KEY_UNDO,
    ENTRY_KEYS
};

enum { ENTRY_REFUSALS_MAX = 8, ENTRY_REFUSAL_TEXT_MAX = 320 };

struct entry_refusal {
    enum entry_key key;
    int code; /* -errno */
    char text[ENTRY_REFUSAL_TEXT_MAX];
};

/* entry_refusals - is_chinese is set before; the rest begins as {0}. */
struct entry_refusals {
    bool is_chinese;
    size_t count;
    struct entry_refusal items[ENTRY_REFUSALS_MAX];
};

/* entry_refuse - adds a reason; beyond the most that fit it is not kept.
 * format   in English, told by its translation (config/chinese.h) where there is one */
void entry_refuse(struct entry_refusals *r, enum entry_key key, int code,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* entry_refused - 0 where there is no reason, or gw_fail() with the first one. */
int entry_refused(const struct entry_refusals *r, struct gw_error *err);

/* entry_key_name - as JSON has it; entry_key_word - as it is said to people. */
const char *entry_key_name(enum entry_key key);
const char *entry_key_word(enum entry_key key, bool is_chinese);

#endif
