/* entry_words.h - what people write for a value of an entry, in a table or by hand.
 * Thread: any. */
#ifndef CAMPUS_ENTRY_WORDS_H
#define CAMPUS_ENTRY_WORDS_H

#include <jansson.h>

#include "campus/entry_refusals.h"

/* entry_meaning - "leave" of 请假, "rain" of 下雨, "true" of 是: the value that @word, as
 * text_fold() compares, has for the key do, reason or undo; NULL = none. */
const char *entry_meaning(enum entry_key key, const char *word);

/* entry_undo_json - what "true" or "false" is as JSON. */
json_t *entry_undo_json(const char *meaning);

/* entry_meanings - the words of such a key, as they are told, in English; NULL: it is
 * none of those keys. */
const char *entry_meanings(enum entry_key key);

#endif
